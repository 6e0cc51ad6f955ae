#!/usr/bin/env python3
"""Reference model of the record: what each act does, what it refuses, and what the record answers on any day.

    python3 model.py                  self-test: named cases, then random histories; prints counts
    python3 model.py --cases          the named cases in plain English, with their acts and answers
    python3 model.py --replay F.json  plays a history of acts and prints the answers as JSON

F.json: {"zone": "Europe/Madrid", "counting": "clear-days", "acts": [...], "ask": ["in-force privacy on 2026-12-13", ...]}.
An act is a line such as "2026-11-28 release privacy material logs=180d" (see --cases) or an object such as
{"at": "2026-11-28T10:00", "act": "release", "doc": "privacy", "significance": "material", "edit": {"logs": "180d"}}.
A text is a set of named clauses; `edit` changes clauses of the newest text, `text` gives all of them. The clause `days`
is the number of days of notice that the text promises. Instants are local to the zone that is set.
Acts: release (significance, effective, publish_on, exemption, reason, backport, amends, new_users), together (items), withdraw
(version or "retirement", dependants), correct (version, significance, reason), rename (new), retire (on), import (versions),
translate (version, language), merge (fork = acts in common, acts, move_dates); `settings` (zone, counting) and `build` are no
acts, they set the scene. Any act may say clock_justification and confirm. Questions: see `answer`.
"""
import hashlib, json, random, sys, time
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

RANK = {"unclassified": 0, "editorial": 1, "minor": 2, "material": 3}
EXEMPTIONS = ("legal-obligation", "security", "user-benefit", "waived-by-users")
SKEW, FAR = 600, 366                  # seconds of disagreement between clocks; days that need no confirmation

class Refusal(Exception):             # code, and the way out
    pass

def refuse(code, way_out): raise Refusal(code, way_out)

@lru_cache(None)
def midnight(day, zone): return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp())
def local(t, zone): return datetime.fromtimestamp(t, ZoneInfo(zone))
def day_of(t, zone): return local(t, zone).date()
def end_of(day, zone): return midnight(day + timedelta(1), zone) - 1
def diff(a, b): return {k: (a.get(k), b.get(k)) for k in sorted({*a, *b}) if a.get(k) != b.get(k)}

@lru_cache(None)
def due(promise, day, counting):
    """14 days, "10b" business days, "2w" weeks, "1m" months after `day`; in clear days the last day counts whole, too."""
    n, unit = int(str(promise).rstrip("bwm")), str(promise)[-1]
    if not n: return day               # a promise of nothing is none
    if unit == "m":
        years, month = divmod(day.month - 1 + n, 12)
        end = date(day.year + years, month + 1, min(day.day, monthrange(day.year + years, month + 1)[1]))
    elif unit == "b":
        end = day
        while n: end += timedelta(1); n -= end.weekday() < 5
    else: end = day + timedelta(n * (7 if unit == "w" else 1))
    return end + timedelta(counting == "clear-days")

def patch(text, change, where):
    """Three-way merge: every changed clause must read in `text` as it read before the change, or as it reads after."""
    for k, (old, new) in change.items():
        if text.get(k) != old:
            refuse("conflict", f"`{k}` reads otherwise in {where}: nothing was written; amend the announced version "
                               f"alone with --amends, or withdraw it first")
    out = {**text, **{k: new for k, (_, new) in change.items()}}
    return {k: v for k, v in out.items() if v is not None}

@dataclass(frozen=True)
class Version:
    id: str; text: dict; significance: str; published: date; effective: date; zone: str; counting: str
    recorded: int                      # when these words were entered
    pub_at: int                        # from when anybody can see them
    notice_at: int                     # when the notice of this change began: kept when the version is frozen again
    redline: dict                      # the change as announced, against the version that precedes it
    exemption: str = None; reason: str = None; new_users: date = None; imported: bool = False
    noticed: bool = False              # a notice was opened for it (stays, also when its significance is corrected down)
    missed: bool = False               # corrected to material after it took effect: no notice was given
    @property
    def begins(self):                  # never before it was entered: nobody is bound backwards, not even for hours
        start = midnight(self.effective, self.zone)
        return start if self.imported else max(start, self.pub_at)
    def starts(self, joined=None):     # for somebody who joined on that day
        if joined and self.new_users and joined >= self.new_users:
            return max(midnight(self.new_users, self.zone), self.pub_at)
        return self.begins
    @property
    def first_start(self): return self.starts(self.new_users)
    def due(self, announced):          # the earliest date of effect that this text promises after an announcement
        return due(self.text.get("days") or 0, announced, self.counting)

@dataclass
class Doc:
    names: list                        # [(name, instant)], the last is the present one
    versions: dict = field(default_factory=dict)       # every version ever, by id
    chain: list = field(default_factory=list)          # ids that are neither withdrawn nor replaced, in order
    gone: dict = field(default_factory=dict)           # id -> ("withdrawn" | "amended", instant, heir)
    retires: tuple = None                              # (day, pub_at, zone, exemption)
    languages: dict = field(default_factory=dict)      # id -> [(language, instant)]
    later: list = field(default_factory=list)          # corrections: (instant, id, text)
    def live(self): return [self.versions[i] for i in self.chain]
    def retire_at(self): return midnight(self.retires[0], self.retires[2]) if self.retires else None

class Record:
    """An append-only list of entries. Everything else is computed from them, as of an instant."""
    def __init__(self, entries=(), zone="Europe/Madrid", counting="clear-days", trace=0):
        self.entries, self.zone, self.counting = list(entries), zone, counting
        self.known = {}                # views already computed: nothing changes them
        self.trace = trace             # the latest instant at hand that is no entry: a build, a commit, the published site
    def digest(self): return hashlib.sha256(repr(self.entries).encode()).hexdigest()
    def view(self, t=None):
        """The documents as of t: entries recorded by then. Only an import speaks of days before it was entered."""
        if (len(self.entries), t) in self.known: return self.known[len(self.entries), t]
        docs = self.known[len(self.entries), t] = {}
        for e in self.entries:
            if t is not None and e["recorded"] > t and e["kind"] != "import": continue
            d = docs.setdefault(e["key"], Doc([(e["key"], e["recorded"])]))
            if e["kind"] in ("release", "import"):
                v = e["version"]; d.versions[v.id] = v
                if e.get("amends"):
                    d.chain[d.chain.index(e["amends"])] = v.id
                    d.gone[e["amends"]] = ("amended", e["recorded"], v.id)
                else:
                    d.chain.insert(d.chain.index(e["after"]) + 1 if e["after"] else 0, v.id)
            elif e["kind"] == "withdraw":
                d.chain.remove(e["id"]); d.gone[e["id"]] = ("withdrawn", e["recorded"], None)
            elif e["kind"] == "correct":
                d.versions[e["id"]] = replace(d.versions[e["id"]], **e["set"])
                d.later.append((e["recorded"], e["id"], e["says"]))
            elif e["kind"] == "rename": d.names.append((e["new"], e["recorded"]))
            elif e["kind"] == "retire": d.retires = e["retires"]
            elif e["kind"] == "translate": d.languages.setdefault(e["id"], []).append((e["language"], e["recorded"]))
        return docs
    def find(self, name, docs):        # any name that the document ever had
        return next((k for k, d in docs.items() if name in [n for n, _ in d.names]), None)

# ---- queries ---------------------------------------------------------------------------------------------------------
def in_force(d, t, joined=None):
    if d.retires and t >= d.retire_at(): return None
    return next((v for v in reversed(d.live()) if v.starts(joined) <= t), None)

