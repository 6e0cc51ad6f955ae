//! Files of `static` that are not for readers: configuration of hosts, and secrets.
//!
//! In: the path of a file. Out: a finding, if it is one of these. Must not know: what is in the file.

use crate::diagnostic::Diagnostic;
use std::sync::Arc;

/// Files at the root of a site that configure a host or run code there.
const AT_ROOT: &[&str] = &[
    "_worker.js",
    "_routes.json",
    "netlify.toml",
    "wrangler.toml",
    "wrangler.json",
    "wrangler.jsonc",
    "vercel.json",
    "now.json",
    "firebase.json",
    "staticwebapp.config.json",
    "_config.yml",
    "caddyfile",
    "nginx.conf",
];

/// The same, in any directory.
const ANYWHERE: &[&str] = &[".htaccess", "web.config", ".user.ini"];

/// Directories whose files are run by a host.
const FUNCTIONS: &[&str] = &["functions/", "netlify/functions/", "netlify/edge-functions/", ".netlify/", ".vercel/"];

/// Files that usually contain passwords or keys.
const SECRETS: &[&str] =
    &[".htpasswd", ".npmrc", ".pypirc", ".netrc", ".dockercfg", "id_rsa", "id_ed25519", "id_ecdsa", "id_dsa"];

/// Returns the finding for a file of `static`, if it is not for readers. `output` is its path in the site.
pub fn finding(path: &Arc<str>, output: &str) -> Option<Diagnostic> {
    let lower = output.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let environment = name == ".env" || name.starts_with(".env.");
    let key = [".pem", ".key", ".p12", ".pfx", ".jks", ".kdbx"].iter().any(|suffix| name.ends_with(suffix));
    if environment || key || SECRETS.contains(&name) {
        return Some(
            Diagnostic::new("secret-in-static", format!("`{path}` would be published, and usually contains secrets"))
                .at(path, 0..0)
                .help("move it out of static/"),
        );
    }
    let function = FUNCTIONS.iter().any(|folder| lower.starts_with(folder));
    (function || AT_ROOT.contains(&lower.as_str()) || ANYWHERE.contains(&name)).then(|| {
        Diagnostic::new("host-file-in-static", format!("`{path}` configures a host or runs there"))
            .at(path, 0..0)
            .help("remove it, and let `fineprint build --host NAME` write what the host needs")
    })
}
