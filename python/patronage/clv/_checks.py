"""Did the model foresee what happened? Its expectations beside the facts, and a map of what it believes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from patronage import _core
from patronage._result import Result
from patronage.clv._history import Read, read
from patronage.errors import InvalidParameter

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class FrequencyCheck(Result):
    """Customers by number of repeat purchases: columns `frequency`, `actual`, `expected`.

    The last row is that frequency or more. `expected` is the sum over customers of the probability of that number in
    the time each was watched.
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Actual beside expected customers, a pair of bars a frequency."""
        from patronage.plots import clv as plots

        return plots.frequency_check(self, ax)


class HoldoutCheck(Result):
    """Purchases in the hold-out by frequency in the calibration.

    Columns: `frequency`, `customers`, and mean purchases a customer `actual` and `expected` (null without customers);
    the last row is that frequency or more. `about` has the totals `actual` and `expected`, and the duration.
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Mean purchases in the hold-out, actual beside expected, by frequency in the calibration."""
        from patronage.plots import clv as plots

        return plots.holdout_check(self, ax)


class AliveMatrix(Result):
    """P(alive) by frequency and recency for one T: columns `frequency`, `recency`, `probability_alive`.

    Without a repeat purchase there is no recency but 0; the model knows nothing against such a customer.
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """A heat map."""
        from patronage.plots import clv as plots

        return plots.alive_matrix(self, ax)


def frequency_check(core: Any, about: Mapping[str, Any], source: Read, most: int) -> FrequencyCheck:
    """Actual beside expected frequencies."""
    return FrequencyCheck(core.frequency_check(source.table, most), {**about, **source.about}, source.kind)


def holdout_check(
    core: Any, about: Mapping[str, Any], history: Any, duration: float | None, and_more: int
) -> HoldoutCheck:
    """Actual beside expected purchases in the hold-out."""
    if duration is None:
        duration = history.about.get("duration_holdout") if isinstance(history, Result) else None
        if duration is None:
            raise InvalidParameter(
                "duration = None is not possible for a history that does not know it; expected the length of the "
                "hold-out in periods"
            )
    source = read(history, ("frequency", "recency", "T", "frequency_holdout"))
    expected = core.expected_purchases(source.table, float(duration)).column("expected_purchases")
    frame, actual, total = _core.holdout_check(source.table, expected, and_more)
    totals = {"duration_holdout": duration, "actual": actual, "expected": total}
    return HoldoutCheck(frame, {**about, **source.about, **totals}, source.kind)


def alive_matrix(
    core: Any, about: Mapping[str, Any], T: float, most: int, steps: int, *, one_a_step: bool = False
) -> AliveMatrix:
    """P(alive) on a grid; null beyond one purchase a step, if there can be no more."""
    if not T > 0 or most < 1 or steps < 1:
        raise InvalidParameter(f"T = {T}, most = {most}, steps = {steps} are not possible; expected numbers above 0")
    frequency, recency = np.meshgrid(np.arange(1, most + 1), np.arange(1, steps + 1) * (T / steps), indexing="ij")
    x = np.concatenate([[0], frequency.ravel()])
    t = np.concatenate([[0.0], recency.ravel()])
    possible = x * (T / steps) <= t if one_a_step else np.full(len(x), True)
    columns = {"frequency": x, "recency": np.minimum(t, T), "T": np.full(len(x), float(T))}
    source = read({name: column[possible] for name, column in columns.items()}, ("frequency", "recency", "T"))
    alive = np.full(len(x), np.nan)
    alive[possible] = core.probability_alive(source.table, 0.0, False).column("probability_alive")
    frame = _core.Frame.from_columns(
        [("frequency", "int", x.astype(np.int64)), ("recency", "float", t), ("probability_alive", "float", alive)]
    )
    return AliveMatrix(frame, {**about, "T": T, "most": most, "steps": steps}, "dict")