def state(d, id, t):
    v = d.versions[id]
    if id in d.gone: return d.gone[id][0] if v.pub_at <= d.gone[id][1] else "never-shown"
    if not v.imported and t < v.pub_at: return "scheduled"
    if t < v.begins: return "upcoming"
    if d.retires and t >= d.retire_at() and v.id == d.chain[-1]: return "retired"
    return "in-force" if in_force(d, t) is v else "superseded"

def slice_before(d, i, at):            # the texts in force at any time from `at` until version i begins
    live = d.live()
    start = max([j for j in range(i) if live[j].begins <= at], default=0)
    return live[start:i]

def owed(d, v, announced=None):        # the earliest date: the latest of what every text in the window promises; or None
    i = d.chain.index(v.id)
    if i == 0 or v.exemption or v.significance != "material": return None
    return max(u.due(announced or day_of(v.notice_at, v.zone)) for u in [*slice_before(d, i, v.notice_at), v])

def last_dispatch(d, v):               # searched, not subtracted: months and business days cannot be subtracted
    if not owed(d, v): return None
    day = v.effective
    while owed(d, v, day) > v.effective: day -= timedelta(1)
    return day

def notices(d, t):
    out, live = [], d.live()
    for i, v in enumerate(live):
        if i == 0 or not v.noticed or not v.pub_at <= t < v.begins: continue
        until = [(u.id, str(n.effective)) for u, n in zip(live[:i], live[1:i + 1]) if t < n.begins and u.begins < n.begins]
        out.append({"version": v.id, "announced": str(day_of(v.notice_at, v.zone)), "effective": str(v.effective),
                    "until_then": until, "change": v.redline, "exemption": v.exemption,
                    "last_dispatch": str(last_dispatch(d, v) or "")})
    if d.retires and d.retires[1] <= t < d.retire_at(): out.append({"retires": str(d.retires[0])})
    return out

def evidence(rec, name, day, joined=None):
    """Who asks for a day is told every text that was in force on it, from which hour, and what notice it had."""
    docs = rec.view(end_of(day, rec.zone)); key = rec.find(name, docs)
    if key is None: return []
    d, out = docs[key], []
    later = [x for x in rec.view()[key].later if x[0] > end_of(day, rec.zone)]
    lo, hi = midnight(day, rec.zone), end_of(day, rec.zone)
    for t in sorted({lo, *(v.starts(joined) for v in d.live() if lo < v.starts(joined) <= hi)}):
        past = rec.view(t).get(key)
        v = past and in_force(past, t, joined)
        if not v or (out and out[-1]["version"] == v.id): continue
        how = ("entered later" if v.imported else "none owed" if not v.noticed else f"exemption {v.exemption}" if v.exemption
               else f"announced {day_of(v.notice_at, v.zone)}")
        out.append({"version": v.id, "from": local(t, rec.zone).strftime("%H:%M"), "words": v.text, "notice": how,
                    "corrected_later": [s for at, i, s in later if i == v.id]})
    return out

def next_event(rec, t):
    times = [x for d in rec.view(t).values() for x in
             [y for v in d.live() for y in (v.pub_at, v.begins, v.first_start)] + ([d.retire_at()] if d.retires else [])]
    return min((x for x in times if x > t), default=None)

# ---- acts ------------------------------------------------------------------------------------------------------------
def audit(d, now):
    """After every act: each version that has not begun is judged against what will really precede it."""
    live = d.live()
    for i, v in enumerate(live):
        p = live[i - 1] if i else None
        if v.imported or v.begins < now: continue
        if p and (v.begins < p.begins or v.pub_at < p.pub_at and not p.imported):
            refuse("order", f"{v.id} would begin or appear before {p.id}, on which it stands: choose a later day, or withdraw {p.id}")
        if v.redline != diff(p.text if p else {}, v.text):
            refuse("other-redline", f"{v.id} would bring more than it announced: withdraw it, too (--dependants withdraw), "
                                    f"or take the change out of it (--dependants rebase)")
        need = owed(d, v)
        if need and v.effective < need:
            refuse("notice-too-short", f"{v.id}: the earliest effective date is {need}")
        if v.new_users and not day_of(v.notice_at, v.zone) <= v.new_users <= v.effective: refuse("cohort", "--new-users lies between publication and effect")
    if d.retires and now < d.retire_at():
        day, at, zone, exemption = d.retires
        if live[-1].begins >= d.retire_at():
            refuse("after-retirement", f"{live[-1].id} would begin when the document has ended: withdraw it, or the retirement")
        need = max(u.due(day_of(at, zone)) for u in slice_before(d, len(live), at))
        if not exemption and day < need: refuse("notice-too-short", f"the earliest day of retirement is {need}")

def act(rec, op):
    """Applies one act at its instant. Returns the new record, or raises a refusal; `rec` itself never changes."""
    op = dict(op); name = op["act"]
    if name == "settings": return Record(rec.entries, op.get("zone", rec.zone), op.get("counting", rec.counting), rec.trace)
    now = op["at"] if isinstance(op["at"], int) else int(datetime.fromisoformat(op["at"]).replace(tzinfo=ZoneInfo(rec.zone)).timestamp())
    if name == "build": return Record(rec.entries, rec.zone, rec.counting, max(now, rec.trace))
    last = max(rec.entries[-1]["recorded"] if rec.entries else 0, rec.trace)
    if now < last and not op.get("clock_justification"):
        if last - now > SKEW:
            refuse("clock-back", "this clock is behind the last entry, build or commit: set it right; if the other was wrong, say so with --clock-justification")
        now = last
    new = Record(rec.entries, rec.zone, rec.counting, 0 if op.get("clock_justification") else rec.trace)
    w = Act(new, now, (rec.entries[-1]["act"] if rec.entries else 0) + 1, op)
    getattr(w, name.replace("-", "_"))(op)
    for d in new.view().values(): audit(d, now)
    return new

