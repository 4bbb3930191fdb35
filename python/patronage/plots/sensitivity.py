"""Pictures of sensitivity: regions, tornado, spider, simulation."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from patronage.plots._style import BLUE, GREY, GROUPS, INK, ORANGE, axes, lettered, literal, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.decision import Derivatives, OneWay, Simulation, Spider, Tornado, TwoWay

#: Points of a curve.
POINTS = 201
#: Strategies in a legend.
SHOWN = 12


@lettered
def one_way(result: OneWay, ax: Axes | None = None) -> Axes:
    """The expected value against the parameter, a colour a strategy."""
    ax = axes(ax)
    strategies = list(dict.fromkeys(result["strategy"]))
    seen = set()
    for start, end, strategy in zip(result["from"], result["to"], result["strategy"], strict=True):
        x = np.linspace(start, end, POINTS)
        color = GROUPS[strategies.index(strategy) % len(GROUPS)]
        label = None if strategy in seen else literal(_short(strategy))
        seen.add(strategy)
        ax.plot(x, result._made.curve(x.tolist()), color=color, linewidth=2.6, label=label)
    for point in result.break_even():
        ax.axvline(float(point), color=GREY, linewidth=1, linestyle="--", zorder=0)
        text = str(point) if len(str(point)) <= 9 else f"{float(point):.4g}"
        ax.annotate(
            text, (float(point), 0), (3, 3), xycoords=("data", "axes fraction"), textcoords="offset points", color=INK
        )
    ax.margins(x=0)
    ax.yaxis.set_major_formatter("{x:,.10g}")
    if len(strategies) <= SHOWN:
        ax.legend(frameon=False, fontsize=9)
    name = result.about["parameter"]
    return plain(ax, f"The best strategy as {name} varies", name, "expected value")


def _short(text: str, width: int = 70) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


@lettered
def two_way(result: TwoWay, ax: Axes | None = None) -> Axes:
    """The plane of two parameters, a colour a strategy; the borders are drawn from cut to cut."""
    from matplotlib.patches import Patch

    ax = axes(ax)
    strategies = list(dict.fromkeys(result["strategy"]))
    places = sorted(set(result["x"].tolist()))
    half = [(a + b) / 2 for a, b in pairwise(places)]
    edges = dict(zip(places, zip([places[0], *half], [*half, places[-1]], strict=True), strict=True))
    colors = [GROUPS[k % len(GROUPS)] for k in range(len(strategies))]
    rows = list(zip(result["x"], result["y_from"], result["y_to"], result["strategy"], strict=True))
    for x, low, high, strategy in rows:
        left, right = edges[x]
        color = colors[strategies.index(strategy)]
        ax.fill_between([left, right], low, high, facecolor=color, edgecolor="none", alpha=0.55, linewidth=0, zorder=0)
    cuts = result.break_even()
    if all(len(ys) == len(cuts[0][1]) for _, ys in cuts):
        for line in zip(*(ys for _, ys in cuts), strict=True):
            ax.plot([float(x) for x, _ in cuts], [float(y) for y in line], color=INK, linewidth=1.2)
    else:
        points = [(float(x), float(y)) for x, ys in cuts for y in ys]
        ax.plot(*zip(*points, strict=True), ".", color=INK, markersize=2)
    shown = zip(strategies[:SHOWN], colors, strict=False)
    ax.legend(
        handles=[Patch(facecolor=c, alpha=0.55, label=literal(_short(s))) for s, c in shown],
        frameon=False,
        fontsize=9,
        loc="upper left",
        bbox_to_anchor=(0, -0.14),
    )
    ax.set(xlim=(places[0], places[-1]), ylim=(min(result["y_from"]), max(result["y_to"])))
    ax.xaxis.set_major_formatter("{x:,.10g}")
    ax.yaxis.set_major_formatter("{x:,.10g}")
    x, y = result.about["x"], result.about["y"]
    return plain(ax, f"The best strategy as {x} and {y} vary", x, y)


@lettered
def tornado(result: Tornado, ax: Axes | None = None) -> Axes:
    """A bar a parameter, the longest on top; a mark where the best strategy changes inside."""
    names = result["parameter"]
    ax = axes(ax, (7.0, max(2.0, 0.5 * len(names) + 1.5)))
    rows, base = np.arange(len(names)), result.emv
    for end, color, label in (("low", BLUE, "lower end"), ("high", ORANGE, "upper end")):
        ax.barh(rows, result[f"emv_{end}"] - base, left=base, color=color, height=0.6, label=label)
        for row in rows:
            value, worth = result[end][row], float(result[f"emv_{end}"][row])
            other = float(result[f"emv_{'high' if end == 'low' else 'low'}"][row])
            right = worth > other or (worth == other and end == "high")
            ax.annotate(
                f"{value:,.6g}",
                (worth, row),
                (4 if right else -4, 0),
                textcoords="offset points",
                ha="left" if right else "right",
                va="center",
                fontsize=8,
                color=INK,
            )
    ax.axvline(base, color=INK, linewidth=1)
    changes = [f"{name} ◆" if points else name for name, points in zip(names, result["break_even"], strict=True)]
    ax.set_yticks(rows, [literal(name) for name in changes])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.margins(x=0.15)
    ax.xaxis.set_major_formatter("{x:,.10g}")
    ax.legend(frameon=False, fontsize=9)
    note = "   (◆ the best strategy changes between the ends)" if result.changes else ""
    return plain(ax, "Tornado: one parameter after the other", f"expected value{note}")


@lettered
def spider(result: Spider, ax: Axes | None = None) -> Axes:
    """A line a parameter, from 0 % at its lower end to 100 % at its upper end."""
    ax = axes(ax)
    names = list(dict.fromkeys(result["parameter"]))
    for k, name in enumerate(names):
        rows = [i for i, other in enumerate(result["parameter"]) if other == name]
        value, emv = result["value"][rows], result["emv"][rows]
        share = 100 * (value - value[0]) / (value[-1] - value[0])
        label = f"{name}: {value[0]:,.6g} to {value[-1]:,.6g}"
        ax.plot(share, emv, ".-", color=GROUPS[k % len(GROUPS)], label=literal(label))
    ax.yaxis.set_major_formatter("{x:,.10g}")
    ax.xaxis.set_major_formatter("{x:g} %")
    ax.legend(frameon=False, fontsize=9)
    return plain(ax, "Spider: the expected value along each parameter", "way from the lower to the upper end", "EMV")


@lettered
def derivatives(result: Derivatives, ax: Axes | None = None) -> Axes:
    """A bar a parameter, with its number: the units of parameters differ, and short bars may matter."""
    names = result["parameter"]
    ax = axes(ax, (7.0, max(2.0, 0.5 * len(names) + 1.5)))
    rows = np.arange(len(names))
    bars = ax.barh(rows, result["derivative"], color=BLUE, height=0.6)
    ax.bar_label(bars, [f"{by:,.6g}" for by in result["derivative"]], padding=3, fontsize=8, color=INK)
    ax.margins(x=0.15)
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.set_yticks(rows, [literal(name) for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.xaxis.set_major_formatter("{x:,.10g}")
    return plain(ax, "What a unit more of each parameter changes", "change of the expected value")


@lettered
def simulation(result: Simulation, ax: Axes | None = None, *, bins: int) -> Axes:
    """A histogram of the values, and the expected values with and without knowledge of the parameters."""
    ax = axes(ax)
    ax.hist(result.values, bins=bins, color=GREY, label="value of the tree, solved in each sample")
    best = result._best()
    name, share = result["strategy"][best], float(result["p_optimal"][best])
    ax.axvline(result.emv, color=BLUE, linewidth=2, label=literal(f"expected: {_short(name, 50)}, best in {share:.1%}"))
    known = result.ev_with_perfect_information
    label = f"expected with the parameters known (EVPI {result.evpi:,.5g})"
    ax.axvline(known, color=ORANGE, linewidth=2, linestyle="--", label=label)
    ax.xaxis.set_major_formatter("{x:,.10g}")
    ax.yaxis.set_major_formatter("{x:,.10g}")
    ax.legend(frameon=False, fontsize=9)
    return plain(ax, f"{len(result.values):,} samples of the parameters", "value", "samples")
