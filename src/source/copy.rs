//! Files of a published site in a folder, which somebody else may have written.

use std::io::Read;
use std::path::Path;

/// Reads a file below a folder. None if it does not exist; an error if it is not a file or has more than `limit` bytes.
pub fn read_published(folder: &Path, path: &str, limit: u64) -> Result<Option<Vec<u8>>, String> {
    let full = folder.join(path);
    let unreadable = |error: std::io::Error| format!("it cannot be read: {error}");
    let meta = match std::fs::metadata(&full) {
        Ok(meta) => meta,
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(error)),
    };
    // A pipe or a device would be read without end.
    if !meta.is_file() {
        return Err("it is not a file".to_string());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len().min(limit)).unwrap_or(0));
    let file = std::fs::File::open(&full).map_err(unreadable)?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    match u64::try_from(bytes.len()).is_ok_and(|length| length <= limit) {
        true => Ok(Some(bytes)),
        false => Err(format!("it has more than {limit} bytes")),
    }
}

/// Every file below a folder by its path with `/`, in order; directories that cannot be read are left out.
pub fn published_paths(folder: &Path) -> Vec<String> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name();
    let files = walk.into_iter().flatten().filter(|entry| !entry.file_type().is_dir());
    files
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(folder).ok()?;
            let parts: Vec<String> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            Some(parts.join("/"))
        })
        .collect()
}
