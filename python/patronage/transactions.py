"""The entrance hall: a purchase log comes in; customers, purchase histories, cohorts and baskets go out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from patronage import _core, _tables
from patronage._progress import Progress, reporter
from patronage._result import Result
from patronage.errors import InvalidParameter

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.association import Baskets, Sequences

__all__ = [
    "Cohorts",
    "Customers",
    "Intake",
    "PurchaseHistory",
    "TransactionLog",
    "customers",
    "purchase_history",
]

Period = Literal["day", "week", "month", "quarter", "year"]
Returns = Literal["net", "drop", "error"]
Missing = Literal["error", "drop"]
Duplicates = Literal["keep", "drop", "error", "ignore"]

#: Length of a period in days.
PERIOD_DAYS: Mapping[str, float] = {"day": 1, "week": 7, "month": 30.4375, "quarter": 91.3125, "year": 365.25}

_REASONS = {
    "missing_customer": "no customer",
    "missing_time": "no time",
    "missing_amount": "no amount",
    "missing_order": "no order",
    "missing_item": "no item (left out of baskets only)",
    "return": "returns (negative amounts)",
    "duplicate": "equal to an earlier row",
    "return_without_purchase": "returns by customers without a purchase",
}


class Intake(Result):
    """What came in, what was set aside, and why: a row a reason.

    `about` has `rows_read`, `rows_kept`, `customers`, `orders`, `first_day`, `last_day`, `total` and the policies.
    """

    __slots__ = ()

    @property
    def rows_read(self) -> int:
        """Rows of the table that came in."""
        return int(self.about["rows_read"])

    @property
    def rows_kept(self) -> int:
        """Rows that count."""
        return int(self.about["rows_kept"])

    def in_words(self) -> str:
        """The intake in a few sentences."""
        about = self.about
        text = f"{self.rows_read:,} rows read, {self.rows_kept:,} kept"
        if about["first_day"] is not None:
            text += (
                f": {about['customers']:,} customers, {about['orders']:,} orders, "
                f"{about['first_day']} to {about['last_day']}"
            )
        lines = [text + "."]
        lines += [
            f"{row['rows']:,} rows {'kept' if row['treatment'] == 'kept' else 'set aside'}: "
            f"{_REASONS[row['reason']]} (column '{row['column']}', first at row {row['first_row']:,})."
            for row in self.to_dicts()
        ]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.in_words()


class Customers(Result):
    """A row a customer, as they stood at the end of `about["as_of"]`.

    Columns: `customer`; `first`, `last` (dates of purchase); `recency` (days from the last purchase to `as_of`);
    `frequency` (orders); `monetary` (money spent, returns taken off); `mean_order`; `quantity` (if the log has
    quantities); `purchase_days` (distinct days); `tenure` (days from the first purchase to `as_of`); `mean_gap`
    (mean days between days of purchase; null for a single one).
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """How recently against how often, a dot a customer."""
        from patronage.plots import transactions as plots

        return plots.customers(self, ax)


