//! The one place through which kernels are called: the GIL released, an own thread pool for each process,
//! Ctrl-C heard, progress reported, panics turned into an ordinary exception.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use patronage::Watch;
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::{exception, to_python};

/// How long a signal or a progress report may wait.
const POLL: Duration = Duration::from_millis(20);

/// The pool of a process. A forked child inherits the parent's pool without its threads and would wait for
/// them for ever, so a pool is used only by the process that made it.
static POOL: Mutex<Option<(u32, Arc<ThreadPool>)>> = Mutex::new(None);

fn pool(py: Python<'_>) -> PyResult<Arc<ThreadPool>> {
    let mut slot = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    let pid = std::process::id();
    if let Some((owner, pool)) = slot.as_ref()
        && *owner == pid
    {
        return Ok(Arc::clone(pool));
    }
    let pool = ThreadPoolBuilder::new()
        .thread_name(|i| format!("patronage-{i}"))
        .build()
        .map_err(|e| exception(py, "InternalError", &format!("no threads could be started: {e}")))?;
    let pool = Arc::new(pool);
    // Dropping the parent's pool would signal threads that do not exist here.
    std::mem::forget(slot.replace((pid, Arc::clone(&pool))));
    Ok(pool)
}

#[derive(Default)]
struct Shared {
    cancelled: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
}

impl Watch for Shared {
    fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
    fn progress(&self, done: u64, total: u64) {
        self.total.store(total, Ordering::Relaxed);
        self.done.store(done, Ordering::Relaxed);
    }
}

/// Runs a kernel on the pool while this thread listens for signals and passes on progress.
///
/// `progress` is called with `(done, total)`, here, at most fifty times a second; an exception in it cancels
/// the work and propagates.
pub fn run<T: Send>(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&dyn Watch) -> patronage::Result<T> + Send,
) -> PyResult<T> {
    let pool = pool(py)?;
    let shared = Shared::default();
    let (sender, mut receiver) = channel();
    pool.in_place_scope(|scope| {
        let watch = &shared;
        scope.spawn(move |_| {
            let outcome = catch_unwind(AssertUnwindSafe(|| work(watch)));
            let _ = sender.send(outcome);
        });
        let mut raised = None;
        let mut reported = 0;
        let outcome = loop {
            let receiver = &mut receiver;
            match py.detach(move || receiver.recv_timeout(POLL)) {
                Ok(outcome) => break outcome,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(exception(py, "InternalError", "the worker ended without an answer"));
                }
                Err(RecvTimeoutError::Timeout) if raised.is_some() => {}
                Err(RecvTimeoutError::Timeout) => {
                    let (done, total) =
                        (shared.done.load(Ordering::Relaxed), shared.total.load(Ordering::Relaxed));
                    let heard = py.check_signals().and_then(|()| match progress {
                        Some(report) if done != reported => report.call1((done, total)).map(|_| ()),
                        _ => Ok(()),
                    });
                    reported = done;
                    if let Err(error) = heard {
                        raised = Some(error);
                        shared.cancelled.store(true, Ordering::Relaxed);
                    }
                }
            }
        };
        match (raised, outcome) {
            (Some(error), _) => Err(error),
            (None, Ok(Ok(value))) => {
                if let (Some(report), total @ 1..) = (progress, shared.total.load(Ordering::Relaxed)) {
                    report.call1((total, total))?;
                }
                Ok(value)
            }
            (None, Ok(Err(error))) => Err(to_python(py, &error)),
            (None, Err(panic)) => Err(exception(py, "InternalError", &describe(panic.as_ref()))),
        }
    })
}

fn describe(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".into());
    format!("a fault of the library, not of your data: {text}; please report it")
}

/// Panics inside the guard, so that a test can see what becomes of a panic.
#[pyfunction]
#[pyo3(name = "_panic_for_test")]
#[allow(clippy::panic)]
pub fn panic_for_test(py: Python<'_>) -> PyResult<()> {
    run(py, None, |_| panic!("on purpose"))
}
