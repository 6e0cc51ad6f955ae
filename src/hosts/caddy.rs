//! Caddy: directives for a site block.

use super::{HostedSite, PRIVATE, RULES, decoded, literal};

/// Configuration to be imported in a site block whose `root` holds the site below its path.
pub fn configuration(site: &HostedSite) -> String {
    let base = site.base;
    let mut out = format!(
        "# Written by fineprint. Import it in the site block whose `root` contains this folder{}.\n",
        if base == "/" { String::new() } else { format!(" at `{base}`") },
    );
    out.push_str(&format!("handle {base}* {{\n"));
    for (index, rule) in RULES.iter().enumerate() {
        // A header's matcher is a path; `*` matches across folders.
        let matcher = format!("@fineprint{index}");
        out.push_str(&format!("\t{matcher} path {base}{}\n", rule.pattern));
        for (name, value) in rule.headers {
            out.push_str(&format!("\theader {matcher} {name} \"{value}\"\n"));
        }
    }
    let hidden: Vec<String> =
        PRIVATE.iter().map(|name| format!("{base}{name}")).chain([format!("{base}.hosting/*")]).collect();
    out.push_str(&format!("\t@fineprint_private path {}\n\terror @fineprint_private 404\n", hidden.join(" ")));
    for (index, redirect) in site.redirects.iter().enumerate() {
        let Some(from) = decoded(redirect.from) else { continue };
        let status = if redirect.permanent { 301 } else { 302 };
        // The plain path matcher folds case and has wildcards.
        out.push_str(&format!(
            "\t@fineprint_redirect{index} path_regexp {}\n\tredir @fineprint_redirect{index} {} {status}\n",
            pattern(&from),
            target(redirect.to),
        ));
    }
    out.push_str("\tfile_server {\n\t\tindex index.html\n\t}\n}\n\n");
    out.push_str("handle_errors {\n");
    for (index, prefix) in site.language_prefixes.iter().enumerate() {
        out.push_str(&format!(
            "\t@fineprint_missing{index} {{\n\t\tpath {base}{prefix}*\n\t\texpression {{http.error.status_code}} == 404\n\t}}\n\
             \thandle @fineprint_missing{index} {{\n\t\trewrite * {base}{prefix}404.html\n\t\tfile_server\n\t}}\n"
        ));
    }
    out.push_str(&format!(
        "\t@fineprint_missing {{\n\t\tpath {base}*\n\t\texpression {{http.error.status_code}} == 404\n\t}}\n\
         \thandle @fineprint_missing {{\n\t\trewrite * {base}404.html\n\t\tfile_server\n\t}}\n"
    ));
    for (name, value) in RULES[0].headers {
        out.push_str(&format!("\theader {name} \"{value}\"\n"));
    }
    out.push_str("}\n");
    out
}

/// A regular expression that matches this path alone, as one token.
fn pattern(path: &str) -> String {
    format!("\"^{}$\"", literal(path).replace('"', "\\\""))
}

/// An address as one token; braces are placeholders, also inside quotes.
fn target(address: &str) -> String {
    format!("\"{}\"", address.replace('\\', "%5C").replace('"', "%22").replace('{', "%7B").replace('}', "%7D"))
}