class PurchaseHistory(Result):
    """The summary that buy-till-you-die models read, a row a customer.

    Columns: `customer`; `frequency` (purchases, less the first); `recency` (periods from the first to the last
    purchase); `T` (periods from the first purchase to the end of the calibration); `monetary_value` (mean amount of
    the repeat purchases, what was returned after the first taken off; null without a repeat); on demand `litt` (sum of
    the logarithms of the periods between purchases; 0 without a repeat); with a hold-out also `frequency_holdout` and
    `monetary_value_holdout`.

    `about` has `period`, `grain`, `calibration_end`, `as_of`, `duration_holdout` (in periods); and what is not in the
    table: `later_customers`, who first bought after the calibration, and `later_lines`, those after `as_of`.
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """How many customers made 0, 1, 2 … repeat purchases."""
        from patronage.plots import transactions as plots

        return plots.purchase_history(self, ax)


class Cohorts(Result):
    """Customers by the period of their first purchase, and what each cohort did in the periods after.

    `to_frame()` is the triangle: `cohort` (first day), `size`, then a column a period for the measure asked for.
    Cells after `as_of` are null, never 0. `cells()` has a row a cell with every measure.
    """

    __slots__ = ()

    def cells(self) -> Any:
        """A row a cell: cohort, size, period, customers, orders, revenue, partial."""
        return super().to_frame()

    def matrix(self, measure: str | None = None) -> np.ndarray:
        """The triangle as a matrix with NaN where nothing could be observed."""
        measure = measure or self.about["measure"]
        starts, row = np.unique(self["cohort"], return_inverse=True)
        matrix = np.full((len(starts), len(starts)), np.nan)
        if measure == "retention":
            with np.errstate(invalid="ignore"):  # a period without new customers has no retention
                matrix[row, self["period"]] = self["customers"] / self["size"]
        else:
            matrix[row, self["period"]] = self[measure]
        return matrix

    def _wide(self) -> _core.Frame:
        starts, first = np.unique(self["cohort"], return_index=True)
        columns: list[_tables.Column] = [
            ("cohort", "date", starts.astype("datetime64[D]").view(np.int64)),
            ("size", "int", self["size"][first]),
        ]
        columns += [(str(k), "float", np.ascontiguousarray(c)) for k, c in enumerate(self.matrix().T)]
        return _core.Frame.from_columns(columns)

    def to_frame(self) -> Any:
        """The triangle as the kind of table that came in."""
        return _tables.from_core(self._wide(), self._kind)

    def _repr_html_(self) -> str:
        from patronage._result import html_table

        return html_table(self._wide(), self._caption(), rows=60)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The triangle as a heat map; what could not be observed is hatched."""
        from patronage.plots import transactions as plots

        return plots.cohorts(self, ax)