class Act:
    def __init__(self, rec, now, number, op):
        self.rec, self.now, self.number, self.op = rec, now, number, op
        self.today = day_of(now, rec.zone); self.made = []
    def add(self, key, kind, **more):
        note = {"clock": self.op["clock_justification"]} if self.op.get("clock_justification") else {}
        self.rec.entries.append({"act": self.number, "recorded": self.now, "key": key, "kind": kind, **more, **note})
        if kind == "release": self.made.append(more["version"].id)
    def doc(self, name, must=True):
        docs = self.rec.view(); key = self.rec.find(name, docs)
        if must and key is None: refuse("unknown-document", f"`{name}` is not on the record")
        d = docs.get(key)
        if d and d.retires and self.now >= d.retire_at(): refuse("retired", "a retired document stays as it is: begin another one")
        return key, d
    def new_id(self, d, effective):
        taken, n, id = d.versions if d else {}, 1, str(effective)
        while id in taken: n += 1; id = f"{effective}-{n}"
        return id
    def pending(self, d): return [v for v in d.live() if v.begins > self.now]
    def not_begun(self, d, id):
        if id not in d.versions: refuse("unknown-version", f"there is no version {id}")
        if id in d.gone: refuse("gone", f"{id} was {d.gone[id][0]}" + (f": act on {d.gone[id][2]}" if d.gone[id][2] else ""))
        if d.versions[id].first_start <= self.now or d.versions[id].imported:
            refuse("has-begun", f"{id} applies to people: release a new version")
        return d.versions[id]
    def near(self, day):
        if (day - self.today).days > FAR and not self.op.get("confirm"): refuse("far-away", f"{day} is more than a year off: --confirm")
        return day
    def freeze_again(self, key, v, text, **more):      # same change, same date, same notice, other words around it
        d = self.rec.view()[key]; pub = max(self.now, v.pub_at)
        w = replace(v, id=self.new_id(d, more.get("effective", v.effective)), text=text, recorded=self.now, pub_at=pub,
                    published=max(day_of(pub, v.zone), v.published), **more)
        self.add(key, "release", version=w, amends=v.id)
    def release(self, op):
        key, d = self.doc(op["doc"], must=False); key = key or op["doc"]
        live = d.live() if d else []; top = live[-1] if live else None
        text = op.get("text") or {k: v for k, v in {**(top.text if top else {}), **op.get("edit", {})}.items() if v is not None}
        change = diff(top.text if top else {}, text)
        sig = op.get("significance") or ("first" if not top else refuse("significance", "--material, --minor or --editorial"))
        if not top: sig = "first"
        if top and "days" in change:                   # the promise of notice itself
            before, after = top.text.get("days") or 0, text.get("days") or 0
            shorter = due(after, self.today, "clear-days") < due(before, self.today, "clear-days")
            if sig == "editorial" or shorter and sig != "material":
                refuse("promise", "the number of days promised is never editorial, and a smaller one is material")
        exemption = op.get("exemption")
        if exemption and (exemption not in EXEMPTIONS or not op.get("reason") or sig != "material"):
            refuse("exemption", "one of four, with a --reason, for a material change")
        asked = op.get("effective") and self.near(date.fromisoformat(op["effective"]))
        if op.get("amends"): return self.amend(key, d, op["amends"], change, sig, exemption, op, asked)
        if not change: refuse("nothing-changed", "the draft is the newest version; a wrong summary is mended by `correct`")
        if op.get("backport") and top and self.pending(d): return self.fix_both(key, d, change, sig, exemption, op)
        publish = self.near(date.fromisoformat(op["publish_on"])) if op.get("publish_on") else self.today
        if publish < self.today: refuse("backdated", "a release is published today or later; the past is for `import`")
        pub = self.now if publish == self.today else midnight(publish, self.rec.zone)
        if top and pub < top.pub_at and not top.imported:
            refuse("under-a-schedule", f"{top.id} is scheduled: --backport, a later --publish-on, or withdraw it")
        v = Version("", text, sig, publish, publish, self.rec.zone, self.rec.counting, self.now, pub, pub, change, exemption,
                    op.get("reason"), op.get("new_users") and date.fromisoformat(op["new_users"]), False, sig == "material")
        earliest = publish
        if top:
            if exemption and not asked and top.begins > pub:
                refuse("waits", f"on top of {top.id} this would wait until {top.effective}: --backport, or --effective")
            trial = Doc([], {**d.versions, "": v}, [*d.chain, ""])
            earliest = owed(trial, v) or publish
            while midnight(earliest, v.zone) < top.begins and top.begins > pub: earliest += timedelta(1)
        if asked and asked < earliest: refuse("notice-too-short" if sig == "material" else "too-early", f"the earliest effective date is {earliest}")
        day = asked or earliest
        self.add(key, "release", version=replace(v, effective=day, id=self.new_id(d, day)), after=top.id if top else None)
    def fix_both(self, key, d, change, sig, exemption, op):
        base = in_force(d, self.now)
        if not base: refuse("nothing-in-force", "nothing is in force yet: amend with --amends")
        if op.get("effective") or op.get("publish_on"): refuse("today", "a fix of the version in force is for today")
        above = d.live()[d.chain.index(base.id) + 1:]
        if sig == "material" and not exemption and any(u.due(self.today) > self.today for u in [base, *above]):
            refuse("fix-owes-notice", "a material change of the version in force owes its own notice: release it on top, or name an exemption")
        text = patch(base.text, change, base.id)
        v = Version(self.new_id(d, self.today), text, sig, self.today, self.today, self.rec.zone, self.rec.counting, self.now, self.now,
                    self.now, change, exemption, op.get("reason"), None, False, sig == "material")
        self.add(key, "release", version=v, after=base.id)
        for u in above: self.freeze_again(key, u, patch(u.text, change, u.id))
    def amend(self, key, d, id, change, sig, exemption, op, asked):
        if not d: refuse("unknown-document", "nothing is on the record")
        v = self.not_begun(d, id); i = d.chain.index(id); above = d.live()[i + 1:]
        if not change and not (asked and asked > v.effective): refuse("nothing-changed", "the draft is the announced text; a later --effective postpones it")
        if op.get("publish_on"): refuse("publish-on", "a replacement appears when the replaced version does, or now")
        if asked and asked < v.effective: refuse("earlier", f"nothing announced moves forward: {v.effective} or later, or withdraw it")
        prev = d.live()[i - 1] if i else None
        text = patch(v.text, change, id)
        full = "material" if v.noticed else v.significance      # what was once announced as material stays it
        if change and full != "first": full = max(full, sig, key=RANK.get)
        more = {"significance": full, "redline": diff(prev.text if prev else {}, text), "effective": asked or v.effective}
        if not more["redline"]: refuse("nothing-left", f"nothing of the change is left: withdraw {id}")
        restart = change and sig != "editorial" and v.pub_at <= self.now
        if restart and full == "material":            # the notice starts again, for the whole change
            more |= {"notice_at": self.now, "zone": self.rec.zone, "counting": self.rec.counting, "exemption": exemption,
                     "reason": op.get("reason"), "noticed": True}
            w = replace(v, text=text, **more); trial = Doc([], {**d.versions, id: w}, d.chain)
            need = owed(trial, w) or self.today
            while midnight(need, w.zone) < v.begins: need += timedelta(1)
            if asked and asked < need: refuse("notice-too-short", f"the notice starts again: {need} or later")
            more["effective"] = max(asked or need, need)
        elif full == "material": more["noticed"] = True
        self.freeze_again(key, v, text, **more)
        for u in above: self.freeze_again(key, u, patch(u.text, change, u.id))
    def together(self, op):
        days, items = [], op["items"]
        if any(i.get("amends") for i in items) or len({bool(i.get("backport")) for i in items}) > 1:
            refuse("mixed", "several documents are released together, or fixed together; replace them one by one")
        if items[0].get("backport"): return [self.release(i) for i in items]
        for item in items:                            # each alone, to learn its date; then all with the latest
            trial = Act(Record(self.rec.entries, self.rec.zone, self.rec.counting), self.now, self.number, item)
            trial.release({**item, "effective": op.get("effective")}); days.append(trial.rec.entries[-1]["version"].effective)
        if len({i["doc"] for i in op["items"]}) < len(days): refuse("twice", "each document once")
        for item in op["items"]: self.release({**item, "effective": str(max(days))})
    def withdraw(self, op):
        key, d = self.doc(op["doc"])
        if op["version"] == "retirement":
            if not d.retires: refuse("unknown-version", "no retirement is announced")
            return self.add(key, "retire", retires=None)
        v = self.not_begun(d, op["version"]); i = d.chain.index(v.id); above = d.live()[i + 1:]
        if above and op.get("dependants") not in ("withdraw", "rebase"):
            refuse("dependants", f"{', '.join(u.id for u in above)} stand on it: --dependants withdraw, or --dependants rebase")
        if above and op["dependants"] == "withdraw":
            for u in reversed(above):
                self.not_begun(d, u.id); self.add(key, "withdraw", id=u.id)
        elif above:
            if i == 0: refuse("first", "nothing would precede what stands on it: --dependants withdraw")
            back = diff(v.text, d.live()[i - 1].text)
            for u in above: self.freeze_again(key, u, patch(u.text, back, u.id))
        self.add(key, "withdraw", id=v.id)
    def correct(self, op):
        key, d = self.doc(op["doc"]); id, sig = op["version"], op.get("significance")
        if id not in d.versions: refuse("unknown-version", f"there is no version {id}")
        v, changes, says = d.versions[id], {}, "summary corrected"
        if sig:
            if v.significance == "first" or sig not in RANK or sig == v.significance: refuse("significance", "another of material, minor, editorial")
            if id in d.gone: refuse("gone", f"{id} was {d.gone[id][0]}: only its summary can be corrected")
            if RANK[sig] < RANK[v.significance] and not op.get("reason"): refuse("reason", "downwards only with a --reason")
            changes, says = {"significance": sig}, f"{v.significance} corrected to {sig}"
            if sig == "material" and not v.imported and not v.noticed:
                if v.begins <= self.now: changes["missed"], says = not v.exemption, says + "; no notice was given"
                else: changes |= {"noticed": True, "notice_at": max(self.now, v.pub_at)}     # the audit judges the date
        self.add(key, "correct", id=id, set=changes, says=says)
    def rename(self, op):
        key, d = self.doc(op["doc"]); other = self.rec.find(op["new"], self.rec.view())
        if op["new"] == d.names[-1][0]: refuse("nothing-changed", "that is its name")
        if other not in (None, key): refuse("name-taken", "a name that another document ever had keeps leading to it")
        self.add(key, "rename", new=op["new"])
    def retire(self, op):
        key, d = self.doc(op["doc"]); day = self.near(date.fromisoformat(op["on"]))
        if not in_force(d, self.now): refuse("nothing-in-force", "nothing is in force: withdraw what is announced")
        if d.retires: refuse("twice", "a retirement is announced: withdraw it first")
        if op.get("exemption") and (op["exemption"] not in EXEMPTIONS or not op.get("reason")): refuse("exemption", "one of four, with a --reason")
        if day <= self.today: refuse("backdated", "a document ends tomorrow at the earliest")
        self.add(key, "retire", retires=(day, self.now, self.rec.zone, op.get("exemption")))
    def import_(self, op):
        key, d = self.doc(op["doc"], must=False); key = key or op["doc"]; after = None
        days = [date.fromisoformat(x["effective"]) for x in op["versions"]]
        if days != sorted(days) or days[-1] > self.today: refuse("order", "a past is in order and not in the future")
        if d and d.chain and d.live()[0].begins > self.now:
            refuse("import-under-first", "the announced first version would get a predecessor: withdraw it, import, and release it with its notice")
        if d and d.versions and days[-1] >= min(v.effective for v in d.versions.values()):
            refuse("import-between", "an import may only tell of days before everything that the record has")
        for x, day in zip(op["versions"], days):
            d = self.rec.view().get(key); at = midnight(day, self.rec.zone)
            v = Version(self.new_id(d, day), x["text"], "unclassified", day, day, self.rec.zone, self.rec.counting, self.now, at, at, {}, imported=True)
            self.add(key, "import", version=v, after=after); after = v.id
    def translate(self, op):
        key, d = self.doc(op["doc"]); id = op["version"]
        if id not in d.versions or id in d.gone: refuse("unknown-version", "a translation joins a version that stands")
        if op["language"] in [l for l, _ in d.languages.get(id, [])]: refuse("frozen", "frozen words are never corrected: release a new version")
        self.add(key, "translate", id=id, language=op["language"])
    def merge(self, op):
        """The acts of the branch that was not published happen now, behind the other's; each is judged as of now."""
        side, names = Record([e for e in self.rec.entries if e["act"] <= op["fork"]], self.rec.zone, self.rec.counting), {}
        for a in op["acts"]:
            before = side; side = act(side, a); b = dict(a); made = [e["version"].id for e in side.entries[len(before.entries):] if e["kind"] == "release"]
            for f in ("version", "amends"):
                if f in b: b[f] = names.get((b["doc"], b[f]), b[f])
            if b["act"] == "release":
                theirs, key = before.view(), before.find(b["doc"], before.view())
                old = theirs[key].live()[-1].text if key and theirs[key].chain else {}
                word = b.pop("text", None) or {k: v for k, v in {**old, **b.pop("edit", {})}.items() if v is not None}
                _, mine = self.doc(b["doc"], must=False)
                b["text"] = patch(mine.live()[-1].text if mine and mine.chain else {}, diff(old, word), "the published branch")
                if mine and mine.chain and not old: refuse("conflict", f"both branches began `{b['doc']}`: release the one on the other by hand")
            try: self.move(b)
            except Refusal as r:
                if r.args[0] not in ("notice-too-short", "too-early", "backdated") or not op.get("move_dates"): raise
                for f in ("effective", "publish_on"): b.pop(f, None)
                self.move(b)
            names.update({(b["doc"], x): y for x, y in zip(made, self.made)})
    def move(self, b):
        sub = act(self.rec, {**b, "at": self.now}); fresh = sub.entries[len(self.rec.entries):]
        self.made = [e["version"].id for e in fresh if e["kind"] == "release"]
        self.rec.entries = sub.entries
