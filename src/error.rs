//! The machine failed: doing what, to which path, why. What is wrong with the user's text is a finding, not an error.

use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot {doing} `{}`: {source}", path.display())]
    Io { doing: &'static str, path: PathBuf, source: std::io::Error },
    #[error("`{0}` changed while it was being built; build again")]
    Changed(String),
    /// Said in full, with what to do about it.
    #[error("{0}")]
    Refused(String),
}

impl Error {
    pub fn io(doing: &'static str, path: impl AsRef<Path>, source: std::io::Error) -> Self {
        Error::Io { doing, path: path.as_ref().to_path_buf(), source }
    }

    /// True if the file that was to be read is another now, or gone.
    pub fn is_change(&self) -> bool {
        match self {
            Error::Io { source, .. } => source.kind() == std::io::ErrorKind::NotFound,
            Error::Changed(_) => true,
            Error::Refused(_) => false,
        }
    }

    pub fn refused(message: impl Into<String>) -> Self {
        Error::Refused(message.into())
    }
}

pub type Result<T> = std::result::Result<T, Error>;
