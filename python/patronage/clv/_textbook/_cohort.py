"""A cohort's value from counts of its customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from patronage import _core, _tables
from patronage.clv._textbook._worked import FirstPayment, Worked, numbers
from patronage.errors import InvalidParameter
from patronage.transactions import Cohorts

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class CohortValue(Worked):
    """A row a period: a cohort that thins out, and what it brings.

    Columns: `period`, `customers`, `retention` (their share of the period before; null for the first), `survival`
    (of those acquired), `margin`, `discount_factor`, `present_value`, `running_total` (for the whole cohort),
    `per_customer` (running total per customer acquired), `net_per_customer` (less acquisition).
    """

    __slots__ = ()
    _working = staticmethod(_core.cohort_value_working)

    @property
    def value(self) -> float:
        """What each customer acquired is worth over the periods given, less her acquisition."""
        return float(self.about["value"])

    @property
    def break_even(self) -> int | None:
        """The first period by which a customer has earned what it cost to win her; None if not by the last."""
        period: int | None = self.about["break_even"]
        return period

    def plot(self, ax: Axes | None = None) -> Axes:
        """What a customer acquired has earned by each period, and where she breaks even."""
        from patronage.plots import clv_textbook as plots

        return plots.cohort_value(self, ax)


def cohort_value(
    customers: Any,
    *,
    margin: float | Sequence[float],
    discount_rate: float,
    cohort: str | dt.date | None = None,
    first_payment: FirstPayment = "start",
    include_first: bool = True,
    acquisition_cost: float = 0,
) -> CohortValue:
    """Counts of the customers still there × margin, discounted and added up, per customer acquired.

    Nothing is said of the time after the last count: that takes a model.

    Args:
        customers: Counts in periods 0, 1, 2 …, the first of them acquired; or a table with a column `customers`; or
            the result of `TransactionLog.cohorts`, of which a period that is not over is left out.
        margin: Margin per customer and period; or a list of them, one a period.
        discount_rate: Effective rate per period.
        cohort: Which cohort of the log: the first day of its period, as "1997-01-01". Not needed if there is only one.
        first_payment: When in its period a margin comes; period 0 begins with the acquisition, so that at the "start"
            it is not discounted. Or "middle", "end".
        include_first: Whether the margin of period 0 counts. `about` and the working say what was used.
        acquisition_cost: What winning each customer costs, at once.

    Example:
        >>> import patronage as pt
        >>> alive = [1000, 631, 468, 382, 326]
        >>> cohort = pt.clv.cohort_value(alive, margin=100, discount_rate=0.1, acquisition_cost=200)
        >>> round(cohort.value, 3), cohort.break_even
        (47.008, 3)
        >>> round(pt.clv.cohort_value(alive, margin=100, discount_rate=0.1, include_first=False).value, 3)
        147.008
    """
    kind, counts, start = _counts(customers, cohort)
    inputs = {
        "customers": counts,
        "margin": numbers("margin", [margin] if np.ndim(margin) == 0 else margin),
        "discount_rate": discount_rate,
        "first_payment": first_payment,
        "include_first": include_first,
        "acquisition_cost": acquisition_cost,
    }
    frame, value, break_even = _core.cohort_value(inputs)
    return CohortValue(frame, {"cohort": start, **inputs, "value": value, "break_even": break_even}, kind)


def _counts(customers: Any, cohort: str | dt.date | None) -> tuple[str, list[float], str | None]:
    """The kind of table, the counts, and the first day of the cohort if it comes from a log."""
    if isinstance(customers, Cohorts):
        start = _start(customers, cohort)
        rows = (customers["cohort"] == start) & ~customers["partial"]
        if not rows.any():
            raise InvalidParameter(f"cohort = {start} is not possible; expected one whose first period is over")
        return customers._kind, numbers("customers", customers["customers"][rows]), str(start)
    if cohort is not None:
        raise InvalidParameter(f"cohort = {cohort} is not possible; expected None, as these counts are of one cohort")
    names = None if isinstance(customers, list | tuple | np.ndarray) else _tables.column_names(customers)
    if names is None:
        return "dict", numbers("customers", customers), None
    _tables.require(names, ["customers"])
    return _tables.kind_of(customers), numbers("customers", customers["customers"]), None


def _start(cohorts: Cohorts, wanted: str | dt.date | None) -> np.datetime64:
    starts = np.unique(cohorts["cohort"]).astype("datetime64[D]")
    if len(starts) == 0:
        raise InvalidParameter("cohorts = none is not possible; expected a log with purchases")
    some = ", ".join(map(str, starts[:3])) + (" …" if len(starts) > 3 else "")
    if wanted is None:
        if len(starts) == 1:
            return np.datetime64(starts[0], "D")
        raise InvalidParameter(f"cohort = None is not possible; expected the first day of one: {some}")
    try:
        found = starts[starts == np.datetime64(str(wanted), "D")]
    except ValueError:
        found = starts[:0]
    if len(found) == 0:
        raise InvalidParameter(f"cohort = {wanted} is not possible; expected the first day of one: {some}")
    return np.datetime64(found[0], "D")
