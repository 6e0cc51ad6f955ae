"""Builds every site that the tests look at, on each of its days, and writes the announcements of open notices.

In: the program, the center at the root of this repository and tests/sites/*. Out: a folder for each site and day
below target/sites, and target/sites/index.json, which tells the other tests what there is and what must hold.
Must not know: what a page looks like. Needs nothing but Python's own library.
"""

import concurrent.futures
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import tomllib
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
OUT = TARGET / "sites"

# The center of this repository: in the middle of a notice window, before it, and after it.
SAMPLE_DAYS = ["2026-11-21", "2026-11-01", "2027-01-15"]


def sites():
    """Each site: its name, its folder, and its days with what must hold on them."""
    if (ROOT / "fineprint.toml").exists():
        yield "sample", ROOT, [{"as_of": day} for day in SAMPLE_DAYS]
    for folder in sorted((ROOT / "tests" / "sites").glob("*/input")):
        dates = tomllib.loads((folder.parent / "dates.toml").read_text("utf-8"))
        yield folder.parent.name, folder, dates["date"]


def plain(value):
    """TOML's dates as the text that JSON can hold."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return value.isoformat() if isinstance(value, datetime.date) else value


def ledger_notices(folder, day):
    """The notices that are open on a day, worked out from the ledger alone, apart from the program's own reckoning."""
    path = folder / "content" / "ledger.toml"
    entries = tomllib.loads(path.read_text("utf-8")).get("entry", []) if path.exists() else []
    # The made-up histories are recorded at 10:00 UTC, which is the same day in every zone of the sites.
    withdrawn = {
        (entry["document"], entry["version"])
        for entry in entries
        if entry["action"] == "withdraw" and entry["recorded"].date() <= day
    }
    # A version announced anew under the same name would be a later release than its withdrawal: not allowed.
    return [
        {key: plain(entry.get(key)) for key in ("document", "version", "published", "effective", "significance")}
        for entry in entries
        if entry["action"] == "release"
        and entry.get("significance") == "material"
        and entry["published"] <= day < entry["effective"]
        and (entry["document"], entry["version"]) not in withdrawn
    ]


def main():
    binary = TARGET / "debug" / "fineprint"
    only = set(sys.argv[1:])
    jobs = []
    for name, folder, days in sites():
        if only and name not in only:
            continue
        settings = tomllib.loads((folder / "fineprint.toml").read_text("utf-8"))
        base_url = settings["base_url"].rstrip("/") + "/"
        for expected in days:
            expected = plain(expected)
            day = expected.pop("as_of")
            jobs.append({
                "name": name,
                "date": day,
                "dir": str(OUT / name / day),
                "input": str(folder),
                "base_url": base_url,
                "base_path": urllib.parse.urlsplit(base_url).path,
                "timezone": settings.get("timezone", "UTC"),
                "languages": settings.get("languages", ["en"]),
                "open": ledger_notices(folder, datetime.date.fromisoformat(day)),
                "outbox": str(OUT / name / f"{day}.outbox"),
                "expected": expected,
            })

    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)

    def build(job):
        started = time.monotonic()
        done = subprocess.run(
            [binary, "build", "--out", job["dir"], "--as-of", job["date"]],
            cwd=job["input"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
        )
        for notice in job["open"] if done.returncode == 0 else []:
            done = subprocess.run(
                [binary, "announce", notice["document"], notice["version"], "--out", job["outbox"], "--as-of", job["date"]],
                cwd=job["input"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
            )
            if done.returncode != 0:
                break
        return job, done, time.monotonic() - started

    built, failed = [], 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for job, done, seconds in pool.map(build, jobs):
            label = f"{job['name']} as of {job['date']}"
            if done.returncode == 0:
                built.append(job)
                print(f"  built {label} in {seconds:.1f} s")
            else:
                failed += 1
                print(f"  FAILED {label}: exit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    (OUT / "index.json").write_text(json.dumps(built, indent=1), "utf-8")
    print(f"{len(built)} built, {failed} failed")
    if not jobs:
        print("there is no site to build")
    return 1 if failed or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
