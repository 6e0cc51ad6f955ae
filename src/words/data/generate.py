#!/usr/bin/env python3
"""Writes languages.tsv, language-names.tsv, lists.tsv and countries.tsv from the Unicode CLDR.

    npm pack cldr-core@48.2.0 cldr-localenames-full@48.2.0 cldr-misc-full@48.2.0
    (unpack each into a folder of its name without the version)
    python3 generate.py <folder of the three> <this folder>

The files enter digests: run it again only on purpose, and say so in the changelog.
"""
import json
import sys
from pathlib import Path

CLDR, OUT = Path(sys.argv[1]), Path(sys.argv[2])
NAMED = ["en", "es", "fr", "de", "pt", "pt-PT", "it", "nl", "ar", "ja"]
# Well covered in practice, though CLDR's table of levels does not list them by this tag.
ALSO = {"nb", "ckb"}
# Basic coverage, but its long date is three numbers.
NOT = {"bal-Latn"}


def read(package, path):
    return json.loads((CLDR / f"cldr-{package}" / path).read_text("utf-8"))


available = set(read("core", "availableLocales.json")["availableLocales"]["full"]) - {"und"}
default = read("core", "defaultContent.json")["defaultContent"]
levels = read("core", "coverageLevels.json")["coverageLevels"]
parents = read("core", "supplemental/parentLocales.json")["supplemental"]["parentLocales"]["parentLocale"]
likely = read("core", "supplemental/likelySubtags.json")["supplemental"]["likelySubtags"]
codes = read("core", "supplemental/codeMappings.json")["supplemental"]["codeMappings"]
version = read("core", "package.json")["version"]


def subtags(tag):
    parts = tag.split("-")
    script = next((p for p in parts[1:] if len(p) == 4 and p.isalpha()), None)
    region = next((p for p in parts[1:] if len(p) == 2 or (len(p) == 3 and p.isdigit())), None)
    variants = [p for p in parts[1:] if len(p) > 4]
    return parts[0], script, region, variants


def parent(tag):
    """The next tag to look under; `-` for none."""
    if tag in parents:
        return "-" if parents[tag] in ("root", "und") else parents[tag]
    return tag.rpartition("-")[0] or "-"


def main(package, tag, name):
    """A locale's file, or the nearest parent's that has one."""
    while not (CLDR / f"cldr-{package}/main/{tag}/{name}.json").exists():
        tag = parent(tag)
        if tag == "-":
            return {"localeDisplayNames": {name: {}}}
    return read(package, f"main/{tag}/{name}.json")["main"][tag]


def known(tag):
    language, script, _, variants = subtags(tag)
    if "posix" in variants or "polyton" in variants or language in NOT or f"{language}-{script}" in NOT:
        return False
    if script and f"{language}-{script}" not in levels:
        usual = likely.get(language, "--").split("-")[1]
        return usual == script and (language in levels or language in ALSO)
    return language in levels or language in ALSO or f"{language}-{script}" in levels


def title(name):
    first = name.split(" ")[0]
    return name if first != first.lower() else name[0].title() + name[1:]


def display(tag):
    """The language's name for itself, as a menu shows it."""
    names = main("localenames", tag, "languages")["localeDisplayNames"]["languages"]
    if tag in names:
        return title(names[tag])
    language, script, region, variants = subtags(tag)
    shown = main("localenames", tag, "localeDisplayNames")["localeDisplayNames"]["localeDisplayPattern"]
    more = []
    if script:
        both = names.get(f"{language}-{script}")
        if both:
            language = f"{language}-{script}"
        else:
            table = main("localenames", tag, "scripts")["localeDisplayNames"]["scripts"]
            more.append(table.get(script, script))
    if region:
        table = main("localenames", tag, "territories")["localeDisplayNames"]["territories"]
        more.append(table.get(region, region))
    if variants:
        table = main("localenames", tag, "variants")["localeDisplayNames"]["variants"]
        more += [table.get(v.upper(), table.get(v, v)) for v in variants]
    name = names.get(language, language)
    if more:
        inner = more[0]
        for one in more[1:]:
            inner = shown["localeSeparator"].replace("{0}", inner).replace("{1}", one)
        name = shown["localePattern"].replace("{0}", name).replace("{1}", inner)
    return title(name)


def write(name, what, columns, rows):
    head = f"# {what}\n# Unicode CLDR {version}, licence Unicode-3.0; written by generate.py.\n# {chr(9).join(columns)}\n"
    (OUT / name).write_text(head + "".join("\t".join(row) + "\n" for row in rows), "utf-8")
    print(name, len(rows))


tags = sorted(t for t in available | set(default) if known(t))
rows = {}
for tag in tags:
    order = main("misc", tag, "layout")["layout"]["orientation"]["characterOrder"]
    rows[tag] = [tag, "rtl" if order == "right-to-left" else "ltr", parent(tag), display(tag)]
aliases = {}
# `zh-TW` means `zh-Hant-TW`.
for tag in tags:
    language, script, region, variants = subtags(tag)
    short = f"{language}-{region}"
    if script and region and not variants and short not in rows:
        if likely.get(short, likely.get(language)).split("-")[1] == script:
            aliases[short] = [short, rows[tag][1], tag, rows[tag][3]]
rows |= aliases
rows = [rows[tag] for tag in sorted(rows)]
write("languages.tsv", "Tags that a center may use.", ["tag", "direction", "parent", "autonym"], rows)

tables = {t: main("localenames", t, "languages")["localeDisplayNames"]["languages"] for t in NAMED}
names = [[row[0]] + [tables[lang].get(row[0], "") for lang in NAMED] for row in rows if row[0] in tables["en"]]
write("language-names.tsv", "Languages in the languages of the catalogues; empty where CLDR composes the name.", ["tag"] + NAMED, names)

territories = {t: main("localenames", t, "territories")["localeDisplayNames"]["territories"] for t in NAMED}
iso = sorted(c for c, v in codes.items() if len(c) == 2 and int(v.get("_numeric", "999")) < 900 and c in territories["en"])
assert len(iso) == 249, len(iso)
# Neither is in ISO 3166-1: the Union is a place of processing, and Kosovo's code is in general use.
iso = sorted(iso + ["EU", "XK"])
write("countries.tsv", "ISO 3166-1 alpha-2, and EU and XK.", ["code"] + NAMED,
      [[c] + [territories[lang][c] for lang in NAMED] for c in iso])


def joints(tag):
    given = main("misc", tag, "listPatterns")["listPatterns"]["listPattern-type-standard"]
    return [given[k] for k in ("2", "start", "middle", "end")]


# Plain `en` is international English here, as in dates: no comma before the last `and`.
patterns = {row[0]: joints("en-001" if row[0] == "en" else row[0]) for row in rows if row[0] not in aliases}
above = {row[0]: row[2] for row in rows}
lists = [[t] + p for t, p in patterns.items() if patterns.get(above[t]) != p]
write("lists.tsv", "How a list is joined, where it differs from the parent's way.",
      ["tag", "two", "start", "middle", "end"], lists)
