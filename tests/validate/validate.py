"""Reads what `build` wrote with programs that are not ours, and against the rules of each format.

In: target/sites/index.json and the folders that it names. Out: every fault, by site, day and check; exit code 1 if
there is one. Must not know: how the files were made.
"""

import collections
import csv
import datetime
import hashlib
import html
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib
import urllib.parse
import xml.etree.ElementTree as ET

import feedparser
import icalendar
import jsonschema
import referencing
from referencing.jsonschema import DRAFT202012

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
VNU = ROOT / "tests" / "browser" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"

ATOM = "{http://www.w3.org/2005/Atom}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\Z")

# What the Nu checker says that we leave as it is: a pattern for the message, and why.
VNU_ALLOWED = [
    # Files are read from the disk, where 'self' is no origin; the browser tests hold the policy against real responses.
    (r"violates Content Security Policy \(meta tag\): (external|image)", "'self' is the site's own origin, which a file has not"),
    # The one inline script of a page is a block of JSON-LD, which no browser runs and no policy blocks.
    (r"^Inline script violates Content Security Policy", "blocks of data are not run"),
]


class Site:
    def __init__(self, entry):
        self.__dict__.update(entry)
        self.dir = pathlib.Path(entry["dir"])
        self.label = f"{self.name}@{self.date}"
        self.files = sorted(path for path in self.dir.rglob("*") if path.is_file())

    def glob(self, pattern):
        """Files whose path ends like `pattern`, a regular expression."""
        return [path for path in self.files if re.search(pattern + r"\Z", self.relative(path))]

    def relative(self, path):
        return path.relative_to(self.dir).as_posix()

    def address(self, path):
        return self.base_url + re.sub(r"(^|/)index\.html\Z", r"\1", self.relative(path))

    def file_at(self, url):
        """The file that an address of this site leads to, redirects aside; None if there is none."""
        path = urllib.parse.unquote(urllib.parse.urlsplit(url).path)
        if not path.startswith(self.base_path):
            return None
        found = self.dir / path[len(self.base_path):]
        if found.is_dir():
            found = found / "index.html"
        return found if found.is_file() else None

    def redirected(self, url):
        path = urllib.parse.urlsplit(url).path
        return any(rule_matches(source, path) for source, *_ in self.redirects())

    def redirects(self):
        path = self.dir / "_redirects"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return [line.split() for line in lines if line.strip() and not line.startswith("#")]

    def header_rules(self):
        """`_headers` as (path pattern, names) pairs."""
        path = self.dir / "_headers"
        rules = []
        for line in path.read_text("utf-8").splitlines() if path.exists() else []:
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            if line[0].isspace():
                rules[-1][1].append(line.strip())
            else:
                rules.append((line.strip(), []))
        return rules


def rule_matches(pattern, path):
    expression = "".join(
        ".*" if part == "*" else "[^/]+" if part.startswith(":") else re.escape(part)
        for part in re.split(r"(\*|:[A-Za-z]\w*)", pattern)
    )
    return re.fullmatch(expression, path) is not None


# --- Feeds


def atom_feeds(site):
    feeds = site.glob(r"(^|.*/)feed\.xml")
    if not any(site.relative(path) == "feed.xml" for path in feeds):
        yield "feed.xml is missing"
    ids = {}
    for path in feeds:
        where = site.relative(path)
        raw = path.read_bytes()
        read = feedparser.parse(raw, resolve_relative_uris=False, sanitize_html=False)
        if read.bozo:
            yield f"{where}: feedparser: {read.bozo_exception!r}"
        if read.version != "atom10":
            yield f"{where}: feedparser takes it for {read.version!r}"
        root = ET.fromstring(raw)
        if root.tag != f"{ATOM}feed":
            yield f"{where}: the root is {root.tag}"
            continue
        yield from (f"{where}: {fault}" for fault in atom_musts(site, path, root))
        feed_id = root.findtext(f"{ATOM}id")
        if feed_id in ids:
            yield f"{where}: has the id of {ids[feed_id]}: {feed_id}"
        ids[feed_id] = where
        if len(read.entries) != len(root.findall(f"{ATOM}entry")):
            yield f"{where}: feedparser reads {len(read.entries)} entries of {len(root.findall(f'{ATOM}entry'))}"


