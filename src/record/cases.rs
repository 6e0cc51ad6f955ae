//! A table of cases that a lawyer could read: who sees what on which day, which notice is owed, what is refused.
//!
//! Each case is a history, a question and its answer. All of it happens in Madrid, at ten in the morning unless a time is given.

use super::play::Center;
use super::*;
use jiff::Timestamp;

/// In force since September, 14 days of notice.
const FIRST: &str = "2026-09-01 release privacy logs=90d mail=a notice=14";
/// Announced on 28 November for 13 December.
const LONGER: &str = "2026-11-28 release privacy material logs=180d";
/// Another document, with 30 days of notice.
const TERMS: &str = "2026-09-01T11:00 release terms law=ES notice=30";

struct Case(&'static str, &'static [&'static str], &'static str, &'static str);

const CASES: &[Case] = &[
    // --- Dates
    Case("a first version is in force on the day of its release", &[FIRST], "in force 2026-09-01", "2026-09-01"),
    Case("nothing was in force before", &[FIRST], "in force 2026-08-31", "none"),
    Case(
        "on the fourteenth whole day a change is still to come",
        &[FIRST, LONGER],
        "state 2026-12-13 on 2026-12-12",
        "upcoming",
    ),
    Case("on the day after it is in force", &[FIRST, LONGER], "state 2026-12-13 on 2026-12-13", "in-force"),
    Case("and what it replaced is superseded", &[FIRST, LONGER], "state 2026-09-01 on 2026-12-13", "superseded"),
    Case(
        "the message may go out on the day of the announcement, no later",
        &[FIRST, LONGER],
        "dispatch 2026-12-13",
        "2026-11-28",
    ),
    Case(
        "a later effective date leaves days for the message",
        &[FIRST, "2026-11-28 release privacy material logs=180d effective=2026-12-20"],
        "dispatch 2026-12-20",
        "2026-12-05",
    ),
    Case(
        "an exempt change has no last day for a message",
        &[FIRST, "2026-11-28 release privacy material mail=b exemption=security reason=x effective=2026-12-01"],
        "dispatch 2026-12-01",
        "none",
    ),
    Case(
        "one day too early is refused",
        &[FIRST, "2026-11-28 release privacy material logs=180d effective=2026-12-12"],
        "last act",
        "notice-too-short",
    ),
    Case(
        "a looser way of counting does not shorten what the text in force promised",
        &[FIRST, "2026-11-27 settings - counting=date-difference", LONGER],
        "versions",
        "2026-09-01 2026-12-13",
    ),
    Case(
        "where nothing is promised, a change applies from the minute of its release",
        &["2026-09-01 release privacy logs=90d notice=0", LONGER],
        "day 2026-11-28",
        "00:00 2026-09-01, 10:00 2026-11-28",
    ),
    Case(
        "a text that states 30 days gives them, although the one in force promised 14",
        &[FIRST, "2026-11-28 release privacy material notice=30"],
        "versions",
        "2026-09-01 2026-12-29",
    ),
    Case(
        "a text that lowers the promise to 7 still gives the 14",
        &[FIRST, "2026-11-28 release privacy material notice=7"],
        "versions",
        "2026-09-01 2026-12-13",
    ),
    Case(
        "what is in force promises 30 days, also to a change on top of one that promises 7",
        &[
            "2026-09-01 release privacy logs=90d notice=30",
            "2026-11-28 release privacy material notice=7",
            "2026-11-30 release privacy material phone=1",
        ],
        "versions",
        "2026-09-01 2026-12-29 2026-12-31",
    ),
    Case(
        "an announced text that promises 30 days counts for what begins after it",
        &[
            FIRST,
            "2026-11-28 release privacy material notice=30",
            "2026-11-30 release privacy material notice=7 effective=2026-12-30",
        ],
        "last act",
        "notice-too-short",
    ),
    Case(
        "fifteen business days are longer than two weeks",
        &[FIRST, "2026-11-28 release privacy material notice=15b"],
        "versions",
        "2026-09-01 2026-12-19",
    ),
    Case(
        "a month from 31 January ends with February",
        &["2026-09-01 release privacy notice=1m", "2027-01-31 release privacy material logs=180d"],
        "versions",
        "2026-09-01 2027-03-01",
    ),
    Case(
        "its last day for a message is searched, not subtracted",
        &["2026-09-01 release privacy notice=1m", "2027-01-28 release privacy material logs=180d effective=2027-03-01"],
        "dispatch 2027-03-01",
        "2027-01-31",
    ),
    Case(
        "a month from 29 February of a leap year ends on 29 March",
        &["2026-09-01 release privacy notice=1m", "2028-02-29 release privacy material logs=180d"],
        "versions",
        "2026-09-01 2028-03-30",
    ),
    Case(
        "a shorter promise is material, whatever it is called",
        &[FIRST, "2026-11-28 release privacy minor notice=7"],
        "last act",
        "promise",
    ),
    Case(
        "a longer one is more than editorial",
        &[FIRST, "2026-11-28 release privacy editorial notice=30"],
        "last act",
        "promise",
    ),
    Case(
        "the same promise in another unit may be editorial",
        &[FIRST, "2026-11-28 release privacy editorial notice=2w"],
        "last act",
        "done",
    ),
    // --- Exemptions
    Case(
        "an exempt change applies at once",
        &[FIRST, "2026-11-28T15:00 release privacy material mail=b exemption=security reason=x"],
        "day 2026-11-28",
        "00:00 2026-09-01, 15:00 2026-11-28",
    ),
    Case(
        "without a reason it is refused",
        &[FIRST, "2026-11-28 release privacy material mail=b exemption=security"],
        "last act",
        "exemption",
    ),
    Case(
        "what is not material cannot be exempt",
        &[FIRST, "2026-11-28 release privacy minor mail=b exemption=security reason=x"],
        "last act",
        "exemption",
    ),
    Case(
        "on top of an announced version an exempt change would wait, so it is refused",
        &[FIRST, LONGER, "2026-12-01 release privacy material mail=b exemption=security reason=x"],
        "last act",
        "waits",
    ),
    // --- Several versions
    Case(
        "three texts on one day apply from their minutes",
        &[FIRST, "2026-11-28 release privacy editorial mail=b", "2026-11-28T11:00 release privacy minor mail=c"],
        "day 2026-11-28",
        "00:00 2026-09-01, 10:00 2026-11-28, 11:00 2026-11-28-2",
    ),
    Case(
        "two material changes on one day have a notice each",
        &[FIRST, LONGER, "2026-11-28T12:00 release privacy material mail=b"],
        "notices 2026-11-28",
        "2026-12-13 since 2026-11-28 [2026-09-01 until 2026-12-13]; 2026-12-13-2 since 2026-11-28 [2026-09-01 until 2026-12-13]",
    ),
    Case(
        "of two that begin together, the lower one is never in force alone",
        &[FIRST, LONGER, "2026-11-28T12:00 release privacy material mail=b"],
        "state 2026-12-13 on 2026-12-13",
        "superseded",
    ),
    Case(
        "a notice names every version that applies until then",
        &[FIRST, LONGER, "2026-11-30 release privacy material phone=1"],
        "notices 2026-12-05",
        "2026-12-13 since 2026-11-28 [2026-09-01 until 2026-12-13]; 2026-12-15 since 2026-11-30 [2026-09-01 until 2026-12-13, 2026-12-13 until 2026-12-15]",
    ),
    Case(
        "a slip corrected on top of an announced version shares its day",
        &[FIRST, LONGER, "2026-11-30 release privacy editorial mail=b"],
        "versions",
        "2026-09-01 2026-12-13 2026-12-13-2",
    ),
    // --- Withdrawing
    Case(
        "the base of a stack is not withdrawn alone",
        &[FIRST, LONGER, "2026-11-30 release privacy editorial mail=b", "2026-12-01 withdraw privacy 2026-12-13"],
        "last act",
        "dependants",
    ),
    Case(
        "rebased, the withdrawn change does not arrive by another way",
        &[
            FIRST,
            LONGER,
            "2026-11-30 release privacy editorial mail=b",
            "2026-12-01 withdraw privacy 2026-12-13 dependants=rebase",
        ],
        "text logs on 2026-12-13",
        "90d",
    ),
    Case(
        "and the other change arrives on its day",
        &[
            FIRST,
            LONGER,
            "2026-11-30 release privacy editorial mail=b",
            "2026-12-01 withdraw privacy 2026-12-13 dependants=rebase",
        ],
        "text mail on 2026-12-13",
        "b",
    ),
    Case(
        "a material change on top keeps its notice when it is rebased",
        &[
            FIRST,
            LONGER,
            "2026-11-30 release privacy material phone=1",
            "2026-12-01 withdraw privacy 2026-12-13 dependants=rebase",
        ],
        "notices 2026-12-02",
        "2026-12-15-2 since 2026-11-30 [2026-09-01 until 2026-12-15]",
    ),
    Case(
        "withdrawn with all that stands on it, nothing changes",
        &[
            FIRST,
            LONGER,
            "2026-11-30 release privacy editorial mail=b",
            "2026-12-01 withdraw privacy 2026-12-13 dependants=withdraw",
        ],
        "in force 2026-12-31",
        "2026-09-01",
    ),
    Case(
        "a change of the same words cannot be rebased",
        &[
            FIRST,
            LONGER,
            "2026-11-30 release privacy material logs=365d",
            "2026-12-01 withdraw privacy 2026-12-13 dependants=rebase",
        ],
        "last act",
        "conflict",
    ),
    Case(
        "withdrawing works until the last minute",
        &[FIRST, LONGER, "2026-12-12T23:59 withdraw privacy 2026-12-13"],
        "in force 2026-12-31",
        "2026-09-01",
    ),
    Case(
        "and no longer at midnight",
        &[FIRST, LONGER, "2026-12-13T00:00 withdraw privacy 2026-12-13"],
        "last act",
        "has-begun",
    ),
    Case(
        "what the site said before stays true for that day",
        &[FIRST, LONGER, "2026-12-05 withdraw privacy 2026-12-13"],
        "state 2026-12-13 on 2026-12-01",
        "upcoming",
    ),
    Case(
        "a version in force is not withdrawn",
        &[FIRST, LONGER, "2027-01-20 withdraw privacy 2026-12-13"],
        "last act",
        "has-begun",
    ),
    Case(
        "after a withdrawal the same day gets another name",
        &[
            FIRST,
            LONGER,
            "2026-11-28T12:00 withdraw privacy 2026-12-13",
            "2026-11-28T13:00 release privacy material logs=120d",
        ],
        "versions",
        "2026-09-01 2026-12-13 2026-12-13-2",
    ),
    // --- Fixing the version in force during a window
    Case(
        "a leak is closed that minute",
        &[FIRST, LONGER, "2026-12-01T15:00 release privacy material mail=b backport exemption=security reason=x"],
        "day 2026-12-01",
        "00:00 2026-09-01, 15:00 2026-12-01",
    ),
    Case(
        "and the announced change keeps its date and its notice",
        &[FIRST, LONGER, "2026-12-01T15:00 release privacy material mail=b backport exemption=security reason=x"],
        "notices 2026-12-02",
        "2026-12-13-2 since 2026-11-28 [2026-12-01 until 2026-12-13]",
    ),
    Case(
        "and holds the fix",
        &[FIRST, LONGER, "2026-12-01 release privacy editorial mail=b backport"],
        "text mail on 2026-12-13",
        "b",
    ),
    Case(
        "and its own change",
        &[FIRST, LONGER, "2026-12-01 release privacy editorial mail=b backport"],
        "text logs on 2026-12-13",
        "180d",
    ),
    Case(
        "which has not arrived early",
        &[FIRST, LONGER, "2026-12-01 release privacy editorial mail=b backport"],
        "text logs on 2026-12-12",
        "90d",
    ),
    Case(
        "the old announcement is amended",
        &[FIRST, LONGER, "2026-12-01 release privacy editorial mail=b backport"],
        "state 2026-12-13 on 2026-12-01",
        "amended",
    ),
    Case(
        "a fix under two announced versions freezes both again",
        &[
            FIRST,
            LONGER,
            "2026-11-30 release privacy material phone=1",
            "2026-12-01 release privacy editorial mail=b backport",
        ],
        "versions",
        "2026-09-01 2026-12-13 2026-12-15 2026-12-01 2026-12-13-2 2026-12-15-2",
    ),
    Case(
        "a fix of the words that are announced to change is a conflict",
        &[FIRST, LONGER, "2026-12-01 release privacy editorial logs=181d backport"],
        "last act",
        "conflict",
    ),
    Case(
        "a material fix needs a notice of its own, or an exemption",
        &[FIRST, LONGER, "2026-12-01 release privacy material mail=b backport"],
        "last act",
        "fix-owes-notice",
    ),
    Case(
        "a fix may not raise the promise above what a running window gives",
        &[FIRST, LONGER, "2026-12-01 release privacy minor notice=30 backport"],
        "last act",
        "notice-too-short",
    ),
    Case(
        "with nothing announced a backport is a plain release",
        &[FIRST, "2026-12-01 release privacy editorial mail=b backport"],
        "in force 2026-12-01",
        "2026-12-01",
    ),
    Case(
        "after two fixes the notice is still that of the first announcement",
        &[
            FIRST,
            LONGER,
            "2026-12-01 release privacy editorial mail=b backport",
            "2026-12-02 release privacy minor mail=c backport",
        ],
        "notices 2026-12-03",
        "2026-12-13-3 since 2026-11-28 [2026-12-02 until 2026-12-13]",
    ),
    // --- Amending
    Case(
        "a comma in an announced text moves nothing",
        &[FIRST, LONGER, "2026-12-01 release privacy editorial logs=180days amends=2026-12-13"],
        "notices 2026-12-02",
        "2026-12-13-2 since 2026-11-28 [2026-09-01 until 2026-12-13]",
    ),
    Case(
        "anything more starts the notice again",
        &[FIRST, LONGER, "2026-12-01 release privacy minor mail=b amends=2026-12-13"],
        "notices 2026-12-02",
        "2026-12-16 since 2026-12-01 [2026-09-01 until 2026-12-16]",
    ),
    Case(
        "dropping part of a change restarts it, too, unless it is to the benefit of users",
        &[
            FIRST,
            LONGER,
            "2026-12-01 release privacy material logs=120d amends=2026-12-13 exemption=user-benefit reason=x",
        ],
        "in force 2026-12-13",
        "2026-12-13-2",
    ),
    Case(
        "an amendment never comes earlier",
        &[FIRST, LONGER, "2026-12-01 release privacy editorial mail=b amends=2026-12-13 effective=2026-12-10"],
        "last act",
        "earlier",
    ),
    Case(
        "the same text with a later day postpones it",
        &[FIRST, LONGER, "2026-12-01 release privacy editorial amends=2026-12-13 effective=2026-12-20"],
        "in force 2026-12-19",
        "2026-09-01",
    ),
    Case(
        "under a stack, what stands on it is frozen again",
        &[
            FIRST,
            LONGER,
            "2026-11-30 release privacy material phone=1",
            "2026-12-01 release privacy editorial logs=180days amends=2026-12-13",
        ],
        "in force 2026-12-15",
        "2026-12-15-2",
    ),
    Case(
        "a new notice may not overtake what stands on it",
        &[
            FIRST,
            LONGER,
            "2026-11-30 release privacy material phone=1",
            "2026-12-01 release privacy material logs=365d amends=2026-12-13",
        ],
        "last act",
        "order",
    ),
    Case(
        "an amendment that takes all of it back is a withdrawal",
        &[FIRST, LONGER, "2026-12-01 release privacy minor logs=90d amends=2026-12-13"],
        "last act",
        "nothing-left",
    ),
    Case(
        "an amended version names its heir",
        &[
            FIRST,
            LONGER,
            "2026-12-01 release privacy editorial mail=b amends=2026-12-13",
            "2026-12-02 withdraw privacy 2026-12-13",
        ],
        "last act",
        "gone",
    ),
    Case(
        "a version in force is not amended",
        &[FIRST, LONGER, "2026-12-14 release privacy editorial mail=b amends=2026-12-13"],
        "last act",
        "has-begun",
    ),
    // --- Schedules
    Case(
        "a publication in the past is refused",
        &[FIRST, "2026-11-28 release privacy material logs=180d publish-on=2026-11-27"],
        "last act",
        "backdated",
    ),
    Case(
        "a day two years ahead is asked about",
        &[FIRST, "2026-11-28 release privacy material logs=180d publish-on=2028-11-27"],
        "last act",
        "far-away",
    ),
    Case(
        "and accepted when it is meant",
        &[FIRST, "2026-11-28 release privacy material logs=180d publish-on=2028-11-27 confirm=yes"],
        "last act",
        "done",
    ),
    Case(
        "a scheduled version does not appear",
        &[FIRST, "2026-11-28 release privacy material logs=180d publish-on=2026-12-10"],
        "state 2026-12-25 on 2026-12-09",
        "scheduled",
    ),
    Case(
        "its notice runs from the day on which it appears",
        &[FIRST, "2026-11-28 release privacy material logs=180d publish-on=2026-12-10"],
        "notices 2026-12-10",
        "2026-12-25 since 2026-12-10 [2026-09-01 until 2026-12-25]",
    ),
    Case(
        "withdrawn before that day, nobody ever saw it",
        &[
            FIRST,
            "2026-11-28 release privacy material logs=180d publish-on=2026-12-10",
            "2026-12-01 withdraw privacy 2026-12-25",
        ],
        "state 2026-12-25 on 2027-01-01",
        "never-shown",
    ),
    Case(
        "and an emergency is not held back by a schedule",
        &[
            FIRST,
            "2026-11-28 release privacy material logs=180d publish-on=2027-03-01",
            "2026-11-29 release privacy material mail=b backport exemption=security reason=x",
        ],
        "in force 2026-11-29",
        "2026-11-29",
    ),
    Case(
        "nothing may appear before what it stands on",
        &[
            FIRST,
            "2026-11-28 release privacy material logs=180d publish-on=2026-12-10",
            "2026-11-29 release privacy editorial mail=b",
        ],
        "last act",
        "under-a-schedule",
    ),
    Case(
        "what nobody has seen may be amended freely",
        &[
            FIRST,
            "2026-11-28 release privacy material logs=180d publish-on=2026-12-10",
            "2026-11-29 release privacy material logs=365d amends=2026-12-25",
        ],
        "notices 2026-12-10",
        "2026-12-25-2 since 2026-12-10 [2026-09-01 until 2026-12-25]",
    ),
    // --- The clock
    Case(
        "a clock that is five minutes behind is no reason to refuse",
        &[FIRST, "2026-09-01T09:55 release privacy editorial mail=b"],
        "last act",
        "done",
    ),
    Case("eleven are", &[FIRST, "2026-09-01T09:49 release privacy editorial mail=b"], "last act", "clock-back"),
    Case(
        "unless the other clock was wrong",
        &[FIRST, "2026-09-01T09:49 withdraw privacy 2026-09-01 clock=yes"],
        "last act",
        "done",
    ),
    Case(
        "a commit counts like an entry",
        &[FIRST, "2026-11-01 commit -", "2026-10-31 release privacy editorial mail=b"],
        "last act",
        "clock-back",
    ),
    Case(
        "a date keeps the zone in which it was announced",
        &[FIRST, LONGER, "2026-12-01 settings - zone=America/Los_Angeles"],
        "state 2026-12-13 on 2026-12-12",
        "in-force",
    ),
    // --- Corrections
    Case(
        "a summary is corrected at any time",
        &[FIRST, LONGER, "2027-01-01 correct privacy 2026-12-13"],
        "last act",
        "done",
    ),
    Case(
        "corrected upwards in time, the notice opens on that day",
        &[
            FIRST,
            "2026-11-28 release privacy minor logs=180d effective=2026-12-20",
            "2026-11-29 correct privacy 2026-12-20 material",
        ],
        "notices 2026-11-30",
        "2026-12-20 since 2026-11-29 [2026-09-01 until 2026-12-20]",
    ),
    Case(
        "too late for its date it is refused",
        &[
            FIRST,
            "2026-11-28 release privacy minor logs=180d effective=2026-12-10",
            "2026-11-29 correct privacy 2026-12-10 material",
        ],
        "last act",
        "notice-too-short",
    ),
    Case(
        "after its effect it is accepted, and says that no notice was given",
        &[FIRST, "2026-11-28 release privacy minor logs=180d", "2026-12-05 correct privacy 2026-11-28 material"],
        "missed 2026-11-28",
        "yes",
    ),
    Case(
        "downwards it needs a reason",
        &[FIRST, LONGER, "2026-11-29 correct privacy 2026-12-13 minor"],
        "last act",
        "reason",
    ),
    Case(
        "and moves no date",
        &[FIRST, LONGER, "2026-11-29 correct privacy 2026-12-13 minor reason=x"],
        "notices 2026-12-05",
        "2026-12-13 since 2026-11-28 [2026-09-01 until 2026-12-13]",
    ),
    Case(
        "nor does it spare an amendment its notice",
        &[
            FIRST,
            LONGER,
            "2026-11-29 correct privacy 2026-12-13 minor reason=x",
            "2026-12-01 release privacy minor logs=365d amends=2026-12-13",
        ],
        "versions",
        "2026-09-01 2026-12-13 2026-12-16",
    ),
    // --- Names and ends
    Case(
        "a renamed document answers to its old name",
        &[FIRST, LONGER, "2026-12-01 rename privacy notice"],
        "in force 2026-12-13",
        "2026-12-13",
    ),
    Case(
        "a name that another document had is taken",
        &[FIRST, TERMS, "2026-12-01 rename privacy notice", "2026-12-02 rename terms privacy"],
        "last act",
        "name-taken",
    ),
    Case(
        "a document ends after its notice",
        &[FIRST, "2026-11-28 retire privacy 2026-12-13"],
        "state 2026-09-01 on 2026-12-13",
        "retired",
    ),
    Case("not a day before", &[FIRST, "2026-11-28 retire privacy 2026-12-12"], "last act", "notice-too-short"),
    Case(
        "never today",
        &[FIRST, "2026-11-28 retire privacy 2026-11-28 exemption=security reason=x"],
        "last act",
        "backdated",
    ),
    Case(
        "what is announced for later is in the way",
        &[
            FIRST,
            "2026-11-28 release privacy material logs=180d effective=2027-01-10",
            "2026-11-29 retire privacy 2026-12-20",
        ],
        "last act",
        "after-retirement",
    ),
    Case(
        "an end is taken back before its day",
        &[FIRST, "2026-11-28 retire privacy 2026-12-13", "2026-12-01 withdraw privacy retirement"],
        "in force 2026-12-13",
        "2026-09-01",
    ),
    Case(
        "and not after it",
        &[FIRST, "2026-11-28 retire privacy 2026-12-13", "2026-12-13 release privacy editorial mail=b"],
        "last act",
        "retired",
    ),
    // --- The past
    Case(
        "an imported past answers for its days",
        &[FIRST, "2026-11-28 import privacy 2024-03-01"],
        "day 2024-06-01",
        "00:00 2024-03-01",
    ),
    Case(
        "it does not come between releases",
        &[FIRST, "2026-11-28 import privacy 2026-10-01"],
        "last act",
        "import-between",
    ),
    Case(
        "nor under a first version that is only announced",
        &["2026-11-28 release privacy logs=90d effective=2026-12-20", "2026-11-29 import privacy 2026-01-01"],
        "last act",
        "import-under-first",
    ),
    // --- Several documents
    Case(
        "two documents on one day take the later of their dates",
        &[FIRST, TERMS, "2026-11-28 release privacy material logs=180d + release terms material law=PT"],
        "versions",
        "2026-09-01 2026-12-29",
    ),
    Case(
        "one is refused, none is released",
        &[FIRST, TERMS, "2026-11-28 release privacy material logs=180d + release terms material law=ES"],
        "versions",
        "2026-09-01",
    ),
    Case(
        "a telephone number is fixed in two documents at once, one of them with an announced change",
        &[
            FIRST,
            TERMS,
            LONGER,
            "2026-12-01 release privacy editorial mail=b backport + release terms editorial mail=b backport",
        ],
        "versions",
        "2026-09-01 2026-12-13 2026-12-01 2026-12-13-2",
    ),
];

fn answer(center: &Center, last: &str, question: &str) -> String {
    let words: Vec<&str> = question.split(' ').collect();
    let on = |day: &str| (center.on("privacy", day), center.end(day));
    let time = |at: Timestamp| at.to_zoned_datetime(center.zone.clone()).strftime("%H:%M").to_string();
    match words[..] {
        ["last", "act"] => last.to_string(),
        ["versions"] => center.record.life("privacy").unwrap().order.join(" "),
        ["in", "force", day] => {
            let (life, end) = on(day);
            life.and_then(|life| Some(life.in_force(end)?.id.clone())).unwrap_or("none".into())
        }
        ["state", id, "on", day] => {
            let (life, end) = on(day);
            life.and_then(|life| life.state(id, end)).map_or("none", State::name).to_string()
        }
        ["text", clause, "on", day] => {
            let (life, end) = on(day);
            life.unwrap().in_force(end).unwrap().text.0.get(clause).cloned().unwrap_or("none".into())
        }
        ["dispatch", id] => {
            let day = center.record.life("privacy").unwrap().last_dispatch(id);
            day.map_or("none".into(), |day| day.to_string())
        }
        ["missed", id] => {
            let missed = center.record.life("privacy").unwrap().version(id).unwrap().missed;
            if missed { "yes".into() } else { "no".into() }
        }
        ["notices", day] => {
            let (life, end) = on(day);
            let until = |pairs: &[(String, jiff::civil::Date)]| {
                pairs.iter().map(|(id, day)| format!("{id} until {day}")).collect::<Vec<_>>().join(", ")
            };
            let notices =
                life.unwrap().open_notices(end).into_iter().map(|notice| {
                    format!("{} since {} [{}]", notice.version, notice.announced, until(&notice.until_then))
                });
            notices.collect::<Vec<_>>().join("; ")
        }
        ["day", day] => {
            let (life, _) = on(day);
            let turns = life.unwrap().turns(day.parse().unwrap(), &center.zone);
            let mut out: Vec<(String, String)> = Vec::new();
            for at in turns {
                let entries = center.record.entries.iter().filter(|entry| entry.document == "privacy");
                let Some(id) = Lifecycle::at(entries, at).and_then(|life| Some(life.in_force(at)?.id.clone())) else {
                    continue;
                };
                if out.last().is_none_or(|(_, last)| *last != id) {
                    out.push((time(at), id));
                }
            }
            out.iter().map(|(at, id)| format!("{at} {id}")).collect::<Vec<_>>().join(", ")
        }
        _ => panic!("nobody asks `{question}`"),
    }
}

#[test]
fn the_table_of_cases() {
    let mut wrong = Vec::new();
    for Case(title, acts, question, expected) in CASES {
        let mut center = Center::new("Europe/Madrid");
        let mut last = String::new();
        for act in *acts {
            last = match center.play(act) {
                Ok(()) => "done".into(),
                Err(refusal) => refusal.code.into(),
            };
        }
        let got = answer(&center, &last, question);
        if got != *expected {
            wrong.push(format!("{title}: {question}\n  expected {expected}\n  got      {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
