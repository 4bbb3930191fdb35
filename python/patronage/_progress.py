"""Progress of long work: tqdm or rich if installed, a callable if given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from patronage.errors import InvalidParameter

#: None or False: nothing; True: a bar, if tqdm or rich is installed; a callable: called with (done, total).
Progress: TypeAlias = bool | Callable[[int, int], Any] | None


def reporter(progress: Progress, what: str) -> Callable[[int, int], Any] | None:
    """The callable that a kernel reports to."""
    if progress is None or progress is False:
        return None
    if callable(progress):
        return progress
    if progress is True:
        return _tqdm(what) or _rich(what)
    raise InvalidParameter(f"progress = {progress!r} is not possible; expected True, False, None or a callable")


def _tqdm(what: str) -> Callable[[int, int], Any] | None:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    bar = tqdm(desc=what, unit_scale=True)

    def report(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)
        if done >= total:
            bar.close()

    return report


def _rich(what: str) -> Callable[[int, int], Any] | None:
    try:
        from rich.progress import Progress as Bar
    except ImportError:
        return None
    bar = Bar(transient=True)
    task = bar.add_task(what)
    bar.start()

    def report(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)
        if done >= total:
            bar.stop()

    return report
