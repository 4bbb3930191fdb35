"""Pictures of lifetime value: what is expected of the customers, and whether it came true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patronage.plots._style import BLUE, GREY, INK, ORANGE, SEQUENTIAL, axes, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage._result import Result
    from patronage.clv import AliveMatrix, FrequencyCheck, HoldoutCheck

#: Share of the customers beyond which a histogram is cut, so that a few do not squeeze the rest.
CUT = 0.99
BINS = 40

#: What columns are called in words.
_TITLES = {
    "probability_alive": "Probability of still being a customer",
    "expected_purchases": "Expected purchases",
    "discounted_expected_purchases": "Discounted expected purchases",
    "expected_spend": "Expected spend a purchase",
    "lifetime_value": "Lifetime value",
    "log_likelihood": "Log-likelihood",
}


#: Groups of customers up to which each is labelled with its size.
FEW_GROUPS = 9
#: Labels that fit beside each other.
MOST_LABELS = 16


def customer_values(result: Result, ax: Axes | None = None) -> Axes:
    """A histogram of the last column; the highest hundredth of the customers shares the last bar."""
    ax = axes(ax)
    name = result.columns[-1]
    values = np.asarray(result[name], dtype=float)
    values = values[np.isfinite(values)]
    label = _TITLES.get(name, name.replace("_", " "))
    if len(values) == 0:
        return plain(ax, f"{label}: no customers", label, "customers")
    low, high = float(values.min()), float(values.max())
    top = 1.0 if name.startswith("probability") else float(np.quantile(values, CUT))
    low = min(low, 0.0)
    top = top if top > low else low + 1.0
    ax.hist(np.minimum(values, top), bins=BINS, range=(low, top), color=BLUE)
    cut = "" if high <= top else f" (last bar: {top:,.3g} and more)"
    return plain(ax, f"{label}: {len(values):,} customers", label + cut, "customers")


def frequency_check(result: FrequencyCheck, ax: Axes | None = None) -> Axes:
    """Actual beside expected customers, a pair of bars a frequency."""
    ax = axes(ax)
    place = np.arange(len(result))
    ax.bar(place - 0.2, result["actual"], 0.4, color=BLUE, label="actual")
    ax.bar(place + 0.2, result["expected"], 0.4, color=ORANGE, label=f"expected ({result.about['model']})")
    ax.set_xticks(place, _and_more(result["frequency"]))
    ax.legend(frameon=False)
    return plain(ax, "How often customers bought again", "repeat purchases", "customers")


def holdout_check(result: HoldoutCheck, ax: Axes | None = None) -> Axes:
    """Mean purchases in the hold-out, actual beside expected, by frequency in the calibration."""
    ax = axes(ax)
    place = np.arange(len(result))
    ax.plot(place, result["actual"], "o-", color=BLUE, label="actual")
    ax.plot(place, result["expected"], "s--", color=ORANGE, label=f"expected ({result.about['model']})")
    names = _and_more(result["frequency"])
    if len(names) <= FEW_GROUPS:
        names = [f"{name}\nn={n:,}" for name, n in zip(names, result["customers"], strict=True)]
    every = -(-len(names) // MOST_LABELS)
    shown = sorted({*range(0, len(names) - every // 2 - 1, every), len(names) - 1})
    ax.set_xticks(place[shown], [names[i] for i in shown])
    ax.set_ylim(bottom=0)
    ax.legend(frameon=False)
    period = result.about.get("period", "period")
    title = f"Purchases in the {result.about['duration_holdout']:,.4g} {period}s held out"
    return plain(ax, title, "repeat purchases before", "mean purchases a customer")


def alive_matrix(result: AliveMatrix, ax: Axes | None = None) -> Axes:
    """A heat map: how often down, how lately across."""
    ax = axes(ax, (7.0, 5.0))
    about = result.about
    most, steps, T = int(about["most"]), int(about["steps"]), float(about["T"])
    grid = result["probability_alive"][1:].reshape(most, steps)
    across = np.linspace(0.5, steps + 0.5, steps + 1) * (T / steps)
    image = ax.pcolormesh(across, np.arange(0.5, most + 1), grid, cmap=SEQUENTIAL, vmin=0, vmax=1)
    bar = ax.figure.colorbar(image, ax=ax, label="probability of still being a customer")
    bar.outline.set_visible(False)
    lines = ax.contour((across[:-1] + across[1:]) / 2, np.arange(1, most + 1), grid, [0.5], colors=[INK], linewidths=1)
    ax.clabel(lines, fmt="50 %%", fontsize=8)
    ax.set_facecolor(GREY)
    ax.set_xlim(across[0], across[-1] if steps == T else T)
    ax.locator_params(axis="y", integer=True)
    return plain(
        ax,
        f"Who is still a customer after {T:,.4g} periods?",
        "periods from the first to the last purchase",
        "repeat purchases",
    )


def _and_more(frequency: np.ndarray) -> list[str]:
    names = [str(x) for x in frequency]
    names[-1] += "+"
    return names
