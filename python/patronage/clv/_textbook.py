"""Lifetime value as textbooks work it out; every result shows its working."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from patronage import _core, _tables
from patronage._result import Result

FirstPayment = Literal["start", "middle", "end"]
Lang = Literal["en", "zh"]

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


class Worked(Result):
    """One value with its parts as columns of a single row; `about` has what went in."""

    __slots__ = ()

    _working: ClassVar[Any]

    @property
    def value(self) -> float:
        """The value."""
        return float(self["value"][0])

    def __float__(self) -> float:
        return self.value

    def explain(self, *, lang: Lang = "en") -> _core.Working:
        """The working: formula, numbers, value, and what it means, in English or Chinese ("zh")."""
        working: _core.Working = type(self)._working(self.about, lang)
        return working

    def _repr_html_(self) -> str:
        return self.explain().to_html()

    def __str__(self) -> str:
        return self.explain().to_text()


class SimpleClv(Worked):
    """What a customer brings: columns `own_value`, `referral_value`, `value` (both together)."""

    __slots__ = ()
    _working = staticmethod(_core.simple_clv_working)


class RetentionClv(Worked):
    """Present value of a customer's margins: columns `margins`, `value` (less acquisition). `about` has the timing."""

    __slots__ = ()
    _working = staticmethod(_core.retention_clv_working)


class LostCustomerValue(Worked):
    """What a lost customer costs: columns `own_value`, `told_value`, `value` (both together)."""

    __slots__ = ()
    _working = staticmethod(_core.lost_customer_value_working)


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


def simple_clv(*, revenue_per_period: float, periods: float, margin: float = 1, referrals: float = 0) -> SimpleClv:
    """Revenue per period × periods × margin; and, as a separate term, the same for each referred customer.

    No discounting, and nobody leaves early. The courier's customer is Tom Peters' (1987).

    Args:
        revenue_per_period: What the customer brings in a period.
        periods: How many periods the relationship lasts.
        margin: The share of revenue that is counted.
        referrals: Customers of the same kind brought by word of mouth.

    Example:
        >>> import patronage as pt
        >>> courier = pt.clv.simple_clv(revenue_per_period=1500, periods=12 * 10)
        >>> courier.value
        180000.0
        >>> print(courier.explain())
        Customer lifetime value
        =======================
          value = revenue per period × periods = 1,500 × 120 = 180,000
        Over 120 periods the customer's own purchases bring 180,000, not discounted.
        >>> told = pt.clv.simple_clv(revenue_per_period=1500, periods=120, referrals=1)
        >>> told.to_frame()
        {'own_value': [180000.0], 'referral_value': [180000.0], 'value': [360000.0]}
    """
    inputs = {
        "revenue_per_period": revenue_per_period,
        "periods": periods,
        "margin": margin,
        "referrals": referrals,
    }
    return SimpleClv(_core.simple_clv(inputs), inputs, "dict")


def retention_clv(
    *,
    margin: float,
    retention: float,
    discount_rate: float,
    periods: int | None = None,
    first_payment: FirstPayment = "start",
    survive_before_paying: bool | None = None,
    acquisition_cost: float = 0,
) -> RetentionClv:
    """Present value of a margin m per period from a customer retained with probability r, discounted at d.

    Textbooks differ by the timing of the payments, and so do their answers. Payment k = 1, 2, … is made with
    probability r^(k−1), or r^k if customers must survive before paying, and discounted by (1+d)^(k−1), (1+d)^(k−½) or
    (1+d)^k. Forever: m (1+d)/(1+d−r) immediately, m r/(1+d−r) at the end of the period by those retained.

    Args:
        margin: Margin per period, what serving and keeping the customer costs already taken off.
        retention: Probability of staying from one period to the next.
        discount_rate: Effective rate per period.
        periods: Number of payments; None for ever.
        first_payment: Payments fall at the "start" of each period (the first at once), in its "middle" or at its "end".
        survive_before_paying: Whether the first payment too is made only by those retained; None for the usual: not
            at the start or in the middle, but at the end. The result's `about` and working say which was used.
        acquisition_cost: What winning the customer costs, now.

    Example:
        >>> import patronage as pt
        >>> isp = dict(margin=19.95 - 1.50 - 0.50, retention=0.995, discount_rate=0.01)  # Marketing Metrics
        >>> round(pt.clv.retention_clv(**isp, first_payment="end").value, 2)
        1190.68
        >>> round(pt.clv.retention_clv(**isp, first_payment="start").value, 2)
        1208.63
    """
    inputs = {
        "margin": margin,
        "retention": retention,
        "discount_rate": discount_rate,
        "periods": periods,
        "first_payment": first_payment,
        "survive_before_paying": _survive(survive_before_paying, first_payment),
        "acquisition_cost": acquisition_cost,
    }
    return RetentionClv(_core.retention_clv(inputs), inputs, "dict")


def lost_customer_value(
    *,
    yearly_spend: float,
    margin: float,
    remaining_years: int,
    discount_rate: float,
    people_told: float,
    share_lost: float,
    yearly_spend_of_told: float,
    first_payment: FirstPayment = "end",
) -> LostCustomerValue:
    """What a customer's leaving costs: her own purchases, and those of the people she tells.

    Yearly spend × margin × remaining years, discounted, plus the same for those who hear of it and stay away.

    Args:
        yearly_spend: What she spends a year.
        margin: The share of it that is profit.
        remaining_years: Years she would have stayed.
        discount_rate: Effective rate per year.
        people_told: People she tells.
        share_lost: The share of them who stop buying, or never begin.
        yearly_spend_of_told: What each of those would have spent a year, for as many years.
        first_payment: When in the year its profit counts: "start", "middle" or "end".

    Example:
        >>> import patronage as pt
        >>> lost = pt.clv.lost_customer_value(
        ...     yearly_spend=5_000, margin=0.2, remaining_years=10, discount_rate=0,
        ...     people_told=11, share_lost=0.25, yearly_spend_of_told=4_000)
        >>> lost.to_frame()
        {'own_value': [10000.0], 'told_value': [22000.0], 'value': [32000.0]}
    """
    inputs = {
        "yearly_spend": yearly_spend,
        "margin": margin,
        "remaining_years": remaining_years,
        "discount_rate": discount_rate,
        "first_payment": first_payment,
        "people_told": people_told,
        "share_lost": share_lost,
        "yearly_spend_of_told": yearly_spend_of_told,
    }
    return LostCustomerValue(_core.lost_customer_value(inputs), inputs, "dict")


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
        "survive_before_paying": _survive(survive_before_paying, first_payment),
    }
    frame, total = _core.customer_equity(inputs)
    sums = {name: total.column(name)[0].item() for name in total.names if name != "segment"}
    return CustomerEquity(frame, {**inputs, "total": sums}, kind)


def _survive(given: bool | None, first_payment: str) -> bool:
    return first_payment == "end" if given is None else given


def _rows(table: Any) -> list[dict[str, Any]]:
    names = _tables.column_names(table) or []
    _tables.require(names, ["segment"])
    columns = {name: list(table[name]) for name in names if name == "segment" or name in SEGMENT}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
