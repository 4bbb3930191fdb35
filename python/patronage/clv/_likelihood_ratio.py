"""Likelihood-ratio tests of nested models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patronage import _core
from patronage._result import Result

if TYPE_CHECKING:
    from patronage.clv._purchase_model import PurchaseModel
    from patronage.clv._time_varying import TimeVaryingParetoNBD

#: What p is based on.
_NULLS = {
    "inside": "χ²: the further parameters are inside their range (Wilks 1938)",
    "edge": "½ χ²: the further parameter is at the edge of its range, so that half of the statistics are 0 "
    "(Self & Liang 1987)",
    "unidentified": "χ², not halved, overstates p if anything: the further parameters are at the edge of their range, "
    "where one of them can no longer be told from data (Davies 1987)",
}


class LikelihoodRatioTest(Result):
    """A likelihood-ratio test: one row with `statistic`, `degrees_of_freedom` and `p_value`.

    `about` has both models, and on what `p_value` is based (`null`).
    """

    __slots__ = ()

    @property
    def statistic(self) -> float:
        """D, twice the difference of the log-likelihoods."""
        return float(self["statistic"][0])

    @property
    def degrees_of_freedom(self) -> int:
        """How many parameters more the richer model has."""
        return int(self["degrees_of_freedom"][0])

    @property
    def p_value(self) -> float:
        """Probability of a statistic as large or larger if the simpler model is true."""
        return float(self["p_value"][0])


def likelihood_ratio_test(
    simpler: PurchaseModel | TimeVaryingParetoNBD, richer: PurchaseModel | TimeVaryingParetoNBD
) -> LikelihoodRatioTest:
    """Does the richer of two nested models describe the customers better than chance would have it?

    D = 2 (LL of the richer − LL of the simpler) is about χ² distributed if the simpler model is true, with as many
    degrees of freedom as the richer has further parameters. Where a model contains another only at the edge of its
    parameters (NBD within Pareto/NBD, BG/NBD or MBG/NBD: nobody drops out) that is not so; `about["null"]` says what p
    is based on then.

    Args:
        simpler: A fitted model.
        richer: A fitted model of the same customers that contains the simpler one: with covariates beside without,
            with own coefficients beside equal ones, with dropout beside without.

    Raises:
        InvalidParameter: Fits that are not nested, that stalled, that have priors, or that saw different customers.

    Example:
        >>> import patronage as pt
        >>> history = {
        ...     "frequency": [0, 0, 0, 0, 1, 1, 2, 3, 3, 5, 8, 14], "T": [39] * 12,
        ...     "recency": [0, 0, 0, 0, 3, 20, 9, 30, 12, 36, 20, 37], "member": [0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1],
        ... }
        >>> simpler = pt.clv.BGNBD().fit(history)
        >>> richer = pt.clv.BGNBD(purchase_covariates=["member"]).fit(history)
        >>> test = pt.clv.likelihood_ratio_test(simpler, richer)
        >>> test.degrees_of_freedom, test.p_value > 0.5  # members buy as often as others, as far as can be seen
        (1, True)
    """
    frame, null = _core.likelihood_ratio(simpler._fitted(), richer._fitted())
    about = {"simpler": repr(simpler), "richer": repr(richer), "null": _NULLS[null]}
    return LikelihoodRatioTest(frame, about, "dict")
