"""What all pictures share: colours that the colour-blind tell apart, and plain axes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Ink, for text and outlines.
INK = "#22303c"
#: The main colour.
BLUE = "#1f6f9f"
#: For what stands out.
ORANGE = "#d9761b"
#: For what is left out or in the background.
GREY = "#b8c0c6"
#: A colour a group (after Okabe and Ito, 2008).
GROUPS = ("#1f6f9f", "#d9761b", "#3a9a6b", "#b05a9c", "#c9a227", "#5ab4d6", "#8c4a2f", "#6b7a86")
#: From little to much.
SEQUENTIAL = "YlGnBu"

#: Fonts with Chinese characters, on Linux, macOS and Windows.
CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
)


def lettered(draw: Callable[P, T]) -> Callable[P, T]:
    """Lets a picture fall back on an installed Chinese font for what its own font lacks."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            import matplotlib as mpl
            from matplotlib.font_manager import fontManager
        except ImportError:
            return draw(*args, **kwargs)  # which says what to install
        installed = {font.name for font in fontManager.ttflist}
        chinese = [name for name in CHINESE if name in installed][:1]
        before = mpl.rcParams["font.family"]
        # Not rc_context: it would also undo what a notebook sets when pyplot is first imported inside.
        mpl.rcParams["font.family"] = [*before, *chinese]
        try:
            return draw(*args, **kwargs)
        finally:
            mpl.rcParams["font.family"] = before

    return drawn


def axes(ax: Axes | None, size: tuple[float, float] = (7.0, 4.2)) -> Axes:
    """The axes given, or new ones; a clear error where Matplotlib is not installed."""
    if ax is not None:
        return ax
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError("pictures need Matplotlib: pip install patronage[plot]") from None
    try:
        # In a notebook or a script, pyplot shows the figure; it must be asked first.
        import matplotlib.pyplot as plt

        figure: Figure = plt.figure(figsize=size, layout="constrained")
    except ImportError:
        figure = Figure(figsize=size, layout="constrained")
    new: Axes = figure.add_subplot()
    return new


def plain(ax: Axes, title: str, x: str = "", y: str = "") -> Axes:
    """Title and labels, without the frame's upper and right side."""
    ax.set_title(literal(title), loc="left", color=INK, fontsize=11, fontweight="bold")
    ax.set_xlabel(literal(x), color=INK)
    ax.set_ylabel(literal(y), color=INK)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=INK)
    return ax


def literal(text: str) -> str:
    """A text that Matplotlib draws as it stands: a dollar sign would begin a formula."""
    return text.replace("$", r"\$")
