"""What can go wrong, under the names of lifetimes."""

from __future__ import annotations

from patronage.errors import NotConverged


class ConvergenceError(NotConverged, ValueError):
    """A fit that found no maximum."""