def atom_musts(site, path, root):
    """RFC 4287, sections 4.1.1, 4.1.2, 4.2.6, 4.2.7."""
    for element, name in [(root, "feed"), *((entry, "entry") for entry in root.findall(f"{ATOM}entry"))]:
        label = name if name == "feed" else f"entry {element.findtext(f'{ATOM}id')}"
        for child in ("id", "title", "updated"):
            if len(element.findall(f"{ATOM}{child}")) != 1:
                yield f"{label}: must have exactly one {child}"
            elif not (element.findtext(f"{ATOM}{child}") or "").strip():
                yield f"{label}: {child} is empty"
        for child in ("updated", "published"):
            for found in element.findall(f"{ATOM}{child}"):
                if not RFC3339.match(found.text or ""):
                    yield f"{label}: {child} is no RFC 3339 date: {found.text}"
        if not urllib.parse.urlsplit(element.findtext(f"{ATOM}id") or "").scheme:
            yield f"{label}: the id is no absolute IRI"
        for link in element.findall(f"{ATOM}link"):
            href = link.get("href") or ""
            if not urllib.parse.urlsplit(href).scheme:
                yield f"{label}: the link is relative: {href}"
    entries = root.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    for repeated in {found for found in ids if ids.count(found) > 1}:
        yield f"the entry id {repeated} is there {ids.count(repeated)} times"
    own = [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if own != [site.address(path)]:
        yield f"link rel=self is {own}, expected {site.address(path)}"
    if root.find(f"{ATOM}author") is None and any(entry.find(f"{ATOM}author") is None for entry in entries):
        yield "has no author, and some entry has none either"
    for entry in entries:
        content = entry.find(f"{ATOM}content")
        if content is None and not [link for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]:
            yield f"entry {entry.findtext(f'{ATOM}id')}: neither content nor an alternate link"
        if content is not None and (content.get("src") or "base64" in (content.get("type") or "")) and entry.find(f"{ATOM}summary") is None:
            yield f"entry {entry.findtext(f'{ATOM}id')}: a summary is due"
    newest = max((entry.findtext(f"{ATOM}updated") or "" for entry in entries), default="")
    updated = root.findtext(f"{ATOM}updated") or ""
    if RFC3339.match(newest) and RFC3339.match(updated) and moment(updated) < moment(newest):
        yield f"the feed was updated {updated}, before its newest entry {newest}"


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def json_feeds(site):
    feeds = site.glob(r"(^|.*/)feed\.json")
    if not any(site.relative(path) == "feed.json" for path in feeds):
        yield "feed.json is missing"
    for path in feeds:
        where = site.relative(path)
        feed = json.loads(path.read_text("utf-8"))
        if feed.get("version") != "https://jsonfeed.org/version/1.1":
            yield f"{where}: version is {feed.get('version')!r}"
        if not isinstance(feed.get("title"), str) or not feed["title"]:
            yield f"{where}: no title"
        if feed.get("feed_url") != site.address(path):
            yield f"{where}: feed_url is {feed.get('feed_url')!r}, expected {site.address(path)}"
        if not isinstance(feed.get("items"), list):
            yield f"{where}: no items"
            continue
        for author in feed.get("authors", []):
            if not {"name", "url", "avatar"} & set(author):
                yield f"{where}: an author without name, url and avatar"
        ids = [item.get("id") for item in feed["items"]]
        if len(set(map(str, ids))) != len(ids):
            yield f"{where}: item ids repeat"
        for item in feed["items"]:
            label = f"{where}: item {item.get('id')!r}"
            if not isinstance(item.get("id"), str) or not item["id"]:
                yield f"{label}: id is no text"
            if not isinstance(item.get("content_html", ""), str) or not ({"content_html", "content_text"} & set(item)):
                yield f"{label}: neither content_html nor content_text"
            for name in ("date_published", "date_modified"):
                if name in item and not RFC3339.match(item[name]):
                    yield f"{label}: {name} is no RFC 3339 date: {item[name]}"
            for name in ("url", "external_url", "image", "banner_image"):
                if name in item and not urllib.parse.urlsplit(item[name]).scheme:
                    yield f"{label}: {name} is relative"
            if "tags" in item and not all(isinstance(tag, str) for tag in item["tags"]):
                yield f"{label}: tags are no texts"
        twin = path.with_suffix(".xml")
        if twin.exists():
            entries = ET.fromstring(twin.read_bytes()).findall(f"{ATOM}entry")
            if [entry.findtext(f"{ATOM}id") for entry in entries] != ids:
                yield f"{where}: its items are not the entries of feed.xml, in this order"


# --- Calendar


def calendars(site):
    found = site.glob(r".*\.ics")
    if not found:
        yield "calendar.ics is missing"
    for path in found:
        where = site.relative(path)
        raw = path.read_bytes()
        text = raw.decode("utf-8")
        if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
            yield f"{where}: lines do not all end with CR LF"
        if not raw.endswith(b"\r\n"):
            yield f"{where}: the last line has no end"
        for number, line in enumerate(raw.split(b"\r\n"), 1):
            if len(line) > 75:
                yield f"{where}:{number}: {len(line)} octets, 75 are allowed"
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                yield f"{where}:{number}: folded inside a character"
        try:
            calendar = icalendar.Calendar.from_ical(text)
        except ValueError as error:
            yield f"{where}: icalendar: {error}"
            continue
        if calendar.get("VERSION") != "2.0" or not calendar.get("PRODID"):
            yield f"{where}: VERSION and PRODID are required"
        uids = []
        for component in calendar.walk():
            for name, error in component.errors:
                yield f"{where}: icalendar: {name}: {error}"
            if component.name != "VEVENT":
                continue
            uid = component.get("UID")
            uids.append(uid)
            for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY"):
                if component.get(name) is None:
                    yield f"{where}: an event without {name}: {uid}"
            for name in ("DTSTART", "DTEND"):
                value = component.get(name)
                if value is not None and isinstance(value.dt, datetime.datetime):
                    yield f"{where}: {uid}: {name} is a time, not a day"
            start, end = component.get("DTSTART"), component.get("DTEND")
            if start is not None and end is not None and not end.dt > start.dt:
                yield f"{where}: {uid}: ends before it starts"
            stamp = component.get("DTSTAMP")
            if stamp is not None and (not isinstance(stamp.dt, datetime.datetime) or stamp.dt.utcoffset() != datetime.timedelta(0)):
                yield f"{where}: {uid}: DTSTAMP is not in UTC"
            url = component.get("URL")
            if url is not None and site.file_at(str(url)) is None and not site.redirected(str(url)):
                yield f"{where}: {uid}: URL leads nowhere: {url}"
        for repeated in {uid for uid in uids if uids.count(uid) > 1}:
            yield f"{where}: the UID {repeated} is there {uids.count(repeated)} times"
        days = {str(event.get("DTSTART").dt) for event in calendar.walk("VEVENT") if event.get("DTSTART")}
        for notice in site.open:
            if where == "calendar.ics" and notice["effective"] not in days:
                yield f"{where}: no event on {notice['effective']}, when {notice['document']} changes"


# --- API


def api(site):
    """Each file of the API is valid under the schema that lies beside it."""
    schemas = {}
    for path in site.glob(r"(^|.*/)api/.*\.schema\.json"):
        schema = json.loads(path.read_text("utf-8"))
        where = site.relative(path)
        schemas[where] = schema
        if schema.get("$schema") != "https://json-schema.org/draft/2020-12/schema":
            yield f"{where}: $schema is {schema.get('$schema')!r}"
        if not {"type", "$ref", "properties", "oneOf", "anyOf"} & set(schema):
            yield f"{where}: a schema that asks for nothing"
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            yield f"{where}: not a schema: {error.message}"
            return
    if not schemas:
        yield "no api/v1/*.schema.json"
        return
    registry = referencing.Registry().with_resources(
        (name, DRAFT202012.create_resource(schema))
        for where, schema in schemas.items()
        for name in {schema.get("$id", where), site.base_url + where}
    )
    documents = site.glob(r"(^|.*/)api/v\d+/.*(?<!\.schema)\.json")
    if not documents:
        yield "no api/v1/*.json"
    for path in documents:
        where = site.relative(path)
        document = json.loads(path.read_text("utf-8"))
        name = schema_for(site, where, document, schemas)
        if name is None:
            yield f"{where}: no schema beside it is for it"
            continue
        validator = jsonschema.Draft202012Validator(
            schemas[name], registry=registry, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
        )
        for error in sorted(validator.iter_errors(document), key=str)[:5]:
            yield f"{where}: {name}: {error.json_path}: {error.message[:200]}"
        # A schema that takes anything proves nothing: it has to refuse this.
        if validator.is_valid({"nonsense": True}):
            yield f"{name}: accepts anything"


def schema_for(site, where, document, schemas):
    if isinstance(document, dict) and isinstance(document.get("$schema"), str):
        named = urllib.parse.urljoin(site.base_url + where, document["$schema"])
        if named.startswith(site.base_url) and named[len(site.base_url):] in schemas:
            return named[len(site.base_url):]
    api_root = re.match(r"(?:.*/)?api/v\d+/", where).group()
    parts = where[len(api_root):-len(".json")].split("/")
    names = [f"{where[:-len('.json')]}.schema.json"]
    # registers/<name> → register(s), documents/<doc>/versions → versions, documents/<doc> → document(s).
    for part in (parts[-1], parts[0], parts[0].rstrip("s"), *([parts[-2], parts[-2].rstrip("s")] if len(parts) > 1 else [])):
        names.append(f"{api_root}{part}.schema.json")
    for root in {api_root, re.sub(r"^[^/]+/(?=api/)", "", api_root)}:
        for name in names:
            candidate = root + name[len(api_root):] if name.startswith(api_root) else name
            if candidate in schemas:
                return candidate
    return None


def api_truth(site):
    """What tests/sites/*/dates.toml worked out by hand, against what the API and the schedule say."""
    notices_file = site.dir / "api" / "v1" / "notices.json"
    if not notices_file.exists():
        yield "api/v1/notices.json is missing"
        return
    notices = json.loads(notices_file.read_text("utf-8"))
    listed = notices.get("notices", notices.get("open", [])) if isinstance(notices, dict) else notices
    stated = collections.Counter(
        document_of(notice) for notice in listed if notice["published"] <= site.date < notice["effective"] and not notice.get("withdrawn")
    )
    expected = collections.Counter(notice["document"] for notice in site.open)
    if stated != expected:
        yield f"open notices: the API has {dict(stated)}, the ledger {dict(expected)}"
    for document, state in site.expected.items():
        if document == "next_rebuild":
            continue
        if expected[document] != state["open_notices"]:
            yield f"dates.toml says {state['open_notices']} open notices of {document}, the ledger {expected[document]}"
        page = site.dir / document / "index.html"
        if bool(state["in_force"] or state["upcoming"]) != page.exists():
            yield f"{document}/ is {'' if page.exists() else 'not '}there, though in force is {state['in_force']!r}, upcoming {state['upcoming']!r}"
        versions_file = site.dir / "api" / "v1" / "documents" / document / "versions.json"
        if not versions_file.exists():
            if state["in_force"] or state["upcoming"]:
                yield f"{site.relative(versions_file)} is missing"
            continue
        versions = json.loads(versions_file.read_text("utf-8"))
        versions = versions.get("versions", []) if isinstance(versions, dict) else versions
        for wanted, key in (("in-force", "in_force"), ("upcoming", "upcoming")):
            found = [version.get("version", version.get("id")) for version in versions if version.get("state") == wanted]
            if found != ([state[key]] if state[key] else []):
                yield f"{document}: {wanted} is {found} in the API, {state[key]!r} by hand"
    schedule_file = site.dir / "schedule.json"
    if not schedule_file.exists():
        yield "schedule.json is missing"
        return
    schedule = json.loads(schedule_file.read_text("utf-8"))
    stated, due = schedule.get("next_rebuild"), site.expected.get("next_rebuild")
    if site.expected and stated != due:
        yield f"schedule.json: the next rebuild is {stated!r}, by hand {due!r}"


def ledger(site):
    path = pathlib.Path(site.input) / "content" / "ledger.toml"
    return tomllib.loads(path.read_text("utf-8")).get("entry", []) if path.exists() else []


def document_of(notice):
    document = notice["document"]
    return document.get("id", document.get("document")) if isinstance(document, dict) else document


def nothing_early(site):
    """Nothing of a version shows before the day of its publication."""
    day = datetime.date.fromisoformat(site.date)
    for entry in ledger(site):
        folder = site.dir / entry["document"] / "v" / entry["version"]
        if entry["action"] in ("release", "import"):
            if entry["published"] > day and folder.exists():
                yield f"{entry['document']}/v/{entry['version']}/ is there before {entry['published']}"
            if entry["published"] <= day and not folder.exists():
                yield f"{entry['document']}/v/{entry['version']}/ is missing"


# --- Hosting


def json_files(site):
    for path in site.glob(r".*\.(json|webmanifest)"):
        try:
            json.loads(path.read_text("utf-8"))
        except ValueError as error:
            yield f"{site.relative(path)}: {error}"


def csv_files(site):
    for path in site.glob(r".*\.csv"):
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), strict=True))
        if not rows or len({len(row) for row in rows}) > 1:
            yield f"{site.relative(path)}: rows have {sorted({len(row) for row in rows})} fields"
        elif len(set(rows[0])) != len(rows[0]):
            yield f"{site.relative(path)}: a column name repeats: {rows[0]}"
        for row in rows[1:]:
            for cell in row:
                # A spreadsheet would run these.
                if re.match(r"[=@+\t\r]", cell):
                    yield f"{site.relative(path)}: a cell that a spreadsheet takes for a formula: {cell[:40]!r}"


