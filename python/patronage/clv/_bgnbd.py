"""The BG/NBD model."""

from __future__ import annotations

from typing import Self

from patronage.clv._purchase_model import PurchaseModel


class BGNBD(PurchaseModel):
    """The beta-geometric/NBD model of Fader, Hardie & Lee (2005, Marketing Science 24(2), 275–284).

    While a customer, each buys at random at a rate of her own; rates are gamma distributed with shape `r` and scale
    parameter `alpha` (mean rate r/α a period). After each repeat purchase she drops out with a probability of her own;
    these are beta distributed with parameters `a` and `b` (mean a/(a+b)). A customer without a repeat purchase has had
    no occasion to drop out: her P(alive) is 1.

    Example:
        >>> import patronage as pt
        >>> history = {"customer": ["Ann", "Bo"], "frequency": [2, 0], "recency": [30.43, 0.0], "T": [38.86, 38.86]}
        >>> model = pt.clv.BGNBD.from_parameters(r=0.243, alpha=4.414, a=0.793, b=2.426)
        >>> model.probability_alive(history)["probability_alive"].round(4).tolist()
        [0.7266, 1.0]
        >>> model.expected_purchases(history, horizon=39).to_frame()  # as in Hardie's spreadsheet: 1.226
        {'customer': ['Ann', 'Bo'], 'expected_purchases': [1.2260..., 0.1950...]}

        >>> frequency = [0, 0, 0, 0, 1, 1, 2, 3, 3, 5, 8, 14]
        >>> recency = [0, 0, 0, 0, 3, 20, 9, 30, 12, 36, 20, 37]
        >>> model = pt.clv.BGNBD().fit((frequency, recency, [39] * 12))
        >>> model.converged_, model.ending_
        (True, 'converged')
    """

    __slots__ = ()

    _name = "BG/NBD"

    @classmethod
    def from_parameters(cls, *, r: float, alpha: float, a: float, b: float) -> Self:
        """A model without a fit; all parameters above 0, `alpha` in periods."""
        return cls._given(r, alpha, a, b)