class TransactionLog:
    """A purchase log, checked, coded and counted.

    Args:
        table: pandas, Polars, DuckDB or Arrow table, dict of columns, or a stream of Arrow batches (which is read
            batch by batch).
        customer: Column of customer ids (integers or strings).
        time: Column of dates or timestamps. Zoned timestamps are read in their own zone; strings are ISO 8601.
        amount: Column of amounts of money, or None.
        order: Column of order ids, or None: then a customer's day is an order.
        item: Column of item ids, or None; baskets need it.
        quantity: Column of quantities, or None.
        returns: Lines of negative amount: "net" takes them off the customer's spending (they are no purchase of
            their own), "drop" sets them aside, "error" refuses them.
        missing: Lines that lack a customer, time, amount or order: "error" refuses them, "drop" sets them aside.
            A line that lacks only its item is then kept outside the baskets.
        duplicates: Lines equal to an earlier line in every column given: "keep" counts them, "drop" sets them
            aside, "error" refuses them, "ignore" does not look for them.
        progress: True for a bar (tqdm or rich), or a callable of (rows done, rows in all).

    Raises:
        ColumnNotFound: A column is not there; the message lists those that are.
        InvalidInput: Values that cannot be used; the message names column, first row, count and mend.

    Example:
        >>> import patronage as pt
        >>> log = pt.TransactionLog(
        ...     {"who": ["Ann", "Ann", "Bob"], "when": ["2024-01-01", "2024-03-01", "2024-02-10"],
        ...      "paid": [10.0, 20.0, 7.5]},
        ...     customer="who", time="when", amount="paid")
        >>> print(log.intake)
        3 rows read, 3 kept: 2 customers, 3 orders, 2024-01-01 to 2024-03-01.
        >>> log.customers()["monetary"].tolist()
        [30.0, 7.5]
    """

    __slots__ = ("_core", "_kind", "_options", "_roles", "_source")

    def __init__(
        self,
        table: Any,
        *,
        customer: str,
        time: str,
        amount: str | None = None,
        order: str | None = None,
        item: str | None = None,
        quantity: str | None = None,
        returns: Returns = "net",
        missing: Missing = "error",
        duplicates: Duplicates = "keep",
        progress: Progress = None,
    ) -> None:
        named = {"customer": customer, "time": time, "amount": amount}
        named |= {"order": order, "item": item, "quantity": quantity}
        for role, name in named.items():
            if not isinstance(name, str) and (name is not None or role in ("customer", "time")):
                raise InvalidParameter(f"{role} = {name!r} is not possible; expected the name of a column, a string")
        self._kind = _tables.kind_of(table)
        # A stream can be read once; a table can be read again for baskets of another column.
        self._source = None if self._kind in ("pyarrow_reader", "arrow") else table
        self._options = (returns, missing, duplicates)
        self._roles = named
        self._core = _read(table, self._roles, self._options, item is not None, progress)

    @property
    def intake(self) -> Intake:
        """What came in, what was set aside, and why."""
        stored = json.loads(self._core.intake())
        first, last = [_date(d) for d in stored["days"]] if stored["days"] else (None, None)
        about = {name: stored[name] for name in ("rows_read", "rows_kept", "customers", "orders")}
        about |= {"first_day": first, "last_day": last, "total": stored["total"]}
        about |= {"time_zone": self._core.zone, **stored["policy"]}
        entries = stored["entries"]
        columns: list[_tables.Column] = [
            (name, "text", [e[name] for e in entries]) for name in ("reason", "treatment", "column")
        ]
        columns += [
            (name, "int", np.array([e[name] for e in entries], dtype=np.int64)) for name in ("rows", "first_row")
        ]
        return Intake(_core.Frame.from_columns(columns), about, self._kind)

    def customers(self, as_of: str | dt.date | None = None) -> Customers:
        """The customers as they stood at the end of a day.

        Args:
            as_of: The day; the last of the log unless told otherwise. Later lines are left out and counted in
                `about["later_lines"]`.
        """
        frame, about = self._core.customers(_day("as_of", as_of))
        return Customers(frame, self._about(about), self._kind)

    def purchase_history(
        self,
        *,
        period: Period | float = "week",
        grain: Period = "day",
        as_of: str | dt.date | None = None,
        holdout: float | str | dt.date | None = None,
        litt: bool = False,
    ) -> PurchaseHistory:
        """Frequency, recency, T and mean spend of each customer.

        Args:
            period: The unit of time: day, week (7 days), month (30.4375 days), quarter, year, or a number of days.
            grain: All that a customer buys in one day (or calendar week from Monday, month, quarter, year) is one
                purchase, on the first day of it. Apart from the period: times are always counted in days.
            as_of: Last day that counts; the last of the log unless told otherwise. It may lie after the last line,
                where the log was kept longer than anybody bought; lines after it are counted in
                `about["later_lines"]`.
            holdout: What is held out at the end: a number of periods, or the last day of the calibration. None
                holds nothing out. Customers who first bought after the calibration are left out, and counted in
                `about["later_customers"]`. A purchase never reaches over the end of the calibration: what was bought
                after it is one of its own.
            litt: Whether to add the column `litt`, the sum of the logarithms of the times between purchases, which
                models of regular purchases need (BG/CNBD-k, MBG/CNBD-k; Platzer & Reutterer, 2016).

        Times are whole days divided by the period's length, as in Fader, Hardie & Lee (2005). The first purchase is no
        part of the mean spend, nor is what was returned before it or together with it.

        Raises:
            InvalidParameter: A period, grain or day that is not possible.
            NotEnoughData: Nothing was bought.

        Example:
            >>> import patronage as pt
            >>> log = pt.TransactionLog(
            ...     {"who": [1, 1, 1], "when": ["2024-01-01", "2024-01-03", "2024-01-31"], "paid": [9.0, 5.0, 7.0]},
            ...     customer="who", time="when", amount="paid")
            >>> log.purchase_history(period=10, as_of="2024-02-10").to_dicts()
            [{'customer': 1, 'frequency': 2, 'recency': 3.0, 'T': 4.0, 'monetary_value': 6.0}]
            >>> log.purchase_history(period=10, as_of="2024-02-10", grain="week").to_dicts()
            [{'customer': 1, 'frequency': 1, 'recency': 3.0, 'T': 4.0, 'monetary_value': 7.0}]
        """
        end, calibration_end = calibration_ends(self, period, as_of, holdout)
        if not isinstance(litt, bool):
            raise InvalidParameter(f"litt = {litt!r} is not possible; expected True or False")
        frame, about = self._core.purchase_history(period, grain, end, calibration_end, litt)
        return PurchaseHistory(frame, self._about({"period": period, "grain": grain, **about}), self._kind)

    def cohorts(
        self,
        *,
        period: Period = "month",
        measure: Literal["customers", "retention", "orders", "revenue"] = "customers",
        as_of: str | dt.date | None = None,
    ) -> Cohorts:
        """Customers by the calendar period of their first purchase, and what they did in the periods after.

        Args:
            period: The calendar period: week (from Monday), month, quarter or year (or day).
            measure: What `to_frame()` and `plot()` show: "customers" with a purchase, "retention" (their share of
                the cohort), "orders" or "revenue".
            as_of: Last day that counts; the last of the log unless told otherwise. Cells after it are null; the
                period that holds it is partial unless it ends on that day.
        """
        measures = ("customers", "retention", "orders", "revenue")
        if measure not in measures:
            raise InvalidParameter(f"measure = {measure!r} is not possible; expected one of {', '.join(measures)}")
        frame, about = self._core.cohorts(period, _day("as_of", as_of))
        return Cohorts(frame, self._about({"period": period, "measure": measure, **about}), self._kind)

    def baskets(self, item: str | None = None) -> Baskets:
        """What each order holds (or each customer's day, where the log has no orders); returns aside.

        Args:
            item: Another column of the table to take as the item, such as a category; the table is read again.

        Raises:
            ColumnNotFound: The log was given no item column, or the table has no such column.
            InvalidParameter: Another column was asked of a log that came from a stream, which can be read once, or
                of a log whose equal lines were dropped.

        Example:
            >>> import patronage as pt
            >>> log = pt.TransactionLog(
            ...     {"who": [1, 1, 2], "when": ["2024-01-01"] * 3, "what": ["tea", "milk", "tea"]},
            ...     customer="who", time="when", item="what")
            >>> log.baskets()["items"]
            [['milk', 'tea'], ['tea']]
        """
        from patronage.association import Baskets

        return Baskets._made(self._with_item(item).baskets(), self._kind)

    def sequences(self, item: str | None = None) -> Sequences:
        """What each customer bought, day after day; returns aside.

        All that a customer bought on one day is one basket, whatever the orders: the log holds days and no hours. An
        order that spans days stands on its first. For baskets by timestamp or by order number see
        `Sequences.from_table`.

        Args:
            item: Another column of the table to take as the item, such as a category; the table is read again.

        Raises:
            ColumnNotFound: The log was given no item column, or the table has no such column.
            InvalidParameter: As for `baskets`.

        Example:
            >>> import patronage as pt
            >>> days = ["2024-01-01", "2024-02-01", "2024-01-01"]
            >>> log = pt.TransactionLog(
            ...     {"who": [1, 1, 2], "when": days, "what": ["tea", "milk", "tea"]},
            ...     customer="who", time="when", item="what")
            >>> log.sequences()["items"]
            [['tea'], ['milk'], ['tea']]
        """
        from patronage.association import Sequences

        return Sequences._made(self._with_item(item).sequences(), self._kind)

    def _with_item(self, item: str | None) -> _core.TransactionLog:
        """The log with another column of the table as the item."""
        core = self._core
        if item is not None and item != self._roles["item"]:
            if self._source is None:
                raise InvalidParameter(
                    f"item = {item!r} is not possible: the log came from a stream, which can be read once; give the "
                    "column when reading the log"
                )
            returns, missing, duplicates = self._options
            if duplicates == "drop":
                raise InvalidParameter(
                    f"item = {item!r} is not possible with duplicates='drop': other lines would be equal; make a log "
                    "of its own for this item"
                )
            core = _read(self._source, {**self._roles, "item": item}, (returns, missing, "ignore"), True, None)
        return core

    def _about(self, about: Mapping[str, Any]) -> dict[str, Any]:
        returns, missing, duplicates = self._options
        return {**about, "returns": returns, "missing": missing, "duplicates": duplicates}

    def __repr__(self) -> str:
        return f"<TransactionLog: {self.intake.in_words().splitlines()[0]}>"

    def _repr_html_(self) -> str:
        return self.intake._repr_html_()


