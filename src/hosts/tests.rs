//! Cases of host configuration: paths, headers, quoting, order of uploads.

use super::*;
use clap::ValueEnum;

fn site<'a>(base: &'a str, redirects: Vec<Redirect<'a>>) -> HostedSite<'a> {
    let outputs =
        vec!["assets/site.css", "feed.xml", "index.html", "privacy/index.html", "privacy/v/2026-01-01/policy.md"];
    HostedSite { base, language_prefixes: vec!["es/".into()], redirects, outputs }
}

#[test]
fn every_host_writes_exactly_the_files_that_it_names() {
    for host in Host::value_variants() {
        let files: Vec<String> = host.files(&site("/", Vec::new())).into_iter().map(|(path, _)| path).collect();
        assert_eq!(files, host.paths(), "{host:?}");
    }
}

#[test]
fn no_header_is_set_by_two_rules_that_match_one_address() {
    let parent = |pattern: &'static str| pattern.strip_suffix('*');
    for (index, one) in RULES.iter().enumerate() {
        for other in &RULES[index + 1..] {
            let (Some(a), Some(b)) = (parent(one.pattern), parent(other.pattern)) else { continue };
            if !a.starts_with(b) && !b.starts_with(a) {
                continue;
            }
            let twice = one.headers.iter().any(|(name, _)| other.headers.iter().any(|(known, _)| known == name));
            assert!(!twice, "{} and {}", one.pattern, other.pattern);
        }
    }
}

#[test]
fn special_characters_of_an_address_stay_one_argument() {
    let odd = "/a%22b%24c%7Bd%5C";
    let redirects = || vec![Redirect { from: odd, to: "/privacy/$1\"{x}", permanent: true }];
    let nginx = nginx::configuration(&site("/", redirects()));
    assert!(nginx.contains(r#"location = "/a\"b$c{d\\" { return 301 "/privacy/%241\"{x}"; }"#), "{nginx}");
    let caddy = caddy::configuration(&site("/", redirects()));
    assert!(caddy.contains(r#"redir @fineprint_redirect0 "/privacy/$1%22%7Bx%7D" 301"#), "{caddy}");
    let apache = apache::configuration(&site("/", redirects()));
    assert!(apache.contains(r#""/privacy/%241\"{x}""#), "{apache}");
}

#[test]
fn uploads_go_from_assets_to_lists_and_leave_out_what_only_servers_read() {
    let mut hosted = site("/legal/", Vec::new());
    hosted.outputs.insert(0, "_headers");
    let script = s3::upload(&hosted);
    let place =
        |path: &str| script.find(&format!("\n{path}\n")).unwrap_or_else(|| panic!("{path} is missing: {script}"));
    assert!(place("assets/site.css") < place("privacy/v/2026-01-01/policy.md"));
    assert!(place("privacy/v/2026-01-01/policy.md") < place("privacy/index.html"));
    assert!(place("privacy/index.html") < place("index.html"));
    assert!(!script.contains("_headers"), "{script}");
    assert!(script.contains("s3://$bucket/legal/"), "{script}");
}

#[test]
fn netlify_answers_for_a_missing_page_in_its_language() {
    let text = String::from_utf8(redirects(&site("/", Vec::new()), &[Host::Netlify])).unwrap();
    assert_eq!(text, "/es/* /es/404.html 404\n");
    assert!(redirects(&site("/", Vec::new()), &[Host::Cloudflare]).is_empty());
}