def sitemap(site):
    path = site.dir / "sitemap.xml"
    if not path.exists():
        yield "sitemap.xml is missing"
        return
    root = ET.fromstring(path.read_bytes())
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    if root.tag != f"{space}urlset":
        yield f"the root is {root.tag}"
    locations = [(url.findtext(f"{space}loc") or "").strip() for url in root.findall(f"{space}url")]
    if len(locations) > 50_000 or path.stat().st_size > 50 << 20:
        yield "more than a sitemap may hold"
    for location in locations:
        if not location.startswith(site.base_url):
            yield f"{location} is outside {site.base_url}"
            continue
        found = site.file_at(location)
        if found is None:
            yield f"{location} leads nowhere"
        elif site.address(found) != location:
            yield f"{location} is written {site.address(found)} elsewhere"
        elif re.search(r'<meta name="?robots"? content="[^"]*noindex', found.read_text("utf-8")):
            yield f"{location} is noindex"
    if len(set(locations)) != len(locations):
        yield "an address is there twice"
    for url in root.findall(f"{space}url"):
        lastmod = url.findtext(f"{space}lastmod")
        if lastmod is not None and not re.match(r"\d{4}-\d\d-\d\d", lastmod):
            yield f"lastmod {lastmod}"
        if lastmod is not None and lastmod[:10] > site.date:
            yield f"lastmod {lastmod} lies after the day of the build"
    if site.base_url not in locations:
        yield "the home page is not in it"


