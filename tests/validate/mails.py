"""Reads every announcement that build_sites.py wrote, as a mail program would.

In: target/sites/index.json. Out: faults; exit code 1 if there are any. Needs nothing but Python's own library.
"""

import email
import email.policy
import html.parser
import json
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
INDEX = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "sites" / "index.json"

# What makes a mail program fetch or run something.
LOADING = {"img", "script", "link", "iframe", "object", "embed", "form", "video", "audio", "base", "svg"}


class Html(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.faults, self.links, self.lang = [], [], None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "html":
            self.lang = attributes.get("lang")
        if tag in LOADING or "src" in attributes or "background" in attributes:
            self.faults.append(f"<{tag}> loads or runs something")
        if any(name.startswith("on") for name in attributes):
            self.faults.append(f"<{tag}> has a handler")
        if tag == "a":
            self.links.append(attributes.get("href", ""))
        if tag == "table" and attributes.get("role") != "presentation":
            self.faults.append("a table of the layout would be read out as a table")


def faults(path, seen):
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    yield from (f"defect: {defect!r}" for part in message.walk() for defect in part.defects)
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Language"):
        if len(message.get_all(name, [])) != 1:
            yield f"{name} stands there {len(message.get_all(name, []))} times"
        yield from (f"{name}: {defect!r}" for defect in getattr(message[name], "defects", []))
    for name in ("Cc", "Bcc"):
        if name in message:
            yield f"has {name}"
    if message["Message-ID"] in seen:
        yield f"the Message-ID {message['Message-ID']} is that of {seen[message['Message-ID']]}"
    seen[message["Message-ID"]] = path.name
    if "\ufffd" in message["Subject"] or len(message["Subject"]) < 10:
        yield f"subject {message['Subject']!r}"
    if [part.get_content_type() for part in message.walk()] != ["multipart/alternative", "text/plain", "text/html"]:
        yield f"parts {[part.get_content_type() for part in message.walk()]}"
        return
    plain, rich = message.iter_parts()
    stem = path.name[: -len(".eml")]
    for part, extension in ((plain, "txt"), (rich, "html")):
        beside = path.with_name(f"{stem}.{extension}").read_text("utf-8")
        if part.get_content().replace("\r\n", "\n").rstrip("\n") != beside.rstrip("\n"):
            yield f"the part {part.get_content_type()} differs from {stem}.{extension}"
    page = Html()
    page.feed(rich.get_content())
    yield from page.faults
    if page.lang != message["Content-Language"]:
        yield f"lang is {page.lang}, Content-Language {message['Content-Language']}"
    if not page.links:
        yield "has no link"
    for link in page.links:
        if not link.startswith(("https://", "mailto:")):
            yield f"link {link!r}"
        # Whoever reads the text alone can go everywhere, too.
        if link.removeprefix("mailto:") not in plain.get_content():
            yield f"{link} is not in the plain text"


def main():
    read, found = 0, []
    for site in json.loads(INDEX.read_text("utf-8")):
        seen = {}
        mails = sorted(pathlib.Path(site["outbox"]).glob("*.eml"))
        if len(mails) != len(site["open"]) * len(site["languages"]):
            found.append(f"{site['name']} {site['date']}: {len(mails)} mails for {len(site['open'])} notices")
        for path in mails:
            read += 1
            found += [f"{site['name']} {site['date']} {path.name}: {fault}" for fault in faults(path, seen)]
    print("\n".join(found))
    print(f"{read} mails read, {len(found)} faults")
    return 1 if found or not read else 0


if __name__ == "__main__":
    sys.exit(main())
