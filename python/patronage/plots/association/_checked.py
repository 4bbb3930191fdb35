"""Rules on later baskets: the confidence then and later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patronage.plots._style import BLUE, GREY, INK, ORANGE, axes, lettered, plain
from patronage.plots.association._names import joined, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.association import CheckedRules

#: Letters of each side of the rule that moved most.
WIDTH = 28


@lettered
def checked(result: CheckedRules, ax: Axes | None = None) -> Axes:
    """A dot a rule, below the diagonal if it was less sure later; the one that moved most is named."""
    ax = axes(ax, (6.0, 5.0))
    passes = np.asarray(result["passes"], dtype=bool)
    before, after = (np.asarray(result[name], dtype=float) for name in ("confidence", "later_confidence"))
    known = ~np.isnan(after)
    title = f"{int(passes.sum()):,} of {len(result):,} rules pass on {result.about['n_baskets']:,} other baskets"
    if known.any():
        ends = [min(before[known].min(), after[known].min()), max(before[known].max(), after[known].max())]
        ax.plot(ends, ends, color=GREY, linewidth=1.2, zorder=1)
        for which, colour, label in ((passes, BLUE, "passes"), (~passes, ORANGE, "does not pass")):
            drawn = known & which
            if drawn.any():
                ax.scatter(
                    before[drawn], after[drawn], s=26, color=colour, edgecolors=INK, linewidths=0.3,
                    label=f"{label} ({int(drawn.sum()):,})", rasterized=len(result) > 2_000, zorder=2,
                )  # fmt: skip
        most = int(np.nanargmax(np.abs(after - before)))
        left, right = result["antecedent"][most], result["consequent"][most]
        # There is room in the corners off the diagonal: the name goes to its own, the legend to the other.
        higher = after[most] >= before[most]
        ax.annotate(
            f"moved most:\n{joined(left, WIDTH)} →\n{joined(right, WIDTH)}",
            (before[most], after[most]),
            xytext=(0.02, 0.98) if higher else (0.98, 0.02),
            textcoords="axes fraction",
            ha="left" if higher else "right",
            va="top" if higher else "bottom",
            fontsize=7.5,
            color=INK,
            arrowprops={"arrowstyle": "-", "color": GREY, "shrinkB": 3},
        )
        ax.margins(0.08, 0.16)
        ax.legend(frameon=False, fontsize=8, loc="lower right" if higher else "upper left")
    ax.xaxis.set_major_formatter(percent())
    ax.yaxis.set_major_formatter(percent())
    return plain(ax, title, "confidence as found", "confidence in the other baskets")
