"""Rules as a network: arrows from the items of the antecedent through a dot, the rule, to those of the consequent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from patronage.association._rules import strongest
from patronage.plots._style import GREY, INK, axes, lettered, plain
from patronage.plots.association._layout import apart, fitted, spring, to_the_edge
from patronage.plots.association._names import colours_of, columns, count_of, lift_bar, nothing, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.association import Rules

#: Rules that are drawn unless more are asked for.
TOP = 15
#: Letters of an item's name, and their size.
WIDTH, POINTS = 22, 8
#: Room for the dot of a rule, and the number of rules up to which there is room for them.
DOT, FEW = 0.04, 60
#: Room around the nodes, for names that reach beyond them.
MARGIN = 0.1
#: Items beyond which names would cover the picture.
NAMES = 80


@lettered
def network(result: Rules, ax: Axes | None = None, top: int | None = None) -> Axes:
    """Items and rules; a rule's dot is as large as its support and as dark as its lift. One rule a set of items."""
    ax = axes(ax, (8.4, 6.2))
    chosen = strongest(result, TOP if top is None else top, one_a_set=True)
    if not chosen:
        return nothing(ax)
    lefts, rights = result["antecedent"], result["consequent"]
    sides = [(lefts[i], rights[i]) for i in chosen]
    items: dict[Any, int] = {}
    for side in sides:
        for item in [*side[0], *side[1]]:
            items.setdefault(item, len(items))
    # Rules come after items: the edges of rule r end or begin at node len(items) + r.
    n = len(items)
    inward = np.array([(items[item], n + r) for r, (left, _) in enumerate(sides) for item in left])
    outward = np.array([(n + r, items[item]) for r, (_, right) in enumerate(sides) for item in right])
    edges = np.concatenate([inward, outward])
    places = spring(n + len(sides), edges)
    names = [short(str(item), WIDTH) for item in items]
    boxes = _boxes(ax, names if n <= NAMES else [""] * n)
    dots = np.full((len(sides), 2), DOT if len(sides) <= FEW else 0.0)
    places = fitted(apart(places, np.concatenate([boxes, dots]) * 1.15))

    ax.set_xlim(-MARGIN, 1 + MARGIN)
    ax.set_ylim(-MARGIN, 1 + MARGIN)
    begins, ends = places[edges[:, 0]], places[edges[:, 1]]
    heads = np.arange(len(edges)) >= len(inward)
    ends[heads] = to_the_edge(begins[heads], ends[heads], boxes[outward[:, 1]])
    for part, head in ((~heads, 0.0), (heads, 5.0)):
        ax.quiver(
            *begins[part].T,
            *(ends - begins)[part].T,
            angles="xy",
            scale_units="xy",
            scale=1,
            color=GREY,
            width=0.0018,
            headwidth=head,
            headlength=head * 1.4,
            headaxislength=head * 1.3,
            zorder=1,
        )
    support, lift = (np.asarray(result[name])[chosen] for name in ("support", "lift"))
    norm, colours = colours_of(lift)
    drawn = ax.scatter(
        places[n:, 0],
        places[n:, 1],
        s=(30 + 170 * support / support.max()) * (1.0 if len(sides) <= FEW else 0.4),
        c=lift,
        cmap=colours,
        norm=norm,
        edgecolors=INK,
        linewidths=0.6,
        zorder=3,
    )
    lift_bar(ax, drawn)
    if n <= NAMES:
        box = {"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": GREY, "linewidth": 0.7}
        for name, (x, y) in zip(names, places[:n], strict=True):
            ax.text(x, y, name, ha="center", va="center", fontsize=POINTS, color=INK, bbox=box, zorder=4)
    else:
        ax.scatter(places[:n, 0], places[:n, 1], s=12, color=INK, zorder=2)
    ax.set_axis_off()
    told = f"{count_of(len(chosen), len(result))} between {n} items"
    return plain(ax, f"{told}; the larger a dot, the more frequent the rule")


def _boxes(ax: Axes, names: list[str]) -> np.ndarray:
    """Width and height of each name with its frame, as shares of the unit square."""
    window = ax.get_window_extent()
    width, height = (side * 72 / ax.figure.dpi / (1 + 2 * MARGIN) for side in (window.width, window.height))
    letters = np.array([columns(name) for name in names])
    return np.stack([(0.56 * letters + 1.0) * POINTS / width, np.full(len(names), 1.75 * POINTS / height)], axis=1)
