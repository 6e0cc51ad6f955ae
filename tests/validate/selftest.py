"""The checks of validate.py themselves: a small sound site, and one broken in each of the ways that they are for.

In: nothing. Out: exit code 1 if a check stays silent where it has to speak, or speaks of the sound site.
"""

import json
import pathlib
import re
import sys
import tempfile

import validate

BASE = "https://privacy.example.org/"
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>T</title></head>'
    '<body><main id="main"><h1 id="top">T</h1></main></body></html>'
)
SOUND = {
    "index.html": PAGE,
    "privacy/index.html": PAGE,
    "privacy/v/2026-04-19/index.html": PAGE,
    "_headers": "/*\n  Content-Security-Policy: default-src 'none'\n  X-Content-Type-Options: nosniff\n"
    "/api/*\n  Access-Control-Allow-Origin: *\n",
    "_redirects": "/old /privacy/ 301\n",
    "robots.txt": f"User-agent: *\nAllow: /\n\nSitemap: {BASE}sitemap.xml\n",
    "sitemap.xml": '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    f"<url><loc>{BASE}</loc></url><url><loc>{BASE}privacy/</loc><lastmod>2026-04-01</lastmod></url></urlset>",
    "feed.xml": '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
    f'<id>{BASE}</id><title>T</title><updated>2026-04-01T00:00:00Z</updated><author><name>N</name></author>'
    f'<link rel="self" href="{BASE}feed.xml"/><entry><id>tag:privacy.example.org,2026:a</id><title>A</title>'
    f'<updated>2026-04-01T00:00:00Z</updated><link href="{BASE}privacy/"/></entry></feed>',
    "feed.json": json.dumps({
        "version": "https://jsonfeed.org/version/1.1", "title": "T", "feed_url": f"{BASE}feed.json",
        "items": [{"id": "tag:privacy.example.org,2026:a", "url": f"{BASE}privacy/", "content_text": "A"}],
    }),
    "calendar.ics": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nBEGIN:VEVENT\r\nUID:a@example.org\r\n"
    "DTSTAMP:20260401T000000Z\r\nDTSTART;VALUE=DATE:20260419\r\nSUMMARY:Privacy\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "api/v1/notices.json": json.dumps({"notices": []}),
    "api/v1/notices.schema.json": json.dumps({
        "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"{BASE}api/v1/notices.schema.json",
        "type": "object", "required": ["notices"], "properties": {"notices": {"type": "array"}}, "additionalProperties": False,
    }),
    "processors.csv": "id,name\na,A\n",
    "schedule.json": json.dumps({"next_rebuild": None}),
    "assets/site.css": "/* https://elsewhere.example/ */ body { color: #111 }",
}

