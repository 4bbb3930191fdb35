"""Pictures of segmentation: the RFM grid, bars of segments and statuses, the pyramid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from patronage import _core
from patronage.plots._style import BLUE, GREY, INK, SEQUENTIAL, axes, lettered, literal, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.segmentation import LifeCycleSummary, PyramidSummary, RfmScores, RfmSummary

#: Words on the pictures, by language.
WORDS = {
    "en": {
        "rfm": "Customers by recency and frequency",
        "r": "recency score ({bins} = most recent)",
        "f": "frequency score",
        "segments": "Segments",
        "pyramid": "The customer pyramid",
        "customers": "share of customers",
        "monetary": "share of money",
        "value": "share of {by}",
        "life_cycle": "Where customers stand",
        "as_of": ", as of {day}",
    },
    "zh": {
        "rfm": "客户分布：最近一次消费 × 消费频率",
        "r": "最近一次消费得分（{bins} 为最近）",
        "f": "消费频率得分",
        "segments": "客户分群",
        "pyramid": "客户金字塔",
        "customers": "客户占比",
        "monetary": "消费金额占比",
        "value": "{by} 占比",
        "life_cycle": "客户状态",
        "as_of": "（截至 {day}）",
    },
}


def _words(result: Any) -> dict[str, str]:
    return WORDS[result.about["lang"]]


def _percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{share:.1%}"


def _title(result: Any, name: str) -> str:
    """The title of a picture, with the day as of which it stands where that is known."""
    words, day = _words(result), result.about.get("as_of")
    return words[name] + (words["as_of"].format(day=day) if day else "")


def _amount(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"


@lettered
def rfm_grid(result: RfmScores, grid: _core.Frame, rules: Sequence[Any], ax: Axes | None = None) -> Axes:
    """Customers in each cell of recency × frequency; segments that are blocks of cells are outlined and named."""
    from matplotlib.patches import Rectangle

    words, bins = _words(result), result.about["bins"]
    ax = axes(ax, (7.4, 5.2))
    counts = grid.column("customers").reshape(bins, bins).T
    top = max(1, counts.max())
    edges = np.arange(bins + 1) + 0.5
    shown = np.ma.masked_equal(counts, 0)
    ax.pcolormesh(edges, edges, shown, cmap=SEQUENTIAL, vmin=0, vmax=1.15 * top, edgecolors="white", linewidth=1)
    for f in range(bins):
        for r in range(bins):
            ax.text(
                r + 1,
                f + 0.92,
                f"{counts[f, r]:,}",
                ha="center",
                va="center",
                color=_ink(counts[f, r], top) if counts[f, r] else GREY,
            )
    zh = result.about["lang"] == "zh"
    if all(tuple(m) == (1, bins) for *_, m in rules):
        for en, chinese, r, f, _ in rules:
            corner, size = (r[0] - 0.5, f[0] - 0.5), (r[1] - r[0] + 1, f[1] - f[0] + 1)
            ax.add_patch(Rectangle(corner, *size, fill=False, edgecolor=INK, linewidth=1.6))
            ax.text(
                r[0] - 0.42,
                f[1] + 0.4,
                literal(chinese if zh else en),
                ha="left",
                va="top",
                fontsize=8.5,
                fontweight="bold",
                color=_ink(counts[f[1] - 1, r[0] - 1], top),
            )
    ax.set_xticks(range(1, bins + 1))
    ax.set_yticks(range(1, bins + 1))
    ax.tick_params(length=0)
    plain(ax, _title(result, "rfm"), words["r"].format(bins=bins), words["f"])
    ax.spines[["left", "bottom"]].set_visible(False)
    return ax


def _ink(count: float, top: float) -> str:
    return "white" if count > 0.6 * top else INK


@lettered
def rfm_segments(result: RfmSummary, ax: Axes | None = None) -> Axes:
    """Each segment's share of the customers and of the money."""
    words = _words(result)
    return _pairs(result, "segment", "share_of_monetary", words["monetary"], "segments", ax)


