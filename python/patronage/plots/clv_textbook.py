"""Pictures of textbook lifetime value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patronage.plots._style import BLUE, GREY, GROUPS, INK, ORANGE, axes, lettered, literal, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.clv import CohortValue, CustomerEquity, MarginMultiples, RecencyClv
    from patronage.clv._textbook._budget import Budget


def margin_multiples(result: MarginMultiples, ax: Axes | None = None) -> Axes:
    """The multiple by retention, a line a discount rate."""
    ax = axes(ax)
    across = np.asarray(result.about["retentions"])
    order = np.argsort(across)
    for i, (rate, row) in enumerate(zip(result.about["discount_rates"], result.matrix(), strict=True)):
        ax.plot(across[order], row[order], "o-", color=GROUPS[i % len(GROUPS)], label=f"{rate:.4g}", markersize=4)
    ax.legend(frameon=False, title="discount rate")
    ax.set_ylim(bottom=0)
    return plain(ax, "Value for each unit of margin", "retention", "margin multiple")


def cohort_value(result: CohortValue, ax: Axes | None = None) -> Axes:
    """What a customer acquired has earned by each period, and where she breaks even."""
    ax = axes(ax)
    period, earned = result["period"], result["per_customer"]
    cost, even = float(result.about["acquisition_cost"]), result.break_even
    colours = [BLUE if even is not None and k >= even else GREY for k in period]
    ax.bar(period, earned, color=colours if cost else BLUE)
    if cost:
        ax.axhline(cost, color=ORANGE, linewidth=1.5)
        ax.annotate(
            "acquisition cost", (0, cost), (0.01, 2), xycoords=("axes fraction", "data"),
            textcoords=("axes fraction", "offset points"), color=ORANGE, fontsize=9,
        )  # fmt: skip
    ax.locator_params(axis="x", integer=True)
    title = "What a customer acquired has earned"
    if cost:
        title += ": not paid back" if even is None else f": paid back by period {even}"
    return plain(ax, title, "period", "present value so far")


def budget(result: Budget, ax: Axes | None = None) -> Axes:
    """What is left by spend, with the best marked."""
    ax = axes(ax)
    points = result.points()
    winning = type(result).__name__ == "AcquisitionBudget"
    ax.axhline(0, color=GREY, linewidth=1)
    ax.plot(points["spend"], points["value"], color=BLUE)
    ax.plot([result.spend], [result.value], "o", color=ORANGE)
    verb = "won" if winning else "kept"
    text = f"spend {result.spend:,.4g}: {100 * result.rate:.3g} % {verb}, {result.value:,.4g} left"
    ax.annotate(literal(text), (result.spend, result.value), (6, 8), textcoords="offset points", color=INK, fontsize=9)
    ax.margins(y=0.15)
    x = "spend per prospect" if winning else "spend per customer and period"
    y = "left per prospect" if winning else "worth of a customer's future"
    return plain(ax, "How much to spend on " + ("winning customers" if winning else "keeping customers"), x, y)


def recency_clv(result: RecencyClv, ax: Axes | None = None) -> Axes:
    """The value after a purchase for every stop, the best marked."""
    ax = axes(ax)
    stops = result.stops
    place = np.arange(1, len(stops) + 1)
    bars = ax.bar(place, stops, color=[ORANGE if k == result.best_stop else BLUE for k in place])
    if len(stops) <= 12:
        ax.bar_label(bars, fmt="{:,.4g}", fontsize=9, color=INK)
        ax.set_xticks(place, [str(k) for k in place[:-1]] + ["mail all"])
    return plain(ax, "When to stop mailing", "mailing stops at recency", "value of a customer who has just bought")


@lettered
def customer_equity(result: CustomerEquity, ax: Axes | None = None) -> Axes:
    """The parts of each segment's equity, stacked; acquisition below."""
    ax = axes(ax)
    place = np.arange(len(result))
    current, potential, acquisition = (result[name] for name in ("current", "potential", "acquisition"))
    ax.bar(place, current, 0.6, color=BLUE, label="current value")
    ax.bar(place, potential, 0.6, bottom=current, color=GROUPS[2], label="potential value")
    ax.bar(place, -acquisition, 0.6, color=GREY, label="acquisition")
    ax.plot(place, result["equity"], "D", color=ORANGE, label="equity", markersize=6)
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.set_xticks(place, [literal(name) for name in result["segment"]])
    ax.legend(frameon=False)
    return plain(ax, f"Customer equity: {result.value:,.0f}", "", "present value")