setattr(Act, "import", Act.import_)

# ---- a small language for acts and questions -------------------------------------------------------------------------
OPTIONS = ("effective", "publish_on", "exemption", "reason", "new_users", "amends", "on", "dependants", "language", "zone",
           "counting", "clock_justification", "confirm", "backport", "fork", "move_dates", "significance")

def parse(line):
    if "|" in line:                                    # merge fork=1 | act | act
        head, *rest = line.split("|"); return {**parse(head), "acts": [parse(x) for x in rest]}
    if " + " in line:                                  # together privacy ... + terms ...
        when, _, rest = line.split(maxsplit=2); items = [parse(f"{when} release {x}") for x in rest.split("+")]
        dates = [i.pop("effective") for i in items if "effective" in i]
        return {"at": items[0]["at"], "act": "together", "items": items, **({"effective": dates[0]} if dates else {})}
    when, name, *words = line.split()
    op, edit, plain = {"at": when if "T" in when else when + "T10:00", "act": name}, {}, []
    for w in words:
        k, _, v = w.partition("=")
        if k in OPTIONS: op[k.replace("-", "_")] = int(v) if k == "fork" else v.replace("_", " ") if k in ("reason", "clock_justification") else v
        elif "=" in w: edit[k] = (int(v) if v.isdigit() and k == "days" else v) or None
        else: plain.append(w)
    if plain: op["doc"] = plain[0]
    if name == "release":
        op["edit"] = edit
        if plain[1:]: op["significance"] = plain[1]
    elif name == "import":
        op["versions"] = [{"effective": d, "text": {"logs": t}} for d, _, t in (w.partition(":") for w in plain[1:])]
    elif plain[1:]: op["new" if name == "rename" else "version"] = plain[1]
    return op

def answer(rec, ask):
    """state DOC VERSION on DAY; in-force DOC on DAY [joined DAY]; text DOC CLAUSE on DAY; notices DOC on DAY; evidence DOC on
    DAY [joined DAY]; next on DAY; dispatch DOC VERSION; versions DOC. A day is asked at its end in the zone of the center."""
    head, _, tail = ask.partition(" on "); day, _, joined = tail.partition(" joined ")
    words, joined = head.split(), date.fromisoformat(joined) if joined else None
    t = end_of(date.fromisoformat(day), rec.zone) if day else None
    docs = rec.view(t)
    if words[0] == "next":
        x = next_event(rec, t); return x and str(day_of(x, rec.zone))
    key = rec.find(words[1], docs)
    if key is None: return None
    d = docs[key]
    if words[0] == "evidence": return evidence(rec, words[1], date.fromisoformat(day), joined)
    if words[0] == "state": return state(d, words[2], t) if words[2] in d.versions else None
    if words[0] == "dispatch": return str(last_dispatch(d, d.versions[words[2]]) or "none owed")
    if words[0] == "versions": return list(d.versions)
    if words[0] == "notices": return notices(d, t)
    v = in_force(d, t, joined)
    return v and (v.text.get(words[2]) if words[0] == "text" else v.id)

