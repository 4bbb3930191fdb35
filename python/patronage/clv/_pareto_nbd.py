"""The Pareto/NBD model."""

from __future__ import annotations

from typing import Self

from patronage.clv._purchase_model import PurchaseModel


class ParetoNBD(PurchaseModel):
    """The Pareto/NBD model of Schmittlein, Morrison & Colombo (1987, Management Science 33(1), 1–24).

    While a customer, each buys at random at a rate of her own; rates are gamma distributed with shape `r` and scale
    parameter `alpha` (mean rate r/α a period). At any moment she may drop out, at a rate of her own; these are gamma
    distributed with shape `s` and scale parameter `beta` (mean rate s/β a period). After time t a share (β/(β+t))ˢ are
    still customers: lifetimes have a Pareto distribution.

    Example:
        >>> import patronage as pt
        >>> history = {"customer": [1516], "frequency": [26], "recency": [30.86], "T": [31.0]}
        >>> model = pt.clv.ParetoNBD.from_parameters(r=0.553, alpha=10.578, s=0.606, beta=11.669)
        >>> model.probability_alive(history)["probability_alive"].round(4).tolist()  # as published: 0.9979
        [0.9979]
        >>> model.expected_purchases(history, horizon=52)["expected_purchases"].round(2).tolist()  # as published: 25.46
        [25.46]
    """

    __slots__ = ()

    _name = "Pareto/NBD"

    @classmethod
    def from_parameters(cls, *, r: float, alpha: float, s: float, beta: float) -> Self:
        """A model without a fit; all parameters above 0, `alpha` and `beta` in periods."""
        return cls._given(r, alpha, s, beta)
