//! Files ↔ a zip archive.

use super::PackFiles;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Most files that are read from an archive, and the most bytes of all of them together.
const MOST_FILES: usize = 200_000;
const MOST_BYTES: u64 = 1 << 30;

/// Stored, not compressed: no library's next version makes other bytes of it.
pub fn write(name: &str, files: &PackFiles) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // No clock: the earliest moment that the format knows.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .system(zip::System::Unix)
        .unix_permissions(0o644);
    for (path, bytes) in files {
        zip.start_file(format!("{name}/{path}"), options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// The folder's name and the files of an archive that anybody may have made. An error names what cannot be read.
pub fn read(bytes: &[u8]) -> Result<(String, PackFiles), String> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("it is not a zip archive: {error}"))?;
    if zip.len() > MOST_FILES {
        return Err(format!("it has {} files; more than {MOST_FILES} are not read", zip.len()));
    }
    let mut name: Option<String> = None;
    let mut files = PackFiles::new();
    let mut room = MOST_BYTES;
    for index in 0..zip.len() {
        let file = zip.by_index(index).map_err(|error| format!("file {} cannot be read: {error}", index + 1))?;
        let path = file.name().map_err(|error| format!("file {} has no name: {error}", index + 1))?.to_string();
        if file.is_dir() {
            continue;
        }
        let inside = path.split_once('/').filter(|(_, inside)| {
            inside.split('/').all(|part| !matches!(part, "" | "." | "..")) && !inside.contains('\\')
        });
        let Some((folder, inside)) = inside else {
            return Err(format!("`{path}` is not in the pack's directory"));
        };
        if *name.get_or_insert_with(|| folder.to_string()) != *folder {
            return Err(format!("`{path}` is outside the pack's directory"));
        }
        let inside = inside.to_string();
        let mut bytes = Vec::new();
        let read = file.take(room + 1).read_to_end(&mut bytes);
        read.map_err(|error| format!("`{path}` cannot be read: {error}"))?;
        room = room
            .checked_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX))
            .ok_or_else(|| format!("it has more than {MOST_BYTES} bytes"))?;
        if files.insert(inside, bytes).is_some() {
            return Err(format!("`{path}` is in it twice"));
        }
    }
    name.map(|name| (name, files)).ok_or_else(|| "it is empty".to_string())
}