def play(acts, rec=None):
    rec, results = rec or Record(), []
    for a in acts:
        try: rec = act(rec, parse(a) if isinstance(a, str) else a); results.append("done")
        except Refusal as r: results.append({"refused": r.args[0], "way_out": r.args[1]})
    return rec, results

def short(x):                                          # answers of cases, in one line
    if isinstance(x, list) and x and isinstance(x[0], dict):
        return "; ".join(short(i) for i in x)
    if isinstance(x, dict) and "retires" in x: return f"ends {x['retires']}"
    if isinstance(x, dict) and "change" in x:
        change = ", ".join(f"{k} {a}>{b}" for k, (a, b) in x["change"].items())
        return f"{x['version']} since {x['announced']} ({change}), until then " + ", ".join(f"{a} to {b}" for a, b in x["until_then"])
    if isinstance(x, dict): return f"{x['from']} {x['version']} ({x['notice']}{''.join('; later: ' + c for c in x['corrected_later'])})"
    return str(x)

# ---- named cases: situation, acts, question, answer. "last act": what the last act answered ------------------------------
SHORT = {"B": "2026-09-01 release privacy logs=90d mail=a days=14", "M": "2026-11-28 release privacy material logs=180d",
         "T": "2026-09-01T11:00 release terms law=ES days=30", "S": "2026-11-30 release privacy material phone=1",
         "E": "2026-11-30 release privacy editorial mail=b", "P": "2026-11-28 release privacy material logs=180d publish_on=2026-12-10"}