def headers(site):
    path = site.dir / "_headers"
    if not path.exists():
        yield "_headers is missing"
        return
    rules = site.header_rules()
    if len(rules) > 100:
        yield f"{len(rules)} rules, 100 are allowed"
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if len(line) > 2000:
            yield f"line {number} has {len(line)} characters, 2,000 are allowed"
    for pattern, lines in rules:
        if not pattern.startswith("/"):
            yield f"{pattern} is no path"
        if pattern.count("*") > 1:
            yield f"{pattern} has more than one splat"
        for line in lines:
            if not re.match(r"!\s*[\w-]+\Z|[\w-]+:\s*\S", line):
                yield f"{pattern}: not a header: {line}"
    # A header set by two rules that match is joined by hosts: two CSPs, two cache lifetimes.
    said = set()
    for file in site.files:
        url = urllib.parse.urlsplit(site.address(file)).path
        names = []
        matching = []
        for pattern, lines in rules:
            if rule_matches(pattern, url):
                matching.append(pattern)
                for line in lines:
                    if line.startswith("!"):
                        names = [name for name in names if name != line[1:].strip().lower()]
                    else:
                        names.append(line.split(":")[0].lower())
        for name in {name for name in names if names.count(name) > 1}:
            if (name, tuple(matching)) not in said:
                said.add((name, tuple(matching)))
                yield f"{url}: {name} is set by more than one of {', '.join(matching)}"
        if "x-content-type-options" not in names:
            yield f"{url}: no X-Content-Type-Options"
        if re.search(r"(^|/)api/", site.relative(file)) and "access-control-allow-origin" not in names:
            yield f"{url}: no Access-Control-Allow-Origin, so no other origin can read the API"


