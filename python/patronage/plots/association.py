"""Pictures of baskets, itemsets and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from patronage.plots._style import BLUE, INK, SEQUENTIAL, axes, lettered, literal, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.association import Baskets, Itemsets, Rules

#: Sets that a picture names.
BARS = 15
#: Rules that a picture names.
NAMED = 5
#: Characters of a name.
WIDTH = 34
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
    ax.set_yticks(np.arange(len(chosen)), [_short(" + ".join(map(str, items[i]))) for i in chosen])
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(_percent())
    what = "sets of two or more items" if len(together) else "items"
    title = f"The most frequent {what} ({len(chosen)} of {len(together) or len(result):,})"
    return plain(ax, title, f"share of {result.about['n_baskets']:,} baskets")


@lettered
def rules(result: Rules, ax: Axes | None = None) -> Axes:
    """Support against confidence, coloured by lift: blue above 1, red below; the highest lifts are named."""
    from matplotlib.colors import Normalize, TwoSlopeNorm

    ax = axes(ax, (7.4, 4.6))
    title = f"{len(result):,} rules" if len(result) else "No rule is that sure"
    ax.xaxis.set_major_formatter(_percent())
    ax.yaxis.set_major_formatter(_percent())
    if len(result):
        lift = np.asarray(result["lift"])
        support, confidence = result["support"], result["confidence"]
        lowest, highest = float(lift.min()), max(float(lift.max()), 1.1)
        # Pale at 1, where a rule says nothing; red only where there are rules below.
        below = lowest < 1.0
        norm = TwoSlopeNorm(1.0, min(lowest, 0.9), highest) if below else Normalize(1.0, highest)
        order = np.argsort(lift)
        dots = ax.scatter(
            support[order],
            confidence[order],
            c=lift[order],
            cmap="RdYlBu" if below else SEQUENTIAL,
            norm=norm,
            s=34,
            edgecolors=INK,
            linewidths=0.3,
            rasterized=len(result) > 2_000,
        )
        bar = ax.figure.colorbar(dots, ax=ax)
        bar.set_label("lift", color=INK)
        _name_highest(ax, result, support, confidence, lift)
        ax.margins(0.08, 0.1)
    return plain(ax, title, "support: share of all baskets", "confidence")


def _name_highest(ax: Axes, result: Rules, support: Any, confidence: Any, lift: Any) -> None:
    """Names the rules of the highest lift, one a set of items, unless their names would lie on each other."""
    seen: set[frozenset[Any]] = set()
    taken: list[tuple[float, float]] = []
    width, height = np.ptp(support) or 1.0, np.ptp(confidence) or 1.0
    for i in np.argsort(-lift, kind="stable"):
        left, right = result["antecedent"][i], result["consequent"][i]
        items = frozenset([*left, *right])
        x, y = float(support[i]), float(confidence[i])
        near = any(abs(x - a) < 0.4 * width and abs(y - b) < 0.06 * height for a, b in taken)
        if items in seen or near:
            continue
        seen.add(items)
        taken.append((x, y))
        text = _short(f"{', '.join(map(str, left))} → {', '.join(map(str, right))}")
        beyond = x > float(support.min()) + 0.5 * width
        ax.annotate(
            text,
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


def _short(text: str) -> str:
    text = " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
    return literal(text if len(text) <= WIDTH else text[: WIDTH - 1] + "…")


def _percent() -> Any:
    from matplotlib.ticker import PercentFormatter

    return PercentFormatter(1.0)
