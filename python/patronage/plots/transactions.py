"""Pictures of the entrance hall: customers, purchase histories, cohorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patronage.plots._style import BLUE, GREY, INK, SEQUENTIAL, axes, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle

    from patronage.transactions import Cohorts, Customers, PurchaseHistory

#: Repeat purchases beyond which customers share one bar.
MOST_BARS = 20


def customers(result: Customers, ax: Axes | None = None) -> Axes:
    """How recently against how often, a dot a customer."""
    ax = axes(ax)
    ax.scatter(result["recency"], result["frequency"], s=9, alpha=0.35, color=BLUE, linewidths=0, rasterized=True)
    if len(result) and result["frequency"].max() > 20:
        ax.set_yscale("log")
    return plain(ax, f"Customers as of {result.about['as_of']}", "days since the last purchase", "orders")


def purchase_history(result: PurchaseHistory, ax: Axes | None = None) -> Axes:
    """How many customers made 0, 1, 2 … repeat purchases."""
    ax = axes(ax)
    counts = np.bincount(np.minimum(result["frequency"], MOST_BARS), minlength=2)
    ax.bar(np.arange(len(counts)), counts, color=BLUE)
    ax.set_xticks(np.arange(len(counts)))
    if len(counts) > MOST_BARS:
        ax.set_xticklabels([*map(str, range(MOST_BARS)), f"{MOST_BARS}+"])
    return plain(ax, f"Repeat purchases to {result.about['calibration_end']}", "repeat purchases", "customers")


def cohorts(result: Cohorts, ax: Axes | None = None) -> Axes:
    """The triangle as a heat map; what could not be observed is hatched."""
    measure = result.about["measure"]
    matrix = result.matrix("retention" if measure in ("customers", "retention") else measure)
    count = len(matrix)
    ax = axes(ax, (max(7.0, 0.62 * count + 2), max(3.0, 0.36 * count + 1.2)))
    ax.set_facecolor("white")
    shown = np.ma.masked_invalid(matrix)
    # The cohort's own period is 100 % by definition and would take all the colour.
    later = matrix[:, 1:][np.isfinite(matrix[:, 1:])] if measure in ("customers", "retention") else matrix
    top = float(np.nanmax(later)) if later.size and np.isfinite(later).any() else 1.0
    ax.pcolormesh(np.arange(count + 1) - 0.5, np.arange(count + 1) - 0.5, shown, cmap=SEQUENTIAL, vmin=0, vmax=top)
    starts = np.unique(result["cohort"])
    rows, columns = np.nonzero(~np.isfinite(matrix))
    for row, column in zip(rows, columns, strict=True):
        ax.add_patch(_hatched(float(column), float(row)))
    partial = set(zip(*(v[result["partial"]] for v in (result["cohort"], result["period"])), strict=True))
    for row, column in zip(*np.nonzero(np.isfinite(matrix)), strict=True):
        value = matrix[row, column]
        text = f"{value:.0%}" if measure in ("customers", "retention") else f"{value:,.0f}"
        mark = "*" if (starts[row], column) in partial else ""
        ax.text(
            column,
            row,
            text + mark,
            ha="center",
            va="center",
            fontsize=8,
            color="white" if value > 0.6 * top else INK,
        )
    sizes = dict(zip(result["cohort"], result["size"], strict=True))
    ax.set_yticks(range(count), [f"{_label(s, result.about['period'])}  n={sizes[s]:,}" for s in starts])
    ax.set_xticks(range(count))
    ax.set_ylim(max(count, 1) - 0.5, -0.5)
    ax.tick_params(length=0)
    what = "Share of each cohort that bought again" if measure in ("customers", "retention") else measure
    x = f"{result.about['period']}s after the first purchase"
    if partial:
        x += f"\n* {result.about['period']} not over on {result.about['as_of']}; hatched: not yet observable"
    plain(ax, what, x)
    ax.spines[["left", "bottom"]].set_visible(False)
    return ax


def _hatched(column: float, row: float) -> Rectangle:
    from matplotlib.patches import Rectangle

    return Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor="none", edgecolor=GREY, hatch="////", linewidth=0)


def _label(start: np.datetime64, period: str) -> str:
    return str(start)[: {"year": 4, "month": 7}.get(period, 10)]
