"""Lists the sources of law that were read more than nine months ago. It runs before a release of the program.

In: src/law/data/*.toml and today. Out: the sources that are due, and exit code 1 if there is one. It fails with time alone,
so no other run has it. Needs nothing but Python's own library.
"""

import datetime
import pathlib
import sys
import tomllib

DATA = pathlib.Path(__file__).resolve().parents[2] / "src" / "law" / "data"
MONTHS = 9


def due(read):
    """The day on which a source has to be read again: the same day nine months later, or the last of that month."""
    month = read.month - 1 + MONTHS
    year, month = read.year + month // 12, month % 12 + 1
    first_of_next = datetime.date(year + month // 12, month % 12 + 1, 1)
    last = (first_of_next - datetime.timedelta(days=1)).day
    return datetime.date(year, month, min(read.day, last))


def main():
    assert due(datetime.date(2026, 5, 31)) == datetime.date(2027, 2, 28)
    assert due(datetime.date(2026, 4, 1)) == datetime.date(2027, 1, 1)
    today = datetime.date.today()
    count, old = 0, []
    for path in sorted(DATA.glob("*.toml")):
        for source in tomllib.loads(path.read_text("utf-8")).get("source", []):
            count += 1
            if due(source["read"]) < today:
                old.append(f"{path.stem}: {source.get('title', source.get('id'))}, read on {source['read']}")
    if count == 0:
        return "no source was found"
    print(f"{count} sources, {len(old)} read more than {MONTHS} months ago")
    return "\n".join(["Read these again, and correct what they say and the day:", *old]) if old else 0


if __name__ == "__main__":
    sys.exit(main())
