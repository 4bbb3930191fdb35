"""What is known of customers over time: paths of covariates beside their purchases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from patronage import _core, _tables
from patronage._result import Result
from patronage.errors import InvalidParameter
from patronage.transactions import Period, PurchaseHistory, calibration_ends

if TYPE_CHECKING:
    from patronage.transactions import TransactionLog

#: The columns of a table of intervals beside the covariates.
COLUMNS = ("customer", "frequency", "recency", "T", "start", "end", "purchases")


class CovariatePaths(Result):
    """Customers with paths of covariates: a row an interval, the rows of a customer together and in order of time.

    Columns: `customer`; `first_purchase` (her day, if the paths come from a log); `frequency`, `recency` and `T`, the
    same in all her rows; `start` and `end` of the interval, in periods since her first purchase; `purchases`, repeat
    purchases in it; and the covariates. A path begins at 0 and goes without gaps to T at least; what is after T is the
    time ahead.

    `about` has `covariates` (their names) and, from a log, what `purchase_history` says of itself, `every`,
    `rows_of_others` (rows of the table of covariates whose customer is not in the history), and with a hold-out
    `frequency_holdout` of each customer.
    """

    __slots__ = ("_paths",)

    @classmethod
    def from_table(cls, intervals: Any, *, covariates: Sequence[str]) -> CovariatePaths:
        """Paths from a table of intervals with the columns above (but for `first_purchase`).

        Args:
            intervals: Any table.
            covariates: The columns of covariates: numbers or truth values.

        Raises:
            InvalidInput: Impossible histories; intervals that leave gaps, overlap, or end before T; purchases that do
                not add up; unknown values. The message names column, first row, count and mend.

        Example:
            >>> import patronage as pt
            >>> paths = pt.clv.CovariatePaths.from_table(
            ...     {"customer": ["Ann", "Ann", "Bob"], "frequency": [2, 2, 0], "recency": [7.5, 7.5, 0.0],
            ...      "T": [9.0, 9.0, 4.0], "start": [0.0, 6.0, 0.0], "end": [6.0, 9.0, 4.0], "purchases": [0, 2, 0],
            ...      "promotion": [0, 1, 1]},
            ...     covariates=["promotion"])
            >>> paths.history()["T"].tolist()
            [9.0, 4.0]
        """
        names = _names("covariates", covariates)
        table = _tables.to_core(intervals, [*COLUMNS, *names])
        core = _core.CovariatePaths(table, names, None)
        return cls(core.intervals(), {"covariates": names}, _tables.kind_of(intervals))

    def history(self) -> PurchaseHistory:
        """Frequency, recency and T of each customer; with a hold-out also `frequency_holdout`."""
        frame, about = self._read().history(), dict(self.about)
        held = about.pop("frequency_holdout", None)
        if held is not None:
            columns = [(name, kind, frame.column(name)) for name, kind in zip(frame.names, frame.kinds, strict=True)]
            columns.append(("frequency_holdout", "int", np.array(held, dtype="int64")))
            frame = _core.Frame.from_columns(columns)
        return PurchaseHistory(frame, about, self._kind)

    def _read(self) -> _core.CovariatePaths:
        """The paths as the core reads them, once."""
        try:
            return self._paths
        except AttributeError:
            names = list(self.about["covariates"])
            paths = _core.CovariatePaths(self._frame, names, self.about.get("period"))
            object.__setattr__(self, "_paths", paths)
            return paths

    _paths: _core.CovariatePaths


def covariate_paths(
    log: TransactionLog,
    covariates: Any,
    *,
    names: Sequence[str],
    customer: str | None = "customer",
    date: str = "date",
    every: Period | int = "week",
    period: Period | float = "week",
    as_of: str | dt.date | None = None,
    holdout: float | str | dt.date | None = None,
) -> CovariatePaths:
    """The purchase history of a log's customers with the covariates that held at each time.

    Each path begins on the day of the first purchase, with the row that holds then, and goes as far as the table does:
    what it has after the calibration is the time ahead. A purchase counts with the row that holds on its day.

    Args:
        log: The purchase log.
        covariates: A table with a row a customer and period; or, without customers, a row a period, for everybody.
        names: The columns of covariates: numbers or truth values.
        customer: The column of customers, with the ids of the log; None for a table that holds for everybody.
        date: The column with the first day on which each row holds.
        every: How long a row holds: "day", "week" (7 days from any day), a number of days, or the calendar "month",
            "quarter" or "year" of which `date` is the first day. Each row must begin where the one before ends.
        period: The unit of time, as in `TransactionLog.purchase_history`.
        as_of: Last day that counts, likewise.
        holdout: What is held out, likewise.

    Raises:
        ColumnNotFound: A column is not there.
        InvalidInput: Rows that overlap or leave gaps; days up to the end of the calibration, that one included,
            without a row; values that are unknown. The message names customer, date, first row and count.
        NotEnoughData: A customer without rows.

    Example:
        >>> import patronage as pt
        >>> log = pt.TransactionLog(
        ...     {"who": ["Ann", "Ann", "Bob"], "when": ["2024-01-03", "2024-01-16", "2024-01-09"]},
        ...     customer="who", time="when")
        >>> season = {"from": ["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22"], "sale": [0, 1, 1, 0]}
        >>> paths = pt.clv.covariate_paths(log, season, names=["sale"], customer=None, date="from", period="day")
        >>> paths.to_dicts()[2]  # the sale's second week, in which Ann bought again
        {'customer': 'Ann', 'first_purchase': datetime.date(2024, 1, 3), 'frequency': 1, 'recency': 13.0, 'T': 13.0,
         'start': 12.0, 'end': 19.0, 'purchases': 1, 'sale': 1.0}
    """
    known = _names("names", names)
    roles = [date] if customer is None else [customer, date]
    if isinstance(every, bool) or not isinstance(every, str | int) or (isinstance(every, int) and every < 1):
        raise InvalidParameter(f"every = {every!r} is not possible; expected a name or a number of days from 1")
    end, calibration_end = calibration_ends(log, period, as_of, holdout)
    table = _tables.to_core(covariates, [*roles, *known])
    frame, about = _core.covariate_paths(log._core, table, customer, date, known, every, period, end, calibration_end)
    told = {"covariates": known, "every": every, "period": period, **about}
    return CovariatePaths(frame, log._about(told), log._kind)


def _names(argument: str, names: Sequence[str]) -> list[str]:
    if isinstance(names, str) or not names or not all(isinstance(name, str) for name in names):
        raise InvalidParameter(f"{argument} = {names!r} is not possible; expected a list of columns' names")
    taken = [name for name in names if name in (*COLUMNS, "first_purchase")]
    if taken:
        raise InvalidParameter(f"{argument} = {taken} are not possible: a table of intervals uses these names")
    return list(names)