NOTICE = "2026-12-13 since 2026-11-28 (logs 90d>180d), until then 2026-09-01 to 2026-12-13"
CASES = [c.strip().split(" @ ") for c in f"""
a first version is in force on the day of its release @ B @ in-force privacy on 2026-09-01 @ 2026-09-01
nothing is in force before it @ B @ in-force privacy on 2026-08-31 @ None
14 days announced on 28 November: on the 14th whole day it is still upcoming @ B; M @ state privacy 2026-12-13 on 2026-12-12 @ upcoming
and it is in force on the day after @ B; M @ state privacy 2026-12-13 on 2026-12-13 @ in-force
the message may go out on the day of the announcement at the latest, when the earliest date was taken @ B; M @ dispatch privacy 2026-12-13 @ 2026-11-28
a later date leaves days for the message @ B; M effective=2026-12-20 @ dispatch privacy 2026-12-20 @ 2026-12-05
one day too early is refused @ B; M effective=2026-12-12 @ last act @ notice-too-short
a looser way of counting does not shorten what the text in force promised @ B; 2026-11-27 settings counting=date-difference; M @ versions privacy @ ['2026-09-01', '2026-12-13']
a promise of 0 days is none: in force from the minute of the release, never before @ 2026-09-01 release privacy logs=90d days=0; M @ evidence privacy on 2026-11-28 @ 00:00 2026-09-01 (none owed); 10:00 2026-11-28 (announced 2026-11-28)
who states 30 days gives 30, although the text in force promised 14 @ B; M days=30 @ versions privacy @ ['2026-09-01', '2026-12-29']
who lowers the promise to 7 still gives the 14 @ B; M days=7 @ versions privacy @ ['2026-09-01', '2026-12-13']
a text in force that promises 30 is owed 30, although the announced one below promises 7 @ 2026-09-01 release privacy logs=90d days=30; 2026-11-28 release privacy material days=7; S @ versions privacy @ ['2026-09-01', '2026-12-29', '2026-12-31']
an announced text that promises 30 counts for what begins after it @ B; M days=30; 2026-11-30 release privacy material days=7 effective=2026-12-30 @ last act @ notice-too-short
fifteen business days are more than two weeks: dates are compared, not numbers @ B; 2026-11-28 release privacy material days=15b @ versions privacy @ ['2026-09-01', '2026-12-19']
a month ends on the day of the same number @ 2026-09-01 release privacy logs=90d days=1m; 2027-01-31 release privacy material logs=180d @ versions privacy @ ['2026-09-01', '2027-03-01']
and its last day of dispatch is searched, not subtracted @ 2026-09-01 release privacy logs=90d days=1m; 2027-01-28 release privacy material logs=180d effective=2027-03-01 @ dispatch privacy 2027-03-01 @ 2027-01-31
lowering it is material, whatever it is called @ B; 2026-11-28 release privacy minor days=7 @ last act @ promise
a stacked version owes what the announced text below it will promise @ B; M days=30; S @ versions privacy @ ['2026-09-01', '2026-12-29', '2026-12-31']
an exempt change is in force at once, and says why @ B; M exemption=security reason=leak @ evidence privacy on 2026-11-29 @ 00:00 2026-11-28 (exemption security)
an exemption without a reason is refused @ B; M exemption=security @ last act @ exemption
an exempt change on top of an announced one would wait: refused, with --backport named @ B; M; 2026-12-01 release privacy material mail=b exemption=security reason=leak @ last act @ waits
three texts on one day, each from its minute @ B; 2026-11-28 release privacy editorial mail=b; 2026-11-28T11:00 release privacy minor mail=c @ evidence privacy on 2026-11-28 @ 00:00 2026-09-01 (none owed); 10:00 2026-11-28 (none owed); 11:00 2026-11-28-2 (none owed)
two material releases on one day: two notices, each of its own change @ B; M; 2026-11-28T12:00 release privacy material mail=b @ notices privacy on 2026-11-28 @ {NOTICE}; 2026-12-13-2 since 2026-11-28 (mail a>b), until then 2026-09-01 to 2026-12-13
the lower of two that begin together is never in force alone @ B; M; 2026-11-28T12:00 release privacy material mail=b @ state privacy 2026-12-13 on 2026-12-13 @ superseded
a stacked notice names every version that applies until then @ B; M; S @ notices privacy on 2026-12-05 @ {NOTICE}; 2026-12-15 since 2026-11-30 (phone None>1), until then 2026-09-01 to 2026-12-13, 2026-12-13 to 2026-12-15
an editorial release on top of an announced version shares its day @ B; M; E @ versions privacy @ ['2026-09-01', '2026-12-13', '2026-12-13-2']
the base of a stack is not withdrawn alone @ B; M; E; 2026-12-01 withdraw privacy 2026-12-13 @ last act @ dependants
rebased: the withdrawn change is not smuggled in @ B; M; E; 2026-12-01 withdraw privacy 2026-12-13 dependants=rebase @ text privacy logs on 2026-12-13 @ 90d
rebased: the other change arrives on its day @ B; M; E; 2026-12-01 withdraw privacy 2026-12-13 dependants=rebase @ in-force privacy on 2026-12-13 @ 2026-12-13-3
withdrawn with all that stands on it: nothing changes @ B; M; E; 2026-12-01 withdraw privacy 2026-12-13 dependants=withdraw @ in-force privacy on 2026-12-13 @ 2026-09-01
a change of the same words cannot be rebased @ B; M; 2026-11-30 release privacy material logs=365d; 2026-12-01 withdraw privacy 2026-12-13 dependants=rebase @ last act @ conflict
withdrawing works until the last minute of the last day @ B; M; 2026-12-12T23:59 withdraw privacy 2026-12-13 @ in-force privacy on 2026-12-13 @ 2026-09-01
and no longer at midnight @ B; M; 2026-12-13T00:00 withdraw privacy 2026-12-13 @ last act @ has-begun
what the site said before a withdrawal stays true for that day @ B; M; 2026-12-05 withdraw privacy 2026-12-13 @ state privacy 2026-12-13 on 2026-12-01 @ upcoming
after withdrawing, the same date gets another name @ B; M; 2026-11-28T12:00 withdraw privacy 2026-12-13; 2026-11-28T13:00 release privacy material logs=120d @ versions privacy @ ['2026-09-01', '2026-12-13', '2026-12-13-2']
a leak is closed in a window: in force that minute @ B; M; 2026-12-01T15:00 release privacy material mail=b backport=yes exemption=security reason=leak @ evidence privacy on 2026-12-01 @ 00:00 2026-09-01 (none owed); 15:00 2026-12-01 (exemption security)
and the announced change keeps its words, its date and its notice @ B; M; 2026-12-01T15:00 release privacy material mail=b backport=yes exemption=security reason=leak @ notices privacy on 2026-12-02 @ 2026-12-13-2 since 2026-11-28 (logs 90d>180d), until then 2026-12-01 to 2026-12-13
and it contains the fix @ B; M; 2026-12-01 release privacy editorial mail=b backport=yes @ text privacy mail on 2026-12-13 @ b
a fix under two announced versions freezes both again @ B; M; S; 2026-12-01 release privacy editorial mail=b backport=yes @ versions privacy @ ['2026-09-01', '2026-12-13', '2026-12-15', '2026-12-01', '2026-12-13-2', '2026-12-15-2']
a fix of words that the announced change changes is a conflict @ B; M; 2026-12-01 release privacy editorial logs=181d backport=yes @ last act @ conflict
a material fix without an exemption owes its own notice @ B; M; 2026-12-01 release privacy material mail=b backport=yes @ last act @ fix-owes-notice
a fix may not raise the promise under a window that is too short for it @ B; M; 2026-12-01 release privacy minor days=30 backport=yes @ last act @ notice-too-short
with nothing announced, --backport is a plain release @ B; 2026-12-01 release privacy editorial mail=b backport=yes @ in-force privacy on 2026-12-01 @ 2026-12-01
a comma in an announced text: date and notice stay @ B; M; 2026-12-01 release privacy editorial logs=180days amends=2026-12-13 @ notices privacy on 2026-12-02 @ 2026-12-13-2 since 2026-11-28 (logs 90d>180days), until then 2026-09-01 to 2026-12-13
anything more, also when only part of it is more: the notice starts again @ B; M; 2026-12-01 release privacy minor logs=365d mail=b amends=2026-12-13 @ notices privacy on 2026-12-02 @ 2026-12-16 since 2026-12-01 (logs 90d>365d, mail a>b), until then 2026-09-01 to 2026-12-16
less than announced keeps its date with the exemption `user-benefit` @ B; M; 2026-12-01 release privacy material logs=120d amends=2026-12-13 exemption=user-benefit reason=less @ in-force privacy on 2026-12-13 @ 2026-12-13-2
a replacement never comes earlier @ B; M; 2026-12-01 release privacy editorial logs=180days amends=2026-12-13 effective=2026-12-10 @ last act @ earlier
postponed: the same text, a later day @ B; M; 2026-12-01 release privacy editorial amends=2026-12-13 effective=2026-12-20 @ in-force privacy on 2026-12-19 @ 2026-09-01
a lower version amended under a stack: both are frozen again @ B; M; S; 2026-12-01 release privacy editorial logs=180days amends=2026-12-13 @ in-force privacy on 2026-12-15 @ 2026-12-15-2
unless its new notice would overtake what stands on it @ B; M; S; 2026-12-01 release privacy material logs=365d amends=2026-12-13 @ last act @ order
nothing is left of the change: withdraw it @ B; M; 2026-12-01 release privacy minor logs=90d amends=2026-12-13 @ last act @ nothing-left
a replaced version names its heir @ B; M; 2026-12-01 release privacy editorial mail=b amends=2026-12-13; 2026-12-02 withdraw privacy 2026-12-13 @ last act @ gone
a version in force is not replaced @ B; M; 2026-12-14 release privacy editorial mail=b amends=2026-12-13 @ last act @ has-begun
publication in the past is refused @ B; 2026-11-28 release privacy material logs=180d publish_on=2026-11-27 @ last act @ backdated
a day two years off asks first @ B; 2026-11-28 release privacy material logs=180d publish_on=2028-11-27 @ last act @ far-away
a scheduled version does not appear @ B; P @ state privacy 2026-12-25 on 2026-12-09 @ scheduled
the next event is its publication @ B; P @ next on 2026-12-01 @ 2026-12-10
its notice runs from the day on which it appears @ B; P @ notices privacy on 2026-12-10 @ 2026-12-25 since 2026-12-10 (logs 90d>180d), until then 2026-09-01 to 2026-12-25
withdrawn before it appeared: nobody is told that it was announced @ B; P; 2026-12-01 withdraw privacy 2026-12-25 @ state privacy 2026-12-25 on 2026-12-12 @ never-shown
a schedule locks nothing: a fix goes in under it @ B; P; 2026-12-01 release privacy editorial mail=b backport=yes @ in-force privacy on 2026-12-02 @ 2026-12-01
but a plain release on it cannot appear before it @ B; P; 2026-12-01 release privacy editorial mail=b @ last act @ under-a-schedule
a clock that went back a day is refused @ B; M; 2026-11-27 release privacy editorial mail=b backport=yes @ last act @ clock-back
behind the last entry of another document, or the last build, is refused, too @ B; 2026-11-28 build; 2026-11-20 release privacy material logs=180d @ last act @ clock-back
a few minutes between machines are none @ B; M; 2026-11-28T09:55 release privacy editorial mail=b backport=yes @ last act @ done
a wrong clock is owned up to, never hidden @ B; M; 2026-11-27 rename privacy notice clock_justification=it_was_a_day_fast @ last act @ done
a version begins at the midnight of its own zone, wherever the center has moved @ B; M; 2026-12-01 settings zone=Pacific/Kiritimati; 2026-12-13T09:00 withdraw privacy 2026-12-13 @ state privacy 2026-12-13 on 2026-12-13 @ withdrawn
order is judged by instants: after a move east the same date would come too early @ B; M; 2026-11-29 settings zone=Pacific/Kiritimati; E @ versions privacy @ ['2026-09-01', '2026-12-13', '2026-12-14']
minor turns out to be material before it begins: the date must give the notice @ B; 2026-11-28 release privacy minor logs=91d effective=2026-12-13; 2026-11-29 correct privacy 2026-12-13 significance=material @ last act @ notice-too-short
with a day more there is time, and the notice opens on the day of the correction @ B; 2026-11-28 release privacy minor logs=91d effective=2026-12-14; 2026-11-29 correct privacy 2026-12-14 significance=material @ notices privacy on 2026-12-01 @ 2026-12-14 since 2026-11-29 (logs 90d>91d), until then 2026-09-01 to 2026-12-14
minor turns out to be material afterwards: the record says that no notice was given @ B; 2026-11-28 release privacy minor logs=91d; 2026-12-10 correct privacy 2026-11-28 significance=material @ evidence privacy on 2026-12-01 @ 00:00 2026-11-28 (none owed; later: minor corrected to material; no notice was given)
downwards needs a reason @ B; M; 2026-11-29 correct privacy 2026-12-13 significance=minor @ last act @ reason
downwards in a window: date and notice stay where they were @ B; M; 2026-11-29 correct privacy 2026-12-13 significance=minor reason=slip @ notices privacy on 2026-12-05 @ {NOTICE}
and an amendment of it is judged as material all the same @ B; M; 2026-11-29 correct privacy 2026-12-13 significance=minor reason=slip; 2026-12-01 release privacy minor logs=365d amends=2026-12-13 @ versions privacy @ ['2026-09-01', '2026-12-13', '2026-12-16']
renamed in a window: the old name still answers @ B; M; 2026-12-01 rename privacy notice @ in-force privacy on 2026-12-13 @ 2026-12-13
a name that another document once had is taken @ B; T; 2026-12-01 rename privacy notice; 2026-12-02 rename terms privacy @ last act @ name-taken
a document ends after the notice that it promised @ B; 2026-11-28 retire privacy on=2026-12-13 @ state privacy 2026-09-01 on 2026-12-13 @ retired
not a day before @ B; 2026-11-28 retire privacy on=2026-12-12 @ last act @ notice-too-short
what is announced for later than the end is in the way @ B; M effective=2027-01-10; 2026-11-29 retire privacy on=2026-12-20 @ last act @ after-retirement
what is announced for sooner is not @ B; M; 2026-11-29 retire privacy on=2026-12-14 @ notices privacy on 2026-12-01 @ {NOTICE}; ends 2026-12-14
a retirement can be taken back before its day @ B; 2026-11-28 retire privacy on=2026-12-13; 2026-12-01 withdraw privacy retirement @ in-force privacy on 2026-12-13 @ 2026-09-01
and not revived after it @ B; 2026-11-28 retire privacy on=2026-12-13; 2026-12-13 release privacy editorial mail=b @ last act @ retired
an imported past answers for its days, as entered later @ B; 2026-11-28 import privacy 2024-03-01:30d @ evidence privacy on 2024-06-01 @ 00:00 2024-03-01 (entered later)
it cannot slip between releases @ B; 2026-11-28 import privacy 2026-10-01:60d @ last act @ import-between
nor under a first version that is only announced @ 2026-11-28 release privacy logs=90d effective=2026-12-20; 2026-11-29 import privacy 2026-01-01:30d @ last act @ import-under-first
the first release after an import owes notice like any other @ 2026-11-27 import privacy 2024-03-01:30d; M days=14 @ versions privacy @ ['2024-03-01', '2026-12-13']
a first version with a later day: nothing is in force until then @ B; 2026-11-28 release terms law=ES effective=2026-12-20 @ in-force terms on 2026-12-19 @ None
two documents on one day: the longer promise sets it @ B; T; 2026-11-28 together privacy material logs=180d + terms material law=PT @ versions privacy @ ['2026-09-01', '2026-12-29']
a telephone number is fixed in two documents at once, one of them with an announced change @ B; T; M; 2026-12-01 together privacy editorial mail=b backport=yes + terms editorial mail=b backport=yes @ in-force terms on 2026-12-01 @ 2026-12-01
the fix of the other one went under its announced change @ B; T; M; 2026-12-01 together privacy editorial mail=b backport=yes + terms editorial mail=b backport=yes @ versions privacy @ ['2026-09-01', '2026-12-13', '2026-12-01', '2026-12-13-2']
one refused, none released @ B; T; 2026-11-28 together privacy material logs=180d + terms material law=ES @ versions privacy @ ['2026-09-01']
a merged branch was never published: its notice starts at the merge @ B; T; M; 2026-12-05 merge fork=2 | 2026-11-28 release terms material law=PT effective=2026-12-29 @ last act @ notice-too-short
its date moves when asked @ B; T; M; 2026-12-05 merge fork=2 move_dates=yes | 2026-11-28 release terms material law=PT effective=2026-12-29 @ versions terms @ ['2026-09-01', '2027-01-05']
both branches changed the same words @ B; M; 2026-12-05 merge fork=1 | 2026-11-28 release privacy material logs=365d @ last act @ conflict
both changed other words: the one stands on the other @ B; M; 2026-12-05 merge fork=1 | 2026-11-29 release privacy material phone=1 @ versions privacy @ ['2026-09-01', '2026-12-13', '2026-12-20']
new users are bound at once @ B; M new_users=2026-11-28 @ in-force privacy on 2026-12-01 joined 2026-11-29 @ 2026-12-13
existing ones after their notice @ B; M new_users=2026-11-28 @ in-force privacy on 2026-12-01 joined 2026-10-01 @ 2026-09-01
and what binds anybody is not withdrawn @ B; M new_users=2026-11-28; 2026-12-01 withdraw privacy 2026-12-13 @ last act @ has-begun
a translation joins a version; it is no change @ B; 2026-12-01 translate privacy 2026-09-01 language=es @ versions privacy @ ['2026-09-01']
and is frozen like every text @ B; 2026-12-01 translate privacy 2026-09-01 language=es; 2026-12-02 translate privacy 2026-09-01 language=es @ last act @ frozen
""".strip().splitlines()]

