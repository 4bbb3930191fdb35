"""The MBG/NBD model."""

from __future__ import annotations

from typing import Self

from patronage.clv._purchase_model import PurchaseModel


class MBGNBD(PurchaseModel):
    """The modified BG/NBD model of Batislam, Denizel & Filiztekin (2007, IJRM 24(3), 201–209).

    Hoppe & Wagner (2007, Marketing ZFP 3(2), 75–90) proposed it too. It is the BG/NBD model in which a customer may
    drop out after the first purchase as after any other: P(alive) is below 1 without a repeat purchase, and b/(a+b)
    right after the first one. Parameters `r`, `alpha`, `a`, `b` as of `BGNBD`.

    Example:
        >>> import patronage as pt
        >>> history = {"customer": ["Ann", "Bo"], "frequency": [7, 0], "recency": [29.43, 0.0], "T": [38.86, 38.86]}
        >>> model = pt.clv.MBGNBD.from_parameters(r=0.525, alpha=6.183, a=0.891, b=1.614)
        >>> model.probability_alive(history)["probability_alive"].round(4).tolist()
        [0.6227, 0.3897]
        >>> model.expected_purchases(history, horizon=39)["expected_purchases"].round(4).tolist()
        [3.1676, 0.154]

        >>> frequency = [0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 3, 5, 8, 14]
        >>> recency = [0, 0, 0, 0, 0, 0, 3, 20, 9, 30, 12, 36, 20, 37]
        >>> model = pt.clv.MBGNBD().fit((frequency, recency, [39] * 14))
        >>> model.converged_, model.ending_
        (True, 'converged')
    """

    __slots__ = ()

    _name = "MBG/NBD"

    @classmethod
    def from_parameters(cls, *, r: float, alpha: float, a: float, b: float) -> Self:
        """A model without a fit; all parameters above 0, `alpha` in periods."""
        return cls._given(r, alpha, a, b)
