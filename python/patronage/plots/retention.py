"""Pictures of customers under contract: how many stay, and what models foresee."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from patronage.errors import InvalidParameter
from patronage.plots._style import BLUE, GREY, GROUPS, axes, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.clv import RetentionCurve, RetentionModel

#: Models are drawn with these marks, one after the other.
MARKS = "so^Dv"
#: Periods beyond which marks would run into each other.
MARKED = 40

_WORDS = {
    "survival": ("How many customers stay", "share still there"),
    "retention": ("How many stay for another period", "share of those there who stay"),
}


def retention_curve(
    result: RetentionCurve,
    ax: Axes | None,
    models: Sequence[RetentionModel],
    periods: int | None,
    measure: str,
) -> Axes:
    """The curve with its interval, and what models say up to `periods`."""
    if measure not in _WORDS:
        raise InvalidParameter(f"measure = {measure!r} is not possible; expected one of {', '.join(_WORDS)}")
    ax = axes(ax)
    title, label = _WORDS[measure]
    if len(result) == 0:
        return plain(ax, f"{title}: no customers", "periods", label)
    duration, value = result["duration"], result[measure]
    watched = float(duration[-1])
    if measure == "survival":
        percent = f"{100 * result.about['confidence']:g} %"
        ax.step(duration, value, where="post", color=BLUE, label="seen (Kaplan–Meier)")
        ax.fill_between(
            duration, result["lower"], result["upper"], step="post", color=BLUE, alpha=0.18, lw=0, label=percent
        )
        ax.plot(duration, value, "o", color=BLUE, ms=4) if len(duration) <= MARKED else None
    else:
        ax.plot(duration[duration > 0], value[duration > 0], "o-", color=BLUE, label="seen")
    if models:
        last = int(periods if periods is not None else np.ceil(1.5 * watched))
        if last < 1:
            raise InvalidParameter(f"periods = {periods} is not possible; expected at least 1")
        t = np.arange(0 if measure == "survival" else 1, last + 1)
        for i, model in enumerate(models):
            y = getattr(model, measure)(t)
            mark = MARKS[i % len(MARKS)] if last <= MARKED else ""
            colour = GROUPS[1 + i % (len(GROUPS) - 1)]
            name = f"{model._name}, fitted" if model.converged_ is not None else model._name
            ax.plot(t, y, mark + "--", color=colour, ms=4, mfc="none", label=name)
        if last > watched:
            ax.axvline(watched, color=GREY, lw=1, ls=":", zorder=0, label="end of what was seen")
    lowest = 0.0 if measure == "survival" else max(0.0, float(np.floor(10 * ax.dataLim.y0 - 1)) / 10)
    ax.set_ylim(lowest, 1.02)
    ax.set_xlim(left=0)
    ax.locator_params(axis="x", integer=True)
    ax.legend(frameon=False, loc="upper right" if measure == "survival" else "lower right")
    customers = result.about["customers"]
    return plain(ax, f"{title}: {customers:,.0f} customers", "periods", label)
