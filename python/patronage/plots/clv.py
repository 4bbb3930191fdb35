"""Pictures of lifetime value: what is expected of the customers, and whether it came true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patronage.errors import InvalidParameter
from patronage.plots._style import BLUE, GREY, INK, ORANGE, SEQUENTIAL, axes, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage._result import Result
    from patronage.clv import (
        AlivePath,
        FrequencyCheck,
        FrequencyRecencyMatrix,
        Heterogeneity,
        HoldoutCheck,
        Posterior,
        Tracking,
    )

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
    """A histogram of the answer; the highest hundredth of the customers shares the last bar."""
    ax = axes(ax)
    names = [name for name in result.columns if name not in ("standard_error", "lower", "upper")]
    name = names[-1]
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
    period = period if isinstance(period, str) else "period"
    title = f"Purchases in the {result.about['duration_holdout']:,.4g} {period}s held out"
    return plain(ax, title, "repeat purchases before", "mean purchases a customer")


def frequency_recency_matrix(result: FrequencyRecencyMatrix, ax: Axes | None = None) -> Axes:
    """A heat map: how often down, how lately across."""
    ax = axes(ax, (7.0, 5.0))
    about = result.about
    most, steps, T = int(about["most"]), int(about["steps"]), float(about["T"])
    alive = "horizon" not in about
    grid = np.ma.masked_invalid(result[result.columns[-1]][1:].reshape(most, steps))
    across = np.linspace(0.5, steps + 0.5, steps + 1) * (T / steps)
    image = ax.pcolormesh(across, np.arange(0.5, most + 1), grid, cmap=SEQUENTIAL, vmin=0, vmax=1 if alive else None)
    label = "probability of still being a customer" if alive else "expected purchases"
    bar = ax.figure.colorbar(image, ax=ax, label=label)
    bar.outline.set_visible(False)
    centres = (across[:-1] + across[1:]) / 2
    if grid.min() < grid.max():
        levels = [0.5] if alive else 5
        lines = ax.contour(centres, np.arange(1, most + 1), grid, levels, colors=[INK], linewidths=1)
        ax.clabel(lines, fmt="50 %%" if alive else "%.3g", fontsize=8)
    ax.set_facecolor(GREY)
    ax.set_xlim(across[0], across[-1] if steps == T else T)
    ax.locator_params(axis="y", integer=True)
    title = (
        f"Who is still a customer after {T:,.4g} periods?"
        if alive
        else f"Purchases expected in {about['horizon']:,.4g} periods, after {T:,.4g}"
    )
    return plain(ax, title, "periods from the first to the last purchase", "repeat purchases")


def tracking(result: Tracking, ax: Axes | None = None, kind: str = "cumulative") -> Axes:
    """Actual and expected repeat purchases over time."""
    if kind not in ("cumulative", "incremental"):
        raise InvalidParameter(f"kind = {kind!r} is not possible; expected 'cumulative' or 'incremental'")
    ax = axes(ax)
    about = result.about
    ending = "_cumulative" if kind == "cumulative" else ""
    end, actual, expected = result["end"], result["actual" + ending], result["expected" + ending]
    if kind == "incremental" and len(end) > 1 and end[-1] % 1:
        # The last period is cut off: beside whole ones it would look like a fall.
        end, actual, expected = end[:-1], actual[:-1], expected[:-1]
    ax.plot(end, actual, color=BLUE, label="actual")
    ax.plot(end, expected, "--", color=ORANGE, label=f"expected ({about['model']})")
    border = float(about["calibration_end"])
    if border < result["end"][-1]:
        ax.axvline(border, color=GREY, linewidth=1)
        ax.annotate("held out", (border, 1), (5, -4), ("data", "axes fraction"), "offset points", va="top", color=INK)
    ax.set_ylim(bottom=0)
    ax.legend(frameon=False, loc="lower right" if kind == "cumulative" else "best")
    period = about["period"] if isinstance(about["period"], str) else "period"
    title = "Repeat purchases so far" if kind == "cumulative" else f"Repeat purchases a {period}"
    return plain(ax, title, f"{period}s since {about['first_day']}", "repeat purchases")


def alive_path(result: AlivePath, ax: Axes | None = None) -> Axes:
    """P(alive) over time, with a line for each purchase."""
    ax = axes(ax)
    day = result["day"].astype("datetime64[D]")
    ax.plot(day, result["probability_alive"], color=BLUE)
    for when in day[result["purchase"].astype(bool)]:
        ax.axvline(when, color=ORANGE, linewidth=1, alpha=0.7)
    ax.plot([], [], color=ORANGE, linewidth=1, label="a purchase")
    ax.set_ylim(0, 1.03)
    ax.legend(frameon=False, loc="lower left")
    for label in ax.get_xticklabels():
        label.set_rotation(20)
    title = f"Is customer {result.about['customer']} still one?"
    return plain(ax, title, "", f"P(alive) by {result.about['model']}")


def heterogeneity(result: Heterogeneity, ax: Axes | None = None, trait: str | None = None) -> Axes:
    """The density of one trait over customers, its mean marked."""
    ax = axes(ax)
    known = dict(result.about["traits"])
    trait = trait or next(iter(known), "")
    if trait not in known:
        raise InvalidParameter(f"trait = {trait!r} is not possible; expected one of {', '.join(known) or 'none'}")
    chosen = np.array([name == trait for name in result["trait"]])
    value, density = result["value"][chosen], result["density"][chosen]
    ax.plot(value, density, color=BLUE)
    ax.fill_between(value, density, color=BLUE, alpha=0.15, linewidth=0)
    mean = known[trait]["mean"]
    ax.axvline(mean, color=ORANGE, linewidth=1, label=f"mean {mean:.3g}")
    # A density may rise without bound at an end of the range.
    ax.set_ylim(0, min(float(density.max()), float(np.quantile(density, 0.98)) * 1.5) * 1.05)
    ax.set_xlim(0, None)
    ax.legend(frameon=False)
    return plain(ax, f"How customers differ: {trait}", trait, "density over customers")


def _and_more(frequency: np.ndarray) -> list[str]:
    names = [str(x) for x in frequency]
    names[-1] += "+"
    return names


def posterior(result: Posterior, parameter: str, kind: str, ax: Axes | None = None) -> Axes:
    """The draws of a parameter, a line a chain: how often each value was drawn, or in what order."""
    if kind not in ("density", "trace"):
        raise InvalidParameter(f"kind = {kind!r} is not possible; expected 'density' or 'trace'")
    if parameter not in result.parameters:
        raise InvalidParameter(f"parameter = {parameter!r} is not possible; expected one of {result.parameters}")
    ax = axes(ax)
    values = np.asarray(result[parameter])
    chains = values.reshape(int(result.about["chains"]), -1)
    shades = np.linspace(1.0, 0.45, len(chains))
    title = f"{result.about['model']}: posterior of {parameter}"
    if kind == "trace":
        for chain, shade in zip(chains, shades, strict=True):
            ax.plot(chain, color=BLUE, alpha=shade, linewidth=0.6)
        return plain(ax, title, "draw", parameter)
    low, high = (float(bound) for bound in np.quantile(values, [0.005, 0.995]))
    edges = np.linspace(low, high, BINS + 1)
    for chain, shade in zip(chains, shades, strict=True):
        ax.stairs(np.histogram(chain, edges, density=True)[0], edges, color=BLUE, alpha=shade)
    ax.axvline(float(np.median(values)), color=ORANGE, linewidth=1.2)
    ax.annotate(
        "median",
        (float(np.median(values)), 0.97),
        xycoords=("data", "axes fraction"),
        xytext=(4, 0),
        textcoords="offset points",
        color=INK,
        va="top",
        fontsize=9,
    )
    return plain(ax, title, parameter, "density")