def redirects(site):
    rules = site.redirects()
    if len(rules) > 2000:
        yield f"{len(rules)} rules, 2,000 are allowed"
    if sum("*" in rule[0] or ":" in rule[0] for rule in rules) > 100:
        yield "more than 100 dynamic rules"
    sources = [rule[0] for rule in rules]
    for rule in rules:
        if len(" ".join(rule)) > 1000:
            yield f"{rule[0]}: a rule of more than 1,000 characters"
        if len(rule) not in (2, 3) or (len(rule) == 3 and rule[2] not in {"200", "301", "302", "303", "307", "308"}):
            yield f"not a rule: {' '.join(rule)}"
        if sources.count(rule[0]) > 1:
            yield f"{rule[0]} has two rules"
        if len(rule) > 1 and rule[0] == rule[1].split("#")[0]:
            yield f"{rule[0]} leads to itself"


def robots(site):
    path = site.dir / "robots.txt"
    if site.base_path != "/":
        # Crawlers ask only the root of a host.
        return
    if not path.exists():
        yield "robots.txt is missing"
        return
    text = path.read_text("utf-8")
    for line in text.splitlines():
        field, _, value = line.partition(":")
        if field.strip().lower() == "disallow" and value.strip():
            blocked = re.compile(re.escape(value.strip()).replace(r"\*", ".*").replace(r"\$", "$"))
            for page in site.glob(r".*\.html"):
                url = urllib.parse.urlsplit(site.address(page)).path
                if blocked.match(url):
                    yield f"{line.strip()} keeps {url} from being read"
                    break
    if f"Sitemap: {site.base_url}sitemap.xml" not in text:
        yield "does not name the sitemap"


