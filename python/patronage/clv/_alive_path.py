"""One customer's history, and what a model thought of her on every day of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from patronage import _core
from patronage._result import Result
from patronage.clv._history import read
from patronage.errors import InvalidParameter
from patronage.transactions import PERIOD_DAYS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.transactions import TransactionLog


class AlivePath(Result):
    """P(alive) of one customer day by day from her first purchase on.

    Columns: `day`, `purchase` (whether she bought on it), `frequency`, `recency`, `T` (in periods, as a model sees her
    at the end of that day), `probability_alive`.
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """P(alive) over time, with a line for each purchase."""
        from patronage.plots import clv as plots

        return plots.alive_path(self, ax)


def alive_path(
    core: Any, about: dict[str, Any], log: TransactionLog, customer: int | str, period: str | float, as_of: str | None
) -> AlivePath:
    """P(alive) at the end of each day."""
    length = PERIOD_DAYS.get(period, 0.0) if isinstance(period, str) else float(period)
    if not 0 < length < float("inf"):
        names = ", ".join(PERIOD_DAYS)
        raise InvalidParameter(f"period = {period!r} is not possible; expected a number of days or one of {names}")
    bought = log._core.purchase_days(customer)
    if bought is None:
        raise InvalidParameter(f"customer = {customer!r} is not possible: the log does not know her")
    last = as_of or log.intake.about["last_day"]
    end = int(np.datetime64(last, "D").astype(np.int64))
    if end < bought[0]:
        raise InvalidParameter(f"as_of = {last} is not possible: the customer's first purchase is later")
    days = np.arange(bought[0], end + 1)
    known = np.searchsorted(bought, days, side="right")
    frequency = known - 1
    recency = (np.array(bought)[frequency] - bought[0]) / length
    age = (days - bought[0]) / length
    source = read((frequency, recency, age), ("frequency", "recency", "T"))
    columns = [
        ("day", "date", days.astype(np.int64)),
        ("purchase", "bool", np.isin(days, bought)),
        ("frequency", "int", frequency.astype(np.int64)),
        ("recency", "float", recency),
        ("T", "float", age),
        ("probability_alive", "float", core.probability_alive(source.table, 0.0, False).column("probability_alive")),
    ]
    told = {**about, "customer": customer, "period": period, "as_of": str(last)}
    return AlivePath(_core.Frame.from_columns(columns), told, log._kind)
