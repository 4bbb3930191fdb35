"""Pictures of decisions: the tree, the risk profile, the table."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from patronage.plots._style import BLUE, GREY, GROUPS, INK, ORANGE, axes, literal, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.decision import (
        EfficientFrontier,
        RiskProfile,
        StrategyRegions,
        TableAnswer,
        TargetPlan,
        TestMailing,
        TreeAnswer,
    )

#: Pixels of the layout to an inch of the figure.
SCALE = 96
#: Half the size of a symbol and the slant of a branch, as in the layout.
SYMBOL, SLANT = 12, 38
#: The best branches.
CHOSEN = "#2a9d6a"


def tree(result: TreeAnswer, ax: Axes | None = None, *, values: str, max_leaves: int) -> Axes:
    """The tree as textbooks draw it."""
    frame, width, height = result._made.layout("en", values, max_leaves)
    placed = [dict(zip(frame.names, row, strict=True)) for row in _rows(frame)]
    ax = axes(ax, (width / SCALE, height / SCALE))
    ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    ax.axis("off")
    for p in placed:
        if p["parent"] is not None:
            _branch(ax, p, placed[p["parent"]])
    for p in placed:
        _node(ax, p)
    return ax


def _rows(frame: Any) -> Any:
    from patronage import _tables

    return zip(*_tables.to_dict(frame).values(), strict=True)


def _branch(ax: Axes, p: dict[str, Any], parent: dict[str, Any]) -> None:
    start, elbow, end, y = parent["x"] + SYMBOL, parent["x"] + SYMBOL + SLANT, p["x"] - SYMBOL, p["y"]
    best = p["best"]
    style = {True: (CHOSEN, 2.6), False: (GREY, 1.0), None: (INK, 1.1)}[best]
    ax.plot([start, elbow, end], [parent["y"], y, y], color=style[0], linewidth=style[1], solid_joinstyle="round")
    if best is False:
        for x in (elbow + 6, elbow + 11):
            ax.plot([x - 2.5, x + 2.5], [y + 8, y - 8], color=INK, linewidth=1.2)
    left = elbow + (8 if best is None else 22)
    _write(ax, left, y - 5, p["label"], va="bottom", weight="bold" if best else "normal")
    _write(ax, left, y + 5, p["below"], va="top", alpha=0.8)


def _node(ax: Axes, p: dict[str, Any]) -> None:
    from matplotlib.patches import Circle, Polygon, Rectangle

    x, y, s = p["x"], p["y"], SYMBOL
    style: dict[str, Any] = {"facecolor": "none", "edgecolor": INK, "linewidth": 1.2}
    if p["kind"] == "decision":
        ax.add_patch(Rectangle((x - s, y - s), 2 * s, 2 * s, **style))
    elif p["kind"] == "chance":
        ax.add_patch(Circle((x, y), s, **style))
    elif p["kind"] == "leaf":
        ax.add_patch(Polygon([(x - s, y), (x + 4, y - 9), (x + 4, y + 9)], **style))
    if p["end"]:
        _write(ax, x + s + 4, y, p["value"], va="center")
    elif p["parent"] is None:
        _write(ax, x + s, y - s - 5, p["value"], ha="right", va="bottom", weight="bold")
        _write(ax, x - s - 6, y, p["name"], ha="right", va="center", style="italic")
    else:
        weight = "normal" if p["best"] is False else "bold"
        _write(ax, x - s - 3, y - 5, p["value"], ha="right", va="bottom", weight=weight)
        _write(ax, x - s - 3, y + 5, p["name"], ha="right", va="top", style="italic")


def _write(ax: Axes, x: float, y: float, text: str, **style: Any) -> None:
    if text:
        ax.text(x, y, literal(text), color=INK, fontsize=9, fontfamily=_families(), **style)


@functools.cache
def _families() -> list[str]:
    """The usual font, and after it what there is for Chinese."""
    from matplotlib import font_manager, rcParams

    wanted = ("Noto Sans CJK SC", "Noto Sans CJK JP", "Microsoft YaHei", "PingFang SC", "SimHei", "WenQuanYi Zen Hei")
    there = set(font_manager.get_font_names())
    return [*rcParams["font.family"], *(name for name in wanted if name in there)]


def risk_profile(result: RiskProfile, ax: Axes | None = None) -> Axes:
    """A stem an amount, as high as it is likely."""
    ax = axes(ax)
    ax.vlines(result["payoff"], 0, result["probability"], color=BLUE, linewidth=3)
    ax.plot(result["payoff"], result["probability"], "o", color=BLUE)
    mean = float(np.dot(result["payoff"], result["probability"]))
    ax.axvline(mean, color=ORANGE, linestyle="--", linewidth=1.2, label=f"expected: {mean:,.10g}")
    ax.set_ylim(0, 1.05)
    ax.xaxis.set_major_formatter("{x:,.10g}")
    ax.legend(frameon=False)
    return plain(ax, "Risk profile of the best choices", "payoff", "probability")


def table(result: TableAnswer, ax: Axes | None = None) -> Axes:
    """The range of each alternative's payoffs, and its expected value or mean."""
    names = result["alternative"]
    ax = axes(ax, (7.0, max(2.4, 0.5 * len(names) + 1.4)))
    ends = [name for name in result.columns if name in ("maximax", "maximin", "minimin", "minimax")]
    low, high = (f(*(result[name] for name in ends)) for f in (np.minimum, np.maximum))
    name, label = (
        ("EMV", "expected monetary value") if "emv" in result.columns else ("Laplace", "mean (equally likely)")
    )
    best = [n in result.criteria[name].choice for n in names]
    rows = np.arange(len(names))
    ax.hlines(rows, low, high, color=GREY, linewidth=6, label="from worst to best")
    ax.scatter(result[name.lower()], rows, s=70, zorder=3, color=[ORANGE if b else BLUE for b in best], label=label)
    ax.axvline(0, color=INK, linewidth=0.8, zorder=0)
    ax.set_yticks(rows, [literal(n) for n in names], fontfamily=_families())
    for value, row, chosen in zip(result[name.lower()], rows, best, strict=True):
        _value(ax, f"{value:,.10g}".replace("-", "−"), float(value), float(row), weight="bold" if chosen else "normal")
    ax.xaxis.set_major_formatter("{x:,.10g}")
    ax.set_ylim(len(names) - 0.5, -0.7)
    return plain(ax, f"Payoffs, and the {label}", "payoff" if result.about["sense"] == "profit" else "cost")