# Addresses that name something and are never fetched.
NAMES = re.compile(r"https?://(www\.w3\.org|jsonfeed\.org|json-schema\.org|schema\.org|www\.sitemaps\.org)/")


def own_addresses(site):
    """Addresses of this site in files other than pages lead somewhere; style sheets and scripts name no other host."""
    said = set()
    for path in site.files:
        suffix = path.suffix
        if suffix in {".xml", ".json", ".ics", ".txt", ".md", ".csv"}:
            text = path.read_text("utf-8")
            if suffix == ".ics":
                text = text.replace("\r\n ", "")
            if suffix == ".xml":
                text = html.unescape(text)
            for found in re.findall(re.escape(site.base_url) + r"[^\s\"'<>\\)\]]*", text):
                url = html.unescape(html.unescape(found)).rstrip(".,;")
                if url in said or "{" in url or url.endswith(".schema.json#"):
                    continue
                said.add(url)
                target = site.file_at(url)
                if target is None and not site.redirected(url):
                    yield f"{site.relative(path)}: {url} leads nowhere"
                fragment = urllib.parse.unquote(urllib.parse.urlsplit(url).fragment)
                if fragment and target is not None and target.suffix == ".html":
                    if not re.search(rf'\bid="?{re.escape(html.escape(fragment))}["\s>]', target.read_text("utf-8")):
                        yield f"{site.relative(path)}: {url}: no such id"
        elif suffix in {".css", ".js", ".svg"}:
            text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
            for found in re.findall(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}[^\s\"')]*", text):
                if not NAMES.match(found) and not re.search(rf"(^|\s)//\s.*{re.escape(found)}", text):
                    yield f"{site.relative(path)} names another host: {found}"


