"""Pictures of sequences, sequential patterns and sequential rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from patronage.plots._style import BLUE, GREY, INK, axes, lettered, plain
from patronage.plots.association._bars import BARS
from patronage.plots.association._names import percent, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.association import Sequences, SequentialPatterns, SequentialRules

#: Customers with more baskets share a bar.
MOST_BASKETS = 60


@lettered
def sequences(result: Sequences, ax: Axes | None = None) -> Axes:
    """How many customers have 1, 2, 3 … baskets."""
    ax = axes(ax)
    _, sizes = np.unique(np.asarray(result["customer"]), return_counts=True)
    counts = np.bincount(np.minimum(sizes, MOST_BASKETS), minlength=2)
    counts[0] += len(result) - len(sizes)
    ax.bar(np.arange(len(counts)), counts, width=0.9, color=BLUE)
    if len(counts) > MOST_BASKETS:
        ticks = np.arange(0, MOST_BASKETS + 1, 10)
        ax.set_xticks(ticks, [f"{t}+" if t == MOST_BASKETS else str(t) for t in ticks])
    grain = {"day": "days with a purchase", "moment": "purchases"}.get(result.about["grain"], "baskets")
    return plain(ax, f"Baskets of {len(result):,} customers", grain, "customers")


@lettered
def patterns(result: SequentialPatterns, ax: Axes | None = None) -> Axes:
    """The most frequent patterns of two or more elements, or others where there are none."""
    found = result["pattern"]
    later = [place for place, pattern in enumerate(found) if len(pattern) > 1]
    chosen = later[:BARS] if later else list(range(min(len(found), BARS)))
    ax = axes(ax, (7.0, max(1.6, 0.3 * len(chosen) + 1.2)))
    ax.barh(np.arange(len(chosen)), np.asarray(result["support"])[chosen], color=BLUE)
    ax.set_yticks(np.arange(len(chosen)), [short(_arrows(found[place])) for place in chosen])
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(percent())
    what = "Bought one after the other" if later else "The most frequent patterns"
    title = f"{what} ({len(chosen)} of {len(later) or len(found):,})"
    return plain(ax, title, f"share of {result.about['n_customers']:,} customers")


@lettered
def sequential_rules(result: SequentialRules, ax: Axes | None = None) -> Axes:
    """Of each rule, the share who later bought beside the share of all customers who ever did."""
    shown = min(len(result), BARS)
    ax = axes(ax, (7.4, max(1.8, 0.34 * shown + 1.4)))
    places = np.arange(shown)
    confidence = np.asarray(result["confidence"])[:shown]
    common = np.asarray(result["consequent_count"])[:shown] / max(result.about["n_customers"], 1)
    ax.hlines(places, common, confidence, color=GREY, linewidth=2, zorder=1)
    ax.scatter(common, places, color="white", edgecolors=INK, s=30, zorder=2, label="of all customers, at any time")
    ax.scatter(confidence, places, color=BLUE, s=34, zorder=3, label="of those with the first, later")
    before, after = result["antecedent"], result["consequent"]
    ax.set_yticks(places, [short(_arrows([*before[place], after[place]])) for place in places])
    ax.set_ylim(shown - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(percent())
    if shown:
        ax.legend(
            frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.4, -0.5 / (0.34 * shown + 0.3)), ncols=2
        )
    title = f"Bought later ({shown} of {len(result):,} rules)" if shown else "No rule is that sure"
    return plain(ax, title, "share who bought the last item")


def _arrows(elements: list[list[Any]]) -> str:
    return " → ".join(" + ".join(map(str, element)) for element in elements)
