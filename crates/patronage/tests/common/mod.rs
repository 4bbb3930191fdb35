//! Where tests find the reference data that does not belong to the project.

#![allow(clippy::print_stderr)]

use std::path::{Path, PathBuf};

/// The path of a file of the shared data, or `None` (with the reason printed) where it is absent; a failure in CI.
pub fn shared(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("PATRONAGE_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is needed in CI", path.display());
    eprintln!("skipped: {} is not there (set PATRONAGE_SHARED to its folder)", path.display());
    None
}
