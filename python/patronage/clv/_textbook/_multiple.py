"""Margin multiples, and the retention that a value asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from patronage import _core
from patronage.clv._textbook._worked import Explained, FirstPayment, Worked, numbers, survive

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class MarginMultiple(Worked):
    """The margin multiple: column `value`. `about` has the timing."""

    __slots__ = ()
    _working = staticmethod(_core.margin_multiple_working)


class MarginMultiples(Explained):
    """Margin multiples, a row a pair of rates: columns `discount_rate`, `retention`, `multiple`."""

    __slots__ = ()
    _working = staticmethod(_core.margin_multiples_working)

    def matrix(self) -> np.ndarray:
        """The multiples, a row a discount rate and a column a retention rate, in the order they were given."""
        shape = len(self.about["discount_rates"]), len(self.about["retentions"])
        matrix: np.ndarray = self["multiple"].reshape(shape)
        return matrix

    def plot(self, ax: Axes | None = None) -> Axes:
        """The multiple by retention, a line a discount rate."""
        from patronage.plots import clv_textbook as plots

        return plots.margin_multiples(self, ax)


class RequiredRetention(Worked):
    """The retention needed: columns `clv` (what the customer is worth then, after acquisition), `value` (the rate)."""

    __slots__ = ()
    _working = staticmethod(_core.required_retention_working)


def margin_multiple(
    *,
    retention: float,
    discount_rate: float,
    periods: int | None = None,
    first_payment: FirstPayment = "end",
    survive_before_paying: bool | None = None,
) -> MarginMultiple:
    """What a customer is worth for each unit of her margin per period.

    Gupta and Lehmann (2005), *Managing Customers as Investments*: r/(1+d−r), paid at the end of each period by those
    retained; with `first_payment="start"` 1 + r/(1+d−r) = (1+d)/(1+d−r).

    Args:
        retention: Probability of staying from one period to the next.
        discount_rate: Effective rate per period.
        periods: Number of payments; None for ever.
        first_payment: As in `retention_clv`.
        survive_before_paying: As in `retention_clv`.

    Example:
        >>> import patronage as pt
        >>> round(pt.clv.margin_multiple(retention=0.9, discount_rate=0.1).value, 2)
        4.5
        >>> round(pt.clv.margin_multiple(retention=0.9, discount_rate=0.1, first_payment="start").value, 2)
        5.5
    """
    inputs = {
        "retention": retention,
        "discount_rate": discount_rate,
        "periods": periods,
        "first_payment": first_payment,
        "survive_before_paying": survive(survive_before_paying, first_payment),
    }
    return MarginMultiple(_core.margin_multiple(inputs), inputs, "dict")


def margin_multiples(
    *,
    retentions: Sequence[float],
    discount_rates: Sequence[float],
    periods: int | None = None,
    first_payment: FirstPayment = "end",
    survive_before_paying: bool | None = None,
) -> MarginMultiples:
    """The table of `margin_multiple`: every retention rate with every discount rate.

    Args:
        retentions: The retention rates.
        discount_rates: The discount rates per period.
        periods: Number of payments; None for ever.
        first_payment: As in `retention_clv`.
        survive_before_paying: As in `retention_clv`.

    Example:
        >>> import patronage as pt
        >>> table = pt.clv.margin_multiples(retentions=[0.6, 0.7, 0.8, 0.9], discount_rates=[0.1, 0.12])
        >>> table.matrix().round(2).tolist()
        [[1.2, 1.75, 2.67, 4.5], [1.15, 1.67, 2.5, 4.09]]
    """
    inputs: dict[str, Any] = {
        "retentions": numbers("retentions", retentions),
        "discount_rates": numbers("discount_rates", discount_rates),
        "periods": periods,
        "first_payment": first_payment,
        "survive_before_paying": survive(survive_before_paying, first_payment),
    }
    return MarginMultiples(_core.margin_multiples(inputs), inputs, "dict")


def required_retention(
    *,
    margin: float,
    discount_rate: float,
    target: float = 0,
    acquisition_cost: float = 0,
    periods: int | None = None,
    first_payment: FirstPayment = "end",
    survive_before_paying: bool | None = None,
) -> RequiredRetention:
    """The least retention rate at which a customer is worth a target after acquisition; by default, breaks even.

    With V the target and the acquisition cost together, for ever: r = V(1+d)/(m+V) at the end of the period by those
    retained, r = (1+d)(1 − m/V) immediately; over n payments it is the root of the retention model, bracketed until no
    float lies between. It is 0 where the target is met even if nobody stays.

    Args:
        margin: Margin per period.
        discount_rate: Effective rate per period.
        target: What the customer must be worth.
        acquisition_cost: What winning the customer costs, now.
        periods: Number of payments; None for ever.
        first_payment: As in `retention_clv`.
        survive_before_paying: As in `retention_clv`.

    Example:
        >>> import patronage as pt
        >>> needed = pt.clv.required_retention(margin=18.75, discount_rate=0.01, target=67.2639)
        >>> round(needed.value, 4)
        0.7898
    """
    inputs = {
        "margin": margin,
        "discount_rate": discount_rate,
        "target": target,
        "acquisition_cost": acquisition_cost,
        "periods": periods,
        "first_payment": first_payment,
        "survive_before_paying": survive(survive_before_paying, first_payment),
    }
    return RequiredRetention(_core.required_retention(inputs), inputs, "dict")
