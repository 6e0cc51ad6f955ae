//! Names this build by a digest of its sources, so that it never takes the pages of another build for its own; and lists
//! the languages that rules know.

use std::path::{Path, PathBuf};

fn main() {
    let mut files = Vec::new();
    for root in ["src", "themes/default", "embeds", "Cargo.lock"] {
        println!("cargo:rerun-if-changed={root}");
        collect(Path::new(root), &mut files);
    }
    files.sort();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in files {
        let bytes = std::fs::read(&file).unwrap_or_default();
        for byte in file.to_string_lossy().bytes().chain(bytes) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    println!("cargo:rustc-env=FINEPRINT_BUILD={hash:016x}");
    languages();
}

/// Writes the list of `(tag, include_str!(file))` for every language file, English first.
fn languages() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = Vec::new();
    collect(&root.join("src/check/prose/data"), &mut files);
    let tag = |path: &PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    files.retain(|path| {
        path.extension().is_some_and(|extension| extension == "toml") && (2..=3).contains(&tag(path).len())
    });
    files.sort_by_key(|path| (tag(path) != "en", tag(path)));
    let list: Vec<String> = files.iter().map(|path| format!("({:?}, include_str!({path:?}))", tag(path))).collect();
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("languages.rs");
    std::fs::write(out, format!("&[{}]", list.join(", "))).expect("write the list of languages");
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        files.push(path.to_path_buf());
    }
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        collect(&entry.path(), files);
    }
}
