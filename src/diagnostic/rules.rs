//! The registry of rules: every code that a finding may have, how much it weighs, and what it means.
//!
//! In: nothing. Out: the rules; `fineprint explain` prints their texts. Must not know: how any rule is found out.

use super::Severity;

/// A rule by its code; the explanation says why it matters and what to do.
#[derive(Debug)]
pub struct Rule {
    pub code: &'static str,
    pub severity: Severity,
    pub explanation: &'static str,
    /// Whether it guards the record, the reading or the reader, so that no site can lower it.
    pub is_protected: bool,
}

impl Rule {
    /// The first sentence of the explanation.
    pub fn headline(&self) -> &'static str {
        self.explanation.split_inclusive(". ").next().unwrap_or(self.explanation).trim_end()
    }
}

pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}

const fn error(code: &'static str, explanation: &'static str) -> Rule {
    Rule { code, severity: Severity::Error, explanation, is_protected: false }
}

/// An error that `[check.levels]` cannot lower.
const fn guard(code: &'static str, explanation: &'static str) -> Rule {
    Rule { code, severity: Severity::Error, explanation, is_protected: true }
}

const fn warning(code: &'static str, explanation: &'static str) -> Rule {
    Rule { code, severity: Severity::Warning, explanation, is_protected: false }
}

const fn info(code: &'static str, explanation: &'static str) -> Rule {
    Rule { code, severity: Severity::Info, explanation, is_protected: false }
}

