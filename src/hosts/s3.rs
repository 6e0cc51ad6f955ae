//! S3-compatible storage behind a CDN: an upload script, and what CloudFront needs to serve folders and headers.

use super::{CSP, HostedSite, RULES, type_rules};

/// Types of the files that a build writes, by suffix.
const TYPES: &[(&str, &str)] = &[
    ("html", "text/html; charset=utf-8"),
    ("htm", "text/html; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("xml", "application/xml"),
    ("txt", "text/plain; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("gif", "image/gif"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("pdf", "application/pdf"),
];

/// How long a file may be kept without asking again where no rule says so: pages change with every release.
const PAGE: &str = "public, max-age=300, must-revalidate";

/// The type of an output, by its name and suffix.
fn content_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    if let Some((_, _, value)) = type_rules().into_iter().find(|(_, known, _)| *known == name) {
        return value;
    }
    let suffix = name.rsplit_once('.').map_or("", |(_, suffix)| suffix);
    TYPES.iter().find(|(known, _)| *known == suffix).map_or("application/octet-stream", |(_, value)| value)
}

fn cache_control(path: &str) -> &'static str {
    let of_rule = |rule: &&super::Rule| rule.pattern.strip_suffix('*').is_some_and(|folder| path.starts_with(folder));
    let value =
        |rule: &super::Rule| rule.headers.iter().find(|(name, _)| *name == "Cache-Control").map(|(_, value)| *value);
    RULES.iter().filter(of_rule).filter_map(value).next_back().unwrap_or(PAGE)
}

/// Assets first and lists last, so that a page never refers to a file that is not there yet.
fn phase(path: &str) -> u8 {
    match path {
        path if path.starts_with("assets/") || path.starts_with("embed/v1/") => 0,
        path if path.contains("/v/") || path.contains("..") => 1,
        path if path.contains('/') => 2,
        _ => 3,
    }
}

/// Phase, media type and cache lifetime of files that one command uploads.
type Group<'p> = (u8, &'p str, &'p str);

/// A shell script that uploads the output with the type and cache lifetime of each file. It deletes nothing.
pub fn upload(site: &HostedSite) -> String {
    let mut groups: Vec<(Group<'_>, Vec<&str>)> = Vec::new();
    for path in site.outputs.iter().copied().filter(|path| !path.starts_with('_') && !path.starts_with(".hosting/")) {
        let key = (phase(path), content_type(path), cache_control(path));
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, paths)) => paths.push(path),
            None => groups.push((key, vec![path])),
        }
    }
    groups.sort_by_key(|(key, _)| *key);
    let prefix = site.base.trim_start_matches('/');
    let mut out = format!(
        "#!/bin/sh\n\
         # Written by fineprint. Uploads this build, assets first and lists last; it deletes nothing.\n\
         #\n\
         #   .hosting/s3-upload.sh BUCKET [OPTION…]      options go to `aws s3 cp`, for instance --endpoint-url URL\n\
         set -eu\n\
         [ $# -ge 1 ] || {{ echo \"usage: $0 BUCKET [OPTION...]\" >&2; exit 2; }}\n\
         bucket=$1\n\
         shift\n\
         cd \"$(dirname \"$0\")/..\"\n\
         staging=$(mktemp -d)\n\
         trap 'rm -rf \"$staging\"' EXIT\n\
         # send TYPE CACHE: uploads the files that standard input names.\n\
         send() {{\n\
         \ttype=$1 cache=$2\n\
         \tshift 2\n\
         \trm -rf \"$staging/part\"\n\
         \twhile IFS= read -r file; do\n\
         \t\tmkdir -p \"$staging/part/$(dirname \"$file\")\"\n\
         \t\tcp \"$file\" \"$staging/part/$file\"\n\
         \tdone\n\
         \taws s3 cp --recursive --only-show-errors --content-type \"$type\" --cache-control \"$cache\" \"$@\" \"$staging/part\" \"s3://$bucket/{prefix}\"\n\
         }}\n"
    );
    for ((_, kind, cache), paths) in &groups {
        out.push_str(&format!("send '{kind}' '{cache}' \"$@\" <<'FILES'\n"));
        for path in paths {
            out.push_str(path);
            out.push('\n');
        }
        out.push_str("FILES\n");
    }
    out
}

/// A CloudFront function for viewer requests: the address of a folder is answered by its `index.html`.
pub fn function(site: &HostedSite) -> String {
    let redirects: serde_json::Map<String, serde_json::Value> = site
        .redirects
        .iter()
        .filter(|redirect| redirect.permanent)
        .map(|redirect| (redirect.from.to_string(), redirect.to.into()))
        .collect();
    format!(
        "// Written by fineprint: a CloudFront function for viewer requests.\n\
         var redirects = {};\n\
         function handler(event) {{\n\
         \x20 var request = event.request;\n\
         \x20 var to = redirects[request.uri];\n\
         \x20 if (to) {{\n\
         \x20   return {{ statusCode: 301, statusDescription: \"Moved Permanently\", headers: {{ location: {{ value: to }} }} }};\n\
         \x20 }}\n\
         \x20 var last = request.uri.split(\"/\").pop();\n\
         \x20 if (last === \"\") {{\n\
         \x20   request.uri += \"index.html\";\n\
         \x20 }} else if (last.indexOf(\".\") < 0) {{\n\
         \x20   return {{ statusCode: 301, statusDescription: \"Moved Permanently\", headers: {{ location: {{ value: request.uri + \"/\" }} }} }};\n\
         \x20 }}\n\
         \x20 return request;\n\
         }}\n",
        serde_json::to_string_pretty(&redirects).unwrap_or_default()
    )
}

/// The configuration of a CloudFront response headers policy, as `aws cloudfront create-response-headers-policy` reads it.
pub fn headers() -> String {
    let value = serde_json::json!({
        "Name": "fineprint",
        "Comment": "Security headers and CORS of a fineprint site",
        "CorsConfig": {
            "AccessControlAllowOrigins": { "Quantity": 1, "Items": ["*"] },
            "AccessControlAllowHeaders": { "Quantity": 1, "Items": ["*"] },
            "AccessControlAllowMethods": { "Quantity": 2, "Items": ["GET", "HEAD"] },
            "AccessControlAllowCredentials": false,
            "OriginOverride": true,
        },
        "SecurityHeadersConfig": {
            "ContentSecurityPolicy": { "Override": true, "ContentSecurityPolicy": CSP },
            "ContentTypeOptions": { "Override": true },
            "ReferrerPolicy": { "Override": true, "ReferrerPolicy": "no-referrer" },
        },
    });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}