def customers(table: Any, *, as_of: str | dt.date | None = None, **columns: Any) -> Customers:
    """The customers straight from a table or a stream of batches that is never held whole.

    Memory grows with the customers, their days of purchase and their orders, not with the lines; equal lines are
    not looked for. The other arguments are those of `TransactionLog`.

    Example:
        >>> import patronage as pt
        >>> table = {"who": [2, 1, 2], "when": ["2024-01-01", "2024-01-02", "2024-01-09"]}
        >>> pt.customers(table, customer="who", time="when")["recency"].tolist()
        [7, 0]
    """
    return _summary(table, columns).customers(as_of)


def purchase_history(
    table: Any,
    *,
    period: Period | float = "week",
    grain: Period = "day",
    as_of: str | dt.date | None = None,
    holdout: float | str | dt.date | None = None,
    litt: bool = False,
    **columns: Any,
) -> PurchaseHistory:
    """The purchase history straight from a table or a stream of batches that is never held whole.

    As `TransactionLog.purchase_history`; the other arguments are those of `TransactionLog`.
    """
    log = _summary(table, columns)
    return log.purchase_history(period=period, grain=grain, as_of=as_of, holdout=holdout, litt=litt)


def calibration_ends(
    log: TransactionLog, period: Period | float, as_of: str | dt.date | None, holdout: float | str | dt.date | None
) -> tuple[str | None, str | None]:
    """The last day that counts and the last day of the calibration, where they are told."""
    end = _day("as_of", as_of)
    if isinstance(period, bool) or not isinstance(period, str | int | float):
        raise InvalidParameter(f"period = {period!r} is not possible; expected a name or a number of days")
    calibration_end: str | None
    if isinstance(holdout, bool):
        raise InvalidParameter("holdout = True is not possible; expected a number of periods or a date")
    if isinstance(holdout, int | float):
        last = end or log.intake.about["last_day"]
        days = holdout * (PERIOD_DAYS.get(period, 1) if isinstance(period, str) else period)
        if not 0.5 < days < 1e6:
            raise InvalidParameter(
                f"holdout = {holdout} is not possible; expected a number of periods of at least a day together"
            )
        calibration_end = None if last is None else _date(_number(last) - round(days))
    else:
        calibration_end = _day("holdout", holdout)
    return end, calibration_end


def _summary(table: Any, columns: dict[str, Any]) -> TransactionLog:
    return TransactionLog(table, **{"duplicates": "ignore", **columns, "item": None})


def _read(
    table: Any,
    roles: Mapping[str, str | None],
    options: tuple[str, str, str],
    keep_lines: bool,
    progress: Progress,
) -> _core.TransactionLog:
    columns = _tables.to_core(table, [name for name in roles.values() if name is not None])
    rows = len(columns) if hasattr(columns, "__len__") else 0
    return _core.TransactionLog(columns, roles, *options, keep_lines, rows, reporter(progress, "reading the log"))


def _day(name: str, day: str | dt.date | None) -> str | None:
    if day is None or isinstance(day, str):
        return day
    if isinstance(day, dt.datetime):
        return day.date().isoformat()
    if isinstance(day, dt.date):
        return day.isoformat()
    if isinstance(day, np.datetime64):
        return str(day.astype("datetime64[D]"))
    raise InvalidParameter(f"{name} = {day!r} is not possible; expected a date, or a string such as '2024-01-31'")


def _date(number: int) -> str:
    return str(np.datetime64(number, "D"))


def _number(day: str) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))
