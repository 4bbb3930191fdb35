//! How long work reports progress and hears that it should stop.

use crate::error::{Error, Result};

/// The caller's view of long work. Kernels look at it at least every few ten thousand rows and in each
/// parallel task.
pub trait Watch: Sync {
    /// Whether the caller wants the work to stop.
    fn cancelled(&self) -> bool {
        false
    }
    /// Says that `done` of `total` units of work are done.
    fn progress(&self, done: u64, total: u64) {
        let _ = (done, total);
    }
    /// [`Error::Cancelled`] if the caller wants the work to stop.
    fn check(&self) -> Result<()> {
        if self.cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }
}

/// Nobody watches: never cancelled, progress goes nowhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {}
