//! The registry of rules: every code that a finding may have, its severity, and its explanation.
//!
//! In: nothing. Out: the rules; `fineprint explain` prints their texts. Must not know: how a rule is checked.

use super::Severity;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// A rule: the explanation says what is wrong, why it matters, and how to fix it.
#[derive(Debug)]
pub struct Rule {
    pub code: &'static str,
    pub severity: Severity,
    pub explanation: &'static str,
    /// True if the rule protects the record, the reading of files or the reader, so that no site can lower it.
    pub is_protected: bool,
}

impl Rule {
    /// Returns the first sentence of the explanation.
    pub fn headline(&self) -> &'static str {
        self.explanation.split_inclusive(". ").next().unwrap_or(self.explanation).trim_end()
    }
}

static BY_CODE: LazyLock<FxHashMap<&str, &Rule>> =
    LazyLock::new(|| RULES.iter().map(|rule| (rule.code, rule)).collect());

/// Looks a rule up by its code, at a cost that does not grow with the number of rules.
pub fn rule(code: &str) -> Option<&'static Rule> {
    BY_CODE.get(code).copied()
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
        "The file is not valid TOML. The rest of it is read, so that you see the other findings too, but nothing is published. Fix the syntax at the marked place.",
    ),
    guard(
        "invalid-utf8",
        "A file contains bytes that are not UTF-8. A text that cannot be read exactly cannot be relied on. Save the file as UTF-8.",
    ),
    guard(
        "unreadable-file",
        "A file of the site cannot be read. A site that is read in part would be published in part. Check the file's permissions.",
    ),
    error("file-name-not-text", "A file's name is not valid UTF-8, so it cannot become an address. Rename the file."),
    error(
        "link-not-followed",
        "A symlink is broken, or points to a directory or out of the site. Only symlinks to files inside the site are followed, so that a build depends on the site alone.",
    ),
    error(
        "missing-settings",
        "`fineprint.toml` is missing. It states where the site will be published, the time zone of its dates, and its languages.",
    ),
    error("missing-key", "A required key is missing. Add it at the marked place; the help names the key."),
    error(
        "missing-site-setting",
        "`fineprint.toml` does not state the address of the site or the time zone of its dates. The preview works without them, but nothing is released or built: links, feeds and announcements would have no address, and a day would have no beginning. fineprint does not make them up.",
    ),
    error(
        "unknown-key",
        "The file has a key that fineprint does not know. It is most often a typo, and the setting that you meant has no effect.",
    ),
    guard(
        "level-not-allowed",
        "`[check.levels]` lowers a protected rule. Rules that protect the record (the ledger and frozen versions), the reading of files, the addresses or the readers' privacy always stop a build, and no level lowers an error in the ledger or in a frozen version. You can turn every other rule into an error, a warning or an info, or turn it off.",
    ),
    error("unknown-value", "The value is not one that the key accepts. Use one of the values that the help lists."),
    error("wrong-type", "The value has the wrong type for its key, such as a number where text is expected."),
    error("value-out-of-range", "The number is outside the range that the key accepts."),
    error(
        "invalid-date",
        "The value is not a calendar date. Write dates as 2026-12-08, without a time: a version takes effect at the beginning of a day in the site's time zone.",
    ),
    error("invalid-url", "The value is not a complete web address. It must begin with `https://` and name a host."),
    error("invalid-email", "The value is not an email address. Write it as name@domain."),
    error("invalid-duration", "The value is not a number with a unit. Write `30 days`, `12 months` or `72 hours`."),
    error(
        "invalid-retention",
        "`keep` does not state how long data is kept. It takes an exact period, a maximum, a range, a period after an event, a criterion, or `indefinite`.",
    ),
    error("unknown-country", "The location is not an ISO 3166-1 country code (two capital letters)."),
    error("unknown-timezone", "The time zone is not an IANA name. Every date of the site is a day in this zone."),
    error(
        "unknown-language",
        "The language is not a BCP 47 tag for which dates and numbers can be formatted. Use a short tag: `en`, `es`, `pt-BR`.",
    ),
    error("duplicate-language", "A language is listed twice. Its pages would be created twice. Remove one of them."),
    warning(
        "language-not-listed",
        "A translation is in a language that the settings do not list, so it is not published. Add the language to `languages` in fineprint.toml, or remove the translation.",
    ),
    error("invalid-color", "A color of `[brand]` cannot be read. Write it in hexadecimal: `#1b4b91`."),
    warning(
        "low-contrast",
        "Links and buttons in this color are hard to read on the page (WCAG 2.2, 1.4.3: 4.5 to 1). The help names a color of the same hue that is readable. `accent` is for the light color scheme, `accent_dark` for the dark one.",
    ),
    error(
        "missing-brand-file",
        "`[brand]` names a file that is not in `static`. Logos, icons, fonts and images are served from there; the name is the path below `static`.",
    ),
    warning(
        "missing-theme-strings",
        "The theme lacks words in a language of the site, so its pages show them in English, marked as English. Add `strings/<tag>.toml` to your theme.",
    ),
    error("unknown-theme", "The settings name a theme that does not exist. Check the directory that `theme` names."),
    guard(
        "invalid-theme",
        "A file of the theme cannot be used. The whole theme is checked before anything is written.",
    ),
    error(
        "invalid-id",
        "The id of a row or a section has characters that cannot be part of an address. Use lower-case letters, digits, `-` and `_`. Keep ids permanently, because links use them.",
    ),
    error(
        "duplicate-id",
        "Two rows or two sections have the same id, so a link or a fact could mean either. Rename one of them.",
    ),
    error(
        "invalid-alias",
        "An old address cannot be redirected. An alias is a path from the site's root that begins with `/`, has no spaces, no `..` and none of the characters `*`, `?`, `#`, `:` and `\\`, and is not the home page.",
    ),
    guard(
        "output-collision",
        "Two sources claim the same address, or one uses an address that fineprint needs itself. Nothing is written until each address has one source. Rename one of them.",
    ),
    guard(
        "unportable-file-name",
        "A file or directory has a name that some system cannot hold: a name that Windows reserves for a device such as `con` or `aux`, a control character, a character that Windows does not allow, or a period or space at its end. Such a repository cannot be checked out everywhere, and a line break in a name would end the line on which a host's configuration lists it. Rename it.",
    ),
    error(
        "missing-redirect-target",
        "A `[[redirect]]` leads to an address of this site at which there is no page, so readers of the old address would find nothing. Write the address of a page.",
    ),
    error(
        "redirect-loop",
        "A `[[redirect]]` leads back to itself through others, so a browser gives up before it shows a page. Let one of them lead to a page.",
    ),
    warning(
        "host-file-in-static",
        "A file in `static` configures a host or runs code there, such as `_worker.js`, `.htaccess` or `netlify.toml`. It can replace the headers and redirects that the build writes, and every page. If you need it, suppress this finding with a reason; otherwise remove it and use `build --host`.",
    ),
    error(
        "secret-in-static",
        "A file in `static` usually contains passwords or keys, such as `.env` or a private key. Everything in `static` is published. Move it out of the site, and change what it contains if it was ever published.",
    ),
    guard(
        "inline-code",
        "A page contains a script, an event handler or a style of its own. The site's Content-Security-Policy blocks them, because a page that could run code of its own could say something else than was published. Put it into a .js or .css file in `static` and refer to that.",
    ),
    error(
        "placeholder-address",
        "`base_url` is an address that belongs to nobody, or to this machine, such as example.com. Links, feeds, the calendar, embed snippets and announcements would all point there. Set it to the address at which the site is served.",
    ),
    info(
        "utc-timezone",
        "`timezone` is UTC. All dates are days in this zone, and a version takes effect at midnight there. If your readers live elsewhere, name the zone of your office, such as Europe/Madrid; if UTC is what you mean, suppress this note.",
    ),
    warning(
        "well-known-under-path",
        "The site lives under a path of its host, and `[well_known]` asks for files below `.well-known/`. These are read at the root of a host only (RFC 9116, RFC 8615), so nobody finds them below the path. Copy them to the root of the host, or remove the setting and maintain them there.",
    ),
    warning(
        "similar-register-name",
        "A register's name is nearly that of a register that fineprint knows. It is read as a register of your own, without the checks, columns and pages of the one that you probably meant. Rename the file.",
    ),
    guard(
        "third-party-resource",
        "A page would make the reader's browser load a resource from another host, and that host would learn who reads the policy. Copy the resource to `static`.",
    ),
    error(
        "invalid-document-name",
        "The name of a document's directory cannot be part of an address. Use lower-case letters, digits and hyphens.",
    ),
    warning(
        "folder-without-policy",
        "A directory under `content` contains neither a `policy.md` nor versions, so it is not a document. Add a `policy.md`, or remove the directory.",
    ),
    warning(
        "translation-outdated",
        "A translation still matches an earlier version, but the text that it translates has changed since. Translate the change. If it makes no difference in the other language, add `source_digest = \"…\"` to the translation's front matter, with the first digits of the digest of the text that it translates. If you release the translation unchanged, its page states that it is older.",
    ),
    warning(
        "unused-file",
        "A file under `content` is neither a text nor a register, so nothing uses it. Move it to `static`, or remove it.",
    ),
    error(
        "missing-title",
        "A document has no title. The title is the heading of its pages and its name in lists and feeds. Add `title = \"…\"` to the front matter.",
    ),
    error(
        "missing-authoritative-text",
        "A translation exists, but the text that it translates does not. Add a `policy.md` in the site's first language.",
    ),
    error("unclosed-front-matter", "The front matter begins with `+++` but does not end. Add a line `+++` after it."),
    error("yaml-front-matter", "The front matter is YAML. Write it in TOML between `+++` lines."),
    guard(
        "missing-document",
        "The ledger lists a document whose directory is missing. Published versions must stay. Restore the directory from Git.",
    ),
    guard(
        "missing-version",
        "The ledger lists a version whose directory is missing. Published versions must stay. Restore the directory from Git.",
    ),
    guard(
        "missing-frozen-file",
        "A frozen version is missing a file that the ledger lists. Published versions must stay. Restore the file from Git.",
    ),
    guard(
        "frozen-file-edited",
        "A file of a released version differs from what was released, so the site would claim that it had promised something else. Restore the file from Git. To change a policy, edit its draft and release a new version.",
    ),
    guard(
        "unexpected-frozen-file",
        "A released version contains a file that was not part of the release. It could change what the version says. Move it elsewhere.",
    ),
    guard(
        "ledger-without-digests",
        "A ledger entry is missing the digests that make it a record: of the previous entry, of itself, of its frozen files and texts. `fineprint release`, `withdraw` and `import` write these; an entry without them was written or cut by hand. Restore the ledger from Git.",
    ),
    guard(
        "ledger-act-incomplete",
        "An act on the record can make several entries, such as a fix of the version in force and the announced one frozen again with it. Each says which part of how many it is, and here one is missing: the end of the ledger was cut off, or entries were taken out of an act. Restore the ledger from git.",
    ),
    guard(
        "ledger-entry-edited",
        "A ledger entry was changed after it was written: its text does not match its own digest. Restore the ledger from Git. A mistake in an entry stays on the record; a later entry can correct it.",
    ),
    guard(
        "ledger-entry-missing",
        "A ledger entry was removed or replaced: the entry after it refers to one that is not in the ledger. Restore the ledger from Git.",
    ),
    guard(
        "ledger-entry-repeated",
        "A ledger entry appears twice, most often because a merge kept both sides of the same lines. Remove the second copy.",
    ),
    guard(
        "ledger-reordered",
        "The ledger has all its entries, but not in the order in which they were written. Restore the ledger from Git.",
    ),
    guard(
        "ledger-forked",
        "Two ledger entries follow the same entry, because two branches that had each released something were merged. The record has one order. Keep the branch that was published first. Remove the other branch's entries from the ledger and the version directories that they froze, then release again: the drafts are still there, and the new entries follow the ones that stay.",
    ),
    guard(
        "release-interrupted",
        "A release, withdrawal or import stopped before it was recorded in the ledger, and some of its files are already in place. None of them counts. Run the command again: it removes the leftover files first and then does the whole work.",
    ),
    guard(
        "duplicate-version",
        "The ledger releases the same version twice. Each release adds one entry. Restore the ledger from Git.",
    ),
    guard(
        "version-not-on-ledger",
        "A directory under `versions` is not in the ledger, so nobody can say when it was published. Either the end of the ledger was cut off, or the directory was made by hand. Restore the ledger from Git, or remove the directory.",
    ),
    guard(
        "version-name-differs",
        "A version's name is the day on which it takes effect, but the ledger states another day. Restore the directory's name and the ledger from Git.",
    ),
    guard(
        "withdrawn-too-late",
        "A version was withdrawn after it took effect. An announced version can be withdrawn only before that day. Release a new version instead.",
    ),
    guard(
        "effective-before-published",
        "A version takes effect before the day on which it was published. It cannot apply to people who could not read it.",
    ),
    guard(
        "significance-missing",
        "A version does not state whether its changes are material, minor or editorial. Every version after the first needs this, because the notice that it requires depends on it.",
    ),
    guard(
        "notice-period-too-short",
        "A material version takes effect before its notice has run. The notice period is what the version in force on the day of publication promised or what the new version states, whichever gives the later date. The day of the announcement is not counted and the last day counts whole (Regulation (EEC, Euratom) 1182/71, Art. 3(1) and (2)), so a notice of N days announced on day P ends with day P + N, and P + N + 1 is the earliest effective date; with notice_counting = \"date-difference\" it is P + N. Weeks and months end on the day of the same name or number, or on the last day of the month; business days are Monday to Friday without `notice_holidays`.",
    ),
    guard(
        "resolved-text-changed",
        "A published text would be written with different words than when it was released, because this version of fineprint writes a fact or a table differently. The record must not change. Build with the version of fineprint that released the text.",
    ),
    info(
        "register-not-released",
        "A register has `page = true`, but no released version uses it, so its page is not published. The page shows released facts, not drafts.",
    ),
    error(
        "unknown-fact",
        "A text names a fact that is not there. Facts are dotted paths: `organization.legal_name`, `notice`, `REGISTER.ROW.FIELD`, `section.ID`.",
    ),
    error("unknown-register", "A text includes a register that does not exist. Check the name."),
    error(
        "unknown-column",
        "A text asks for a column that the register does not have. Use one of the columns that the help lists.",
    ),
    error(
        "invalid-expression",
        "The text between double braces is not the path of a fact. Write a dotted path such as `{{ organization.legal_name }}`, or `\\{{` for literal braces.",
    ),
    error(
        "unmatched-brace",
        "A double brace has no partner on its line, so the text may be missing a fact. Write `\\{{` for literal braces.",
    ),
    error(
        "too-many-expressions",
        "A text uses more facts than fineprint can tell apart, or contains the private-use characters that stand for them. Split the text, or remove these characters.",
    ),
    warning("empty-fact", "A fact is empty, so the sentence that uses it has a gap. Fill in the fact."),
    error("unknown-section", "A text refers to a section id that it does not have. Check the id."),
    error("section-loop", "Two headings refer to each other, so neither can be written. Remove one of the references."),
    error(
        "unknown-directive",
        "A block begins with `:::` and a name that is not a directive. The directives are `register` and `summary`.",
    ),
    error(
        "unnamed-directive",
        "A `:::` opens a block without a name, most often because another block is closed twice. Remove the extra `:::`.",
    ),
    error(
        "unclosed-directive",
        "A block that begins with `:::` does not end, so everything after it would be part of it. Close it with a line `:::`.",
    ),
    error(
        "directive-argument",
        "A directive has an unknown argument, or one that cannot be read. The help lists the arguments that it takes.",
    ),
    error(
        "unsafe-link",
        "The address of a link or an image would run a script or carry data. The page shows its text without the link.",
    ),
    error(
        "remote-image",
        "An image would be loaded from another host, and that host would learn who reads the policy. Copy the image to `static`.",
    ),
    warning(
        "raw-html-dropped",
        "The text contains raw HTML that is not on the allow-list. It is dropped, and this may change what the text says. Write the passage in Markdown.",
    ),
    warning(
        "heading-level-one",
        "The text has a heading of level 1. The title from the front matter is the page's first heading; start sections at `##`.",
    ),
    warning(
        "heading-level-skipped",
        "A heading is more than one level below the heading before it. People who navigate by headings miss a level. Use the next level.",
    ),
    warning(
        "unknown-attribute",
        "A heading has attributes in braces that have no meaning. Headings take an id and former ids: `{#id aliases=\"old-id\"}`.",
    ),
    warning(
        "stray-attributes",
        "Attributes in braces appear where nothing uses them, so they would be printed. Remove them, or move them to the end of a heading.",
    ),
    warning("unused-footnote", "Nothing refers to a footnote, so readers do not see it. Refer to it, or remove it."),
    error(
        "too-deeply-nested",
        "Lists or quotations are nested too deeply to follow. The inner text is shown as plain text. Use fewer levels.",
    ),
    error(
        "embed-missing",
        "A page of your product, given to `fineprint embed --check`, contains neither a link to the center nor its element. Readers of that page cannot find the documents. Paste the output of `fineprint embed`.",
    ),
    error(
        "embed-link-broken",
        "A page of your product links to an address that the center does not have. Published addresses are permanent, so the address never existed, or a language or document was renamed without an alias.",
    ),
    error(
        "embed-link-wrong",
        "A page of your product links to something other than the document that the link's `rel` names, or with another scheme. Programs and people rely on `rel=\"privacy-policy\"` and `rel=\"terms-of-service\"` (RFC 6903).",
    ),
    error(
        "embed-link-missing",
        "A page of your product links to the center, but not to the privacy policy or to the terms, which readers expect there. Paste the output of `fineprint embed`.",
    ),
    error(
        "embed-date-outdated",
        "A page of your product states a different date for a document than the center, or omits an announced version. Links that your server includes update automatically; paste copied ones again.",
    ),
    error(
        "embed-script-wrong",
        "A page of your product loads the element's script from another address, with another hash, or without the attributes that a browser needs to verify it. With a wrong hash the browser refuses the script, and no notice is shown. Paste the output of `fineprint embed`.",
    ),
    error(
        "embed-script-missing",
        "A page of your product has the element without its script, or the script without its element, so no notice is shown. Paste the output of `fineprint embed`.",
    ),
    error(
        "embed-element-src",
        "The element reads a file other than the center's notices, probably the example file for trials. Real notices would not be shown. Remove `src`.",
    ),
    error(
        "embed-policy",
        "The Content-Security-Policy of your product's page prevents the browser from loading the script or the notices. A policy sent as a header is not visible in a saved page; check that one yourself.",
    ),
    // Suppressions and settings of the check.
    error(
        "invalid-suppression",
        "A suppression does not state its rule, reason and last day, so it has no effect. In a text, write a comment on a line of its own before the block: <!-- fineprint-suppress RULE reason=\"why\" until=2027-06-01 -->. In `fineprint.toml`, write a `[[check.suppression]]` with rule, target, reason and until.",
    ),
    guard(
        "suppression-not-allowed",
        "A suppression names a rule that cannot be suppressed. Rules that protect the record (the ledger and frozen versions), the reading of files, the addresses or the readers' privacy always count, and so does any error in the ledger or in a frozen version. Remove the suppression and fix the finding.",
    ),
    warning(
        "expired-suppression",
        "A suppression's last day has passed, so its finding counts again. Fix the finding, or set a later day if the reason still applies.",
    ),
    warning(
        "unused-suppression",
        "A suppression has no effect: its finding was fixed or has moved. If it stays, it might hide something new one day. Remove it.",
    ),
    warning(
        "unknown-jurisdiction",
        "No rule and no item of the coverage report knows a jurisdiction or profile that `[check]` declares, so the declaration has no effect. Check its name.",
    ),
    info(
        "undeclared-law",
        "A text mentions a law whose jurisdiction `[check]` does not declare. fineprint never guesses from a text which laws apply. Declare those that do, and `fineprint check --coverage` lists what they ask for and where your texts answer it.",
    ),
    // The outline of texts.
    error(
        "empty-section",
        "A section is empty: it was announced and never written, or its text was removed without its heading. Write the section, or remove its heading. [hyg/empty-section].",
    ),
    warning(
        "empty-table",
        "A table has a header row and no other rows. Readers cannot tell whether the list is really empty. Add the rows, or say in a sentence that there are none. [hyg/empty-section].",
    ),
    warning(
        "controller-not-named",
        "No text of the center names the organization by its legal name or its brand, so readers cannot tell who makes these promises. Add `{{ organization.legal_name }}` to the first section. [hyg/org-name-missing].",
    ),
    info(
        "translation-missing",
        "The site has a language into which a document is not translated. Its readers see the authoritative text with a remark about that. Translate it if you address people in that language. [wp/13-language].",
    ),
    warning(
        "translation-sections-differ",
        "A translation does not have the same sections as the text that it translates, so one of them promises something that the other does not. Links to a section break when a reader switches languages. [fact/translation-drift].",
    ),
    warning(
        "translation-numbers-differ",
        "A section and its translation state different numbers, most often because a day or a period was changed in one language only. Readers may hold you to either. [fact/translation-drift].",
    ),
    // Facts in registers.
    warning(
        "missing-legitimate-interest",
        "A purpose is based on a legitimate interest but does not state which, so readers cannot weigh it. Add it in `interest`. [gdpr/13-1-d].",
    ),
    info(
        "several-legal-bases",
        "A purpose has more than one legal basis. Readers' rights depend on the basis: they can withdraw consent and object to a legitimate interest. List each purpose with its own basis. [fact/purpose-basis].",
    ),
    warning(
        "deadline-differs-from-cited-period",
        "The register or a text promises an answer later than the period that a declared law names for the first answer. Periods that include an extension look longer than they are: state the period without it, and explain the extension. [fact/response-deadline, gdpr/12-3, ca/45-days].",
    ),
    info(
        "category-without-retention",
        "A category of data that is collected for a purpose has no row in `retention`, although most categories do. Readers cannot tell how long it is kept. Add a row, or use the same name in both registers. [fact/retention-uncovered].",
    ),
    warning(
        "similar-hostnames",
        "Two addresses have hosts that differ by one letter. One is most likely a typo, and mail to it is lost or reaches someone else. [fact/contact-set].",
    ),
    warning(
        "processor-unnamed",
        "A row of `processors` has no name. A table of processors promises to be complete; a row without a name breaks that promise. Name the company, or describe the recipient in prose. [fact/processor-unnamed].",
    ),
    info(
        "processor-role-missing",
        "A processor's role is missing. A company that decides for itself what it does with data (an independent controller) needs a policy of its own; a processor does not. Add `role`. [fact/processor-fields].",
    ),
    warning(
        "duplicate-processor",
        "A company is listed twice for the same time and purpose. One row may be changed and the other forgotten. Remove one of them. [fact/processor-fields].",
    ),
    error(
        "dates-reversed",
        "A processor ends before it starts, or the deadline for objections is after its start. Correct the wrong date. [fact/processor-fields].",
    ),
    warning(
        "missing-transfer-mechanism",
        "A processor is outside the home of a declared law (the European Economic Area, the United Kingdom, Switzerland), and its row does not state on what basis data is transferred there. Add `transfer_mechanism`. [fact/processor-fields, gdpr/13-1-f].",
    ),
    warning(
        "transfer-contradicts-location",
        "A row's transfer mechanism and its location look as if they do not fit: no transfer although the place is outside the home of the declared law, an adequacy decision for a country for which none is known here, or the EU-US framework for a row that is not in the United States. Check `transfer_mechanism` and `location`; `onward` tells of a parent in the United States. [fact/processor-fields, gdpr/44-49].",
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
        "The site's `security.txt` has expired, which tells people who find a vulnerability not to rely on it (RFC 9116, section 2.5.5). Review it and set a new `expires`.",
    ),
    warning("date-in-future", "A date in the past tense is in the future. Correct the date. [hyg/date-future]."),
    warning(
        "yearly-update-due",
        "`us-ca` is declared, and this policy was last published more than twelve months ago. The law that the citation names speaks of an update at least once every twelve months. Review the text and release a version. [hyg/date-stale, ca/12-month].",
    ),
    error(
        "missing-justification",
        "A ledger entry records signals of a material change that was released as less than material, but no justification. `fineprint release` requires one. Restore the ledger from Git. [chg/classified].",
    ),
    // Links.
    error(
        "broken-link",
        "A link or an image in a draft points to an address that the site does not have. Write addresses from the site's root: `/terms/`, `/privacy/#rights`. A text appears at several addresses, so a relative address breaks at some of them. [hyg/link-broken].",
    ),
    error(
        "broken-anchor",
        "A link in a draft points to a section that does not exist. The id of a section is in `{#…}` after its heading. [hyg/link-broken].",
    ),
    warning(
        "broken-link-in-record",
        "A frozen version links to an address that the site does not have, or no longer has. The text cannot change; redirect the old address to keep the link working. [hyg/link-broken].",
    ),
    info(
        "broken-anchor-in-record",
        "A frozen version links to a section that does not exist. The text cannot change; fix the link in the draft, so that the next version has it right. [hyg/link-broken].",
    ),
    warning(
        "unreachable-link",
        "With `--external-links`: a link to another host did not answer, or answered that the page does not exist. Try it in a browser before you change it: some hosts turn programs away. [hyg/link-broken].",
    ),
    // Rules that read prose.
    info(
        "prose-not-checked",
        "The rules that read prose know English, Spanish, French and German. A text in another language is checked for placeholders, author's notes, structure and facts, but its sentences are not read.",
    ),
    error(
        "placeholder-left",
        "A placeholder would be published as it is: `[COMPANY NAME]`, `${company}`, a blank line to fill in. Readers cannot tell who makes the promise or where to write. Fill it in.",
    ),
    error(
        "drafting-note-left",
        "An author's note would be published: a warning sign, “before publishing this policy”, “to be reviewed by counsel”, “this is a template”. Two such signs in one block are an error; one alone is a warning. Remove the note, or make it a Markdown comment.",
    ),
    error(
        "merge-conflict",
        "The text contains conflict markers from a Git merge, so the policy would say two things at once. Keep one side and remove the markers.",
    ),
    error(
        "unfinished-text",
        "A marker such as TODO or TBD says that the text is not finished. Readers would take it as part of the promise. Finish the text, or make the marker a Markdown comment.",
    ),
    error(
        "duplicate-heading-number",
        "A heading has two numbers, such as `1. 01Information`: one typed, and one from a list, a style sheet or `numbering` in the front matter. Remove the typed one.",
    ),
    warning(
        "heading-number-out-of-order",
        "The typed numbers of headings are not in sequence: one is missing or repeated, so references by number point to the wrong section. `numbering = \"decimal\"` numbers the headings automatically.",
    ),
    info(
        "title-repeated",
        "The first lines repeat the document's title, as in pages that were copied with their menus. The title in the front matter is already the heading of the page. Remove the lines.",
    ),
    warning(
        "unknown-section-number",
        "The text refers to a section of its own by a number that no heading, paragraph or list item has. A reader who looks there finds nothing. Nothing is said where another document or a law may be meant. `{{ section.ID }}` refers to a section by its id and stays correct.",
    ),
    info(
        "hard-coded-section-number",
        "The text refers to a section by a typed number. The number becomes wrong when a section is added, moved or removed. `{{ section.ID }}` stays correct.",
    ),
    warning(
        "reference-dangling",
        "The text refers to something on the page, such as a table or a date, that is not there. Add it, or remove the reference.",
    ),
    warning(
        "document-not-linked",
        "The text refers readers to another document but does not link to it. Add the link.",
    ),
    warning(
        "address-not-linked",
        "A web address is written as plain text without `https://`, or in the brackets of an unfinished link, so readers cannot follow it. Write the complete link.",
    ),
    warning(
        "contact-details-not-linked",
        "The text says that the contact details are on another page but does not link to it. People also read notices in print and in archives, where no page is near. Add the details, or at least the link.",
    ),
    error(
        "date-label-empty",
        "A label such as “Last updated” has no date. The page of each version already shows since when it is in force. Remove the label.",
    ),
    warning(
        "date-ambiguous",
        "A date such as 04/05/2026 is one day in Europe and another in America. A promise needs one day. Write the month as a word.",
    ),
    warning(
        "stated-date-in-future",
        "The text says that it was updated on a day in the future. Correct the date, or remove it.",
    ),
    warning(
        "stated-date-old",
        "The text says that it was last updated more than a year ago. Readers cannot tell whether it still holds. Review the text.",
    ),
    info(
        "hard-coded-date",
        "The date of the last change is typed in the text. It is easily forgotten at the next release and then contradicts the page, which shows the version's own dates. Remove it.",
    ),
    warning(
        "absolute-security",
        "The text promises unlimited security. No system has it, and the claim becomes a misstatement when it fails. Say what you do instead.",
    ),
    info(
        "vague-security",
        "The text claims a standard of security without naming any measure, or mentions “appropriate measures” and names none. Readers learn nothing from it. Name the measures.",
    ),
    warning(
        "compliance-claimed",
        "The text claims to meet a law. People may rely on that statement, and a policy cannot decide it. Say what you do for the reader instead.",
    ),
    warning(
        "liability-disclaimed",
        "A notice excludes liability for breaches. A notice informs readers, who agree to nothing by reading it, and a sentence about liability reads as if they did. Have a lawyer look at the sentence, or move it to the terms.",
    ),
    warning(
        "consent-by-use",
        "The text treats using the service as consent to data processing. The sources below describe consent otherwise. Say what the service does, and ask for consent where you rely on it.",
    ),
    warning(
        "acceptance-by-silence",
        "A notice says that people who continue to use the service accept its changes. A notice informs, and readers who say nothing have not answered. Say what changes and from when instead.",
    ),
    warning(
        "check-back-clause",
        "The text asks readers to check regularly whether the notice has changed. Few people do, so a change reaches nobody. Say how you notify them.",
    ),
    info(
        "vague-qualifiers",
        "The text uses “may”, “some”, “certain” and similar words so often that readers cannot tell what you do. Say what you do, and when.",
    ),
    error(
        "notice-days-mismatch",
        "The notice that the text promises is not the one that the front matter gives in `notice` (or `notice_subprocessors`), or the text promises two different ones. A release is held to the promise in the prose.",
    ),
    error(
        "unreadable-notice-period",
        "The text promises a notice whose last day cannot be computed, such as a quarter, a few days or 14 to 30 days, so no release can be held to it. Promise days, business days, weeks or months. If you check the dates by hand, suppress the finding and state that as the reason.",
    ),
    warning(
        "notice-channel-not-listed",
        "The text promises to notify people of changes through a channel that the document's `notice_channels` does not list, so a release would not remind you of it. Add the channel to the front matter.",
    ),
    warning(
        "deadline-mismatch",
        "The text and the register of rights state different deadlines for answering requests. Correct one of them.",
    ),
    warning(
        "breach-hours-to-people",
        "The text promises to inform people within hours of a breach. The hours that laws name are most often those for an authority. A promise of hours to people binds you on weekends, too; few companies mean to give it.",
    ),
    warning(
        "ages-mismatch",
        "The text states two age limits for children without saying where each applies, or a different age than the organization's `minimum_age`. Correct one of them.",
    ),
    info(
        "retention-vague",
        "The text keeps data “as long as necessary” and says nothing more specific. Readers cannot tell the period from that. State a length of time, or the criteria that determine it.",
    ),
    warning(
        "retention-mismatch",
        "The text and the register of retention periods state different periods for the same data. Correct one of them.",
    ),
    warning(
        "vendor-not-listed",
        "A sentence says that you use a vendor that no register lists. Customers take the list as complete. Add the vendor to the register, or its name in prose to `aka` of its row. `[[check.vendor]]` in fineprint.toml adds vendors that fineprint does not know.",
    ),
    warning(
        "vendor-unnamed",
        "A list of recipients has a role where the others have a name, or the text mentions “our payment processor” and never says who that is. Readers look for the name. Add it, or say that the category is all that you name.",
    ),
    warning(
        "roles-contradict",
        "The text says that all recipients act only on your behalf, but elsewhere, or in a row's `role`, one of them decides for itself. Both cannot be true. Correct one of them. [fact/processor-role].",
    ),
    warning(
        "no-sale-claim-contradicted",
        "The text says that data is not sold or shared for advertising, but the register of processors lists an advertising network, or `sells_or_shares` says otherwise. Correct one of them. [fact/no-sale-claim].",
    ),
    warning(
        "cookie-not-listed",
        "The text names a cookie that the register of cookies does not list. Add it to the register.",
    ),
    error(
        "necessary-cookies-claim-contradicted",
        "The text says that only necessary cookies are set, but the register lists others. If the text mentions analytics, which can work without cookies, the finding is an info.",
    ),
    warning(
        "right-missing-from-register",
        "The text lists a right that the register of rights does not have, so the table and the text promise different things. Add it to the register.",
    ),
    warning(
        "contact-not-listed",
        "The text has an email address on your own host that is not one of the organization's contacts. When contacts change, it is easily forgotten. Add it to `contacts` and use the fact.",
    ),
    warning(
        "similar-email-addresses",
        "Two email addresses differ by one letter, so one of them is most likely a typo. Correct it.",
    ),
    info(
        "duplicate-sentence",
        "The same sentence appears twice. When one copy is changed, the two contradict each other. Remove one of them.",
    ),
    info(
        "inconsistent-terminology",
        "The text uses two terms for one thing, so readers take them for two things. Use one term.",
    ),
    warning(
        "mixed-languages",
        "A passage is in a different language from the rest of the text, most often a note or a sentence that was not translated. Translate it.",
    ),
    warning(
        "reference-outdated",
        "The text refers to a law, a decision or a service that no longer applies or exists. Each finding states the day and what is there instead. Replace the reference, or say that it is history.",
    ),
    warning(
        "missing-change-process",
        "A notice does not say how people are notified when it changes, so they learn of a change only by chance. Add a section on changes, with the channel and the notice period. [chg/section].",
    ),
    warning(
        "vague-change-process",
        "A notice promises to notify people of its changes but names neither a channel nor a time, so nobody can tell whether the promise was kept. Name the channel and the notice period. [chg/process-concrete].",
    ),
    warning(
        "reference-retargeted",
        "A reference by number now points to a different section than in the version in force, because sections were added, removed or moved and the number stayed. Use `{{ section.ID }}`. [hyg/section-ref-retargeted].",
    ),
    warning(
        "summary-mismatch",
        "A summary, or the description that lists show, states a length of time that the text itself does not. Readers of the summary are told something else than readers of the text. Correct one of them. [fact/layers, wp/35-layers].",
    ),
    warning(
        "notice-with-terms",
        "One text is both a privacy notice and a contract. Readers who look for one have to search the other, and their changes are announced in different ways. Split the text. [wp/8-separate].",
    ),
    warning(
        "notice-days-across-mismatch",
        "Two documents promise different notice of their changes, and their front matter does not say that this is intended. Readers take the number of one document for all of them. [fact/notice-days-across].",
    ),
    warning(
        "announcement-not-recorded",
        "The register `announcements` records what was sent, but it has no row for a channel that a version promises. A row shows only that someone recorded the message, not that it arrived. Add the row. [fact/notice-channel, wp/29-dedicated].",
    ),
    warning(
        "announcement-too-late",
        "According to your own records, a message that a version promises was sent so late that the promised days end after the version takes effect. Readers who were promised the days had fewer. Correct the row if the message went out earlier. [fact/notice-channel].",
    ),
    warning(
        "announcement-unknown-version",
        "A row of the register `announcements` names a document or version that does not exist, so it documents nothing. Correct the row. [fact/notice-channel].",
    ),
    warning(
        "right-missing-from-text",
        "The text lists rights but leaves out one that the register has, so the list and the table promise different things. Add it to the text. [fact/rights-set].",
    ),
    warning(
        "conflicting-practice",
        "`[practices]` in content/organization.toml and `[check]` in the settings answer the same question differently. Remove one of the answers.",
    ),
    error(
        "hidden-character",
        "A text has a character that nobody sees, or a word whose letters come from two alphabets that look alike. Readers see other words than search, screen readers, comparisons and the digest have. Delete the character, or type the word again.",
    ),
    warning(
        "foreign-markup",
        "A mark of another dialect of Markdown is published as it is typed: an admonition, a marked word, a class, a link or a note without its definition. Write it in CommonMark, or put a backslash before the mark if you mean it.",
    ),
    warning(
        "dropped-table-cell",
        "A row of a table has more cells than its head has columns, and what is beyond the last column is not on the page. Add a column to the head, or write `\\|` for a bar inside a cell.",
    ),
    warning(
        "list-number-mismatch",
        "An item of a list is typed with one number and shown with another, because Markdown counts on from the first number of a list. References to the item lead readers to the wrong one. Correct the number, start a new list where the count starts again, or put a backslash before the full stop to keep the number as typed.",
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
