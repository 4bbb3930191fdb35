"""Life-cycle status by thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from patronage import _core
from patronage._result import Result
from patronage.segmentation._grading import Grading, Lang, Name

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class LifeCycleSummary(Result):
    """A row a status, from the best.

    Columns: `status`, `customers`, `share_of_customers`, `monetary` and `share_of_monetary` (if the table has
    money), `condition` (in words).
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """A bar a status."""
        from patronage.plots import segmentation as plots

        return plots.life_cycle(self, ax)


class LifeCycleStatus(Grading):
    """A row a customer, in the order of the table.

    Columns: `customer`, `recency`, `tenure` and `monetary` (if they were read), `status`.
    """

    __slots__ = ()
    _roles = ("customer", "recency", "tenure", "monetary")

    @classmethod
    def _make(cls, table: Any, names: Sequence[Name], about: Mapping[str, Any]) -> _core.LifeCycleStatus:
        limits = (about[name] for name in ("lost_after", "new_within", "active_within", "at_risk_within"))
        return _core.LifeCycleStatus(table, names, *limits)

    def summary(self) -> LifeCycleSummary:
        """A row a status: its customers, what they brought, and its condition in words."""
        return LifeCycleSummary(self._graded.summary(self.about["lang"]), self.about, self._kind)

    def plot(self, ax: Axes | None = None) -> Axes:
        """A bar a status."""
        return self.summary().plot(ax)


def life_cycle(
    customers: Any,
    *,
    lost_after: float = 365,
    new_within: float | None = None,
    active_within: float | None = None,
    at_risk_within: float | None = None,
    customer: str = "customer",
    recency: str = "recency",
    tenure: str = "tenure",
    monetary: str | None = "monetary",
    lang: Lang = "en",
) -> LifeCycleStatus:
    """Tells where customers stand in their life with the firm by how long ago they bought.

    By itself the one-year rule (一年无交易行为): more than `lost_after` days without a transaction make a lost
    customer (流失客户), all others are continuing (继续往来客户). Give one of the other thresholds, and the
    continuing customers are told apart: new, active, at risk, dormant. A threshold is a rule, not a forecast; for
    the probability that a customer buys again see `patronage.clv`.

    Args:
        customers: `TransactionLog.customers()`, or any table with a row a customer.
        lost_after: Lost if the last purchase was more than this many days ago.
        new_within: New if the first purchase was at most this many days ago; None calls nobody new.
        active_within: Active if the last purchase was at most this many days ago; 90 if only other thresholds are
            given.
        at_risk_within: At risk if the last purchase was at most this many days ago, and dormant after; 180 if only
            other thresholds are given.
        customer: Column of ids.
        recency: Column of days since the last purchase.
        tenure: Column of days since the first purchase; read only for `new_within`.
        monetary: Column of money spent, for the summary, or None.
        lang: Language of the statuses' names, "en" or "zh".

    Raises:
        ColumnNotFound: A column is not there.
        InvalidInput: Values that are missing or impossible, or a customer with several rows.
        InvalidParameter: Thresholds that do not ascend.

    Example:
        >>> import patronage as pt
        >>> table = {"customer": ["Ann", "Bo", "Cy"], "recency": [20, 365, 366]}
        >>> pt.life_cycle(table, monetary=None)["status"]
        ['Continuing', 'Continuing', 'Lost']
        >>> pt.life_cycle(table, active_within=60, monetary=None, lang="zh")["status"]
        ['活跃客户', '沉睡客户', '流失客户']
    """
    about = {
        "lost_after": lost_after,
        "new_within": new_within,
        "active_within": active_within,
        "at_risk_within": at_risk_within,
        "lang": lang,
    }
    names = [("customer", customer), ("recency", recency)]
    if new_within is not None:
        names.append(("tenure", tenure))
    if monetary is not None:
        names.append(("monetary", monetary))
    return LifeCycleStatus._grade(customers, names, about)