def well_known(site):
    path = site.dir / ".well-known" / "security.txt"
    settings_path = pathlib.Path(site.input) / "fineprint.toml"
    asked = tomllib.loads(settings_path.read_text("utf-8")).get("well_known", {})
    if site.base_path != "/":
        asked = {}
    if "security_txt" in asked:
        if not path.exists():
            yield ".well-known/security.txt was asked for"
        else:
            fields = [line.partition(":")[::2] for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
            names = [name.lower() for name, _ in fields]
            # RFC 9116, section 2.5.
            if "contact" not in names:
                yield "security.txt: no Contact"
            if names.count("expires") != 1:
                yield "security.txt: exactly one Expires"
            for name, value in fields:
                if name.lower() == "expires" and not RFC3339.match(value.strip()):
                    yield f"security.txt: Expires: {value}"
    gpc = site.dir / ".well-known" / "gpc.json"
    if "gpc" in asked:
        if not gpc.exists():
            yield ".well-known/gpc.json was asked for"
        else:
            stated = json.loads(gpc.read_text("utf-8"))
            if not isinstance(stated.get("gpc"), bool) or not re.match(r"\d{4}-\d\d-\d\d", str(stated.get("lastUpdate", ""))):
                yield f"gpc.json: {stated}"
    for name, file in (("security_txt", path), ("gpc", gpc)):
        if name not in asked and file.exists() and site.base_path == "/":
            yield f"{file.name} is there though nobody asked for it"


CHECKS = [
    atom_feeds, json_feeds, calendars, api, api_truth, nothing_early, json_files, csv_files, sitemap, headers, redirects,
    robots, own_addresses, well_known,
]


# --- HTML and CSS


def nu(sites):
    """All pages and style sheets of all sites in one run of the Nu checker; files that are the same are read once."""
    staged = TARGET / "validate"
    staged.mkdir(parents=True, exist_ok=True)
    seen, paths, wrapped = {}, [], {}
    for site in sites:
        for path in site.glob(r".*\.(html|css|svg)"):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if digest in seen:
                continue
            seen[digest] = path
            if path.suffix == ".html" and not path.read_text("utf-8").lstrip().lower().startswith("<!doctype"):
                # A fragment to paste: read in the smallest page that can hold it.
                page = staged / f"{digest}.html"
                page.write_text(
                    f'<!doctype html><html lang="en"><head><title>Fragment</title></head><body>{path.read_text("utf-8")}</body></html>', "utf-8"
                )
                wrapped[page.as_uri()] = path
                path = page
            paths.append(path)
    if not paths:
        return 0, ["there is no page"]
    done = subprocess.run(
        ["java", "-Xss4m", "-jar", VNU, "--format", "json", "--also-check-css", "--also-check-svg", *paths],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600,
    )
    try:
        messages = json.loads(done.stderr)["messages"]
    except (ValueError, KeyError):
        return len(paths), [f"the checker failed with {done.returncode}: {done.stdout[-2000:]}{done.stderr[-2000:]}"]
    faults = collections.OrderedDict()
    for message in messages:
        if any(re.search(pattern, message["message"]) for pattern, _ in VNU_ALLOWED):
            continue
        file = wrapped.get(message.get("url"), message.get("url", "").removeprefix(f"file:{TARGET}/sites/"))
        kind = message.get("subType", message["type"])
        faults.setdefault((kind, message["message"]), []).append(
            f"{file}:{message.get('lastLine', '?')}: {message.get('extract', '').strip()[:120]!r}"
        )
    return len(paths), [
        f"{kind}: {text} ({len(places)} times)\n      " + "\n      ".join(places[:3]) for (kind, text), places in faults.items()
    ]


def main():
    index = json.loads((TARGET / "sites" / "index.json").read_text("utf-8"))
    sites = [Site(entry) for entry in index]
    passed = failed = 0
    # One fault is often on every day and page: each is told once, with how often it is there.
    found = collections.OrderedDict()
    for check in CHECKS:
        for site in sites:
            try:
                faults = list(check(site))
            except Exception as error:  # A file that a reader chokes on is a fault of that file.
                faults = [f"{type(error).__name__}: {error}"]
            for fault in faults:
                found.setdefault(check.__name__, []).append(f"{site.label}: {fault}")
            passed += not faults
            failed += bool(faults)
    for check, faults in found.items():
        print(f"  FAILED {check}: {len(faults)} faults")
        for fault in faults[:25]:
            print(f"    {fault}")
        if len(faults) > 25:
            print(f"    … and {len(faults) - 25} more")
    count, faults = nu(sites)
    print(f"  the Nu checker read {count} pages and style sheets")
    for fault in faults:
        print(f"    FAILED {fault}")
    passed += not faults
    failed += bool(faults)
    print(f"validators: {passed} checks passed, {failed} failed")
    return 1 if failed or not sites else 0


if __name__ == "__main__":
    sys.exit(main())
