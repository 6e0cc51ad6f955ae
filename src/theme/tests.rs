//! Themes as a site meets them: what loads, what is refused, what the words become.

use super::files::{DEFAULT, text};
use super::*;
use serde_json::json;
use std::collections::BTreeSet;

/// The languages in which the theme comes.
const LANGUAGES: [&str; 10] = ["en", "es", "fr", "de", "ar", "it", "pt", "nl", "ja", "he"];

fn plural(_: &str, n: u64) -> &'static str {
    if n == 1 { "one" } else { "other" }
}

const LOCALE: Locale = Locale {
    plural,
    date: |tag, iso| Some(format!("{iso} in {tag}")),
    direction: |tag| if tag == "he" { "rtl" } else { "ltr" },
};

fn load(files: &[(&str, &str)], languages: &[&str]) -> Result<Theme, Vec<ThemeError>> {
    let files: Vec<ThemeFile> = files.iter().map(|(path, text)| ThemeFile { path, bytes: text.as_bytes() }).collect();
    Theme::load(&files, languages, LOCALE)
}

fn says(template: &str) -> String {
    let theme = load(&[("templates/x.html", template)], &["en", "es"]).expect("a good theme");
    let date = json!({ "iso": "2026-12-08", "text": "8 <Dec>" });
    theme.render("x.html", "en", &json!({ "date": date, "n": 2, "content": "<b>", "none": null })).expect("a page")
}

#[test]
fn the_default_theme_loads_in_every_language() {
    let theme = load(&[], &LANGUAGES).expect("a good theme");
    for language in LANGUAGES {
        assert_eq!(theme.borrowed(language), &[] as &[String], "{language} lacks strings");
    }
    assert!(theme.asset_path("site.css").is_some_and(|path| path.starts_with("assets/site.")));
}

#[test]
fn all_languages_have_the_same_keys_and_placeholders() {
    let read = |code: &str| {
        let file = DEFAULT.get_file(format!("strings/{code}.toml")).expect("a file of strings");
        let (messages, faults) = strings::parse(code, text(file.contents()));
        assert_eq!(faults, [], "{code}");
        messages
    };
    let english = read("en");
    let categories =
        [("es", 3), ("fr", 3), ("de", 2), ("ar", 6), ("it", 3), ("pt", 3), ("nl", 2), ("ja", 1), ("he", 3)];
    for (code, forms) in categories {
        let other = read(code);
        assert_eq!(english.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "{code}");
        for (key, message) in &other {
            let known: BTreeSet<&str> = english[key].placeholders().collect();
            assert_eq!(known, message.placeholders().collect(), "{code}: {key}");
            let expected = if english[key].categories().is_empty() { 0 } else { forms };
            assert_eq!(message.categories().len(), expected, "{code}: {key}");
        }
    }
}

