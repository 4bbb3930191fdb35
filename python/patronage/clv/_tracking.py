"""Did the model foresee what all customers did together? Repeat purchases over time, actual beside expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from patronage import _core
from patronage._result import Result
from patronage.clv._history import Read
from patronage.errors import InvalidParameter

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.transactions import PurchaseHistory, TransactionLog


class Tracking(Result):
    """Repeat purchases of the calibration's customers over time, a row a period since the first day of the log.

    Columns: `end` (of the period, in periods since the first day; the last may be cut off), `actual` and `expected`
    repeat purchases in it, both added up in `actual_cumulative` and `expected_cumulative`, and `holdout` (whether the
    period ends after the calibration). `about` has the dates and the calibration's end in periods.
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None, *, kind: Literal["cumulative", "incremental"] = "cumulative") -> Axes:
        """Actual and expected lines, with the end of the calibration marked."""
        from patronage.plots import clv as plots

        return plots.tracking(self, ax, kind)


def tracking(core: Any, about: dict[str, Any], log: TransactionLog, history: PurchaseHistory, source: Read) -> Tracking:
    """Actual beside expected repeat purchases in each period."""
    known = history.about if isinstance(history, Result) else {}
    if not {"period", "calibration_end", "as_of"} <= set(known):
        raise InvalidParameter(
            "history is not possible without its dates; expected the result of log.purchase_history, of the same log"
        )
    if known.get("grain", "day") != "day":
        raise InvalidParameter(f"a history of grain {known['grain']!r} is not possible; expected purchases a day")
    frame, dates = log._core.repeat_purchases(known["period"], known["as_of"], known["calibration_end"])
    ends, actual = frame.column("end"), frame.column("purchases").astype(np.int64)
    expected = np.array(core.expected_repeat_purchases(source.table, dates["calibration_end"], ends.tolist()))
    columns = [
        ("end", "float", ends),
        ("actual", "int", actual),
        ("expected", "float", np.diff(expected, prepend=0.0)),
        ("actual_cumulative", "int", np.cumsum(actual)),
        ("expected_cumulative", "float", expected),
        ("holdout", "bool", ends > dates["calibration_end"]),
    ]
    told = {**about, "period": known["period"], **dates, "calibration_ended": known["calibration_end"]}
    return Tracking(_core.Frame.from_columns(columns), told, source.kind)
