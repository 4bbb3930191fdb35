"""How much to spend on winning customers, and on keeping them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from patronage import _core
from patronage.clv._textbook._worked import FirstPayment, Worked
from patronage.errors import InvalidParameter

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Steps of the curve in a picture, and the most that are given out.
STEPS = 200
MOST_STEPS = 65_535


class Budget(Worked):
    """The best spend: columns `k` (steepness), `spend`, `rate` (the share won or kept), `value` (what it leaves)."""

    __slots__ = ()

    _points: ClassVar[Any]

    @property
    def k(self) -> float:
        """How fast the share comes to its ceiling, per unit of money."""
        return float(self["k"][0])

    @property
    def spend(self) -> float:
        """The best spend; 0 where the first unit spent does not earn itself."""
        return float(self["spend"][0])

    @property
    def rate(self) -> float:
        """The share that is won, or kept, with the best spend."""
        return float(self["rate"][0])

    def points(self, steps: int = STEPS) -> dict[str, Any]:
        """Evenly spaced spends from 0 to well beyond the best: arrays `spend`, `rate`, `value`."""
        if not 1 <= steps <= MOST_STEPS:
            raise InvalidParameter(f"steps = {steps} is not possible; expected a number from 1 to {MOST_STEPS}")
        frame = type(self)._points(self.about, steps)
        return {name: frame.column(name) for name in frame.names}

    def plot(self, ax: Axes | None = None) -> Axes:
        """What is left by spend, with the best marked."""
        from patronage.plots import clv_textbook as plots

        return plots.budget(self, ax)


class AcquisitionBudget(Budget):
    """The best spend per prospect: columns `k`, `spend`, `rate` (won), `value` (left per prospect)."""

    __slots__ = ()
    _working = staticmethod(_core.acquisition_budget_working)
    _points = staticmethod(_core.acquisition_budget_points)


class RetentionBudget(Budget):
    """The best spend per customer and period: columns `k`, `spend`, `rate` (kept), `value` (her future's worth)."""

    __slots__ = ()
    _working = staticmethod(_core.retention_budget_working)
    _points = staticmethod(_core.retention_budget_points)


def acquisition_budget(
    *,
    ceiling: float,
    customer_value: float,
    k: float | None = None,
    known_spend: float | None = None,
    known_rate: float | None = None,
) -> AcquisitionBudget:
    """The best spend per prospect: a V − A is greatest at A* = ln(k C V)/k, where a = C (1 − e^(−kA)).

    Nothing is spent if k C V ≤ 1. Blattberg and Deighton (1996), "Manage marketing by the customer equity test".

    Args:
        ceiling: C: the share of prospects that unlimited money would win.
        customer_value: V: what a customer is worth once won.
        k: How fast the share comes to its ceiling, per unit of money; or
        known_spend: a spend per prospect of which it is known what it wins, with
        known_rate: the share it wins: k = ln(C / (C − rate)) / spend.

    Example:
        >>> import patronage as pt
        >>> best = pt.clv.acquisition_budget(ceiling=0.4, customer_value=100, k=0.05)
        >>> round(best.spend, 3), round(best.rate, 3), round(best.value, 3)
        (13.863, 0.2, 6.137)
        >>> known = pt.clv.acquisition_budget(ceiling=0.4, customer_value=100, known_spend=13.863, known_rate=0.2)
        >>> round(known.k, 4)
        0.05
    """
    inputs = {
        "ceiling": ceiling,
        "customer_value": customer_value,
        "k": k,
        "known_spend": known_spend,
        "known_rate": known_rate,
    }
    return AcquisitionBudget(_core.acquisition_budget(inputs), inputs, "dict")


def retention_budget(
    *,
    ceiling: float,
    margin: float,
    discount_rate: float,
    k: float | None = None,
    known_spend: float | None = None,
    known_rate: float | None = None,
    spend_at: FirstPayment = "end",
) -> RetentionBudget:
    """The best spend R per customer and period on retention, where r = C (1 − e^(−kR)).

    A customer's future is worth V = (r m − R)/(1+d−r): margins at the end of each period from those retained, and R
    for each who was a customer at its beginning (Blattberg and Deighton, 1996). The maximum is exact, the one root of
    the derivative. A customer just won, whose first margin comes at once, is worth `margin + value`: that is what
    `acquisition_budget` asks for.

    Args:
        ceiling: C: the retention that unlimited money would reach.
        margin: m: margin per period, before the spend on retention.
        discount_rate: Effective rate per period.
        k: As in `acquisition_budget`; or
        known_spend: a spend per customer and period of which it is known what it keeps, with
        known_rate: the retention it reaches.
        spend_at: When in its period the money is spent: "start", "middle" or "end".

    Example:
        >>> import patronage as pt
        >>> best = pt.clv.retention_budget(ceiling=0.9, margin=100, discount_rate=0.1, known_spend=10, known_rate=0.6)
        >>> round(best.spend, 2), round(best.rate, 4), round(best.value, 2)
        (32.1, 0.8735, 243.98)
    """
    inputs = {
        "ceiling": ceiling,
        "margin": margin,
        "discount_rate": discount_rate,
        "k": k,
        "known_spend": known_spend,
        "known_rate": known_rate,
        "spend_at": spend_at,
    }
    return RetentionBudget(_core.retention_budget(inputs), inputs, "dict")
