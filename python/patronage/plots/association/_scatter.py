"""Rules as dots: support against confidence, coloured by lift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patronage.association._rules import strongest
from patronage.plots._style import INK, axes, lettered, plain
from patronage.plots.association._names import colours_of, count_of, joined, lift_bar, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.association import Rules

#: Rules that the picture names, and the letters of a name.
NAMED, WIDTH = 5, 56


@lettered
def scatter(result: Rules, ax: Axes | None = None, top: int | None = None) -> Axes:
    """Support against confidence, coloured by lift: blue above 1, red below; the highest lifts are named."""
    ax = axes(ax, (7.4, 4.6))
    chosen = np.array(strongest(result, top), dtype=np.int64)
    ax.xaxis.set_major_formatter(percent())
    ax.yaxis.set_major_formatter(percent())
    title = "No rule is that sure"
    if len(chosen):
        title = count_of(len(chosen), len(result))
        support, confidence, lift = (np.asarray(result[name])[chosen] for name in ("support", "confidence", "lift"))
        norm, colours = colours_of(lift)
        rising = slice(None, None, -1)  # the highest lift is drawn last, on top
        dots = ax.scatter(
            support[rising],
            confidence[rising],
            c=lift[rising],
            cmap=colours,
            norm=norm,
            s=34,
            edgecolors=INK,
            linewidths=0.3,
            rasterized=len(chosen) > 2_000,
        )
        lift_bar(ax, dots)
        _name_highest(ax, result, chosen, support, confidence)
        ax.margins(0.08, 0.1)
    return plain(ax, title, "support: share of all baskets", "confidence")


def _name_highest(ax: Axes, result: Rules, chosen: np.ndarray, support: np.ndarray, confidence: np.ndarray) -> None:
    """Names the rules of the highest lift, one a set of items, unless their names would lie on each other."""
    lefts, rights = result["antecedent"], result["consequent"]
    seen: set[frozenset[object]] = set()
    taken: list[tuple[float, float]] = []
    width, height = np.ptp(support) or 1.0, np.ptp(confidence) or 1.0
    for i, x, y in zip(chosen, support.tolist(), confidence.tolist(), strict=True):
        items = frozenset([*lefts[i], *rights[i]])
        near = any(abs(x - a) < 0.4 * width and abs(y - b) < 0.06 * height for a, b in taken)
        if items in seen or near:
            continue
        seen.add(items)
        taken.append((x, y))
        part = WIDTH // len(items)
        beyond = x > float(support.min()) + 0.5 * width
        ax.annotate(
            f"{joined(lefts[i], part * len(lefts[i]))} → {joined(rights[i], part * len(rights[i]))}",
            (x, y),
            xytext=(-6 if beyond else 6, 4),
            textcoords="offset points",
            ha="right" if beyond else "left",
            fontsize=7.5,
            color=INK,
            bbox={"facecolor": "white", "alpha": 0.85, "linewidth": 0, "pad": 0.8},
        )
        if len(taken) == NAMED:
            return
