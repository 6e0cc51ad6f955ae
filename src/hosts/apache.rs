//! Apache HTTP Server: `.htaccess`.

use super::{HostedSite, PRIVATE, RULES, decoded, literal, type_rules};

/// `.htaccess`; the server needs `AllowOverride All` for the folder, and mod_headers.
pub fn configuration(site: &HostedSite) -> String {
    let base = site.base;
    let mut out = format!(
        "# Written by fineprint. The folder needs `AllowOverride All`, and the server mod_alias, mod_dir, mod_headers and mod_mime.\n\
         Options -Indexes -MultiViews\n\
         DirectoryIndex index.html\n\
         AddDefaultCharset utf-8\n\
         AddCharset utf-8 .css .csv .js .json .svg .txt .xml\n\
         ErrorDocument 404 {base}404.html\n"
    );
    for prefix in &site.language_prefixes {
        out.push_str(&format!(
            "<If \"%{{REQUEST_URI}} =~ m#^{}#\">\n    ErrorDocument 404 {base}{prefix}404.html\n</If>\n",
            literal(&format!("{base}{prefix}"))
        ));
    }
    let names: Vec<String> = PRIVATE.iter().map(|name| literal(name)).collect();
    out.push_str(&format!("RedirectMatch 404 \"^{}(?:{}|\\.hosting/.*)$\"\n", literal(base), names.join("|")));
    for (anywhere, name, value) in type_rules() {
        let parent = if anywhere { "(?:.*/)?" } else { "" };
        out.push_str(&format!(
            "<If \"%{{REQUEST_URI}} =~ m#^{}{parent}{}$#\">\n    ForceType \"{value}\"\n</If>\n",
            literal(base),
            literal(name)
        ));
    }
    for rule in RULES {
        let Some(folder) = rule.pattern.strip_suffix('*') else { continue };
        let (open, close) = match folder {
            "" => (String::new(), ""),
            folder => {
                (format!("<If \"%{{REQUEST_URI}} =~ m#^{}#\">\n", literal(&format!("{base}{folder}"))), "</If>\n")
            }
        };
        out.push_str(&open);
        for (name, value) in rule.headers {
            out.push_str(&format!("Header always set {name} \"{value}\"\n"));
        }
        out.push_str(close);
    }
    for redirect in &site.redirects {
        let Some(from) = decoded(redirect.from) else { continue };
        let status = if redirect.permanent { 301 } else { 302 };
        out.push_str(&format!(
            "RedirectMatch {status} {} {}\n",
            quoted(&format!("^{}$", literal(&from))),
            target(redirect.to)
        ));
    }
    out
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}

/// In a target, `$` and `\` refer to groups of the pattern.
fn target(address: &str) -> String {
    quoted(&address.replace('\\', "%5C").replace('$', "%24"))
}
