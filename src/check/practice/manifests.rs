//! Package manifests: which packages a product depends on, in five ecosystems.
//!
//! In: a manifest's name and text. Out: its packages, each with its place. Must not know: vendors.
//!
//! What only builds or tests need (`devDependencies`, groups named dev or test) is left out: it reaches nobody's data.

use super::{Trace, TraceKind};
use std::ops::Range;

pub const NAMES: &[&str] =
    &["package.json", "requirements.txt", "pyproject.toml", "Pipfile", "Gemfile", "composer.json", "go.mod"];

/// Returns the packages of a manifest; `None` for a file that is none, or that cannot be read as one.
pub fn read(name: &str, text: &str) -> Option<Vec<Trace>> {
    let is_requirements = name.starts_with("requirements") && name.ends_with(".txt");
    match name {
        "package.json" => json(text, "npm", &["dependencies", "optionalDependencies", "peerDependencies"]),
        "composer.json" => json(text, "php", &["require"]),
        "pyproject.toml" => pyproject(text),
        "Pipfile" => pipfile(text),
        "Gemfile" => Some(gemfile(text)),
        "go.mod" => Some(go(text)),
        _ if is_requirements => Some(requirements(text)),
        _ => None,
    }
}

fn json(text: &str, ecosystem: &'static str, members: &[&str]) -> Option<Vec<Trace>> {
    let manifest: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
    let named = members.iter().filter_map(|member| Some((*member, manifest.get(*member)?.as_object()?)));
    let mut out = Vec::new();
    for (member, packages) in named {
        let from = text.find(&format!("\"{member}\"")).unwrap_or(0);
        for package in packages.keys() {
            let quoted = format!("\"{package}\"");
            let at = text[from..].find(&quoted).map_or(0..0, |at| from + at + 1..from + at + 1 + package.len());
            out.push(trace(ecosystem, package, at));
        }
    }
    Some(out)
}

fn trace(ecosystem: &'static str, name: &str, span: Range<usize>) -> Trace {
    Trace { kind: TraceKind::Package(ecosystem), name: name.to_string(), span }
}

/// The name at the beginning of a Python requirement, as it is compared: `Boto3[crt]>=1` is `boto3`.
fn python(requirement: &str) -> Option<(String, usize)> {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = requirement.find(|c| !letter(c)).unwrap_or(requirement.len());
    let name = requirement[..end].to_lowercase().replace(['_', '.'], "-");
    (!name.is_empty()).then_some((name, end))
}

fn requirements(text: &str) -> Vec<Trace> {
    let mut out = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        let line = line.trim();
        if line.starts_with(['#', '-']) {
            continue;
        }
        out.extend(python(line).map(|(name, end)| trace("pypi", &name, start..start + end)));
    }
    out
}

/// The place of a requirement among the quoted strings or the keys of a file.
fn quoted(text: &str, name: &str) -> Range<usize> {
    let quoted = ["\"", "'"].iter().find_map(|quote| text.find(&format!("{quote}{name}")).map(|at| at + 1));
    let key = || {
        text.lines().scan(0, |at, line| {
            let start = *at;
            *at += line.len() + 1;
            Some((start, line))
        })
    };
    let at = quoted.or_else(|| {
        key()
            .find(|(_, line)| line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('=')))
            .map(|(at, _)| at)
    });
    at.map_or(0..0, |at| at..(at + name.len()).min(text.len()))
}

fn pyproject(text: &str) -> Option<Vec<Trace>> {
    let manifest = text.parse::<toml::Table>().ok()?;
    let mut names: Vec<String> = Vec::new();
    let project = manifest.get("project").and_then(|project| project.as_table());
    let mut list = |value: Option<&toml::Value>| {
        let strings = value.and_then(|value| value.as_array()).into_iter().flatten().filter_map(|item| item.as_str());
        names.extend(strings.map(String::from));
    };
    list(project.and_then(|project| project.get("dependencies")));
    let optional =
        project.and_then(|project| project.get("optional-dependencies")).and_then(|extras| extras.as_table());
    for (extra, packages) in optional.into_iter().flatten() {
        if !matches!(extra.as_str(), "dev" | "test" | "tests" | "docs" | "lint") {
            list(Some(packages));
        }
    }
    let poetry = manifest.get("tool").and_then(|tool| tool.get("poetry")).and_then(|poetry| poetry.get("dependencies"));
    names.extend(
        poetry.and_then(|packages| packages.as_table()).into_iter().flat_map(|packages| packages.keys().cloned()),
    );
    let traces = names
        .iter()
        .filter_map(|written| python(written).map(|(name, end)| trace("pypi", &name, quoted(text, &written[..end]))));
    Some(traces.collect())
}

fn pipfile(text: &str) -> Option<Vec<Trace>> {
    let manifest = text.parse::<toml::Table>().ok()?;
    let packages = manifest.get("packages").and_then(|packages| packages.as_table());
    let names = packages.into_iter().flat_map(|packages| packages.keys());
    let traces =
        names.filter_map(|written| python(written).map(|(name, _)| trace("pypi", &name, quoted(text, written))));
    Some(traces.collect())
}

fn gemfile(text: &str) -> Vec<Trace> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut testing = false;
    for line in text.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        let line = line.trim();
        if line.starts_with("group ") {
            testing = (line.contains(":development") || line.contains(":test")) && !line.contains(":production");
        } else if line == "end" {
            testing = false;
        }
        let Some(rest) = line.strip_prefix("gem ").or_else(|| line.strip_prefix("gem(")).filter(|_| !testing) else {
            continue;
        };
        let rest = rest.trim_start();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let name = rest[1..].split(quote).next().unwrap_or("");
        let from = start + line.len() - rest.len() + 1;
        out.push(trace("gem", name, from..from + name.len()));
    }
    out
}

fn go(text: &str) -> Vec<Trace> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        let line = line.trim();
        match line {
            "require (" => inside = true,
            ")" => inside = false,
            _ => {}
        }
        let (rest, skipped) = match line.strip_prefix("require ") {
            Some(rest) if rest != "(" => (rest, line.len() - rest.len()),
            _ if inside => (line, 0),
            _ => continue,
        };
        let name = rest.split_whitespace().next().unwrap_or("");
        // What another module needs is that module's to list.
        if name.contains('.') && !line.contains("// indirect") {
            out.push(trace("go", name, start + skipped..start + skipped + name.len()));
        }
    }
    out
}
