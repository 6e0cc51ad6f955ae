#!/usr/bin/env python3
"""Replays random histories of the record in the reference model and compares every answer.

    compare.py HISTORIES.json

HISTORIES.json is written by `cargo test --lib histories_are_told` when FINEPRINT_HISTORIES names it. For each history, the model must
accept and refuse the same acts, and give every version the same name, dates, place and state at every instant. Exit code 1 if not.
"""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import model  # noqa: E402

def outcome(record, act):
    try:
        return model.act(record, act), "done"
    except model.Refusal as refusal:
        return record, refusal.args[0]


def differences(history):
    record = model.Record(zone=history["zone"])
    for number, act in enumerate(history["acts"]):
        expected = act.pop("outcome")
        if act["act"] == "together" and not act.pop("same_day"):
            # The model knows one date for all; without it, the releases of an act are judged one after the other.
            act["items"] = [{**item, "at": act["at"], "confirm": True} for item in act["items"]]
            record, said = one_by_one(record, act)
        else:
            record, said = outcome(record, {key: value for key, value in act.items() if value is not None})
        if said == "promise" and expected == "done" and keeps_promise(record, act):
            # The model compares how a promise is written, fineprint what it promises: 2 weeks are 14 days.
            return
        if (said == "done") != (expected == "done"):
            yield f"act {number} {act}: fineprint says {expected}, the model {said}"
            return
    view = record.view()
    for key, told in history["documents"].items():
        document = view.get(key)
        if document is None:
            yield f"{key}: the model has no such document"
            continue
        if list(document.versions) != told["versions"] or document.chain != told["chain"]:
            yield f"{key}: {told['versions']} {told['chain']}, the model {list(document.versions)} {document.chain}"
            continue
        dates = [str(version.effective) for version in document.versions.values()]
        if dates != told["effective"]:
            yield f"{key}: takes effect on {told['effective']}, the model {dates}"
        earliest = [(day := model.owed(document, version)) and str(day) for version in document.live()]
        if earliest != told["earliest"]:
            yield f"{key}: earliest {told['earliest']}, the model {earliest}"
        for at, states in told["states"]:
            mine = [model.state(document, version, at) for version in document.versions]
            if mine != states:
                yield f"{key} at {at}: {dict(zip(told['versions'], states))}, the model {mine}"
                break


def keeps_promise(record, act):
    """True if each new text promises the same dates as the newest one of its document, in whatever unit."""
    days = [model.date(2028, month, 28) for month in range(1, 13)]
    for item in act.get("items", [act]):
        key = record.find(item["doc"], record.view())
        old = record.view()[key].live()[-1].text.get("days") or 0
        new = item["text"].get("days") or 0
        if any(model.due(old, day, "clear-days") != model.due(new, day, "clear-days") for day in days):
            return False
    return True


def one_by_one(record, act):
    """Several documents in one act, each with its own date: the model's `release`, once for each, all or none."""
    new = model.Record(record.entries, record.zone, record.counting, record.trace)
    last = max(record.entries[-1]["recorded"] if record.entries else 0, record.trace)
    if act["at"] < last:
        return record, "clock-back"
    work = model.Act(new, act["at"], (record.entries[-1]["act"] if record.entries else 0) + 1, act)
    try:
        if any(item.get("amends") for item in act["items"]) or len({bool(item.get("backport")) for item in act["items"]}) > 1:
            model.refuse("mixed", "")
        if len({item["doc"] for item in act["items"]}) < len(act["items"]):
            model.refuse("twice", "")
        for item in act["items"]:
            work.release({key: value for key, value in item.items() if value is not None})
        for document in new.view().values():
            model.audit(document, act["at"])
    except model.Refusal as refusal:
        return record, refusal.args[0]
    return new, "done"


def main():
    histories = json.loads(Path(sys.argv[1]).read_text())
    acts = sum(len(history["acts"]) for history in histories)
    wrong = 0
    for number, history in enumerate(histories):
        for difference in differences(history):
            wrong += 1
            if wrong <= 10:
                print(f"history {number}: {difference}")
    print(f"{len(histories)} histories, {acts} acts, {wrong} differences")
    return 1 if wrong or not acts else 0


if __name__ == "__main__":
    sys.exit(main())
