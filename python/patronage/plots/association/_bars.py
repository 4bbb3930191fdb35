"""Sizes of baskets, and frequent itemsets, as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patronage.plots._style import BLUE, INK, ORANGE, axes, lettered, plain
from patronage.plots.association._names import percent, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.association import Baskets, ItemsetCounts, Itemsets, Outliers

#: Sets that a picture names.
BARS = 15
#: Baskets of more items share a bar.
MOST_ITEMS = 40


@lettered
def baskets(result: Baskets, ax: Axes | None = None) -> Axes:
    """How many baskets hold 0, 1, 2 … items."""
    ax = axes(ax)
    counts = np.bincount(np.minimum(result["size"], MOST_ITEMS), minlength=2)
    ax.bar(np.arange(len(counts)), counts, width=0.9, color=BLUE)
    if len(counts) > MOST_ITEMS:
        ticks = np.arange(0, MOST_ITEMS + 1, 10)
        ax.set_xticks(ticks, [f"{t}+" if t == MOST_ITEMS else str(t) for t in ticks])
    return plain(ax, f"Sizes of {len(result):,} baskets", "distinct items", "baskets")


@lettered
def itemsets(result: Itemsets, ax: Axes | None = None) -> Axes:
    """The most frequent sets of two or more items, or single items where there are no others."""
    together = np.flatnonzero(result["length"] > 1)
    chosen = together[:BARS] if len(together) else np.arange(min(len(result), BARS))
    ax = axes(ax, (7.0, max(1.6, 0.3 * len(chosen) + 1.2)))
    items = result["items"]
    ax.barh(np.arange(len(chosen)), result["support"][chosen], color=BLUE)
    ax.set_yticks(np.arange(len(chosen)), [short(" + ".join(map(str, items[i]))) for i in chosen])
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(percent())
    what = "sets of two or more items" if len(together) else "items"
    title = f"The most frequent {what} ({len(chosen)} of {len(together) or len(result):,})"
    return plain(ax, title, f"share of {result.about['n_baskets']:,} baskets")


@lettered
def itemset_counts(result: ItemsetCounts, ax: Axes | None = None) -> Axes:
    """How many itemsets of each length there are; each bar bears its number."""
    ax = axes(ax)
    lengths, counts = result["length"], result["count"]
    there = counts > 0
    bars = ax.bar(lengths[there], counts[there], width=0.8, color=BLUE)
    ax.set_yscale("log")
    if there.any():
        ax.set_ylim(0.5)
        ax.set_xticks(lengths[there])
        if len(bars) <= BARS:
            ax.bar_label(bars, [f"{count:,}" for count in counts[there]], fontsize=8, color=INK)
    title = f"{result.about['total']:,} itemsets"
    if result.about["limited"] is not None:
        title += " counted, and there are more"
    return plain(ax, title, "items", "itemsets (logarithmic)")


@lettered
def outliers(result: Outliers, ax: Axes | None = None) -> Axes:
    """The largest baskets, with a line at the largest ordinary size."""
    largest = np.argsort(-np.asarray(result["size"]), kind="stable")[:BARS]
    ax = axes(ax, (7.0, max(1.6, 0.3 * len(largest) + 1.2)))
    names = result["basket"]
    ax.barh(np.arange(len(largest)), np.asarray(result["size"])[largest], color=BLUE)
    ax.set_yticks(np.arange(len(largest)), [short(str(names[i])) for i in largest])
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    there, most = result.about["n_baskets"], result.about["max_size"]
    if not len(largest):
        return plain(ax, f"None of {there:,} baskets is uncommonly large", "distinct items", "basket")
    ax.axvline(most, color=ORANGE, linewidth=2)
    shown = f" ({len(largest)} of them)" if len(largest) < len(result) else ""
    title = f"{len(result):,} of {there:,} baskets hold more than {most:,} items{shown}"
    return plain(ax, title, "distinct items", "basket")
