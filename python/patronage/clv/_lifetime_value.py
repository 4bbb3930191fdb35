"""Lifetime value from a purchase model and a spend model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patronage._result import Result
from patronage.clv._gamma_gamma import GammaGamma
from patronage.clv._history import COLUMNS, History, read
from patronage.clv._purchase_model import PurchaseModel

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class LifetimeValues(Result):
    """A row a customer: `customer` (if the history has it), `expected_purchases`, `expected_spend`, `lifetime_value`.

    `about` has both models, the horizon, and the discount rate with its unit.
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """How the value is spread over the customers."""
        from patronage.plots import clv as plots

        return plots.customer_values(self, ax)


def lifetime_value(
    model: PurchaseModel, spend_model: GammaGamma, history: History, *, horizon: float, discount_rate: float
) -> LifetimeValues:
    """Present value of each customer's purchases in the next `horizon` periods.

    V = E[M] · Σ (E[Y(k)] − E[Y(k−1)]) / (1 + d)^k for k = 1, 2, … horizon, where E[M] is the expected spend a purchase
    and E[Y(k)] the purchases expected in the next k periods. The purchases of a period count as made at its end; a
    horizon that is not whole ends with a shorter period. Spend is revenue: multiply by a margin for profit.

    Args:
        model: A fitted purchase model.
        spend_model: A fitted gamma-gamma model.
        history: The purchase history, with `monetary_value`.
        horizon: Periods ahead: 52 for a year if periods are weeks.
        discount_rate: Effective rate per period: 0.002 a week is about 11 % a year; 0 does not discount.

    Returns:
        Columns `expected_purchases` (not discounted), `expected_spend`, `lifetime_value`. The value is infinite where
        expected spend is, and null where it is undefined.

    Example:
        >>> import patronage as pt
        >>> history = {"frequency": [2], "recency": [30.43], "T": [38.86], "monetary_value": [22.35]}
        >>> model = pt.clv.BGNBD.from_parameters(r=0.243, alpha=4.414, a=0.793, b=2.426)
        >>> spend = pt.clv.GammaGamma.from_parameters(p=6.25, q=3.74, gamma=15.44)
        >>> value = pt.clv.lifetime_value(model, spend, history, horizon=52, discount_rate=0.002)
        >>> bool(value["lifetime_value"][0] < value["expected_purchases"][0] * value["expected_spend"][0])
        True
    """
    source = read(history, COLUMNS, covariates=model._covariates())
    frame = model._fitted().lifetime_value(
        spend_model._fitted(), source.table, spend_model._drops(), horizon, discount_rate
    )
    about = {
        "model": repr(model),
        "spend_model": repr(spend_model),
        **source.about,
        "horizon": horizon,
        "discount_rate": discount_rate,
        "discounting": "effective rate per period, at the end of each period",
    }
    return LifetimeValues(frame, about, source.kind)
