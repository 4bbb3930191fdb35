"""Did the model foresee what happened? Its expectations beside the facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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


def frequency_check(core: Any, about: Mapping[str, Any], source: Read, most: int) -> FrequencyCheck:
    """Actual beside expected frequencies."""
    return FrequencyCheck(core.frequency_check(source.table, most), {**about, **source.about}, source.kind)


def holdout_check(
    core: Any,
    about: Mapping[str, Any],
    history: Any,
    duration: float | None,
    and_more: int,
) -> HoldoutCheck:
    """Actual beside expected purchases in the hold-out."""
    if duration is None:
        duration = history.about.get("duration_holdout") if isinstance(history, Result) else None
        if duration is None:
            raise InvalidParameter(
                "duration = None is not possible for a history that does not know it; expected the length of the "
                "hold-out in periods"
            )
    source = read(history, ("frequency", "recency", "T", "frequency_holdout"), covariates=core.covariates())
    expected = core.expected_purchases(source.table, float(duration)).column("expected_purchases")
    frame, actual, total = _core.holdout_check(source.table, expected, and_more)
    totals = {"duration_holdout": duration, "actual": actual, "expected": total}
    return HoldoutCheck(frame, {**about, **source.about, **totals}, source.kind)
