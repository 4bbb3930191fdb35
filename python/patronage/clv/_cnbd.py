"""Models of regular purchases: BG/CNBD-k and MBG/CNBD-k."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

from patronage.clv._purchase_model import PurchaseModel
from patronage.errors import InvalidParameter


class Regular(PurchaseModel):
    """What the two have in common."""

    __slots__ = ("k",)

    _options = ("k",)
    _optional = ("litt",)

    def __init__(
        self,
        *,
        k: int | None = None,
        priors: Mapping[str, tuple[float, float]] | None = None,
        purchase_covariates: Sequence[str] = (),
        dropout_covariates: Sequence[str] = (),
        both_covariates: Sequence[str] = (),
    ) -> None:
        super().__init__(
            priors=priors,
            purchase_covariates=purchase_covariates,
            dropout_covariates=dropout_covariates,
            both_covariates=both_covariates,
        )
        self.k = k

    @property
    def k_(self) -> int:
        """Stages to a purchase: those asked for, or those of the most likely model."""
        return int(self._known("given")["k"])

    @classmethod
    def from_parameters(cls, *, r: float, alpha: float, a: float, b: float, k: int) -> Self:
        """A model without a fit; all parameters above 0, `alpha` in periods, `k` a whole number from 1 to 1,000."""
        if k is None:
            raise InvalidParameter("k = None is not possible; expected a whole number from 1 to 1,000")
        return cls._given(r, alpha, a, b, k=k)


class BGCNBD(Regular):
    """The BG/CNBD-k model of Platzer & Reutterer (2016, Marketing Science 35(5), 779–799).

    The BG/NBD model with regular purchases: times between them are Erlang distributed with a whole shape `k`, as if
    each purchase were the k-th of stages that come at random. `r` and `alpha` describe the rates of stages, so that
    purchases come at a mean rate of r/(αk) a period. With k = 1 it is the BG/NBD model; the larger k, the more a
    silence longer than usual tells.

    The likelihood needs one more column of the history: `litt`, the sum of the logarithms of the times between each
    customer's purchases, in its periods (0 without a repeat purchase); `log.purchase_history(litt=True)` has it. Fits
    with k = 1 and answers do without.

    Args:
        k: Stages to a purchase, from 1 to 1,000; None takes the most likely of 1, 2, … 12, which `k_` then tells.

    Example:
        >>> import patronage as pt
        >>> model = pt.clv.BGCNBD.from_parameters(r=1.329, alpha=2.8126, a=0.4247, b=0.79, k=2)
        >>> history = {"frequency": [1, 5], "recency": [352 / 7, 20.0], "T": [52.0, 52.0]}
        >>> model.probability_alive(history)["probability_alive"].round(4).tolist()
        [0.6488, 0.0042]
    """

    __slots__ = ()

    _name = "BG/CNBD-k"


class MBGCNBD(Regular):
    """The MBG/CNBD-k model of Platzer & Reutterer (2016, Marketing Science 35(5), 779–799).

    `BGCNBD` with the difference between `MBGNBD` and `BGNBD`: a customer may drop out after the first purchase too.

    Args:
        k: Stages to a purchase, from 1 to 1,000; None takes the most likely of 1, 2, … 12, which `k_` then tells.

    Example:
        >>> import patronage as pt
        >>> model = pt.clv.MBGCNBD.from_parameters(r=1.329, alpha=2.8126, a=0.4247, b=0.79, k=2)
        >>> history = {"frequency": [1, 0], "recency": [352 / 7, 0.0], "T": [52.0, 52.0]}
        >>> model.probability_alive(history)["probability_alive"].round(4).tolist()
        [0.8072, 0.0751]
    """

    __slots__ = ()

    _name = "MBG/CNBD-k"
