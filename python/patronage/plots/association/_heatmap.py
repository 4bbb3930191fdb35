"""Rules as a table: antecedents down, consequents across, coloured by lift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patronage.association._rules import strongest
from patronage.plots._style import GREY, INK, axes, lettered, plain
from patronage.plots.association._names import colours_of, count_of, joined, lift_bar, nothing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.association import Rules

#: Rules that are drawn unless more are asked for.
TOP = 30
#: Lines and columns beyond which cells are too small for numbers, and beyond which for names.
NUMBERS, NAMES = 30, 60


@lettered
def heatmap(result: Rules, ax: Axes | None = None, top: int | None = None) -> Axes:
    """The lift of each antecedent with each consequent; where there is no rule, the cell is empty."""
    chosen = strongest(result, TOP if top is None else top)
    antecedents, consequents = result["antecedent"], result["consequent"]
    lefts, rights = [tuple(antecedents[i]) for i in chosen], [tuple(consequents[i]) for i in chosen]
    # In the order of the highest lift, so that the strongest stand in the upper left corner.
    down, across = ({side: place for place, side in enumerate(dict.fromkeys(sides))} for sides in (lefts, rights))
    ax = axes(ax, (max(5.0, 0.5 * min(len(across), 24) + 4.0), max(2.6, 0.3 * min(len(down), 40) + 2.2)))
    if not chosen:
        return nothing(ax)
    lift = np.asarray(result["lift"])[chosen]
    cells = np.full((len(down), len(across)), np.nan)
    cells[[down[side] for side in lefts], [across[side] for side in rights]] = lift
    norm, colours = colours_of(lift)
    image = ax.imshow(cells, cmap=colours, norm=norm, aspect="auto")
    lift_bar(ax, image)
    ax.set_yticks(np.arange(len(down)), [joined(side, 40) for side in down], fontsize=8)
    ax.set_xticks(np.arange(len(across)), [joined(side, 28) for side in across], fontsize=8)
    ax.tick_params(axis="x", rotation=35)
    for tick in ax.get_xticklabels():
        tick.set(ha="right", rotation_mode="anchor")
    if len(down) > NAMES:
        ax.set_yticks([])
    if len(across) > NAMES:
        ax.set_xticks([])
    if max(cells.shape) <= NUMBERS:
        for row, column in np.argwhere(~np.isnan(cells)):
            value = cells[row, column]
            red, green, blue, _ = image.cmap(norm(value))
            dark = 0.3 * red + 0.6 * green + 0.1 * blue < 0.55
            ink = "white" if dark else INK
            ax.text(column, row, f"{value:.1f}", ha="center", va="center", fontsize=7, color=ink)
    # Lines between the cells.
    ax.set_xticks(np.arange(len(across) + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(len(down) + 1) - 0.5, minor=True)
    ax.grid(which="minor", color=GREY, linewidth=0.5, alpha=0.5)
    ax.tick_params(which="both", length=0)
    return plain(
        ax, f"Lift of {count_of(len(chosen), len(result))}", "consequent: also buys", "antecedent: whoever buys"
    )
