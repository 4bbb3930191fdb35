"""The picture of what is typical of each group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patronage.plots._style import GREY, GROUPS, axes, lettered, literal, plain
from patronage.plots.association._bars import BARS
from patronage.plots.association._names import percent, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.association import GroupComparison


@lettered
def comparison(result: GroupComparison, ax: Axes | None = None) -> Axes:
    """The sets that tell the groups apart most: their support in each group."""
    sets = [tuple(items) for items in result["items"]]
    chosen = list(dict.fromkeys(sets))[:BARS]
    place = {items: row for row, items in enumerate(chosen)}
    ax = axes(ax, (7.4, max(1.8, 0.34 * len(chosen) + 1.4)))
    names = list(result.about["groups"])
    rows = np.array([place.get(items, -1) for items in sets], dtype=int)
    owners, support = np.asarray(result["group"]), np.asarray(result["support"])
    for row in range(len(chosen)):
        of_set = support[rows == row]
        ax.hlines(row, of_set.min(), of_set.max(), color=GREY, linewidth=2, zorder=1)
    for number, name in enumerate(names):
        mine = (rows >= 0) & (owners == name)
        colour = GROUPS[number % len(GROUPS)]
        ax.scatter(support[mine], rows[mine], color=colour, s=34, zorder=2, label=short(str(name)))
    ax.set_yticks(range(len(chosen)), [short(" + ".join(map(str, items))) for items in chosen])
    ax.set_ylim(len(chosen) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(percent())
    if chosen:
        ax.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5), title=literal("group"))
    title = f"What tells {len(names)} groups apart ({len(chosen)} of {len(set(sets)):,} sets)"
    return plain(ax, title, "share of the group's baskets")