#[test]
fn strings_are_filled_and_escaped() {
    assert_eq!(
        says(r#"{{ t(key="takes-effect", effective=date) }}"#),
        "Takes effect on <time datetime=\"2026-12-08\">8 &lt;Dec&gt;</time>"
    );
    assert_eq!(
        says(r#"{{ t(key="translation", language={"href": "/?a&b", "text": "<E>"}) }}"#),
        "This is a translation. The version in <a href=\"/?a&amp;b\">&lt;E&gt;</a> prevails."
    );
    assert_eq!(says(r#"{{ t(key="reason", text="a < b") }}"#), "Reason: a &lt; b");
    assert_eq!(
        says(r#"{{ t(key="versions-count", n=n) }}, {{ t(key="versions-count", n=1) }}"#),
        "2 versions, 1 version"
    );
    assert_eq!(says("{{ content }}{{ content | safe }}"), "&lt;b&gt;<b>");
}

#[test]
fn borrowed_words_say_their_language_and_dates_follow_them() {
    let template = r#"<i title="{{ label(key="history") }}">{{ t(key="takes-effect", effective=date) }} {{ t(key="history") }}</i>"#;
    let files = [("templates/x.html", template), ("strings/sv.toml", "history = \"Versioner\"")];
    let theme = load(&files, &["sv"]).expect("a good theme");
    let context = json!({ "date": { "iso": "2026-12-08", "text": "8 december 2026" } });
    assert_eq!(
        theme.render("x.html", "sv", &context).expect("a page"),
        "<i title=\"Versioner\"><span lang=\"en\" dir=\"ltr\">Takes effect on <time datetime=\"2026-12-08\">2026-12-08 in en</time></span> Versioner</i>"
    );
    let errors =
        load(&[("templates/x.html", "<i title=\"{{ t(key=\"history\") }}\">")], &["en"]).err().unwrap_or_default();
    assert!(errors[0].message.contains("use `label`"), "{errors:?}");
}

#[test]
fn a_missing_value_names_key_and_placeholder() {
    let theme = load(&[("templates/x.html", "a\n  {{ t(key=\"takes-effect\", effective=none) }}")], &["en"])
        .expect("a good theme");
    let error = theme.render("x.html", "en", &json!({ "none": null })).expect_err("a missing value");
    assert_eq!((error.file.as_str(), error.line), ("templates/x.html", 2));
    assert!(error.message.contains("`takes-effect` needs a value for `{effective}`"), "{error}");
}

#[test]
fn a_site_changes_single_strings_and_falls_back() {
    let files = [("strings/es.toml", "history = \"Historial\""), ("strings/sv.toml", "history = \"Versioner\"")];
    let theme = load(&files, &["es", "sv", "fi-FI"]).expect("a good theme");
    let say = |language| theme.text(language, "history", &[]).expect("a string");
    assert_eq!([say("es"), say("sv"), say("fi-FI")], ["Historial", "Versioner", "All versions"]);
    assert_eq!(theme.text("es", "notices", &[]).expect("a string"), "Avisos");
    assert_eq!(theme.text("es", "rows-count", &[("n", "1")]).expect("a string"), "1 entrada");
    assert!(theme.borrowed("sv").contains(&"notices".to_string()));
}

#[test]
fn a_template_may_extend_the_one_that_it_replaces() {
    let own = "{% extends \"builtin/base.html\" %}{% block footer %}<footer>own</footer>{% endblock %}";
    let theme = load(&[("templates/base.html", own)], &["en"]).expect("a good theme");
    let page = json!({
        "lang": "en", "dir": "ltr", "nav": [], "assets": { "css": "/a.css", "js": "/a.js" },
        "brand": { "name": "Site", "logo": null, "icon": null, "image": null, "product": null, "theme_colors": [], "header": [], "footer": [] },
        "site": { "title": "Site", "home_href": "/", "changes_href": "/changes/", "search_href": "/search/", "generator": "fineprint", "zone": "UTC" },
        "page": { "kind": "404", "title": "Lost", "description": null, "robots": null, "canonical": "https://e.org/", "href": "/",
                  "alternates": [], "links": [], "languages": [], "json_ld": "{\"a\":\"</script>\"}" },
    });
    let html = theme.render("404.html", "en", &page).expect("a page");
    assert!(html.contains("<footer>own</footer>") && !html.contains("class=\"foot\""), "{html}");
    assert!(html.contains("{\"a\":\"\\u003c/script\\u003e\"}"), "{html}");
}

#[test]
fn everything_that_is_wrong_is_reported_at_its_place() {
    let errors = |files: &[(&str, &str)]| -> Vec<String> {
        load(files, &["en"]).err().unwrap_or_default().iter().map(ToString::to_string).collect()
    };
    let syntax = errors(&[("templates/a.html", "{% if %}"), ("templates/b.html", "x\n{{ }")]);
    assert_eq!(syntax.len(), 2, "{syntax:?}");
    assert!(syntax[0].starts_with("templates/a.html:1:") && syntax[1].starts_with("templates/b.html:2:"), "{syntax:?}");
    let unknown = errors(&[("templates/a.html", "{{ 1 | nope }}\n{{ never() }}")]);
    assert_eq!(
        unknown,
        ["templates/a.html:1:8: Unknown filter `nope`", "templates/a.html:2:4: Unknown function `never`"]
    );
    assert_eq!(
        errors(&[("templates/a.html", "{{ t(key=\"nope\") }}")]),
        ["templates/a.html:1:11: no string is called `nope`"]
    );
    assert_eq!(
        errors(&[("strings/en.toml", "# own\nhistory = \"{x}\"\nnotices = \"{\"")]),
        [
            "strings/en.toml:2:1: `history` is never given a value for `{x}`",
            "strings/en.toml:3:11: `notices`: a `{` without its `}`"
        ]
    );
    assert_eq!(
        errors(&[("templates/a.html", "{% extends \"none.html\" %}")]),
        ["templates/a.html:0:0: extends `none.html`, which does not exist"]
    );
}

#[test]
fn assets_are_named_by_their_bytes_and_find_each_other() {
    let files = [("assets/custom.css", "b{background:url(dot.svg)}"), ("assets/dot.svg", "<svg/>")];
    let theme = load(&files, &["en"]).expect("a good theme");
    let dot = theme.asset_path("dot.svg").expect("an asset").trim_start_matches("assets/");
    let (_, path, bytes) = theme.assets().find(|(name, ..)| *name == "site.css").expect("an asset");
    assert!(String::from_utf8_lossy(bytes).ends_with(&format!("b{{background:url({dot})}}")));
    assert_ne!(Some(path), load(&[], &["en"]).expect("a good theme").asset_path("site.css"));
    assert!(theme.asset_path("custom.css").is_none());
    assert_ne!(theme.digest(), load(&[], &["en"]).expect("a good theme").digest());
}

#[test]
fn groups_keep_the_order_of_their_values() {
    let template = "{% set rows = [{\"k\": \"z\"}, {\"k\": \"a\"}, {\"k\": \"z\"}] %}{% for name, group in rows | group_by(attribute=\"k\") %}{{ name }}{{ group | length }}{% endfor %}";
    assert_eq!(says(template), "z2a1");
}