def _pairs(result: Any, label: str, share: str, share_name: str, title: str, ax: Axes | None) -> Axes:
    """Two bars a group, from the first at the top."""
    names = result[label]
    ax = axes(ax, (7.4, 0.52 * len(names) + 1.3))
    place = np.arange(len(names))
    series = [("share_of_customers", GREY, _words(result)["customers"], -0.2)]
    if share in result.columns:
        series.append((share, BLUE, share_name, 0.2))
    for column, colour, name, shift in series:
        shares = result[column]
        bars = ax.barh(place + shift, np.nan_to_num(shares), height=0.38, color=colour, label=literal(name))
        ax.bar_label(bars, [_percent(s) for s in shares], padding=3, fontsize=8, color=INK)
    ax.set_yticks(place, [literal(f"{n}  ({c:,})") for n, c in zip(names, result["customers"], strict=True)])
    ax.invert_yaxis()
    ax.margins(x=0.12)
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0%}")
    ax.tick_params(axis="y", length=0)
    ax.legend(frameon=False, loc="upper right", bbox_to_anchor=(1, -0.06), ncols=2)
    return plain(ax, _title(result, title))


@lettered
def pyramid(result: PyramidSummary, ax: Axes | None = None) -> Axes:
    """A pyramid of equally high tiers, beside each its share of the customers and of the value."""
    from matplotlib.patches import Polygon

    words, names = _words(result), result["tier"]
    tiers = len(names)
    ax = axes(ax, (8.6, 0.85 * tiers + 1.4))
    shades = np.linspace(1.0, 0.35, tiers)
    value = words["monetary"] if result.about["by"] == "monetary" else words["value"].format(by=result.about["by"])
    columns = (("share_of_customers", GREY, words["customers"], 0.2), ("share_of_value", BLUE, value, -0.2))
    bar = 1.2
    scale = 1.0 / max(1e-9, *(np.nan_to_num(result[column]).max(initial=0.0) for column, *_ in columns))
    for tier in range(tiers):
        high, low = tiers - tier, tiers - tier - 0.94
        half = [1 - y / tiers for y in (low, high)]
        corners = [(-half[0], low), (half[0], low), (half[1], high), (-half[1], high)]
        ax.add_patch(Polygon(corners, closed=True, color=BLUE, alpha=shades[tier], linewidth=0))
        middle = (high + low) / 2
        name = literal(f"{names[tier]}  ({result['customers'][tier]:,})")
        ax.text(_slope(middle, tiers), middle, name, ha="right", va="center", color=INK, fontweight="bold")
        smallest = result["smallest"][tier]
        if not np.isnan(smallest):
            below = middle - 0.24
            text = f"≥ {_amount(smallest)}"
            ax.text(_slope(below, tiers), below, text, ha="right", va="center", color=INK, fontsize=8)
        for column, colour, label, shift in columns:
            share = result[column][tier]
            ax.barh(
                middle + shift,
                scale * float(np.nan_to_num(share)),
                height=0.36,
                left=bar,
                color=colour,
                label=literal(label) if tier == 0 else None,
            )
            ax.text(
                bar + scale * max(float(np.nan_to_num(share)), 0) + 0.03,
                middle + shift,
                _percent(share),
                va="center",
                color=INK,
                fontsize=9,
            )
    ax.set_xlim(-1.75, bar + 1.25)
    ax.set_ylim(-0.05, tiers + 0.05)
    plain(ax, _title(result, "pyramid"))
    ax.set_axis_off()
    ax.legend(frameon=False, loc="upper right", bbox_to_anchor=(1, 0), ncols=2)
    return ax


def _slope(height: float, tiers: int) -> float:
    """Where a text ends that stands beside the pyramid's left side."""
    return height / tiers - 1.08


@lettered
def life_cycle(result: LifeCycleSummary, ax: Axes | None = None) -> Axes:
    """Each status's share of the customers and of the money."""
    words = _words(result)
    ax = _pairs(result, "status", "share_of_monetary", words["monetary"], "life_cycle", ax)
    rows = zip(result["status"], result["customers"], result["condition"], strict=True)
    ax.set_yticks(range(len(result)), [literal(f"{name}  ({count:,})\n{when}") for name, count, when in rows])
    return ax
