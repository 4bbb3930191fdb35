"""The GGompertz/NBD model."""

from __future__ import annotations

from typing import Self

from patronage.clv._purchase_model import PurchaseModel


class GGompertzNBD(PurchaseModel):
    """The gamma/Gompertz/NBD model of Bemmaor & Glady (2012, Management Science 58(5), 1012–1021).

    Purchases are as in the other NBD models, at rates gamma distributed with shape `r` and scale parameter `alpha`. The
    rate of dropping out is η b e^(bu) at age u: it grows by the factor e^b a period, from a level of the customer's
    own; the η are gamma distributed with shape `s` and scale parameter `beta`. After time t a share
    (β/(β − 1 + e^(bt)))ˢ are still customers.

    As `b` and `beta` go to 0 together the hazard no longer grows, and the model is the Pareto/NBD with β/b for β; a fit
    to customers who do not age says so in `ending_`. Expected purchases are as corrected by Adler (2022).

    Example:
        >>> import patronage as pt
        >>> history = {"customer": ["Ann", "Bo"], "frequency": [26, 0], "recency": [30.86, 0.0], "T": [31.0, 38.86]}
        >>> model = pt.clv.GGompertzNBD.from_parameters(r=0.553, alpha=10.578, b=0.0002, s=0.603, beta=0.0026)
        >>> model.probability_alive(history)["probability_alive"].round(4).tolist()
        [0.998, 0.3164]
    """

    __slots__ = ()

    _name = "GGompertz/NBD"

    @classmethod
    def from_parameters(cls, *, r: float, alpha: float, b: float, s: float, beta: float) -> Self:
        """A model without a fit; all parameters above 0, `alpha` in periods, `b` per period."""
        return cls._given(r, alpha, b, s, beta)
