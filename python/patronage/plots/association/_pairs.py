"""The picture of pairs of items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patronage.plots._style import GREY, INK, axes, lettered, plain
from patronage.plots.association._names import short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.association import ItemPairs

#: Items that a picture names.
ITEMS = 16
#: Lifts beyond 2 to this power share a colour.
DEEPEST = 3.0


@lettered
def pairs(result: ItemPairs, ax: Axes | None = None) -> Axes:
    """Lift between the items of the first pairs: blue above 1, red below; grey where a pair was not kept."""
    first, second = (list(result[side]) for side in ("item_a", "item_b"))
    items = list(dict.fromkeys(item for pair in zip(first, second, strict=True) for item in pair))[:ITEMS]
    places = {item: place for place, item in enumerate(items)}
    ax = axes(ax, (max(4.0, 0.42 * len(items) + 2.6), max(3.4, 0.36 * len(items) + 1.8)))
    lift = np.full((len(items), len(items)), np.nan)
    with np.errstate(divide="ignore"):
        shade = np.clip(np.log2(np.asarray(result["lift"], dtype=float)), -DEEPEST, DEEPEST)
    for a, b, value in zip(first, second, shade, strict=True):
        if a in places and b in places:
            lift[places[a], places[b]] = lift[places[b], places[a]] = value
    title = f"Lift of {len(result):,} pairs" if len(result) else "No such pair"
    if not items:
        return plain(ax, title)
    ax.set_facecolor(GREY)
    image = ax.imshow(lift, cmap="RdYlBu", vmin=-DEEPEST, vmax=DEEPEST)
    names = [short(str(item)) for item in items]
    ax.set_xticks(range(len(items)), names, rotation=60, ha="right", rotation_mode="anchor", fontsize=8)
    ax.set_yticks(range(len(items)), names, fontsize=8)
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.8)
    bar.set_ticks([-3, -2, -1, 0, 1, 2, 3], labels=["≤ ⅛", "¼", "½", "1", "2", "4", "≥ 8"])
    bar.set_label("lift", color=INK)
    return plain(ax, title)
