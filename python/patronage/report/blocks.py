"""What a section is made of."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    kind: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True)
class Points:
    """Sentences, one a line."""

    kind: ClassVar[str] = "points"
    texts: Sequence[str]


@dataclass(frozen=True)
class Card:
    """One figure that stands for itself."""

    value: str
    label: str


@dataclass(frozen=True)
class Cards:
    """A row of figures."""

    kind: ClassVar[str] = "cards"
    cards: Sequence[Card]


@dataclass(frozen=True)
class Table:
    """A small table: texts to the left, numbers (every other column) to the right."""

    kind: ClassVar[str] = "table"
    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    texts: int = 1


@dataclass(frozen=True)
class Picture:
    """A drawing, as an image in the page."""

    kind: ClassVar[str] = "picture"
    caption: str
    source: str
    width: int
    height: int


@dataclass(frozen=True)
class Section:
    """A part of the report, with a note on what its figures rest on."""

    name: str
    title: str
    blocks: Sequence[Any]
    basis: str = ""
    short: str = field(default="")


def picture(caption: str, draw: Callable[[Axes], Any], size: tuple[float, float] = (7.0, 4.2)) -> Picture:
    """Draws into an SVG image; as an image it can run no script and clash with nothing on the page."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.fonttype": "none", "font.family": ["sans-serif"], "svg.hashsalt": "patronage"}):
        figure = Figure(figsize=size, layout="constrained")
        draw(figure.add_subplot())
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    width, height = (round(float(x) * 96) for x in figure.get_size_inches())
    source = "data:image/svg+xml;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
    return Picture(caption, source, width, height)


def count(number: float) -> str:
    """A whole number with thousands separators."""
    return f"{number:,.0f}"


def money(amount: float, currency: str) -> str:
    """An amount; cents only where they matter."""
    if amount != amount:
        return "–"
    digits = f"{abs(amount):,.0f}" if abs(amount) >= 1000 else f"{abs(amount):,.2f}"
    return f"{'−' if amount < 0 else ''}{currency}{digits}"


def share(part: float, decimals: int = 1) -> str:
    """A share as a percentage."""
    return "–" if part != part else f"{100 * part:.{decimals}f} %"


def number(value: float | None, decimals: int = 2) -> str:
    """A number with a fixed number of decimals."""
    if value is None or value != value:
        return "–"
    return "∞" if value == float("inf") else f"{value:,.{decimals}f}".replace("-", "−")
