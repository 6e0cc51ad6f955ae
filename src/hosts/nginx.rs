//! nginx: locations for a server block.

use super::{HostedSite, PRIVATE, decoded, folder_rules, literal, type_rules};

/// Configuration to be included in a `server` block whose `root` holds the site below its path.
pub fn configuration(site: &HostedSite) -> String {
    let base = site.base;
    let mut out = format!(
        "# Written by fineprint. Include it in the `server` block whose `root` contains this folder{}.\n\
         absolute_redirect off;\n\
         charset utf-8;\n\
         charset_types text/css text/plain text/csv application/javascript text/javascript;\n\
         error_page 404 {base}404.html;\n\n",
        if base == "/" { String::new() } else { format!(" at `{base}`") },
    );
    for name in PRIVATE {
        out.push_str(&format!("location = {base}{name} {{ return 404; }}\n"));
    }
    out.push_str(&format!("location ^~ {base}.hosting/ {{ return 404; }}\n\n"));
    let folders = folder_rules();
    let everywhere = folders.last().map(|(_, headers)| headers.clone()).unwrap_or_default();
    for (anywhere, name, value) in type_rules() {
        let place = match anywhere {
            true => format!("~ ^{}(?:.*/)?{}$", literal(base), literal(name)),
            false => format!("= {base}{name}"),
        };
        out.push_str(&format!("location {place} {{\n    types {{ }}\n    default_type \"{value}\";\n"));
        add_headers(&mut out, &everywhere);
        out.push_str("}\n");
    }
    for redirect in &site.redirects {
        let Some(from) = decoded(redirect.from) else { continue };
        let status = if redirect.permanent { 301 } else { 302 };
        // nginx has no way to write a dollar sign in a target.
        let to = quoted(&redirect.to.replace('$', "%24"));
        out.push_str(&format!("location = {} {{ return {status} {to}; }}\n", quoted(&from)));
    }
    out.push('\n');
    for (folder, headers) in &folders {
        // Regular expressions come before a prefix without `^~`, and feeds and policies lie in every other folder.
        let kind = if folder.is_empty() { "" } else { "^~ " };
        out.push_str(&format!(
            "location {kind}{base}{folder} {{\n    index index.html;\n    try_files $uri $uri/ =404;\n"
        ));
        add_headers(&mut out, headers);
        out.push_str("}\n");
    }
    for prefix in &site.language_prefixes {
        out.push_str(&format!(
            "location {base}{prefix} {{\n    index index.html;\n    try_files $uri $uri/ =404;\n    error_page 404 {base}{prefix}404.html;\n"
        ));
        add_headers(&mut out, &everywhere);
        out.push_str("}\n");
    }
    out
}

fn add_headers(out: &mut String, headers: &[(&str, &str)]) {
    for (name, value) in headers {
        out.push_str(&format!("    add_header {name} \"{value}\" always;\n"));
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