def case_acts(text): return [(SHORT.get(a, a) if a[:1].isdigit() or a in SHORT else SHORT[a[0]] + a[1:]) for a in text.split("; ")]

def run_case(acts, ask):
    rec, results = play(case_acts(acts))
    if ask == "last act": return results[-1] if isinstance(results[-1], str) else results[-1]["refused"]
    return short(answer(rec, ask))

# ---- random histories ------------------------------------------------------------------------------------------------
ZONES = ("Europe/Madrid", "Pacific/Kiritimati", "America/Los_Angeles", "UTC")

def random_act(r, rec, at, deep=True):
    docs = rec.view(); names = list(docs) or ["privacy"]
    doc = r.choice(names + ["privacy", "terms", "dpa"][:2 + (r.random() < .1)]); d = docs.get(rec.find(doc, docs))
    ids = list(d.versions) if d else ["2026-01-01"]
    if d and r.random() < .8: ids = [v.id for v in d.live() if v.begins > at] or ids       # mostly what is still announced
    some = lambda *x: r.choice(x)
    def release(doc):
        op = {"at": at, "act": "release", "doc": doc, "significance": some("material", "material", "minor", "editorial"),
              "edit": {some("a", "b", "c", "e", "f", "g"): some(*"123456789", None), **({"days": some(0, 7, 14, 30, "10b", "1m")} if r.random() < .15 else {})}}
        if r.random() < .15: op |= {"significance": "material", "exemption": some(*EXEMPTIONS), "reason": some("r", "r", None)}
        soon = str(day_of(at, rec.zone) + timedelta(r.randrange(-2, 50)))
        if r.random() < .25: op["effective"] = soon
        if r.random() < .1: op["publish_on"] = soon
        if r.random() < .1: op["new_users"] = soon
        if r.random() < .25: op["backport"] = True
        elif r.random() < .3: op["amends"] = some(*ids[-4:])
        return op
    kind = r.choices(("release", "withdraw", "correct", "rename", "retire", "import", "translate", "settings", "together", "merge", "unretire"),
                     (50, 14, 6, 2, 1.5, 2, 2, 3, 4, 4 if deep else 0, 1))[0]
    if kind == "release": return release(doc)
    op = {"at": at, "act": kind, "doc": doc, "version": some(*ids[-4:])}
    if kind == "withdraw": op["dependants"] = some(None, "rebase", "withdraw")
    if kind == "unretire": op |= {"act": "withdraw", "version": "retirement"}
    if kind == "correct": op |= {"significance": some("material", "minor", "editorial", None), "reason": some("r", None)}
    if kind == "rename": op["new"] = some("privacy", "notice", "legal")
    if kind == "retire": op["on"] = str(day_of(at, rec.zone) + timedelta(r.randrange(10, 60)))
    if kind == "import": op["versions"] = [{"effective": str(date(2025, 1, 1) + timedelta(x)), "text": {"a": str(x), "days": 14}} for x in sorted(r.sample(range(330), 2))]
    if kind == "translate": op["language"] = "es"
    if kind == "settings": op = {"act": "settings", "zone": some(*ZONES), "counting": some("clear-days", "date-difference")}
    if kind == "together":
        also = some(True, False, False)
        op["items"] = [{k: v for k, v in {**release(x), "backport": also}.items() if k not in ("amends", "effective", "publish_on")} for x in ("privacy", "terms")]
    if kind == "merge":
        fork = r.randrange(rec.entries[-1]["act"] + 1) if rec.entries else 0; acts = []
        side = Record([e for e in rec.entries if e["act"] <= fork], rec.zone, rec.counting)
        for i in range(2):
            a = random_act(r, side, at - 7200 + 60 * i, deep=False)
            if a["act"] in ("release", "withdraw", "rename"): acts.append(a)
        op |= {"fork": fork, "acts": acts, "move_dates": some(True, False)}
    return op

