"""Pictures of sensitivity: regions, tornado, spider, simulation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patronage.plots._style import GREY, GROUPS, INK, axes, lettered, literal, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.decision import OneWay

#: Points of a curve.
POINTS = 201


@lettered
def one_way(result: OneWay, ax: Axes | None = None) -> Axes:
    """The expected value against the parameter, a colour a strategy."""
    ax = axes(ax)
    strategies = list(dict.fromkeys(result["strategy"]))
    seen = set()
    for start, end, strategy in zip(result["from"], result["to"], result["strategy"], strict=True):
        x = np.linspace(start, end, POINTS)
        color = GROUPS[strategies.index(strategy) % len(GROUPS)]
        label = None if strategy in seen else literal(_short(strategy))
        seen.add(strategy)
        ax.plot(x, result._made.curve(x.tolist()), color=color, linewidth=2.6, label=label)
    for point in result.break_even():
        ax.axvline(float(point), color=GREY, linewidth=1, linestyle="--", zorder=0)
        text = str(point) if len(str(point)) <= 9 else f"{float(point):.4g}"
        ax.annotate(
            text, (float(point), 0), (3, 3), xycoords=("data", "axes fraction"), textcoords="offset points", color=INK
        )
    ax.margins(x=0)
    ax.yaxis.set_major_formatter("{x:,.10g}")
    if len(strategies) <= 2 * len(GROUPS):
        ax.legend(frameon=False, fontsize=9)
    name = result.about["parameter"]
    return plain(ax, f"The best strategy as {name} varies", name, "expected value")


def _short(text: str, width: int = 70) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
