"""What all buy-till-you-die models answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np

from patronage import _core
from patronage._progress import Progress, reporter
from patronage.clv._checks import (
    AliveMatrix,
    FrequencyCheck,
    HoldoutCheck,
    alive_matrix,
    frequency_check,
    holdout_check,
)
from patronage.clv._estimator import CustomerValues, Estimator
from patronage.clv._history import History, Weights, numbers, read
from patronage.errors import InvalidParameter

#: Periods ahead: the same for all customers, or one for each.
Horizon = float | Sequence[float] | np.ndarray


class PurchaseModel(Estimator):
    """A model of customers who buy, each at a rate of her own, until they drop out unseen.

    A history is the result of `TransactionLog.purchase_history`, any table with the columns `frequency`, `recency` and
    `T`, or a tuple of three arrays. Answers come back as the kind of table the history was, row by row in its order,
    with its column `customer` if it has one. Times, horizons and rates are in the history's periods.
    """

    __slots__ = ()

    _columns = ("frequency", "recency", "T")

    #: The model's name in the core.
    _name: ClassVar[str]
    #: Columns that the likelihood reads where they are there.
    _optional: ClassVar[tuple[str, ...]] = ()

    def fit(
        self, history: History, *, weights: Weights = None, strict: bool = False, progress: Progress = None
    ) -> Self:
        """Fits the model by maximum likelihood.

        Args:
            history: The purchase history.
            weights: How many customers each row stands for (a column's name, or numbers). A history compressed to its
                distinct rows fits to the same bits as the long one.
            strict: Raise where there is no maximum; else warn, and say so in `converged_` and `ending_`.
            progress: True for a bar, or a callable of (done, total).

        Returns:
            The model itself.

        Raises:
            ColumnNotFound: A column is not there.
            InvalidInput: Impossible histories; the message names column, first row, count and mend.
            NotEnoughData: No customer has a repeat purchase.
            NotConverged: With `strict`, if there is no maximum.

        Warns:
            ConvergenceWarning: There is no maximum: a simpler model describes the data as well.
        """
        table = read(history, self._columns, weights, self._optional).table
        given = [getattr(self, name) for name in self._options]
        fixed = [] if None in given else [float(value) for value in given]
        progress = reporter(progress, f"fitting {type(self).__name__}")
        self._set(_core.PurchaseModel.fit(self._name, fixed, table, progress))
        self._warn(strict)
        return self

    def log_likelihood(self, history: History) -> CustomerValues:
        """Logarithm of the probability density of each customer's history: column `log_likelihood`."""
        return self._answer("log_likelihood", history)

    def probability_alive(self, history: History, *, horizon: Horizon = 0) -> CustomerValues:
        """Probability that each is still a customer `horizon` periods after the end of observation.

        Args:
            history: The purchase history.
            horizon: Periods ahead, the same for all customers or one for each; 0 is the end of observation.

        Returns:
            Column `probability_alive`.
        """
        return self._ahead("probability_alive", history, horizon, False)

    def log_probability_alive(self, history: History, *, horizon: Horizon = 0) -> CustomerValues:
        """Natural logarithm of `probability_alive`, finite even where that underflows to 0."""
        return self._ahead("probability_alive", history, horizon, True)

    def expected_purchases(self, history: History, *, horizon: Horizon) -> CustomerValues:
        """Purchases expected of each customer in the next `horizon` periods, given the history.

        Args:
            history: The purchase history.
            horizon: Periods ahead, the same for all customers or one for each.

        Returns:
            Column `expected_purchases`.
        """
        return self._ahead("expected_purchases", history, horizon)

    def discounted_expected_purchases(self, history: History, *, discount_rate: float) -> CustomerValues:
        """Discounted expected residual transactions (DERT): purchases in the whole remaining life.

        Args:
            history: The purchase history.
            discount_rate: Continuous rate per period, above 0: a purchase after t periods counts e^(−rate × t). An
                effective rate d per period is ln(1 + d) here.

        Returns:
            Column `discounted_expected_purchases`.
        """
        return self._answer("discounted_expected_purchases", history, discount_rate=float(discount_rate))

    def purchase_distribution(self, history: History, *, horizon: Horizon, most: int = 10) -> CustomerValues:
        """Probability of 0, 1, … `most` purchases in the next `horizon` periods: a column for each number."""
        return self._ahead("purchase_distribution", history, horizon, most)

    def expectation(self, t: float | Sequence[float] | np.ndarray) -> Any:
        """Expected number of repeat purchases of a new customer in the first `t` periods.

        Args:
            t: Periods since the first purchase: a number, or several.

        Returns:
            A number, or an array of them.
        """
        periods = np.atleast_1d(numbers("t", np.ravel(t)))
        if not (np.isfinite(periods) & (periods >= 0)).all():
            raise InvalidParameter(f"t = {t} is not possible; expected finite numbers of periods, at least 0")
        values = self._fitted().expected_purchases(_new_customers(len(periods)), periods).column("expected_purchases")
        return float(values[0]) if np.ndim(t) == 0 else values

    def distribution(self, t: float, *, most: int = 10) -> np.ndarray:
        """Probability that a new customer makes 0, 1, … `most` repeat purchases in the first `t` periods."""
        frame = self._fitted().purchase_distribution(_new_customers(1), float(t), most)
        return np.array([frame.column(str(n))[0] for n in range(most + 1)])

    def frequency_check(self, history: History, *, most: int = 7, weights: Weights = None) -> FrequencyCheck:
        """How many customers made 0, 1, … `most` and more repeat purchases, beside how many the model expects."""
        return frequency_check(self._fitted(), self._about(), read(history, self._columns, weights), most)

    def holdout_check(self, history: History, *, duration: float | None = None, and_more: int = 7) -> HoldoutCheck:
        """Purchases expected in the hold-out period beside those made, by frequency in the calibration.

        Args:
            history: A history with the column `frequency_holdout`.
            duration: Length of the hold-out in periods; None takes `about["duration_holdout"]` of a purchase history
                from a log.
            and_more: Customers with this frequency or more are one group.
        """
        return holdout_check(self._fitted(), self._about(), history, duration, and_more)

    def alive_matrix(self, *, T: float, most: int = 20, steps: int = 40) -> AliveMatrix:
        """P(alive) of customers watched for `T` periods, by frequency (0 to `most`) and recency (in `steps`)."""
        return alive_matrix(self._fitted(), self._about(), T, most, steps)

    def _about(self) -> dict[str, Any]:
        return {"model": type(self).__name__, "parameters": self.parameters_}

    def _read(self, text: str) -> Any:
        return _core.PurchaseModel.from_json(self._name, text)

    @classmethod
    def _given(cls, *values: float, **options: Any) -> Self:
        """A model from its parameters and, after them, what is not estimated."""
        return cls(**options)._set(_core.PurchaseModel.from_parameters(cls._name, [*values, *options.values()]))

    def _ahead(self, question: str, history: History, horizon: Horizon, *asked: Any) -> CustomerValues:
        core = self._fitted()
        source = read(history, self._columns)
        periods = float(horizon) if isinstance(horizon, int | float | np.number) else numbers("horizon", horizon)
        frame = getattr(core, question)(source.table, periods, *asked)
        ahead = periods if isinstance(periods, float) else "one a customer"
        about = {**self._about(), **source.about, "horizon": ahead}
        return CustomerValues(frame, about, source.kind)

    def _answer(self, question: str, history: History, **asked: Any) -> CustomerValues:
        core = self._fitted()
        source = read(history, self._columns, optional=self._optional)
        frame = getattr(core, question)(source.table, *asked.values())
        return CustomerValues(frame, {**self._about(), **source.about, **asked}, source.kind)


def _new_customers(count: int) -> _core.HistoryTable:
    nothing = np.zeros(count)
    return read((nothing, nothing, nothing), ("frequency", "recency", "T")).table