def told(rec, day):
    """All that readers could see at the end of a day: states with words and dates, what is in force, open notices."""
    t, out = end_of(day, rec.zone), {}
    for key, d in rec.view(t).items():
        seen = {i: (state(d, i, t), tuple(sorted(v.text.items())), v.published, v.effective) for i, v in d.versions.items() if v.pub_at <= t and not v.imported}
        now = in_force(d, t); out[key] = (seen, now and now.id, repr(notices(d, t)))
    return out

def check_now(rec, t):
    for key, d in rec.view(t).items():
        states = [state(d, i, t) for i in d.versions]
        begun = any(v.begins <= t for v in d.live())
        want = 1 if begun and not (d.retires and t >= d.retire_at()) else 0
        assert states.count("in-force") == want, (key, states)
        live = [v for v in d.live() if not v.imported]
        assert all(a.begins <= b.begins for a, b in zip(live, live[1:])), "order"
        for cohort in [v.new_users for v in live if v.new_users]:
            assert bool(in_force(d, t, cohort)) >= bool(in_force(d, t)), "a new user is bound by something, too"

def check_notice(rec):
    """Independent of `owed`: counts, day by day, the promises really in force and the days on which the notice stood."""
    checked = 0
    for key in rec.view():
        for v in rec.view()[key].versions.values():
            if v.imported or v.begins > rec.entries[-1]["recorded"]: continue
            d = rec.view(v.begins)[key]                       # as it stood when the version began
            if v.id in d.gone or (d.retires and v.begins >= d.retire_at()): continue
            v, i = d.versions[v.id], d.chain.index(v.id)
            if v.significance != "material" or v.exemption or i == 0: continue
            before = d.live()[i - 1]
            if not before.imported: assert diff(before.text, v.text) == v.redline, "brings more or less than announced"
            start = day = day_of(v.notice_at, v.zone); promised, line = [v.due(start)], [v.id]
            for id, (how, _, heir) in reversed(list(d.gone.items())):     # what it was before it was frozen again, or postponed
                if heir in line and d.versions[id].notice_at == v.notice_at: line.append(id)
            while day < v.effective:
                t = end_of(day, v.zone); past = rec.view(t)[key]
                assert any(x.get("version") in line and x["effective"] <= str(v.effective) for x in notices(past, t)), ("no notice", v.id, day)
                now = in_force(past, t); day += timedelta(1)
                if now and not (now.imported and now.recorded > v.recorded): promised.append(now.due(start))   # as it was known
            assert day >= max(promised), ("short notice", v.id, day, promised)
            checked += 1
    return checked

def self_test(seeds=130, steps=32):
    began = time.time(); done, refused, windows, days = {}, {}, 0, 0
    wrong = [(title, got, want) for title, acts, ask, want in CASES if (got := run_case(acts, ask)) != want]
    for title, got, want in wrong: print(f"CASE FAILS: {title}\n  expected {want}\n  got      {got}")
    for seed in range(seeds):
        r, rec, at, log, memory, imported = random.Random(seed), Record(), midnight(date(2026, 1, 1), "UTC"), [], {}, set()
        zone = "Europe/Madrid"
        for _ in range(steps):
            later = at + int(r.choice((60, 3600, 86400 * r.random() * 2, 86400 * 7)))
            for day in sorted({day_of(at, zone), day_of(later - 1, zone) - timedelta(1)}):
                if at <= end_of(day, zone) < later:
                    log.append({"at": end_of(day, zone), "act": "build"}); rec = act(rec, log[-1])
                    memory[(day, zone)] = told(rec, day); days += 1
            at = later if r.random() > .03 else at - 90000
            op, before = random_act(r, rec, at), list(rec.entries)
            log.append(op)
            try: new = act(rec, op)
            except Refusal as e:
                assert len(e.args) == 2 and e.args[1], "every refusal names the way out"
                refused[e.args[0]] = refused.get(e.args[0], 0) + 1; new = rec
            else: done[op["act"]] = done.get(op["act"], 0) + 1
            assert rec.entries == before, "an act never changes the record that it was given"
            assert new.entries[:len(rec.entries)] == rec.entries, "append only"
            rec, zone, at = new, new.zone, max(at, later)
            check_now(rec, at)
        for (day, z), was in memory.items():
            now = told(Record(rec.entries, z), day)
            for key, (seen, id, open_) in was.items():
                mixed = any(v.imported for v in rec.view()[key].versions.values())      # a past entered later adds, and only adds
                assert now[key][0] == seen, ("words, dates or states of a past day changed", seed, key, day)
                assert id is None or now[key][1] == id, ("in force on a past day changed", seed, key, day)
                assert mixed or now[key][2] == open_, ("a notice of a past day changed", seed, key, day)
                t = end_of(day, z); final = rec.view()[key]
                assert set(seen) <= set(final.versions) and all(final.versions[i].text == dict(s[1]) for i, s in seen.items())
        windows += check_notice(rec)
        if seed % 4 == 0: assert play(log)[0].digest() == rec.digest(), "the same acts give the same record"
    print(f"{len(CASES) - len(wrong)} of {len(CASES)} cases; {seeds * steps} random acts in {seeds} histories: {sum(done.values())} done, "
          f"{sum(refused.values())} refused for {len(refused)} reasons; {windows} notices counted day by day; {days} days remembered and "
          f"asked again; {time.time() - began:.1f} s")
    print("done:", done); print("refused:", refused)
    return not wrong

def main(args):
    if args[:1] == ["--cases"]:
        for n, (title, acts, ask, want) in enumerate(CASES, 1):
            print(f"{n}. {title[0].upper()}{title[1:]}."); [print(f"     {a}") for a in case_acts(acts)]
            last = play(case_acts(acts))[1][-1]; why = f" ({last['way_out']})" if ask == "last act" and want != "done" else ""
            print(f"   {ask}: {want}{why}")
    elif args[:1] == ["--replay"] and len(args) == 2:
        with open(args[1], encoding="utf-8") as f: data = json.load(f)
        rec, results = play(data["acts"], Record((), data.get("zone", "Europe/Madrid"), data.get("counting", "clear-days")))
        print(json.dumps({"acts": results, "answers": {q: answer(rec, q) for q in data.get("ask", [])}}, indent=1, default=str))
    else: sys.exit(0 if self_test() else 1)

if __name__ == "__main__": main(sys.argv[1:])