pub const RULES: &[Rule] = &[
    guard(
        "invalid-toml",
        "The file is not valid TOML. The rest of it is used, so that other findings show, but nothing is published.",
    ),
    guard(
        "invalid-utf8",
        "A file holds bytes that are no UTF-8 text. Save it as UTF-8; a text that cannot be read exactly cannot be held to.",
    ),
    guard(
        "unreadable-file",
        "A file of the site cannot be read. A site that is read in part would be published in part.",
    ),
    error("file-name-not-text", "A file's name is not valid UTF-8 and cannot become an address."),
    error(
        "link-not-followed",
        "A symbolic link leads nowhere, to a folder, or out of the site. Only links to files inside the site are followed, so that a build depends on the site alone.",
    ),
    error(
        "missing-settings",
        "There is no `fineprint.toml`. It says where the site will live, in which time zone its dates are, and in which languages it speaks.",
    ),
    error(
        "missing-key",
        "A value that everything else depends on is not there. Write it where the finding points; the help names the key.",
    ),
    error(
        "unknown-key",
        "A key that nothing reads is most often a typing mistake, and what it was meant to say would silently not hold.",
    ),
    guard(
        "level-not-allowed",
        "`[check.levels]` lowers a rule that cannot be lowered. Rules that guard the record (the ledger and frozen versions), the reading of files, the addresses and the readers' privacy always stop a build; and no level lowers an error in the ledger or in a frozen version. Every other rule can be made an error, a warning, an info, or be turned off.",
    ),
    error("unknown-value", "A value is not one of those that the key can have."),
    error("wrong-type", "A value is of another kind than the key needs, such as a number where a text belongs."),
    error("value-out-of-range", "A number is outside the range that makes sense for the key."),
    error(
        "invalid-date",
        "A date is not a calendar date. Dates are written 2026-12-08, without time: a version takes effect at the beginning of a day in the site's time zone.",
    ),
    error("invalid-url", "An address is not a whole web address: it begins with `https://` and names a host."),
    error("invalid-email", "An address does not have the shape of an e-mail address."),
    error("invalid-duration", "A length of time is not a number with a unit: `30 days`, `12 months`, `72 hours`."),
    error(
        "invalid-retention",
        "`keep` does not say how long data is kept: exactly, at most, within a range, after an event, by a criterion, or indefinitely.",
    ),
    error("unknown-country", "A location is not a country code of ISO 3166-1 (two capital letters)."),
    error("unknown-timezone", "The time zone is not an IANA name. Every date of the site is a day in this zone."),
    error(
        "unknown-language",
        "A language is not a BCP 47 tag that dates and numbers can be written in. Tags are short: `en`, `es`, `pt-BR`.",
    ),
    error("duplicate-language", "A language is listed twice, so that its pages would be claimed twice."),
    warning(
        "language-not-listed",
        "A translation is there in a language that the settings do not list, so it is not published.",
    ),
    error("unknown-theme", "The settings name a theme whose files are not there."),
    guard(
        "invalid-theme",
        "A file of the theme cannot be used. The whole theme is checked before anything is written.",
    ),
    error(
        "invalid-id",
        "An id of a row or a section has characters that cannot stand in an address: lower-case letters, digits, `-` and `_` can. Ids stay the same for ever, because links lead to them.",
    ),
    error("duplicate-id", "Two rows or two sections have the same id, so that a link or a fact could mean either."),
    error(
        "invalid-alias",
        "An old address cannot be redirected. It is a path below the site's root, from `/` on, without blanks, `..` and the characters `*`, `?`, `#`, `:` and `\\`, and it is not the home page.",
    ),
    guard(
        "output-collision",
        "Two sources claim the same address, or one has the name of an address that the center needs for itself. Nothing is written until each address has one owner.",
    ),
    guard(
        "third-party-resource",
        "A page would make the reader's browser load something from another host, which tells that host who reads the policy. The site contacts no other host.",
    ),
    error(
        "invalid-document-name",
        "A document's folder has a name that cannot be part of an address: lower-case letters, digits and hyphens.",
    ),
    warning("folder-without-policy", "A folder below `content` holds neither a `policy.md` nor versions."),
    warning(
        "translation-outdated",
        "A translation still says what an earlier version said, while the text that it translates says something else. Translate the change; or, if it makes no difference in the other language, write `source_digest = \"…\"` with the first digits of the digest of the text that it translates into its front matter. A translation released as it is tells its readers that it is older.",
    ),
    warning("unused-file", "A file below `content` is neither a text nor a register, so nothing uses it."),
    error(
        "missing-title",
        "A document has no title. The title is the heading of its pages and its name in lists and feeds.",
    ),
    error("missing-authoritative-text", "A translation is there, but not the text that it translates."),
    error("unclosed-front-matter", "The front matter begins with `+++` and does not end."),
    error("yaml-front-matter", "The front matter is YAML. It is written in TOML between `+++` lines."),
    guard(
        "missing-document",
        "The ledger names a document whose folder is not there. What was published stays; restore it from git.",
    ),
    guard(
        "missing-version",
        "The ledger names a version whose folder is not there. What was published stays; restore it from git.",
    ),
    guard(
        "missing-frozen-file",
        "A frozen version lacks a file that the ledger lists. What was published stays; restore it from git.",
    ),
    guard(
        "frozen-file-edited",
        "A file of a released version differs from what was released, so the site would say that it had promised something else. Restore it from git; what has to change is changed in the draft and released as a new version.",
    ),
    guard(
        "unexpected-frozen-file",
        "A released version holds a file that was not part of the release. It could change what the version says; move it away.",
    ),
    guard(
        "ledger-without-digests",
        "A ledger entry lacks the digests that make it a record: of the entry before it, of itself, of its frozen files and texts. Such entries are written by `fineprint release`, `withdraw` and `import`; one without them was written or cut by hand. Restore the ledger from git.",
    ),
    guard(
        "ledger-entry-edited",
        "A ledger entry is not as it was written: its text does not fit its own digest. Restore the ledger from git. A mistake in an entry stays on the record; what follows it can say better.",
    ),
    guard(
        "ledger-entry-missing",
        "An entry of the ledger was removed or replaced: the entry behind it names one that is not there. Restore the ledger from git.",
    ),
    guard(
        "ledger-entry-repeated",
        "An entry stands on the ledger twice, most often because a merge kept both sides of the same lines. Remove the second.",
    ),
    guard(
        "ledger-reordered",
        "The entries of the ledger are all there, but not in the order in which they were written. Restore the ledger from git.",
    ),
    guard(
        "ledger-forked",
        "Two entries of the ledger follow the same one, because two branches were merged and each had released something. The record has one order. Keep the branch that was published first; take the entries of the other off the ledger, remove the version folders that they froze, and release again: the drafts are still there, and the new entries follow the ones that stay.",
    ),
    guard(
        "release-interrupted",
        "A release, withdrawal or import was stopped before it was on the ledger, and some of its files are already in place. Nothing of it counts. Run the command again: it first takes back what was left, then does its work whole.",
    ),
    guard(
        "duplicate-version",
        "The ledger releases one version twice. Entries are only ever added, one for each release.",
    ),
    guard(
        "version-not-on-ledger",
        "A folder below `versions` is not on the ledger, so nobody can say when it was published: the end of the ledger was cut off, or the folder was made by hand.",
    ),
    guard(
        "version-name-differs",
        "A version is named after the day on which it takes effect, and the ledger says another day.",
    ),
    guard(
        "withdrawn-too-late",
        "An announced version can be withdrawn before it takes effect, not after. Release a new version instead.",
    ),
    guard("effective-before-published", "A version cannot apply to people before it was published."),
    guard(
        "significance-missing",
        "Every version after the first says whether its changes are material, minor or editorial; only then can the notice that it owes be known.",
    ),
    guard(
        "notice-period-too-short",
        "A material version takes effect before its notice has run. The notice period is what the version in force on the day of publication promised or what the new version states, whichever gives the later date. The day of the announcement is not counted and the last day counts whole (Regulation (EEC, Euratom) 1182/71, Art. 3(1) and (2)), so a notice of N days announced on day P ends with day P + N, and P + N + 1 is the earliest effective date; with notice_counting = \"date-difference\" it is P + N. Weeks and months end on the day of the same name or number, or on the last day of the month; business days are Monday to Friday without `notice_holidays`.",
    ),
    guard(
        "resolved-text-changed",
        "A published text would come out with other words than on the day of its release, because this program writes some fact or table in another way. The record must not change.",
    ),
    info(
        "register-not-released",
        "A register asks for a page of its own, but no version that is published and stands uses it, so the page does not exist yet: it shows what was released, not what is being worked on.",
    ),
    error(
        "unknown-fact",
        "A text names a fact that is not there. Facts are dotted paths: `organization.legal_name`, `notice`, `REGISTER.ROW.FIELD`, `section.ID`.",
    ),
    error("unknown-register", "A text places a register that is not there."),
    error("unknown-column", "A text asks for a column that the register does not have."),
    error(
        "invalid-expression",
        "What stands between double braces is not a path. Write a dotted path such as `{{ organization.legal_name }}`, or `\\{{` for the braces themselves.",
    ),
    error(
        "unmatched-brace",
        "A double brace has no partner on its line, so a fact may be missing from the text. Write `\\{{` for the braces themselves.",
    ),
    error(
        "too-many-expressions",
        "A text names more facts than can be told apart, or holds private-use characters that stand for them. Split the text, or remove these characters.",
    ),
    warning("empty-fact", "A fact is there, but without words, so the sentence that names it has a hole."),
    error("unknown-section", "A text refers to a section that it does not have."),
    error("section-loop", "A heading refers to a heading that refers back to it."),
    error(
        "unknown-directive",
        "A block begins with `:::` and a name that is no directive. Directives are `register` and `summary`.",
    ),
    error(
        "unnamed-directive",
        "A `:::` opens a block without a name, most often because one `:::` too many closes another block.",
    ),
    error(
        "unclosed-directive",
        "A block that begins with `:::` does not end, so that everything behind it would belong to it. Close it with a line `:::`.",
    ),
    error("directive-argument", "A directive has an argument that it does not know, or one that cannot be read."),
    error(
        "unsafe-link",
        "A link or picture would run a script or carry data in its address. It is shown as its text alone.",
    ),
    error(
        "remote-image",
        "A picture would be loaded from another host, which tells that host who reads the policy. Put it into `static`.",
    ),
    warning(
        "raw-html-dropped",
        "Raw HTML in a text passes an allow-list. What it does not know is dropped, and that may change what the text says.",
    ),
    warning(
        "heading-level-one",
        "A heading of the first level stands in the text. The title from the front matter is the page's first heading; sections start at `##`.",
    ),
    warning(
        "heading-level-skipped",
        "A heading is more than one level below the one before it. Readers who go from heading to heading miss a level there.",
    ),
    warning(
        "unknown-attribute",
        "A heading has attributes in braces that mean nothing: `{#id aliases=\"old-id\"}` is understood.",
    ),
    warning("stray-attributes", "Attributes in braces stand where nothing takes them; they would be printed."),
    warning("unused-footnote", "A footnote is written and nothing refers to it, so no reader sees it."),
    error(
        "too-deeply-nested",
        "Lists or quotations are nested deeper than anyone can follow; what is inside is shown as plain text.",
    ),
    error(
        "embed-missing",
        "A product's page, given to `fineprint embed --check`, has neither a link into the center nor its element. Nobody who reads that page finds the documents from there.",
    ),
    error(
        "embed-link-broken",
        "A product's page links to an address of the center at which there is nothing. Published addresses stay for ever, so it was never one, or a language or document was renamed without an alias.",
    ),
    error(
        "embed-link-wrong",
        "A product's page links elsewhere than to the document that the link's `rel` names, or by another scheme. Programs and people follow `rel=\"privacy-policy\"` and `rel=\"terms-of-service\"` (RFC 6903).",
    ),
    error(
        "embed-link-missing",
        "A product's page links to the center, but not to a document that it is expected to show: the privacy policy or the terms.",
    ),
    error(
        "embed-date-outdated",
        "A product's page states another date for a document than the center does, or leaves out a version that is announced. Links that the server includes stay right by themselves; pasted ones are pasted anew.",
    ),
    error(
        "embed-script-wrong",
        "A product's page loads the element's script from another address, with another hash, or without what a browser needs to verify it. A hash that does not fit makes the browser refuse the script, and no notice is shown.",
    ),
    error(
        "embed-script-missing",
        "A product's page has the element without its script, or the script without its element. Nothing is shown.",
    ),
    error(
        "embed-element-src",
        "The element reads another file than the center's notices: the example, most likely, which was for trying it out. Real notices would not be shown.",
    ),
    error(
        "embed-policy",
        "The Content-Security-Policy of a product's page keeps the browser from loading the script or the notices. A policy sent as a header cannot be seen in a saved page; check that one by hand.",
    ),
    // Suppressions and settings of the check.
    error(
        "invalid-suppression",
        "A suppression does not say which rule, why, and until when, so it suppresses nothing. In a text it is a comment on a line of its own before the block that it speaks for: <!-- fineprint-suppress RULE reason=\"why\" until=2027-06-01 -->. In `fineprint.toml` it is a `[[check.suppression]]` with rule, target, reason and until.",
    ),
    guard(
        "suppression-not-allowed",
        "Rules that guard the record (the ledger and frozen versions), the reading of files, the addresses and the readers' privacy cannot be suppressed, and neither can an error in the ledger or in a frozen version.",
    ),
    warning(
        "expired-suppression",
        "A suppression's last day has passed, so the finding that it suppressed counts again. Mend the finding, or give the suppression a new day if its reason still holds.",
    ),
    warning(
        "unused-suppression",
        "A suppression suppresses nothing: what it spoke for is mended or has moved. One that stays might one day hide something new.",
    ),
    warning(
        "unknown-jurisdiction",
        "A jurisdiction or profile in `[check]` is one that no rule and no item of the coverage report knows, so declaring it changes nothing.",
    ),
    info(
        "undeclared-law",
        "A text names a law whose jurisdiction is not declared in `[check]`. Which laws apply is never guessed from a text: declare those that do, and `fineprint check --coverage` says item by item what they ask for and where your texts answer it.",
    ),
    // The outline of texts.
    error(
        "empty-section",
        "A heading has nothing under it: a promise that was announced and never written, or one that was taken out by half. [hyg/empty-section].",
    ),
    warning(
        "empty-table",
        "A table has a head and no rows. A reader cannot tell whether there is nothing to list or somebody forgot to. [hyg/empty-section].",
    ),
    warning(
        "controller-not-named",
        "No text of the center names the organisation by its legal name or its brand, so nobody can tell whose promises these are. [hyg/org-name-missing; GDPR Art. 13(1)(a)].",
    ),
    info(
        "translation-missing",
        "The site speaks a language in which a document has no text. Its readers see the authoritative text and are told so; whoever is addressed in a language is best told in it. [wp/13-language; WP260 rev.01, paragraph 13].",
    ),
    warning(
        "translation-sections-differ",
        "A translation has other sections than the text that it translates, so one of them promises something that the other does not, and links to a section break when the language is changed. [fact/translation-drift].",
    ),
    warning(
        "translation-numbers-differ",
        "A section states one number and its translation another: most often a day or a period was changed in one language alone. Two promises are out, and a reader may hold you to either. [fact/translation-drift].",
    ),
    // Facts in registers.
    warning(
        "missing-legitimate-interest",
        "A purpose rests on a legitimate interest and does not say which. Where Art. 6(1)(f) is the basis, the interest itself has to be told. [gdpr/13-1-d; GDPR Art. 13(1)(d)].",
    ),
    info(
        "several-legal-bases",
        "A purpose has more than one legal basis. Readers' rights depend on the basis (consent can be withdrawn, a legitimate interest objected to), so each purpose is best told with the one that it rests on. [fact/purpose-basis; GDPR Art. 13(1)(c)].",
    ),
    warning(
        "deadline-differs-from-cited-period",
        "The register promises an answer later than a declared law asks for it: one month under GDPR Art. 12(3), 45 days under California's law and its like; both can be extended, in single cases and with a message. [fact/response-deadline, gdpr/12-3, ca/45-days].",
    ),
    info(
        "category-without-retention",
        "A category of data is collected for a purpose, most categories have a row in `retention`, and this one has none. The period, or the criteria for it, have to be told for each. [fact/retention-uncovered; GDPR Art. 13(2)(a)].",
    ),
    warning(
        "similar-hostnames",
        "Two addresses have hosts that differ by one letter. Most often one is a slip, and mail to it is lost or reaches somebody else. [fact/contact-set].",
    ),
    error(
        "processor-unnamed",
        "A row of `processors` has no name. Who receives data is told by name, or at least by a description in prose; a table of processors with a gap promises completeness and does not keep it. [fact/processor-unnamed].",
    ),
    info(
        "processor-role-missing",
        "A processor's role is not given. A company that decides itself what it does with data (an independent controller) owes readers a policy of its own, a processor does not. [fact/processor-fields].",
    ),
    warning(
        "duplicate-processor",
        "A company is listed twice, at the same time and for the same purpose, so that one row may change and the other stay. [fact/processor-fields].",
    ),
    error(
        "dates-reversed",
        "A processor ends before it starts, or objections to it are taken when it has already started. One of the dates is wrong. [fact/processor-fields].",
    ),
    warning(
        "missing-transfer-mechanism",
        "A processor is outside the European Economic Area and nothing says on what basis data go there: an adequacy decision, the EU-US Data Privacy Framework, standard contractual clauses, binding corporate rules, or consent. [fact/processor-fields, gdpr/13-1-f; GDPR Arts. 13(1)(f), 44 to 49].",
    ),
    warning(
        "transfer-contradicts-location",
        "What a row says about the transfer cannot be, given where the processor is: no transfer for a place outside the European Economic Area, an adequacy decision for a country of which none is known, or the EU-US framework for a company that is not in the United States. [fact/processor-fields, gdpr/44-49].",
    ),
    error(
        "processor-starts-too-soon",
        "A new processor starts before the notice that a document promises could have run, even if it were released today, or before that document can name it. A row without `since` starts with the first version that names it, so every document that places the register counts. People who were promised time to object would have none. [fact/notice-gap, gdpr/28-2].",
    ),
    warning(
        "ended-processor-listed",
        "A processor ends, and the last released version of a document still lists it from then on, because a version shows the register as it was on its day. Release the document so that the change takes effect when the processor ends.",
    ),
    warning(
        "deleted-processor",
        "A processor was published, and its row was deleted instead of ended. The register's page, its feed and its files forget that the company ever received data. Put the row back and give it `until`.",
    ),
    warning(
        "register-mismatch",
        "Two documents place the same register, and their last versions show it with different rows, because only one of them was released after a row was added. Readers of the other one are told something else.",
    ),
    // Dates.
    warning(
        "security-txt-expired",
        "The `security.txt` that the site publishes has expired, so finders of weaknesses are told not to rely on it (RFC 9116, section 2.5.5).",
    ),
    warning("date-in-future", "Something says that it was done on a day that has not come. [hyg/date-future]."),
    warning(
        "yearly-update-due",
        "With `us-ca` declared: a privacy policy is to be updated at least once every twelve months (Cal. Civ. Code 1798.130(a)(5)). This one was last published longer ago. [hyg/date-stale, ca/12-month].",
    ),
    error(
        "missing-justification",
        "The ledger says that the facts signalled a material change, that it was released as less, and gives no reason. A release asks for one and writes it down. [chg/classified].",
    ),
    // Links.
    error(
        "broken-link",
        "A link or a picture in a draft leads to an address that the site does not have. Addresses start at the site's root: `/terms/`, `/privacy/#rights`; a text is shown at several addresses, so one that is relative to the page breaks at some of them. [hyg/link-broken].",
    ),
    error(
        "broken-anchor",
        "A link in a draft leads to a section that is not there. The id of a section is what stands in `{#…}` behind its heading. [hyg/link-broken].",
    ),
    warning(
        "broken-link-in-record",
        "A frozen version links to an address that the site does not have (any more). The text cannot be changed; a redirect from the old address keeps the link alive. [hyg/link-broken].",
    ),
    info(
        "broken-anchor-in-record",
        "A frozen version links to a section that is not there. Nobody can mend that; it is told so that the next version does better. [hyg/link-broken].",
    ),
    warning(
        "unreachable-link",
        "With `--external-links`: an address on another host did not answer, or answered that nothing is there. Try it in a browser before you change it: a host may turn away programs. [hyg/link-broken].",
    ),
    // Rules that read prose.
    info(
        "prose-not-checked",
        "Rules that read prose know English, Spanish, French and German. A text in another language is checked for placeholders, notes to the author, structure and facts; what its sentences say is not read.",
    ),
    error(
        "placeholder-left",
        "A place that was to be filled in is published as it stands: `[COMPANY NAME]`, `${company}`, a line to write on. A notice that does not say who speaks or where to write keeps none of its promises.",
    ),
    error(
        "drafting-note-left",
        "A note from one author to another would be published: a warning sign, “before publishing this policy”, “to be reviewed by counsel”, “this is a template”. Two such signs in one block are an error, one alone is a warning. Notes can stay as Markdown comments.",
    ),
    error(
        "merge-conflict",
        "Git could not merge two histories of this text and left both in it, with marks. Published, a policy would say two things at once.",
    ),
    error(
        "unfinished-text",
        "A mark such as TODO or TBD says that a text is not finished. Readers would take it for the promise.",
    ),
    error(
        "duplicate-heading-number",
        "A heading has two numbers, such as `1. 01Information`: one that was typed, and one from a list, a style sheet or `numbering` in the front matter.",
    ),
    warning(
        "heading-number-out-of-order",
        "Numbers typed before headings do not follow one another: one is missing or stands twice. References by number then lead to the wrong section. `numbering = \"decimal\"` counts by itself.",
    ),
    info(
        "title-repeated",
        "The first lines repeat the document's title, as pages copied with their menus do. The title in the front matter is the heading of the page.",
    ),
    error(
        "unknown-section-number",
        "The text refers to a section by a number that no section has, so the reader finds nothing. `{{ section.ID }}` names a section by its id and stays right.",
    ),
    info(
        "hard-coded-section-number",
        "The text refers to a section by a number that was typed. It is right until a section is added, moved or taken out; `{{ section.ID }}` follows.",
    ),
    warning(
        "reference-dangling",
        "The text speaks of something that should stand on the page, a table or a date, and it does not.",
    ),
    warning(
        "document-not-linked",
        "The text sends readers to another document and links it nowhere. They cannot read what they are told to.",
    ),
    warning(
        "address-not-linked",
        "A web address stands in the text as bare words, without `https://`, so it cannot be followed; or in brackets of a link that was never finished.",
    ),
    warning(
        "contact-details-not-linked",
        "The text says that the way to reach you is on another page and does not link it. A notice says itself where to write: GDPR Art. 13(1)(a) and (b) ask for contact details in it, and people read notices in print and in archives.",
    ),
    error(
        "date-label-empty",
        "A label such as “Last updated” stands there without its date. The pages of a version show since when it is in force; the label is best removed.",
    ),
    warning(
        "date-ambiguous",
        "A date such as 04/05/2026 is one day in Europe and another in America. A promise with a date needs one day.",
    ),
    warning("stated-date-in-future", "The text says that it was updated on a day that has not come yet."),
    warning(
        "stated-date-old",
        "The text says that it was last updated more than a year ago. Some laws ask for a yearly look: California's CCPA does, Cal. Civ. Code § 1798.130(a)(5).",
    ),
    info(
        "hard-coded-date",
        "A date of the last change is typed in the text. Nobody changes it at the next release, and then it contradicts the page around it, which shows the version's own dates.",
    ),
    warning(
        "absolute-security",
        "The text promises security without limits. No system has it, and a promise that proves wrong is held against you as a misstatement.",
    ),
    info(
        "vague-security",
        "The text praises its security by a standard without naming any measure, or speaks of “appropriate measures” and names none anywhere. Readers learn nothing from it.",
    ),
    warning(
        "compliance-claimed",
        "The text claims that a law is kept. That is a statement people may rely on, and it is not for the text to decide; what is done for the reader says more.",
    ),
    warning(
        "liability-disclaimed",
        "A notice excludes liability for breaches. A notice informs and is agreed to by nobody, and the claim of GDPR Art. 82 cannot be taken away by it.",
    ),
    warning(
        "consent-by-use",
        "The text takes the use of a service for consent to the processing of data. Consent is a clear affirmative act of its own (GDPR Arts. 4(11) and 7); a notice needs no agreement.",
    ),
    warning(
        "acceptance-by-silence",
        "A notice says that whoever goes on using the service accepts its changes. A contract may say so, within limits; a notice informs, and silence agrees to nothing.",
    ),
    warning(
        "check-back-clause",
        "Readers are told to look regularly whether the notice has changed. The guidelines on transparency call that insufficient and unfair (WP260 rev.01, paragraph 29): who changes a notice tells those concerned.",
    ),
    info(
        "vague-qualifiers",
        "The text says “may”, “some”, “certain” and the like so often that readers cannot tell what is done. The guidelines on transparency ask for definite language (WP260 rev.01, paragraph 13).",
    ),
    error(
        "notice-days-mismatch",
        "The notice that the text promises is not the one that the front matter gives in `notice` (or `notice_subprocessors`), or the text promises two different ones. A release is held to the promise in the prose.",
    ),
    error(
        "unreadable-notice-period",
        "The text promises a notice whose last day cannot be computed, such as a quarter, a few days or 14 to 30 days, so no release can be held to it. Promise days, business days, weeks or months. If somebody checks the dates by hand, suppress the finding and say so.",
    ),
    warning(
        "notice-channel-not-listed",
        "The text promises to tell people of changes in a way that the document's `notice_channels` does not list, so a release would not remind anyone of it.",
    ),
    warning("deadline-mismatch", "The text says another time for answering requests than the register of rights."),
    warning(
        "breach-hours-to-people",
        "The text promises people hours after a breach. The 72 hours of GDPR Art. 33(1) are the authority's; people are told without undue delay (Art. 34(1)). Promising people hours is allowed, and seldom meant.",
    ),
    warning(
        "ages-mismatch",
        "The text draws the line for children at two different ages and does not say which holds where, or at another age than `minimum_age` of the organisation.",
    ),
    info(
        "retention-vague",
        "The text keeps data “as long as necessary” and says no more. Readers should be able to tell for themselves how long it is: by a time, or by what decides it (GDPR Art. 13(2)(a)).",
    ),
    warning("retention-mismatch", "The text keeps a kind of data for another time than the register of retention."),
    warning(
        "vendor-not-listed",
        "A sentence says that a vendor is used, and no register lists it. Customers read the list and take it for complete. `aka` of a row names what prose calls it; `[[check.vendor]]` in fineprint.toml adds vendors that are not known yet.",
    ),
    warning(
        "vendor-unnamed",
        "A list of those who receive data has a role where the others have a name, or the text speaks of “our payment processor” and nowhere says who that is. A category may be enough for the law (GDPR Art. 13(1)(e)); a name is what readers look for.",
    ),
    warning(
        "roles-contradict",
        "The text says that all who receive data act for you alone, and elsewhere, or in the `role` of a row, that one of them decides for itself. Both cannot hold. [fact/processor-role].",
    ),
    warning(
        "no-sale-claim-contradicted",
        "The text says that data is not sold or shared for advertising, and the register of processors lists an advertising network, or `sells_or_shares` says otherwise. [fact/no-sale-claim].",
    ),
    warning("cookie-not-listed", "The text names a cookie that the register of cookies does not list."),
    error(
        "necessary-cookies-claim-contradicted",
        "The text says that only necessary cookies are set, and the register lists others. Beside words about analytics, which can work without cookies, it is an information.",
    ),
    warning(
        "right-missing-from-register",
        "The text lists a right that the register of rights does not have, so the table and the text promise different things.",
    ),
    warning(
        "contact-not-listed",
        "A mail address of your own host stands in the text and is none of the organisation's contacts, so it is changed in one place and not in the other.",
    ),
    warning("similar-email-addresses", "Two mail addresses differ by one letter, so one of them is most likely wrong."),
    info(
        "duplicate-sentence",
        "The same words stand twice. What is said twice is changed once, and then contradicts itself.",
    ),
    info("inconsistent-terminology", "One thing has two names in the text, so that readers take it for two."),
    warning(
        "mixed-languages",
        "A stretch of the text is in another language than the text, most often a note or a sentence that was not translated.",
    ),
    warning(
        "reference-outdated",
        "The text refers to a law, a decision or a service that is no more. The list of those is dated; each finding says as of when.",
    ),
    warning(
        "missing-change-process",
        "A notice does not say how people are told when it changes. Readers then learn of a change by chance. California's CalOPPA asks for the process (Cal. Bus. & Prof. Code 22575(b)(3)), and the guidelines on transparency for a message (WP260 rev.01, paragraph 29). [chg/section].",
    ),
    warning(
        "vague-change-process",
        "A notice promises to tell of its changes and names neither a channel nor a time, so that nobody can say whether the promise was kept. [chg/process-concrete].",
    ),
    warning(
        "reference-retargeted",
        "A reference by number leads to another section than in the version that stands, because sections were added, removed or moved and the number stayed. [hyg/section-ref-retargeted].",
    ),
    warning(
        "summary-mismatch",
        "A summary, or the description that lists show, states a time that the text itself does not state. Layers must not contradict each other (WP260 rev.01, paragraph 35), and readers hold you to the shorter one. [fact/layers, wp/35-layers].",
    ),
    warning(
        "notice-with-terms",
        "One text is a privacy notice and a contract. A notice is told apart from terms of use (WP260 rev.01, paragraphs 8 and 33): it is not agreed to, and its changes are announced by rules of their own. [wp/8-separate].",
    ),
    warning(
        "notice-days-across-mismatch",
        "Two documents promise different notice of their changes, and the front matter does not say that they are meant to. Readers take the number of one for that of all. [fact/notice-days-across].",
    ),
    warning(
        "announcement-not-recorded",
        "The center keeps a record of what was sent, in the register `announcements`, and no row says that a channel which a version promises was used. Only that somebody wrote it down can be seen, never that it arrived. [fact/notice-channel, wp/29-dedicated].",
    ),
    warning(
        "announcement-too-late",
        "By your own record, a message that a version promises was sent so late that the promised days end after the version takes effect. The page alone starts no notice (WP260 rev.01, paragraph 29). [fact/notice-channel].",
    ),
    warning(
        "announcement-unknown-version",
        "A row of the register `announcements` names a document or a version that is not there, so it proves nothing. [fact/notice-channel].",
    ),
    warning(
        "right-missing-from-text",
        "The text lists rights and leaves out one that the register has, so that the list and the table promise different things. [fact/rights-set].",
    ),
    warning(
        "conflicting-practice",
        "A question about the business is answered one way in `[practices]` of the organisation's facts and the other way in `[check]` of the settings.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_code_of_its_own_and_an_explanation() {
        for (index, rule) in RULES.iter().enumerate() {
            assert!(RULES[..index].iter().all(|other| other.code != rule.code), "{}", rule.code);
            assert!(rule.explanation.ends_with('.') && rule.explanation.len() > 40, "{}", rule.code);
            assert!(
                rule.code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
                "{}",
                rule.code
            );
        }
    }
}
