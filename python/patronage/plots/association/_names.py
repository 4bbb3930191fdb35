"""What the pictures of rules share: names that fit, and colours of lift."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from patronage.plots._style import INK, SEQUENTIAL, literal, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Widths of a letter that a name may take; Chinese characters take two.
WIDTH = 34


def short(text: str, width: int = WIDTH) -> str:
    """A text on one line, cut where it is too wide."""
    text = " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
    if columns(text) <= width:
        return literal(text)
    kept = ""
    for letter in text:
        if columns(kept + letter) >= width:
            break
        kept += letter
    return literal(kept + "…")


def columns(text: str) -> int:
    """How wide a text is, in letters."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def joined(items: Iterable[Any], width: int = WIDTH) -> str:
    """The items of a side of a rule, each cut to its part of the width."""
    names = [str(item) for item in items]
    if columns(", ".join(names)) <= width:
        return short(", ".join(names), width)
    return ", ".join(short(name, max(6, width // len(names) - 2)) for name in names)


def count_of(drawn: int, there: int) -> str:
    """How many of the rules a picture has."""
    if drawn < there:
        return f"{drawn:,} of {there:,} rules"
    return "1 rule" if there == 1 else f"{there:,} rules"


def percent() -> Any:
    """Ticks as percentages."""
    from matplotlib.ticker import PercentFormatter

    return PercentFormatter(1.0)


def colours_of(lift: np.ndarray) -> tuple[Any, str]:
    """Scale and colours: pale at 1, where a rule says nothing; red only where there are rules below."""
    from matplotlib.colors import Normalize, TwoSlopeNorm

    lowest, highest = float(lift.min()), max(float(lift.max()), 1.1)
    if lowest < 1.0:
        return TwoSlopeNorm(1.0, min(lowest, 0.9), highest), "RdYlBu"
    return Normalize(1.0, highest), SEQUENTIAL


def lift_bar(ax: Axes, coloured: Any) -> None:
    """What the colours mean."""
    ax.figure.colorbar(coloured, ax=ax).set_label("lift", color=INK)


def nothing(ax: Axes) -> Axes:
    """The picture of no rules."""
    ax.set_axis_off()
    return plain(ax, "No rule is that sure")
