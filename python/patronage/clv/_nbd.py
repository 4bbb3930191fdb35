"""The NBD model."""

from __future__ import annotations

from typing import Self

from patronage.clv._purchase_model import PurchaseModel


class NBD(PurchaseModel):
    """The negative binomial model of Ehrenberg (1959, Applied Statistics 8(1), 26–41): nobody drops out.

    Each customer buys at random at a rate of her own, for ever; rates are gamma distributed with shape `r` and scale
    parameter `alpha` (mean rate r/α a period). It is what the other models become when there is no dropping out, and
    what they are compared with: P(alive) is 1, and the expected purchases grow with the horizon without end.

    Example:
        >>> import patronage as pt
        >>> history = {"customer": ["Ann", "Bo"], "frequency": [2, 0], "recency": [30.43, 0.0], "T": [38.86, 38.86]}
        >>> model = pt.clv.NBD.from_parameters(r=0.385, alpha=12.072)
        >>> model.expected_purchases(history, horizon=39)["expected_purchases"].round(4).tolist()
        [1.8263, 0.2948]
    """

    __slots__ = ()

    _name = "NBD"

    @classmethod
    def from_parameters(cls, *, r: float, alpha: float) -> Self:
        """A model without a fit; both parameters above 0, `alpha` in periods."""
        return cls._given(r, alpha)
