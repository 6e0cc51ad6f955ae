//! Every kind of file gives the packages and hosts that it names, at their places, and no others.

use super::read;
use crate::vendors::known;

/// Vendors of a file, with the words at the place of each.
fn vendors(name: &str, text: &str) -> Vec<(String, String)> {
    let file = read(&name.into(), text).expect("a file that can be compared");
    let traces = file.traces.iter().filter_map(|trace| Some((trace.vendor(known())?.name.clone(), trace)));
    traces.map(|(vendor, trace)| (vendor, text[trace.span.clone()].to_string())).collect()
}

fn is(name: &str, text: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(vendor, words)| (vendor.to_string(), words.to_string())).collect();
    assert_eq!(vendors(name, text), expected, "{name}");
}

#[test]
fn packages_of_five_ecosystems() {
    let npm = "{ \"name\": \"stripe\", \"dependencies\": { \"stripe\": \"1\", \"left-pad\": \"1\" }, \"devDependencies\": { \"@sentry/cli\": \"2\" } }";
    is("app/package.json", npm, &[("Stripe", "stripe")]);
    is(
        "requirements.txt",
        "# boto3\nSentry_SDK[flask]>=2 ; python_version > '3'\n-r more.txt\nnumpy\n",
        &[("Sentry", "Sentry_SDK")],
    );
    let project = "[project]\ndependencies = [\"openai>=1\"]\n[project.optional-dependencies]\ntest = [\"stripe\"]\n";
    is("pyproject.toml", project, &[("OpenAI", "openai")]);
    is("pyproject.toml", "[tool.poetry.dependencies]\nboto3 = \"^1\"\n", &[("Amazon Web Services", "boto3")]);
    is("Pipfile", "[packages]\ntwilio = \"*\"\n[dev-packages]\nstripe = \"*\"\n", &[("Twilio", "twilio")]);
    is("Gemfile", "gem 'stripe', '~> 1'\ngroup :test do\n  gem \"rollbar\"\nend\n", &[("Stripe", "stripe")]);
    is(
        "composer.json",
        "{ \"require\": { \"php\": \">=8\", \"sentry/sentry\": \"4\" } }",
        &[("Sentry", "sentry/sentry")],
    );
    let go = "module a\n\nrequire (\n\tgithub.com/stripe/stripe-go/v79 v79.0.0\n\tgithub.com/getsentry/sentry-go v0.1.0 // indirect\n)\n";
    is("go.mod", go, &[("Stripe", "github.com/stripe/stripe-go/v79")]);
}

#[test]
fn hosts_that_a_browser_is_told_to_ask() {
    let policy =
        "Content-Security-Policy: default-src 'self'; script-src https://js.stripe.com *.posthog.com 'nonce-1.2'";
    is("_headers", policy, &[("Stripe", "js.stripe.com"), ("PostHog", "posthog.com")]);
    let har = "{\"log\":{\"entries\":[{\"request\":{\"url\":\"https://static.hotjar.com/c.js\"}},{\"request\":{\"url\":\"https://acme.example/\"}}]}}";
    is("visit.har", har, &[("Hotjar", "static.hotjar.com")]);
    let page = "<link rel=stylesheet href=//fonts.googleapis.com/css><a href=https://github.com/acme>x</a><script src=https://js.stripe.com/v3></script>\
                <script>load(\"https://browser.sentry-cdn.com/7/b.js\")</script>";
    let found: Vec<_> = vendors("page.html", page).into_iter().map(|(vendor, _)| vendor).collect();
    assert_eq!(found, ["Google Fonts", "Stripe", "Sentry"]);
}

#[test]
fn files_of_no_known_kind_are_refused_by_name() {
    for (name, text) in [
        ("policy.docx", "PK\u{3}\u{4}"),
        ("policy.md", "We use Stripe."),
        ("notes.txt", "Stripe"),
        ("yarn.lock", "stripe@1"),
    ] {
        assert!(read(&name.into(), text).is_err_and(|why| why.contains(name)), "{name}");
    }
    assert!(read(&"package.json".into(), "not JSON").is_err());
}