def strategy_regions(result: StrategyRegions, ax: Axes | None = None) -> Axes:
    """Expected values against a probability, the best ones bold."""
    ax = axes(ax)
    lines = result.about["lines"]
    for i, (name, (at_0, at_1)) in enumerate(lines.items()):
        color = GROUPS[i % len(GROUPS)]
        ax.plot([0, 1], [at_0, at_1], color=color, linewidth=1.2, label=literal(name))
        for start, end, best in zip(result["from"], result["to"], result["best"], strict=True):
            if name in best:
                ends = np.array([start, end])
                ax.plot(ends, at_0 + (at_1 - at_0) * ends, color=color, linewidth=4, solid_capstyle="butt")
    for point, text in zip(result["from"][1:], result.break_even(), strict=True):
        ax.axvline(point, color=GREY, linewidth=1, linestyle="--", zorder=0)
        label = str(text) if len(str(text)) <= 9 else f"{point:.4g}"
        ax.annotate(
            label, (point, 0), (3, 3), xycoords=("data", "axes fraction"), textcoords="offset points", color=INK
        )
    ax.set_xlim(0, 1)
    ax.yaxis.set_major_formatter("{x:,.10g}")
    ax.legend(frameon=False, prop={"family": _families()})
    return plain(ax, "The best choice by probability", f"probability of “{result.about['state']}”", "expected value")


