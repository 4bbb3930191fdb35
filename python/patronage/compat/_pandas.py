"""Pandas, which only this part of the library needs."""

from __future__ import annotations

from typing import Any


def pandas() -> Any:
    """Pandas, or what to install."""
    try:
        import pandas
    except ImportError:
        raise ImportError("patronage.compat needs pandas: pip install patronage[compat]") from None
    return pandas
