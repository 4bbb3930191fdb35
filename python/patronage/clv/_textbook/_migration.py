"""Customers who migrate between states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from patronage import _core
from patronage.clv._textbook._worked import FirstPayment, Worked, numbers
from patronage.errors import InvalidParameter

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class MigrationClv(Worked):
    """What a customer in each state is worth: columns `state`, `reward`, `value`. `value` is the first state's."""

    __slots__ = ()
    _working = staticmethod(_core.migration_clv_working)


class RecencyClv(Worked):
    """What a customer is worth by recency: columns `recency`, `probability`, `reward`, `value`.

    `value` is that of a customer who has just bought; `stops` has it for every recency at which mailing might stop.
    """

    __slots__ = ()
    _working = staticmethod(_core.recency_clv_working)

    @property
    def stops(self) -> np.ndarray:
        """The value after a purchase if mailing stops at recency 1, 2, … or, the last, not at all."""
        return np.asarray(self.about["stops"])

    @property
    def best_stop(self) -> int:
        """The recency at which to stop mailing; one more than the last to mail them all."""
        return int(self.about["best_stop"])

    def plot(self, ax: Axes | None = None) -> Axes:
        """The value after a purchase for every stop, the best marked."""
        from patronage.plots import clv_textbook as plots

        return plots.recency_clv(self, ax)


def migration_clv(
    transitions: Any,
    rewards: Sequence[float],
    *,
    discount_rate: float,
    horizon: int | None = None,
    states: Sequence[str] | None = None,
    first_payment: FirstPayment = "start",
) -> MigrationClv:
    """The value of customers in each state of a Markov chain: V = Σ [P/(1+d)]^t R.

    For ever V = (I − P/(1+d))⁻¹ R, by elimination. Pfeifer and Carraway (2000), "Modeling customer relationships as
    Markov chains". Without discounting, it is finite only if every customer ends in states that bring nothing.

    Args:
        transitions: P, n × n: the probability of going from the state of the row to that of the column in a period.
        rewards: R: what a customer in each state brings in a period.
        discount_rate: Effective rate per period.
        horizon: T: rewards come T + 1 times, at t = 0, 1, … T; None for ever.
        states: Names of the states; "1", "2", … unless told otherwise.
        first_payment: When the reward of t = 0 comes: at once ("start"), after half a period ("middle") or after a
            whole one ("end").

    Example:
        >>> import patronage as pt
        >>> clv = pt.clv.migration_clv([[0.5, 0.5], [0, 1]], [10, 0], discount_rate=0.25, states=["active", "gone"])
        >>> clv["value"].round(4).tolist()
        [16.6667, 0.0]
    """
    try:
        matrix = np.asarray(transitions, dtype=np.float64)
    except (TypeError, ValueError):
        matrix = np.empty(0)
    if matrix.ndim != 2:
        raise InvalidParameter("transitions = this is not possible; expected a square matrix of numbers")
    names = [str(i + 1) for i in range(len(matrix))] if states is None else [str(name) for name in states]
    inputs = {
        "states": names,
        "transitions": matrix.tolist(),
        "rewards": numbers("rewards", rewards),
        "discount_rate": discount_rate,
        "horizon": horizon,
        "first_payment": first_payment,
    }
    return MigrationClv(_core.migration_clv(inputs), inputs, "dict")


def recency_clv(
    probabilities: Sequence[float],
    *,
    contribution: float,
    mailing_cost: float,
    discount_rate: float,
    horizon: int | None = None,
    stop_at: int | None = None,
    first_payment: FirstPayment = "start",
) -> RecencyClv:
    """Mailing by recency: what a customer is worth, and at which recency to stop.

    A customer at recency k is mailed at cost M and buys with probability p(k), which brings NC and her back to recency
    1; else she goes on to k + 1, and after the last is a former customer. One at recency 1 has just bought: R(1) =
    NC − M, and of the others R(k) = −M. Pfeifer and Carraway (2000).

    Args:
        probabilities: p at recency 1, 2, …
        contribution: NC: net contribution of a purchase.
        mailing_cost: M: cost of mailing a customer in a period.
        discount_rate: Effective rate per period.
        horizon: T: rewards come T + 1 times, at t = 0, 1, … T; None for ever.
        stop_at: From this recency on nobody is mailed, nor buys; None to mail at every recency.
        first_payment: As in `migration_clv`.

    Example:
        >>> import patronage as pt
        >>> clv = pt.clv.recency_clv([0.3, 0.2, 0.15, 0.05], contribution=40, mailing_cost=4, discount_rate=0.2)
        >>> round(clv.value, 3), clv.best_stop
        (52.32, 4)
        >>> clv.stops.round(3).tolist()
        [40.0, 48.0, 51.574, 53.149, 52.32]
    """
    inputs = {
        "probabilities": numbers("probabilities", probabilities),
        "contribution": contribution,
        "mailing_cost": mailing_cost,
        "discount_rate": discount_rate,
        "horizon": horizon,
        "stop_at": stop_at,
        "first_payment": first_payment,
    }
    frame, stops, best_stop = _core.recency_clv(inputs)
    return RecencyClv(frame, {**inputs, "stops": stops, "best_stop": best_stop}, "dict")