def _value(ax: Axes, text: str, x: float, y: float, weight: str) -> None:
    """A value above its dot, legible over a line."""
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8}
    ax.annotate(
        text, (x, y), (0, 8), textcoords="offset points", ha="center", color=INK, fontsize=9, weight=weight, bbox=box
    )


def frontier(result: EfficientFrontier, ax: Axes | None = None) -> Axes:
    """The value that each budget brings."""
    ax = axes(ax)
    resource, value = result["resource"], result["value"]
    ax.step(resource, value, where="post", color=BLUE)
    ax.plot(resource, value, "o", color=BLUE, markersize=3 if len(value) < 200 else 0)
    ax.set(xlabel="Budget", ylabel="Value")
    return ax


#: Segments that are drawn.
MOST_SEGMENTS = 40


def targets(result: TargetPlan, ax: Axes | None = None) -> Axes:
    """Response rates with intervals against their break-even, the most profitable on top."""
    order = np.argsort(-result["profit_per_contact"], kind="stable")[:MOST_SEGMENTS]
    ax = axes(ax, (7.5, max(2.4, 0.42 * len(order) + 1.4)))
    names, rows = [result["segment"][i] for i in order], np.arange(len(order))
    chosen = result["contacts"][order] > 0
    rate, low, high = (100 * result[name][order] for name in ("response", "low", "high"))
    colors = [BLUE if c else GREY for c in chosen]
    ax.hlines(rows, low, high, color=colors, linewidth=3)
    ax.scatter(rate, rows, s=50, color=colors, zorder=3)
    even = 100 * result["break_even"][order]
    if len(set(even)) == 1:
        ax.axvline(even[0], color=ORANGE, linewidth=1.4, label=f"break-even {even[0]:.4g} %")
    else:
        ax.plot(even, rows, "|", color=ORANGE, markersize=16, markeredgewidth=2, label="break-even")
    for row, i in zip(rows, order, strict=True):
        text = f"{result['profit'][i]:+,.0f}".replace("-", "−")
        ax.annotate(
            text,
            (1.01, row),
            xycoords=("axes fraction", "data"),
            va="center",
            color=INK,
            fontsize=9,
            weight="bold" if result["contacts"][i] > 0 else "normal",
        )
    ax.annotate("profit", (1.01, 1.0), xycoords="axes fraction", va="bottom", color=INK, fontsize=9)
    ax.set_yticks(rows, [literal(name) for name in names], fontfamily=_families())
    ax.set_ylim(len(order) - 0.5, -0.5)
    ax.set_xlim(left=0)
    ax.legend(frameon=False, loc="lower right")
    left = len(result) - len(order)
    more = f" ({left:,} more segments)" if left else ""
    return plain(ax, f"Response rates and break-even{more}", "response rate, %")


def mailing_test(result: TestMailing, ax: Axes | None = None) -> Axes:
    """EVSI and net gain by the size of the test."""
    ax = axes(ax)
    ax.axhline(result.evpi, color=GREY, linewidth=1.4, linestyle="--", label="EVPI")
    ax.axhline(0, color=INK, linewidth=0.8)
    for name, color, label in (("evsi", BLUE, "EVSI"), ("net_gain", ORANGE, "net gain")):
        ax.plot(result["m"], result[name], color=color, marker="." if len(result) < 30 else None, label=label)
    best = result.best
    ax.annotate(f"m = {best['m']:,}", (best["m"], best["net_gain"]), (0, -14), textcoords="offset points", color=INK)
    low = min(0.0, float(result["net_gain"].min()))
    top = max(result.evpi, 1e-12)
    # A test of everybody may lose many times what knowing is worth.
    ax.set_ylim(max(low, -top) - 0.05 * top, 1.12 * top)
    if result["m"].max() > 50 * result["m"].min():
        ax.set_xscale("log")
    ax.yaxis.set_major_formatter("{x:,.10g}")
    ax.legend(frameon=False)
    return plain(ax, f"A test mailing to “{literal(result.about['segment'])}”", "customers tested", "value")
