//! Every language says everything, and says it the same way every time.

use super::labels::{CATALOGUES, Entry, entries};
use super::*;
use jiff::civil;
use std::collections::{BTreeMap, BTreeSet};

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap_or_else(|| panic!("{tag} is refused"))
}

fn day(text: &str) -> civil::Date {
    text.parse().unwrap()
}

fn long(tag: &str, text: &str) -> String {
    date(&language(tag), day(text))
}

fn strings(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| item.to_string()).collect()
}

fn all_tags() -> Vec<&'static str> {
    rows(include_str!("data/languages.tsv")).map(|row| row[0]).collect()
}

/// The text of every key, plural forms under their own.
fn texts(source: &str) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for (key, entry) in entries(source) {
        match entry {
            Entry::Text(text) => drop(out.insert(key, text)),
            Entry::Forms(forms) => out.extend(forms.into_iter().map(|(form, text)| (format!("{key}#{form}"), text))),
        }
    }
    out
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).map(|rest| rest.split_once('}').expect("an open brace").0).collect()
}

fn assert_shareable<T: Send + Sync + Clone>() {}

#[test]
fn a_language_goes_from_thread_to_thread() {
    assert_shareable::<Language>();
}

#[test]
fn tags_take_their_canonical_form() {
    for (written, canonical) in [
        ("EN-us", "en-US"),
        ("es", "es"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("zh-tw", "zh-TW"),
        ("CA-es-VALENCIA", "ca-ES-valencia"),
        ("es-AD", "es-AD"),
        ("es-419", "es-419"),
        ("sr-latn", "sr-Latn"),
        ("nb", "nb"),
    ] {
        assert_eq!(language(written).tag(), canonical);
    }
    assert_eq!(language("EN-us"), language("en-US"));
}

#[test]
fn what_is_no_known_language_is_refused() {
    for tag in [
        "",
        "-",
        "xx",
        "en_US",
        "english",
        "und",
        "en-ZZ",
        "en-EU",
        "en-XX",
        "es-Cyrl",
        "tlh",
        "e",
        "en-",
        "fa-u-nu-latn",
        "en-x-legal",
        "en-GB-oxendict",
        "i-klingon",
        "../en",
        "de_DE.UTF-8",
        "iw",
    ] {
        assert!(Language::parse(tag).is_none(), "{tag:?} is taken");
    }
}

#[test]
fn fallbacks_end_in_english() {
    for (tag, expected) in [
        ("pt-BR", "pt-BR pt en"),
        ("pt-AO", "pt-AO pt-PT pt en"),
        ("en", "en"),
        ("en-US", "en-US en"),
        ("en-AU", "en-AU en-001 en"),
        ("es-MX", "es-MX es-419 es en"),
        ("es-AD", "es-AD es en"),
        ("ca-ES-valencia", "ca-ES-valencia ca-ES ca en"),
        ("zh-TW", "zh-TW zh-Hant-TW zh-Hant en"),
        ("nb-NO", "nb-NO nb no en"),
    ] {
        assert_eq!(language(tag).fallbacks().join(" "), expected);
    }
}

#[test]
fn names_of_languages() {
    let name = |tag: &str, other: &str| language(tag).name_in(&language(other));
    assert_eq!(language("es").autonym(), "Español");
    assert_eq!(language("es-MX").autonym(), "Español de México");
    assert_eq!(language("es-AD").autonym(), "Español (Andorra)");
    assert_eq!(language("pl-DE").autonym(), "Polski (DE)");
    assert_eq!(language("zh-TW").autonym(), "繁體中文（台灣）");
    assert_eq!(language("zu").autonym(), "isiZulu");
    assert_eq!(name("es", "en"), "Spanish");
    assert_eq!(name("es", "en-US"), "Spanish");
    assert_eq!(name("es", "fr-CA"), "espagnol");
    assert_eq!(name("es", "de"), "Spanisch");
    assert_eq!(name("es-AD", "en"), "Spanish (Andorra)");
    assert_eq!(name("es-AD", "ja"), "スペイン語（アンドラ）");
    assert_eq!(name("pt-BR", "en"), "Brazilian Portuguese");
    assert_eq!(name("zh-Hant", "de"), "Chinesisch (traditionell)");
    assert_eq!(name("es", "pl"), "Español");
}

#[test]
fn every_tag_of_the_table_is_whole() {
    let english = Language::english();
    for tag in all_tags() {
        let language = language(tag);
        assert_eq!(language.tag(), tag);
        assert!(["ltr", "rtl"].contains(&language.direction()), "{tag}");
        assert!(!language.autonym().is_empty() && !language.name_in(&english).is_empty(), "{tag}");
        for parent in language.fallbacks() {
            assert!(Language::parse(&parent).is_some(), "{tag} falls back to {parent}");
        }
        assert!(country(&language, "FR").is_some());
    }
}

#[test]
fn right_to_left() {
    for tag in
        ["ar", "ar-EG", "he", "fa", "fa-AF", "ur", "ps", "sd", "ug", "ckb", "ks", "ff-Adlm", "nqo", "syr", "ar-SE"]
    {
        assert_eq!(language(tag).direction(), "rtl", "{tag}");
    }
    let rtl: BTreeSet<&str> = all_tags()
        .into_iter()
        .filter(|tag| language(tag).direction() == "rtl")
        .map(|tag| tag.split('-').next().unwrap_or(tag))
        .collect();
    let known = ["ar", "ckb", "fa", "ff", "he", "kk", "ks", "nqo", "pa", "ps", "sd", "syr", "ug", "ur", "uz"];
    assert!(rtl.iter().all(|tag| known.contains(tag)), "{rtl:?}");
    for tag in ["en", "ja", "sr", "uz", "pa", "sd-Deva"] {
        assert_eq!(language(tag).direction(), "ltr", "{tag}");
    }
}

#[test]
fn dates_as_each_language_writes_them() {
    for (tag, expected) in [
        ("en", "8 December 2026"),
        ("en-GB", "8 December 2026"),
        ("en-US", "December 8, 2026"),
        ("es", "8 de diciembre de 2026"),
        ("ca", "8 de desembre del 2026"),
        ("fr", "8 décembre 2026"),
        ("de", "8. Dezember 2026"),
        ("pt", "8 de dezembro de 2026"),
        ("it", "8 dicembre 2026"),
        ("nl", "8 december 2026"),
        ("ar", "8 ديسمبر 2026"),
        ("ar-EG", "٨ ديسمبر ٢٠٢٦"),
        ("ja", "2026年12月8日"),
        ("zh-TW", "2026年12月8日"),
        ("pl", "8 grudnia 2026"),
        ("fi", "8. joulukuuta 2026"),
        ("vi", "8 tháng 12 2026"),
        ("es-AD", "8 de diciembre de 2026"),
    ] {
        assert_eq!(long(tag, "2026-12-08"), expected, "{tag}");
    }
}

#[test]
fn the_first_of_a_month() {
    assert_eq!(long("fr", "2026-09-01"), "1er septembre 2026");
    assert_eq!(long("fr-CA", "2026-09-21"), "21 septembre 2026");
    assert_eq!(long("pt-BR", "2026-09-01"), "1º de setembro de 2026");
    assert_eq!(long("pt-PT", "2026-09-01"), "1 de setembro de 2026");
    assert_eq!(long("pt-AO", "2026-09-01"), "1 de setembro de 2026");
    assert_eq!(long("es", "2026-09-01"), "1 de septiembre de 2026");
}

#[test]
fn the_calendar_is_gregorian_everywhere() {
    assert_eq!(long("fa", "2026-12-08"), "۸ دسامبر ۲۰۲۶");
    assert!(long("th", "2026-12-08").contains("2026"));
    assert!(long("ja-JP", "2026-12-08").contains("2026"));
    assert!(long("ar-SA", "2026-12-08").contains("٢٠٢٦"));
}

/// What the pieces spell must be what CLDR's own formatter writes.
#[test]
fn the_pieces_of_a_date_are_those_of_cldr() {
    use icu_calendar::{Date, Gregorian};
    use icu_datetime::{FixedCalendarDateTimeFormatter, fieldsets::YMD, options::YearStyle};
    for tag in all_tags() {
        let locale: icu_locale_core::Locale = if tag == "en" { "en-GB" } else { tag }.parse().unwrap();
        let long = YMD::long().with_year_style(YearStyle::Full);
        let formatter = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(locale.into(), long).unwrap();
        let language = language(tag);
        let mut months = BTreeSet::new();
        for year in [1000, 2039] {
            for month in 1..=12 {
                for day in [1, 9, 12, 28] {
                    let expected =
                        formatter.format(&Date::try_new_gregorian(year, month as u8, day as u8).unwrap()).to_string();
                    let written = date(&language, civil::date(year as i16, month, day));
                    let ordinal = day == 1 && (tag.starts_with("fr") || tag.starts_with("pt"));
                    assert!(written == expected || ordinal, "{tag}: {written} for {expected}");
                    assert!(!written.contains("M12"), "{tag} has no months: {written}");
                    months.insert(written);
                }
            }
        }
        assert_eq!(months.len(), 2 * 12 * 4, "{tag} writes two days alike");
    }
}

#[test]
fn dates_beyond_four_digits_are_still_written() {
    assert_eq!(long("en", "0999-01-02"), "2 January 999 AD");
    assert!(!long("es", "-000044-03-15").is_empty());
}

#[test]
fn plurals() {
    let form = |tag: &str, n| plural(&language(tag), n);
    assert_eq!([form("en", 0), form("en", 1), form("en", 2)], ["other", "one", "other"]);
    assert_eq!([form("fr", 0), form("fr", 1), form("fr", 2)], ["one", "one", "other"]);
    assert_eq!([form("pl", 1), form("pl", 3), form("pl", 5), form("pl", 22)], ["one", "few", "many", "few"]);
    assert_eq!([0, 1, 2, 3, 11, 100].map(|n| form("ar", n)), ["zero", "one", "two", "few", "many", "other"]);
    assert_eq!(form("ja", 1), "other");
    assert_eq!(form("es", 1_000_000), "many");
}

#[test]
fn durations_round_trip() {
    for text in ["30 days", "1 month", "72 hours", "2 weeks", "7 years", "0 days", "1 day", "1 hour", "4294967295 days"]
    {
        assert_eq!(text.parse::<Duration>().unwrap().to_string(), text);
    }
    for (iso, text) in
        [("P30D", "30 days"), ("P7Y", "7 years"), ("PT72H", "72 hours"), ("P1M", "1 month"), ("P2W", "2 weeks")]
    {
        assert_eq!(iso.parse::<Duration>().unwrap().to_string(), text);
    }
    assert_eq!(" 1  days ".parse::<Duration>().unwrap().to_string(), "1 day");
}

#[test]
fn what_is_no_duration_is_refused() {
    for text in [
        "",
        "30",
        "days",
        "30days",
        "-1 days",
        "+1 days",
        "1.5 years",
        "30 fortnights",
        "1 year 6 months",
        "P",
        "PT",
        "PD",
        "P1H",
        "PT1M",
        "P1Y6M",
        "P1.5Y",
        "4294967296 days",
        "30 dayss",
        "thirty days",
        "p30d",
        "P30D ",
        "PT72Hé",
    ] {
        assert!(text.parse::<Duration>().is_err(), "{text:?} is taken");
    }
    assert_eq!(
        "soon".parse::<Duration>().unwrap_err().to_string(),
        "`soon` is not a duration such as `30 days` or `P30D`"
    );
}

fn length(text: &str) -> Duration {
    text.parse().unwrap()
}

#[test]
fn durations_in_words() {
    for (tag, one, many) in [
        ("en", "1 month", "30 days"),
        ("es", "1 mes", "30 días"),
        ("fr", "1 mois", "30 jours"),
        ("de", "1 Monat", "30 Tage"),
        ("pt", "1 mês", "30 dias"),
        ("pt-PT", "1 mês", "30 dias"),
        ("it", "1 mese", "30 giorni"),
        ("nl", "1 maand", "30 dagen"),
        ("ar", "شهر واحد", "30 يومًا"),
        ("ar-EG", "شهر واحد", "٣٠ يومًا"),
        ("ja", "1か月", "30日"),
        // No catalogue: English words, English plurals, European digits.
        ("pl", "1 month", "30 days"),
        ("fa", "1 month", "30 days"),
    ] {
        let language = language(tag);
        assert_eq!(duration(&language, &length("1 month")), one);
        assert_eq!(duration(&language, &length("30 days")), many);
    }
    let arabic = language("ar");
    let days = |n: u32| duration(&arabic, &Duration { count: n, unit: Unit::Day });
    assert_eq!([0, 2, 7, 100].map(days), ["0 يوم", "يومان", "7 أيام", "100 يوم"]);
    assert_eq!(duration(&language("es"), &length("1000000 days")), "1000000 de días");
}

fn kept(tag: &str, after: &str, criterion: &str) -> [String; 7] {
    let language = language(tag);
    [
        Keep::AtMost(length("90 days")),
        Keep::Range(length("7 days"), length("90 days")),
        Keep::Range(length("7 days"), length("3 months")),
        Keep::Event { after: after.into(), offset: length("30 days") },
        Keep::Criterion { text: criterion.into(), plus: Some(length("30 days")) },
        Keep::Indefinite,
        Keep::Unknown,
    ]
    .map(|kept| keep(&language, &kept))
}

#[test]
fn how_long_something_is_kept() {
    assert_eq!(
        kept("en", "closure of the account", "while the account is open"),
        [
            "at most 90 days",
            "7 to 90 days",
            "7 days to 3 months",
            "30 days after closure of the account",
            "while the account is open, plus 30 days",
            "indefinitely",
            "unknown",
        ]
    );
    assert_eq!(
        kept("es", "el cierre de la cuenta", "mientras la cuenta esté abierta"),
        [
            "90 días como máximo",
            "de 7 a 90 días",
            "de 7 días a 3 meses",
            "30 días tras el cierre de la cuenta",
            "mientras la cuenta esté abierta, más 30 días",
            "por tiempo indefinido",
            "desconocido",
        ]
    );
    assert_eq!(
        kept("fr", "la clôture du compte", "tant que le compte est ouvert"),
        [
            "90 jours au maximum",
            "de 7 à 90 jours",
            "de 7 jours à 3 mois",
            "30 jours après la clôture du compte",
            "tant que le compte est ouvert, puis pendant 30 jours",
            "sans limitation de durée",
            "inconnu",
        ]
    );
    assert_eq!(
        kept("de", "Schliessung des Kontos", "solange das Konto besteht"),
        [
            "höchstens 90 Tage",
            "7 bis 90 Tage",
            "7 Tage bis 3 Monate",
            "30 Tage nach Schliessung des Kontos",
            "solange das Konto besteht, danach noch 30 Tage",
            "unbefristet",
            "unbekannt",
        ]
    );
    assert_eq!(kept("pt", "o encerramento da conta", "")[3], "30 dias após o encerramento da conta");
    assert_eq!(kept("it", "la chiusura dell’account", "")[3], "30 giorni dopo la chiusura dell’account");
    assert_eq!(kept("nl", "sluiting van het account", "")[3], "30 dagen na sluiting van het account");
    assert_eq!(kept("ar", "إغلاق الحساب", "")[1], "7 أيام كحد أدنى و90 يومًا كحد أقصى");
    assert_eq!(
        kept("ja", "アカウントの閉鎖", "アカウントが開設されている間")[..5],
        ["最長90日", "7～90日", "7日～3か月", "アカウントの閉鎖から30日", "アカウントが開設されている間、その後30日"]
    );
    let english = Language::english();
    assert_eq!(keep(&english, &Keep::Exact(length("1 year"))), "1 year");
    assert_eq!(keep(&english, &Keep::Criterion { text: "as long as needed".into(), plus: None }), "as long as needed");
    let tricky = Keep::Event { after: "{duration} {".into(), offset: length("1 day") };
    assert_eq!(keep(&english, &tricky), "1 day after {duration} {");
}

#[test]
fn countries() {
    let name = |tag: &str, code: &str| country(&language(tag), code);
    assert_eq!(name("en", "DE").as_deref(), Some("Germany"));
    assert_eq!(name("es-MX", "DE").as_deref(), Some("Alemania"));
    assert_eq!(name("pt", "PL").as_deref(), Some("Polônia"));
    assert_eq!(name("pt-AO", "PL").as_deref(), Some("Polónia"));
    assert_eq!(name("ja", "US").as_deref(), Some("アメリカ合衆国"));
    assert_eq!(name("pl", "DE").as_deref(), Some("Germany"));
    assert_eq!(name("fr", "EU").as_deref(), Some("Union européenne"));
    assert_eq!(name("fr", "EEA").as_deref(), Some("Espace économique européen"));
    for code in ["", "UK", "DEU", "de", "ZZ", "XX", "AN", "SU", "AC"] {
        assert_eq!(name("en", code), None, "{code:?}");
    }
}

#[test]
fn every_country_has_a_name_in_every_catalogue() {
    let codes: Vec<&str> = rows(include_str!("data/countries.tsv")).map(|row| row[0]).collect();
    let iso = codes.iter().filter(|code| !["EU", "XK"].contains(code)).count();
    assert_eq!(iso, 249, "ISO 3166-1 has 249 codes");
    for catalogue in &CATALOGUES {
        let language = language(catalogue.tag);
        let mut names = BTreeSet::new();
        for code in codes.iter().copied().chain(["EEA"]) {
            let name = country(&language, code).unwrap_or_default();
            assert!(!name.trim().is_empty() && name != code, "{code} in {}", catalogue.tag);
            assert!(names.insert(name), "{code} in {} is called like another", catalogue.tag);
        }
    }
}

#[test]
fn lists() {
    let joined = |tag: &str, items: &[&str]| list(&language(tag), &strings(items));
    let abc = &["a", "b", "c"];
    for (tag, expected) in [
        ("en", "a, b and c"),
        ("en-GB", "a, b and c"),
        ("en-US", "a, b, and c"),
        ("es", "a, b y c"),
        ("fr", "a, b et c"),
        ("de", "a, b und c"),
        ("pt-PT", "a, b e c"),
        ("it", "a, b e c"),
        ("nl", "a, b en c"),
        ("ar", "a وb وc"),
        ("ja", "a、b、c"),
        ("pl", "a, b i c"),
        ("zh-HK", "a、b及c"),
        ("oc", "a, b, c"),
    ] {
        assert_eq!(joined(tag, abc), expected, "{tag}");
    }
    assert_eq!(joined("en", &[]), "");
    assert_eq!(joined("en", &["a"]), "a");
    assert_eq!(joined("en", &["a", "b"]), "a and b");
    assert_eq!(joined("en", &["{1}", "{0}", "d", "e"]), "{1}, {0}, d and e");
}

#[test]
fn spanish_says_e_before_the_sound_of_i() {
    let joined = |last: &str| list(&language("es-ES"), &strings(&["Francia", last]));
    assert_eq!(joined("Italia"), "Francia e Italia");
    assert_eq!(joined("historial"), "Francia e historial");
    assert_eq!(joined("Índice"), "Francia e Índice");
    assert_eq!(joined("hielo"), "Francia y hielo");
    assert_eq!(joined("Hungría"), "Francia y Hungría");
}

#[test]
fn labels_in_each_language() {
    for (tag, key, expected) in [
        ("en", "processors.role.sub-processor", "sub-processor"),
        ("es", "processors.purpose", "Finalidad"),
        ("es-419", "register.retention", "Plazos de conservación"),
        ("fr", "purposes.basis.contract", "exécution d’un contrat"),
        ("de", "organization.authority", "Aufsichtsbehörde"),
        ("pt", "processors.role.processor", "operador"),
        ("pt-PT", "processors.role.processor", "subcontratante"),
        ("pt-PT", "retention.keep", "Prazo de conservação"),
        ("it", "register.processors", "Responsabili del trattamento"),
        ("nl", "cookies.category.statistics", "statistieken"),
        ("ar", "contact.privacy", "الخصوصية"),
        ("ja", "processors.transfer_mechanism.adequacy", "十分性認定"),
        ("pl", "significance.material", "material change"),
        ("en", "vendors.name", "vendors.name"),
        ("en", "duration.day", "duration.day"),
    ] {
        assert_eq!(label(&language(tag), key), expected, "{tag} {key}");
    }
    assert_eq!(find_label(&Language::english(), "vendors.name"), None);
}

/// The typed registers as the product knows them; a new field or word needs its labels.
#[test]
fn every_field_and_word_of_the_typed_registers_has_a_label() {
    let english = texts(CATALOGUES[0].source);
    for (register, fields) in [
        (
            "processors",
            "id name purpose data location role since until objection_deadline website privacy dpa aka transfer_mechanism \
             role.processor role.sub-processor role.independent-controller \
             transfer_mechanism.not-applicable transfer_mechanism.adequacy transfer_mechanism.dpf \
             transfer_mechanism.scc transfer_mechanism.bcr transfer_mechanism.consent",
        ),
        ("retention", "id data keep then reason basis"),
        (
            "cookies",
            "id name provider purpose lifetime category storage storage.cookie storage.local storage.session \
             category.necessary category.preferences category.statistics category.marketing",
        ),
        ("rights", "id title text how deadline laws laws.gdpr laws.uk-gdpr laws.ccpa laws.lgpd"),
        (
            "purposes",
            "id purpose data basis interest basis.contract basis.consent basis.legal-obligation basis.vital \
             basis.public-task basis.legitimate-interests",
        ),
    ] {
        assert!(english.contains_key(&format!("register.{register}")), "{register}");
        for field in fields.split_whitespace() {
            assert!(english.contains_key(&format!("{register}.{field}")), "{register}.{field}");
        }
    }
}

#[test]
fn all_catalogues_have_the_same_keys_and_placeholders() {
    let whole = |key: &str| key.split('#').next().unwrap_or(key).to_string();
    let english = texts(CATALOGUES[0].source);
    let keys: BTreeSet<String> = english.keys().map(|key| whole(key)).collect();
    for catalogue in &CATALOGUES {
        let texts = texts(catalogue.source);
        let own: BTreeSet<String> = texts.keys().map(|key| whole(key)).collect();
        if supported().contains(&catalogue.tag) {
            assert_eq!(own, keys, "{}", catalogue.tag);
        } else {
            assert!(own.is_subset(&keys), "{}: {:?}", catalogue.tag, own.difference(&keys));
        }
        for (key, text) in &texts {
            assert_eq!(text.trim(), text, "{} {key}", catalogue.tag);
            assert!(!text.is_empty() && !text.contains(['<', '>', '&', '\'', '"']), "{} {key}", catalogue.tag);
            // A form for one or two may say the number in words, and a range may name its unit twice.
            let (plain, form) = key.split_once('#').unwrap_or((key, ""));
            let reference =
                english.get(key).or_else(|| english.get(&format!("{plain}#other"))).expect("an English text");
            let names =
                |text| placeholders(text).into_iter().map(|name: &str| name.replace("_count", "")).collect::<Vec<_>>();
            let in_words = ["one", "two"].contains(&form) && names(text).is_empty();
            assert!(in_words || names(text) == names(reference), "{} {key}: {text}", catalogue.tag);
        }
    }
}

#[test]
fn every_plural_form_of_a_catalogue_is_there_and_no_other() {
    for catalogue in CATALOGUES.iter().filter(|catalogue| supported().contains(&catalogue.tag)) {
        let language = language(catalogue.tag);
        let forms: BTreeSet<&str> = (0..=200).chain([1_000_000]).map(|n| plural(&language, n)).collect();
        for (key, entry) in entries(catalogue.source) {
            if let Entry::Forms(given) = entry {
                let given: BTreeSet<&str> = given.keys().map(String::as_str).collect();
                assert_eq!(given, forms, "{} {key}", catalogue.tag);
            }
        }
    }
}

/// A catalogue that repeats what stands behind it would hide a later correction.
#[test]
fn a_regional_catalogue_holds_only_what_differs() {
    let text =
        |tag: &str| CATALOGUES.iter().find(|catalogue| catalogue.tag == tag).map(|found| texts(found.source)).unwrap();
    let portuguese = text("pt");
    for (key, own) in text("pt-PT") {
        assert_ne!(portuguese.get(&key), Some(&own), "{key}");
    }
}
