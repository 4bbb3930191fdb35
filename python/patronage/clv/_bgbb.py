"""The BG/BB model, and histories in whole opportunities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Self

from patronage import _core
from patronage.clv._matrix import FrequencyRecencyMatrix, matrix
from patronage.clv._purchase_model import PurchaseModel
from patronage.errors import InvalidParameter
from patronage.transactions import Period, PurchaseHistory, TransactionLog, _day

#: Opportunities that a map of P(alive) can have.
MOST_STEPS = 1000


class BGBB(PurchaseModel):
    """The beta-geometric/beta-Bernoulli model of Fader, Hardie & Shang (2010, Marketing Science 29(6), 1086–1108).

    For purchases that can only be made on certain occasions: a yearly donation, a conference, an issue. While a
    customer, each buys at an opportunity with a probability of her own; these are beta distributed with parameters
    `alpha` and `beta` (mean α/(α+β)). Before each opportunity she drops out with a probability of her own; these are
    beta distributed with parameters `gamma` and `delta` (mean γ/(γ+δ)).

    A period is the time from one opportunity to the next. Histories are in whole opportunities: `T` is their number
    since the first purchase (the paper's n), `recency` the last one with a purchase, and `frequency`, at most one an
    opportunity, is not larger than it. `opportunity_history` makes such histories from a log. Horizons are whole as
    well. Others are refused, as are more than 1,000,000 opportunities.

    P(alive) is the probability that she has not dropped out by the last opportunity. In the paper it is the
    probability that she is alive at the next one: that is `horizon=1`. The discount rate is continuous here as in every
    model: an effective rate d per opportunity is ln(1 + d).

    Example:
        >>> import math
        >>> import patronage as pt
        >>> donors = {"frequency": [0, 2, 6], "recency": [0, 4, 6], "T": [6, 6, 6]}
        >>> model = pt.clv.BGBB.from_parameters(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783)
        >>> model.probability_alive(donors, horizon=1)["probability_alive"].round(2).tolist()  # as published: table 6
        [0.11, 0.59, 0.93]
        >>> model.expected_purchases(donors, horizon=5)["expected_purchases"].round(2).tolist()
        [0.07, 1.06, 3.75]
        >>> discounted = model.discounted_expected_purchases(donors, discount_rate=math.log(1.1))
        >>> discounted["discounted_expected_purchases"].round(2).tolist()
        [0.11, 1.67, 5.91]
    """

    __slots__ = ()

    _name = "BG/BB"

    @classmethod
    def from_parameters(cls, *, alpha: float, beta: float, gamma: float, delta: float) -> Self:
        """A model without a fit; all parameters above 0."""
        return cls._given(alpha, beta, gamma, delta)

    def _matrix(
        self, T: float, most: int, steps: int | None, horizon: float | None, covariates: Mapping[str, float] | None
    ) -> FrequencyRecencyMatrix:
        """A step is an opportunity; null where a customer cannot have bought so often."""
        if not (0 < T <= MOST_STEPS and int(T) == T) or (steps is not None and steps != T):
            expected = f"a whole number of opportunities up to {MOST_STEPS:,}, each of them a step"
            raise InvalidParameter(f"T = {T}, steps = {steps} are not possible; expected {expected}")
        core, about = self._fitted(), self._about()
        return matrix(core, about, float(T), min(most, int(T)), int(T), horizon, covariates, one_a_step=True)


def opportunity_history(
    log: TransactionLog,
    *,
    period: Period,
    as_of: str | dt.date | None = None,
    holdout: str | dt.date | None = None,
) -> PurchaseHistory:
    """The history of each customer in calendar periods, each of them one opportunity to buy: what `BGBB` reads.

    Args:
        log: The purchase log.
        period: The calendar period: day, week (from Monday), month, quarter or year.
        as_of: Last day that counts; the last of the log unless told otherwise. Only calendar periods that end by it
            count: `about["as_of"]` is the last day of the last of them.
        holdout: The last day of the calibration, which takes in the calendar period that holds it; the periods after
            are held out. None holds nothing out.

    Returns:
        A row a customer. `frequency` is the number of periods with a purchase after the first purchase's, `recency` the
        last of them, `T` the number of periods there were: the papers' x, tₓ and n. With a hold-out also
        `frequency_holdout`. Customers who came later are left out, and counted in `about["later_customers"]`.

    Example:
        >>> import patronage as pt
        >>> days = ["2019-05-01", "2021-01-09", "2021-12-24", "2020-03-01"]
        >>> log = pt.TransactionLog({"who": ["Ann"] * 3 + ["Bob"], "when": days}, customer="who", time="when")
        >>> pt.clv.opportunity_history(log, period="year", as_of="2022-12-31").to_dicts()
        [{'customer': 'Ann', 'frequency': 1, 'recency': 2.0, 'T': 3.0},
         {'customer': 'Bob', 'frequency': 0, 'recency': 0.0, 'T': 2.0}]
    """
    frame, about = _core.opportunity_history(log._core, period, _day("as_of", as_of), _day("holdout", holdout))
    return PurchaseHistory(frame, log._about({"period": period, **about}), log._kind)