# The check, the file, what is put in place of what, and what the check has to say.
BROKEN = [
    ("atom_feeds", "feed.xml", "</entry>", "", "not well-formed|mismatched"),
    ("atom_feeds", "feed.xml", "<author><name>N</name></author>", "", "no author"),
    ("atom_feeds", "feed.xml", "<title>A</title>", "", "exactly one title"),
    ("atom_feeds", "feed.xml", 'rel="self"', 'rel="related"', "rel=self"),
    ("atom_feeds", "feed.xml", "2026-04-01T00:00:00Z</updated><link href", "2026-04-01</updated><link href", "RFC 3339"),
    ("atom_feeds", "feed.xml", "<entry>", "<entry><id>tag:privacy.example.org,2026:b</id>", "exactly one id"),
    ("json_feeds", "feed.json", "version/1.1", "version/1", "version is"),
    ("json_feeds", "feed.json", '"content_text": "A"', '"title": "A"', "neither content_html"),
    ("json_feeds", "feed.json", "2026:a", "2026:b", "not the entries of feed.xml"),
    ("calendars", "calendar.ics", "\r\n", "\n", "CR LF"),
    ("calendars", "calendar.ics", "Privacy", "Privacy " * 10, "75 are allowed"),
    ("calendars", "calendar.ics", "DTSTART;VALUE=DATE:20260419", "DTSTART:20260419T000000Z", "a time, not a day"),
    ("calendars", "calendar.ics", "DTSTAMP:20260401T000000Z\r\n", "", "without DTSTAMP"),
    ("calendars", "calendar.ics", "END:VEVENT\r\n", "", "icalendar"),
    ("calendars", "calendar.ics", "DTSTART;VALUE=DATE:20260419", "DTSTART;VALUE=DATE:20261350", "icalendar|DTSTART"),
    ("api", "api/v1/notices.json", "[]", "{}", "is not of type 'array'"),
    ("api", "api/v1/notices.schema.json", '"type": "object"', '"type": "thing"', "not a schema"),
    ("api", "api/v1/notices.schema.json", '"required": ["notices"], "properties": {"notices": {"type": "array"}}, "additionalProperties": false', '"title": "x"', "accepts anything|not of type"),
    ("api", "api/v1/other.json", None, "{}", "no schema"),
    ("json_files", "schedule.json", "null", "nul", "Expecting value"),
    ("csv_files", "processors.csv", "a,A", "a", "fields"),
    ("csv_files", "processors.csv", "a,A", "a,=1+1", "formula"),
    ("sitemap", "sitemap.xml", "privacy/", "nowhere/", "leads nowhere"),
    ("sitemap", "sitemap.xml", "2026-04-01", "2027-04-01", "after the day"),
    ("sitemap", "privacy/index.html", '<meta charset="utf-8">', '<meta name="robots" content="noindex">', "noindex"),
    ("headers", "_headers", "Access-Control-Allow-Origin: *", "X-Content-Type-Options: nosniff", "more than one"),
    ("headers", "_headers", "default-src 'none'", "default-src " + "a" * 2000, "2,000 are allowed"),
    ("headers", "_headers", "/api/*", "/other/*", "no Access-Control-Allow-Origin"),
    ("redirects", "_redirects", "/privacy/ 301", "/privacy/ 999", "not a rule"),
    ("redirects", "_redirects", "/old /privacy/ 301\n", "/old /privacy/ 301\n/old / 301\n", "two rules"),
    ("robots", "robots.txt", "Allow: /", "Disallow: /*/v/", "keeps /privacy/v/"),
    ("robots", "robots.txt", "sitemap.xml", "map.xml", "sitemap"),
    ("own_addresses", "feed.xml", f'<link href="{BASE}privacy/"', f'<link href="{BASE}privacy/#gone"', "no such id"),
    ("own_addresses", "feed.json", "privacy/", "nowhere/", "leads nowhere"),
    ("own_addresses", "assets/site.css", "#111", "url(https://elsewhere.example/a.png)", "another host"),
    ("api_truth", "schedule.json", "null", '"2026-12-24"', "next rebuild"),
    ("nu", "index.html", "<h1", "<blink></blink><h1", "blink"),
    ("nu", "assets/site.css", "color: #111", "colour: #111", "colour"),
]


def site(folder):
    return validate.Site({
        "name": "sound", "date": "2026-11-21", "dir": folder, "input": folder, "base_url": BASE, "base_path": "/",
        "timezone": "Europe/Madrid", "languages": ["en"], "open": [], "expected": {"next_rebuild": None},
    })


def write(folder, files):
    for name, text in files.items():
        path = pathlib.Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    # The settings lie beside the output here.
    (pathlib.Path(folder) / "fineprint.toml").write_text(f'base_url = "{BASE}"\n')


def main():
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        write(folder, SOUND)
        for check in validate.CHECKS:
            failures += [f"the sound site: {check.__name__}: {fault}" for fault in check(site(folder))]

    checks = {check.__name__: check for check in validate.CHECKS}
    # One run of the checker for all pages: Java takes longer to start than to read them.
    with tempfile.TemporaryDirectory() as folder:
        pages = dict(SOUND)
        cases = [case for case in BROKEN if case[0] == "nu"]
        for _, name, old, new, _ in cases:
            pages[name] = pages[name].replace(old, new)
        write(folder, pages)
        _, said = validate.nu([site(folder)])
        failures += [f"nu is silent about {case[4]}: {said}" for case in cases if not any(re.search(case[4], fault) for fault in said)]

    for name, file, old, new, expected in BROKEN:
        if name == "nu":
            continue
        with tempfile.TemporaryDirectory() as folder:
            assert old is None or old in SOUND[file], f"{file} has no {old!r}"
            write(folder, SOUND | {file: new if old is None else SOUND[file].replace(old, new)})
            try:
                said = list(checks[name](site(folder)))
            except Exception as error:  # The runner takes an exception for a fault, too.
                said = [f"{type(error).__name__}: {error}"]
            if not any(re.search(expected, fault) for fault in said):
                failures.append(f"{name} is silent about {file} with {new[:60]!r}: {said}")
    for failure in failures:
        print(f"  FAILED {failure}")
    print(f"{len(BROKEN)} broken files, {len(failures)} misjudged")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
