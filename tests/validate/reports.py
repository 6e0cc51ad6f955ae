"""Reads reports of `fineprint check` with schemas that are not ours, and against what code hosts ask for.

In: the program in target/debug. Out: every fault; exit code 1 if there is one. Must not know: how a report is made.
"""

import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PROGRAM = TARGET / "debug" / "fineprint"
OASIS = ROOT / "tests/browser/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"

FAULTY = {
    "fineprint.toml": 'base_url = "https://privacy.acme.example"\ntimezone = "Europe/Madrid"\nlanguages = ["en"]\n'
    '[check]\njurisdictions = ["eu", "us-ca"]\n[[check.suppression]]\nrule = "processor-role-missing"\n'
    'target = "content/processors.toml"\nreason = "asked them: “soon”"\nuntil = 2099-01-01\n',
    "content/organization.toml": 'legal_name = "Acme Ltd"\n[contacts]\nprivacy = "privacy@acme.example"\n',
    "content/processors.toml": '[[row]]\nid = "post"\nname = ""\npurpose = "delivers"\ndata = ["name"]\nlocation = ["US"]\n',
    "content/privacy/policy.md": '+++\ntitle = "Privacy 🙂"\n+++\n\n🙂🙂 See [ünser](/terms/) and {{ nothing }}.\n\n'
    '<!-- fineprint-suppress empty-section reason="soon" until=2099-01-01 -->\n## Empty {#empty}\n\n## Last\n',
    "content/two words ü/policy.md": "x",
}


def run(folder, *arguments):
    command = [PROGRAM, "check", "--as-of", "2026-11-21", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")


def strings(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value


def code_host(log, folder):
    """What code hosts ask of a SARIF file beyond the schema, and whether regions are where the text is."""
    for run_ in log["runs"]:
        rules = run_["tool"]["driver"]["rules"]
        if run_.get("columnKind") != "utf16CodeUnits":
            yield "columns in unknown units"
        for rule in rules:
            if not (rule["shortDescription"]["text"] and rule["fullDescription"]["text"] and rule["help"]["text"]):
                yield f"{rule['id']}: a rule without a description"
        if len({rule["id"] for rule in rules}) != len(rules):
            yield "a rule twice"
        prints = [result["partialFingerprints"]["fineprint/v1"] for result in run_["results"]]
        if len(set(prints)) != len(prints):
            yield "one fingerprint for two results"
        if len(run_["results"]) > 25000:
            yield "more results than a code host takes"
        for result in run_["results"]:
            if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
                yield f"{result['ruleId']}: its index is another rule's"
            if not result["message"]["text"]:
                yield f"{result['ruleId']}: no message"
            for location in result["locations"]:
                place = location["physicalLocation"]
                uri = place["artifactLocation"]["uri"]
                if not re.fullmatch(r"[A-Za-z0-9._~/%-]+", uri) or uri.startswith("/"):
                    yield f"{uri}: not a relative reference"
                region = place["region"]
                path = folder / uri
                if "byteOffset" in region and path.exists():
                    data = path.read_bytes()
                    start = region["byteOffset"]
                    before = data[:start].decode("utf-8")
                    line = before.count("\n") + 1
                    column = len(before.rsplit("\n", 1)[-1].encode("utf-16-le")) // 2 + 1
                    if (line, column) != (region["startLine"], region["startColumn"]):
                        yield f"{result['ruleId']}: at {region}, but its byte is at {line}:{column}"


def main():
    ours = json.loads((ROOT / "docs/check.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(ours)
    json_validator = jsonschema.Draft202012Validator(ours)
    sarif_validator = jsonschema.Draft7Validator(json.loads(OASIS.read_text("utf-8")))
    faults = []

    def look(label, validator, document):
        faults.extend(f"{label}: {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document))

    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for path, text in FAULTY.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")
        cases = [
            ("the sample center", ROOT, [], 0),
            ("the sample center's coverage", ROOT, ["--coverage"], 0),
            ("a faulty site", folder, [], 1),
            ("a faulty site's coverage", folder, ["--coverage"], 1),
            ("one file of it", folder, ["content/privacy/policy.md"], 1),
        ]
        for label, where, arguments, code in cases:
            done = run(where, "--format", "json", *arguments)
            if done.returncode != code:
                faults.append(f"{label}: exit code {done.returncode}, not {code}: {done.stderr[:300]}")
                continue
            report = json.loads(done.stdout)
            look(label, json_validator, report)
            if ("--coverage" in arguments) != ("coverage" in report):
                faults.append(f"{label}: coverage where none was asked for, or none")
            log = json.loads(run(where, "--format", "sarif", *arguments).stdout)
            look(f"{label}, SARIF", sarif_validator, log)
            faults.extend(f"{label}, SARIF: {fault}" for fault in code_host(log, where))
            if len(log["runs"][0]["results"]) != len(report["findings"]):
                faults.append(f"{label}: JSON and SARIF do not tell the same findings")
            if "compli" + "ant" in " ".join(strings([report, log])).lower():
                faults.append(f"{label}: a word that is never said")
        report = json.loads(run(folder, "--format", "json").stdout)
        log = json.loads(run(folder, "--format", "sarif").stdout)
        if report["summary"]["suppressed"] != 2 or not any("suppressions" in r for r in log["runs"][0]["results"]):
            faults.append("the two waivers are not in the report")
        # The validators refuse what they are there for.
        for key in ("findings", "summary"):
            broken = copy.deepcopy(report)
            del broken[key]
            if json_validator.is_valid(broken):
                faults.append(f"the schema takes a report without {key}")
        broken = copy.deepcopy(log)
        broken["runs"][0]["results"][0]["level"] = "fatal"
        if sarif_validator.is_valid(broken):
            faults.append("the SARIF schema takes any level")
        broken = copy.deepcopy(log)
        for result in broken["runs"][0]["results"]:
            for location in result["locations"]:
                location["physicalLocation"]["region"]["startColumn"] = 999
        if not list(code_host(broken, folder)):
            faults.append("a wrong column is not seen")
        # Fingerprints stay when lines move.
        policy = folder / "content/privacy/policy.md"
        policy.write_text(policy.read_text("utf-8").replace("🙂🙂", "A line.\n\nAnother.\n\n🙂🙂"), "utf-8")
        moved = json.loads(run(folder, "--format", "json").stdout)
        if {f["fingerprint"] for f in moved["findings"]} != {f["fingerprint"] for f in report["findings"]}:
            faults.append("fingerprints changed when lines moved")
    for fault in faults:
        print(f"  FAILED {fault}")
    print(f"reports of check: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
