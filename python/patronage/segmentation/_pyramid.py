"""The customer pyramid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from patronage import _core
from patronage._result import Result
from patronage.segmentation._grading import Grading, Lang, Name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Tiers from the top down: name and share of the customers.
Tiers: TypeAlias = Mapping[str, float | str | Decimal]


class PyramidSummary(Result):
    """A row a tier, from the top down.

    Columns: `tier`, `customers`, `share_of_customers`, `value` (sum), `share_of_value` (null unless the total is
    above 0), `planned_share` of the customers, `last_rank` (⌈p·n⌉, where the tier would end without ties),
    `smallest` (what it takes to belong to the tier).
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """The pyramid, with each tier's share of the customers and of the value."""
        from patronage.plots import segmentation as plots

        return plots.pyramid(self, ax)


class PyramidTiers(Grading):
    """A row a customer, in the order of the table.

    Columns: `customer`, `value` (the figure named in `about["by"]`), `tier`.
    """

    __slots__ = ()
    _roles = ("customer", "value")

    @classmethod
    def _make(cls, table: Any, names: Sequence[Name], about: Mapping[str, Any]) -> _core.PyramidTiers:
        own = about.get("tiers")
        tiers = about["preset"] if own is None else [(name, name, share) for name, share in own.items()]
        return _core.PyramidTiers(table, names, about["by"], tiers, about["negative"])

    def summary(self) -> PyramidSummary:
        """A row a tier: its customers, what they bring, and what it takes to belong to it."""
        return PyramidSummary(self._graded.summary(self.about["lang"]), self.about, self._kind)

    def gini(self) -> float:
        """The Gini coefficient of the values: 0 where all are equal, 1 − 1/n where one customer holds everything.

        Values below 0 can take it beyond 1.

        Raises:
            InvalidParameter: The sum of the values is not above 0.
        """
        return float(self._graded.gini())

    def customers_holding(self, share: float) -> int:
        """How many of the largest customers it takes to hold a share of the value: with 0.8, the real 80/20 point.

        Raises:
            InvalidParameter: A share outside 0 to 1, or values whose sum is not above 0.
        """
        return int(self._graded.customers_holding(share))

    def plot(self, ax: Axes | None = None) -> Axes:
        """The pyramid, with each tier's share of the customers and of the value."""
        return self.summary().plot(ax)


def pyramid(
    customers: Any,
    *,
    by: str = "monetary",
    preset: Literal["curry", "textbook", "gold_iron"] | Tiers = "curry",
    negative: Literal["error", "keep"] = "error",
    customer: str = "customer",
    lang: Lang = "en",
) -> PyramidTiers:
    """Grades customers by value into tiers of given shares of the customers.

    The tier that ends at the share p ends with rank ⌈p·n⌉, in whole numbers. Customers of equal value stand in one
    tier, that of the first of them.

    Args:
        customers: `TransactionLog.customers()`, or any table with a row a customer.
        by: Column to rank by; more is better.
        preset: "curry" (Top 1 %, Big 4 %, Medium 15 %, Small 80 %; Curry 2000), "textbook" (Important 重要客户
            1 %, Secondary 次要客户 19 %, Ordinary 普通客户 30 %, Small 小客户 50 %), "gold_iron" (20 % / 80 %;
            Zeithaml, Rust and Lemon 2001), or tiers of your own from the top down, such as
            {"A": 0.05, "B": 0.15, "C": 0.8}.
        negative: Values below 0: "error" refuses them; "keep" ranks them last and takes them off the total, so
            that the tiers above can hold more than 100 %.
        customer: Column of ids.
        lang: Language of the tiers' names, "en" or "zh".

    Raises:
        ColumnNotFound: A column is not there.
        InvalidInput: Values that are missing, or below 0 without negative="keep"; a customer with several rows.
        InvalidParameter: Shares that do not add up to exactly 1.

    Example:
        >>> import patronage as pt
        >>> table = {"customer": [1, 2, 3, 4, 5], "monetary": [40.0, 900.0, 30.0, 20.0, 10.0]}
        >>> tiers = pt.pyramid(table, preset="gold_iron")
        >>> tiers["tier"]
        ['Iron', 'Gold', 'Iron', 'Iron', 'Iron']
        >>> tiers.summary()["share_of_value"].tolist()
        [0.9, 0.1]
    """
    about: dict[str, Any] = {"by": by, "preset": preset, "ties": "together", "negative": negative, "lang": lang}
    if isinstance(preset, Mapping):
        about["preset"] = "own"
        about["tiers"] = {name: str(share) for name, share in preset.items()}
    return PyramidTiers._grade(customers, [("customer", customer), ("value", by)], about)
