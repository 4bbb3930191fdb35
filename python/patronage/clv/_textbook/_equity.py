"""What all customers are worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from patronage import _core, _tables
from patronage.clv._textbook._worked import FirstPayment, Worked, survive

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: What a segment of customers is described by, and what holds where nothing is said.
SEGMENT: Mapping[str, float] = {
    "customers": 1,
    "historical": 0,
    "current": 0,
    "cross_selling": 0,
    "up_selling": 0,
    "referrals": 0,
    "retention": 1,
    "acquisition_cost": 0,
    "joins_after": 0,
}


class CustomerEquity(Worked):
    """A row a segment, in money for all its customers: the parts of customer equity.

    Columns: `segment`, `customers`, `historical` (so far, not discounted, no part of the equity), `current`,
    `potential`, `acquisition` (present values), `equity` (current + potential − acquisition). `about["total"]` has
    their sums; `value` is the equity of all.
    """

    __slots__ = ()
    _working = staticmethod(_core.customer_equity_working)

    @property
    def value(self) -> float:
        """The equity of all segments."""
        return float(self.about["total"]["equity"])

    def plot(self, ax: Axes | None = None) -> Axes:
        """The parts of each segment's equity, stacked."""
        from patronage.plots import clv_textbook as plots

        return plots.customer_equity(self, ax)


def customer_equity(
    segments: Any,
    *,
    discount_rate: float,
    periods: int,
    first_payment: FirstPayment = "start",
    survive_before_paying: bool | None = None,
) -> CustomerEquity:
    """The discounted sum of the profits of all current and potential customers over the planning period.

    A segment's profit per period goes on, for each of its customers, from joining to the end of the planning period for
    as long as she is retained, timed as in `retention_clv`; profit and acquisition cost of those who join later are
    discounted by the periods until then. Historical value stands beside it and is not added.

    Args:
        segments: A list of dicts or a table, one row a segment: `segment` (its name) and, as far as they apply,
            `customers` (how many, 1), and for each of them `historical` (profit so far, 0), `current` (profit per
            period going on as now, 0), `cross_selling`, `up_selling`, `referrals` (profit per period that may come,
            0), `retention` (1), `acquisition_cost` (0), `joins_after` (periods, 0).
        discount_rate: Effective rate per period.
        periods: The planning period.
        first_payment: As in `retention_clv`.
        survive_before_paying: As in `retention_clv`.

    Example:
        >>> import patronage as pt
        >>> equity = pt.clv.customer_equity([
        ...     {"segment": "regulars", "customers": 100, "historical": 700, "current": 50, "cross_selling": 10,
        ...      "retention": 0.5},
        ...     {"segment": "to be won", "customers": 40, "current": 50, "retention": 0.5, "acquisition_cost": 20,
        ...      "joins_after": 1}], discount_rate=0, periods=2)
        >>> equity["equity"].tolist(), equity.value
        ([9000.0, 1200.0], 10200.0)
    """
    kind = "dict" if isinstance(segments, list) else _tables.kind_of(segments)
    rows: Iterable[Mapping[str, Any]] = segments if isinstance(segments, list) else _rows(segments)
    inputs = {
        "segments": [{**SEGMENT, **row} for row in rows],
        "discount_rate": discount_rate,
        "periods": periods,
        "first_payment": first_payment,
        "survive_before_paying": survive(survive_before_paying, first_payment),
    }
    frame, total = _core.customer_equity(inputs)
    sums = {name: total.column(name)[0].item() for name in total.names if name != "segment"}
    return CustomerEquity(frame, {**inputs, "total": sums}, kind)


def _rows(table: Any) -> list[dict[str, Any]]:
    names = _tables.column_names(table) or []
    _tables.require(names, ["segment"])
    columns = {name: list(table[name]) for name in names if name == "segment" or name in SEGMENT}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
