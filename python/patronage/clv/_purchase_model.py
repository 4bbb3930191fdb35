"""What all buy-till-you-die models answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from patronage import _core
from patronage._progress import Progress, reporter
from patronage.clv import _effects
from patronage.clv._alive_path import AlivePath, alive_path
from patronage.clv._checks import FrequencyCheck, HoldoutCheck, frequency_check, holdout_check
from patronage.clv._draws import Bootstrap, CustomerIntervals, Posterior, template
from patronage.clv._estimator import CustomerValues, Estimator
from patronage.clv._heterogeneity import Heterogeneity, heterogeneity
from patronage.clv._history import History, Horizon, Weights, horizon_of, numbers, of_customer, read
from patronage.clv._matrix import FrequencyRecencyMatrix, matrix
from patronage.clv._tracking import Tracking, tracking
from patronage.errors import InvalidParameter

if TYPE_CHECKING:
    from patronage.transactions import PurchaseHistory, TransactionLog


class PurchaseModel(Estimator):
    """A model of customers who buy, each at a rate of her own, until they drop out unseen.

    A history is the result of `TransactionLog.purchase_history`, any table with the columns `frequency`, `recency` and
    `T`, or a tuple of three arrays. Answers come back as the kind of table the history was, row by row in its order,
    with its column `customer` if it has one. Times, horizons and rates are in the history's periods.

    Args:
        priors: Priors of some parameters: a dict of name: (median, spread). For parameters that are positive the prior
            is log-normal, and spread the standard deviation of the natural logarithm; for coefficients of covariates
            (names such as "purchase:member") it is normal, and spread the standard deviation: a median of 0 is an L2
            penalty of coefficient² / (2 spread²). The estimate is then the maximum a posteriori of the logarithms.
        purchase_covariates: Columns of the history (numbers or truth values) on which the buying rate depends: it is
            multiplied by exp(γ z).
        dropout_covariates: Columns on which dropout depends: a positive γ means shorter lives.
        both_covariates: Columns with one coefficient for both.

    Covariates do not change over time (`TimeVaryingParetoNBD` has some that do). The parameters proper are those of a
    customer whose covariates are all 0; coefficients are named "purchase:column", "dropout:column", "both:column". A
    fit with covariates needs the same columns for every answer.
    """

    __slots__ = ("both_covariates", "dropout_covariates", "priors", "purchase_covariates")

    _columns = ("frequency", "recency", "T")
    _settings = ("priors", "purchase_covariates", "dropout_covariates", "both_covariates")

    #: The model's name in the core.
    _name: ClassVar[str]
    #: Columns that the likelihood reads where they are there.
    _optional: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        *,
        priors: Mapping[str, tuple[float, float]] | None = None,
        purchase_covariates: Sequence[str] = (),
        dropout_covariates: Sequence[str] = (),
        both_covariates: Sequence[str] = (),
    ) -> None:
        self.priors = priors
        self.purchase_covariates = purchase_covariates
        self.dropout_covariates = dropout_covariates
        self.both_covariates = both_covariates

    def fit(
        self, history: History, *, weights: Weights = None, strict: bool = False, progress: Progress = None
    ) -> Self:
        """Fits the model by maximum likelihood, or with priors by maximum a posteriori.

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
            InvalidInput: Impossible histories; the message names column, first row, count and mend. Covariates that
                are unknown for some customers, constant, or made up of others.
            NotEnoughData: No customer has a repeat purchase.
            NotConverged: With `strict`, if there is no maximum.

        Warns:
            ConvergenceWarning: There is no maximum: a simpler model describes the data as well.
        """
        effects = self._effects()
        covariates = list(dict.fromkeys(name for _, name, _ in effects))
        table = read(history, self._columns, weights, covariates, self._optional).table
        given = [getattr(self, name) for name in self._options]
        fixed = [] if None in given else [float(value) for value in given]
        progress = reporter(progress, f"fitting {type(self).__name__}")
        self._set(_core.PurchaseModel.fit(self._name, fixed, effects, self._priors(), table, progress))
        self._warn(strict)
        return self

    def log_likelihood(self, history: History) -> CustomerValues:
        """Logarithm of the probability density of each customer's history: column `log_likelihood`."""
        return self._answer("log_likelihood", history)

    def probability_alive(
        self, history: History, *, horizon: Horizon = 0, interval: float | None = None
    ) -> CustomerValues:
        """Probability that each is still a customer `horizon` periods after the end of observation.

        Args:
            history: The purchase history.
            horizon: Periods ahead, the same for all customers or one for each; 0 is the end of observation.
            interval: Level of an interval by the delta method, such as 0.95; needs a fit that converged.

        Returns:
            Column `probability_alive`, and with an interval `standard_error`, `lower`, `upper`.
        """
        if interval is not None:
            return self._interval("probability_alive", history, interval, horizon=horizon)
        return self._ahead("probability_alive", history, horizon, False)

    def log_probability_alive(self, history: History, *, horizon: Horizon = 0) -> CustomerValues:
        """Natural logarithm of `probability_alive`, finite even where that underflows to 0."""
        return self._ahead("probability_alive", history, horizon, True)

    def expected_purchases(
        self, history: History, *, horizon: Horizon, interval: float | None = None
    ) -> CustomerValues:
        """Purchases expected of each customer in the next `horizon` periods, given the history.

        Args:
            history: The purchase history.
            horizon: Periods ahead, the same for all customers or one for each.
            interval: Level of an interval by the delta method, such as 0.95; needs a fit that converged. It tells how
                sure the expectation is; her own purchases vary about it besides (`purchase_distribution`).

        Returns:
            Column `expected_purchases`, and with an interval `standard_error`, `lower`, `upper`.
        """
        if interval is not None:
            return self._interval("expected_purchases", history, interval, horizon=horizon)
        return self._ahead("expected_purchases", history, horizon)

    def discounted_expected_purchases(
        self, history: History, *, discount_rate: float, interval: float | None = None
    ) -> CustomerValues:
        """Discounted expected residual transactions (DERT): purchases in the whole remaining life.

        Args:
            history: The purchase history.
            discount_rate: Continuous rate per period, above 0: a purchase after t periods counts e^(−rate × t). An
                effective rate d per period is ln(1 + d) here.
            interval: Level of an interval by the delta method, such as 0.95; needs a fit that converged.

        Returns:
            Column `discounted_expected_purchases`, and with an interval `standard_error`, `lower`, `upper`.
        """
        if interval is not None:
            rate = float(discount_rate)
            return self._interval("discounted_expected_purchases", history, interval, discount_rate=rate)
        return self._answer("discounted_expected_purchases", history, discount_rate=float(discount_rate))

    def purchase_distribution(self, history: History, *, horizon: Horizon, most: int = 10) -> CustomerValues:
        """Probability of 0, 1, … `most` purchases in the next `horizon` periods: a column for each number."""
        return self._ahead("purchase_distribution", history, horizon, most)

    def expectation(
        self, t: float | Sequence[float] | np.ndarray, *, covariates: Mapping[str, float] | None = None
    ) -> Any:
        """Expected number of repeat purchases of a new customer in the first `t` periods.

        Args:
            t: Periods since the first purchase: a number, or several.
            covariates: Value of each covariate, for models that have some.

        Returns:
            A number, or an array of them.
        """
        periods = np.atleast_1d(numbers("t", np.ravel(t)))
        if not (np.isfinite(periods) & (periods >= 0)).all():
            raise InvalidParameter(f"t = {t} is not possible; expected finite numbers of periods, at least 0")
        new = _new_customers(self._fitted(), len(periods), covariates)
        values = self._fitted().expected_purchases(new, periods).column("expected_purchases")
        return float(values[0]) if np.ndim(t) == 0 else values

    def distribution(self, t: float, *, most: int = 10, covariates: Mapping[str, float] | None = None) -> np.ndarray:
        """Probability that a new customer makes 0, 1, … `most` repeat purchases in the first `t` periods."""
        new = _new_customers(self._fitted(), 1, covariates)
        frame = self._fitted().purchase_distribution(new, float(t), most)
        return np.array([frame.column(str(n))[0] for n in range(most + 1)])

    def bootstrap(
        self,
        history: History,
        *,
        repeats: int = 200,
        seed: int = 0,
        weights: Weights = None,
        progress: Progress = None,
    ) -> Bootstrap:
        """Refits to as many customers drawn with replacement (Efron 1979): how sure estimates and answers are.

        Args:
            history: The purchase history that the model was fitted to.
            repeats: Number of refits.
            seed: What decides the draws: the same seed gives the same bits, whatever the number of threads.
            weights: How many customers each row stands for.
            progress: True for a bar, or a callable of (done, total).

        Example:
            >>> import patronage as pt
            >>> history = {
            ...     "frequency": [0, 0, 0, 0, 1, 1, 2, 3, 3, 5, 8, 14], "T": [39] * 12,
            ...     "recency": [0, 0, 0, 0, 3, 20, 9, 30, 12, 36, 20, 37],
            ... }
            >>> model = pt.clv.BGNBD(priors={"a": (1, 1), "b": (3, 1)}).fit(history)
            >>> refits = model.bootstrap(history, repeats=50, seed=1)
            >>> len(refits), refits.expected_purchases(history, horizon=39).columns
            (50, ['expected_purchases', 'standard_error', 'lower', 'upper'])
        """
        source = read(history, self._columns, weights, self._covariates())
        asked = (_whole("repeats", repeats), _whole("seed", seed))
        reporting = reporter(progress, f"refitting {type(self).__name__}")
        frame, failed = self._fitted().bootstrap(source.table, *asked, reporting)
        endings = frame.column("ending")
        about = {
            **template(self._fitted(), self._name, repr(self)), **source.about,
            "parameters": list(self.parameters_), "repeats": repeats, "seed": seed, "failed": failed,
            "flat": sum(ending != "converged" for ending in endings),
        }  # fmt: skip
        return Bootstrap(frame, about, source.kind)

    def posterior(
        self,
        history: History,
        *,
        chains: int = 4,
        draws: int = 1000,
        warmup: int = 500,
        seed: int = 0,
        target_accept: float = 0.8,
        flat: bool = False,
        weights: Weights = None,
        progress: Progress = None,
    ) -> Posterior:
        """Draws from the posterior of the parameters, by the no-U-turn sampler (Hoffman & Gelman 2014).

        The model need not be fitted, and stays as it is. Parameters without one of the model's `priors` get a weak one:
        log-normal with a spread of 2 around what a first look at the data suggests, or, for coefficients of covariates,
        normal around 0 with a standard deviation of 2.5 over that of the covariate; `about["priors"]` has them all.

        Args:
            history: The purchase history.
            chains: Independent chains, from different starts.
            draws: Draws kept of each.
            warmup: Draws before those, which serve to find the length of steps.
            seed: What decides all that is random; the number of threads does not.
            target_accept: Acceptance probability at which steps aim.
            flat: No priors but the model's own: flat in the logarithms, and not always a proper posterior.
            weights: How many customers each row stands for.
            progress: True for a bar, or a callable of (done, total).

        Example:
            >>> import patronage as pt
            >>> history = {
            ...     "frequency": [0, 0, 0, 0, 1, 1, 2, 3, 3, 5, 8, 14], "T": [39] * 12,
            ...     "recency": [0, 0, 0, 0, 3, 20, 9, 30, 12, 36, 20, 37],
            ... }
            >>> posterior = pt.clv.BGNBD().posterior(history, draws=250, seed=1)
            >>> len(posterior), posterior.summary()["parameter"]
            (1000, ['r', 'alpha', 'a', 'b'])
        """
        effects = self._effects()
        source = read(history, self._columns, weights, list(dict.fromkeys(name for _, name, _ in effects)))
        fixed = [float(getattr(self, name)) for name in self._options]
        counts = {"chains": chains, "draws": draws, "warmup": warmup, "seed": seed}
        chains, draws, warmup, seed = (_whole(name, number) for name, number in counts.items())
        plan = (chains, draws, warmup, seed, float(target_accept))
        reporting = reporter(progress, f"sampling {type(self).__name__}")
        frame, text, found = _core.PurchaseModel.posterior(
            self._name, fixed, effects, self._priors(), flat, source.table, plan, reporting
        )
        core = _core.PurchaseModel.from_json(self._name, text)
        parameters = list(core.summary()["parameters"])
        about = {
            **template(core, self._name, type(self).__name__), **source.about,
            "parameters": parameters, **counts, "target_accept": target_accept, **found,
        }  # fmt: skip
        return Posterior(frame, about, source.kind)

    def frequency_check(self, history: History, *, most: int = 7, weights: Weights = None) -> FrequencyCheck:
        """How many customers made 0, 1, … `most` and more repeat purchases, beside how many the model expects."""
        source = read(history, self._columns, weights, self._covariates())
        return frequency_check(self._fitted(), self._about(), source, most)

    def holdout_check(self, history: History, *, duration: float | None = None, and_more: int = 7) -> HoldoutCheck:
        """Purchases expected in the hold-out period beside those made, by frequency in the calibration.

        Args:
            history: A history with the column `frequency_holdout`.
            duration: Length of the hold-out in periods; None takes `about["duration_holdout"]` of a purchase history
                from a log.
            and_more: Customers with this frequency or more are one group.
        """
        return holdout_check(self._fitted(), self._about(), history, duration, and_more)

    def tracking(self, log: TransactionLog, history: PurchaseHistory) -> Tracking:
        """Repeat purchases of all customers over time, actual beside expected, through calibration and hold-out.

        Expected of each customer is what the model expects of a new one since her first purchase; what she did is not
        looked at (Fader, Hardie & Lee 2005, figures 4 and 5).

        Args:
            log: The log that the history comes from.
            history: Its purchase history; `about` has the period, the end of the calibration and of the hold-out.
        """
        return tracking(
            self._fitted(), self._about(), log, history, read(history, self._columns, covariates=self._covariates())
        )

    def alive_path(
        self, log: TransactionLog, customer: int | str, *, period: str | float = "week", as_of: str | None = None
    ) -> AlivePath:
        """One customer's P(alive) at the end of each day from her first purchase on.

        Args:
            log: A log with the customer.
            customer: Her id.
            period: The unit of time of the history the model was fitted to.
            as_of: The last day; the last of the log unless told otherwise.
        """
        return alive_path(self._fitted(), self._about(), log, customer, period, as_of)

    def alive_matrix(
        self, *, T: float, most: int = 20, steps: int | None = None, covariates: Mapping[str, float] | None = None
    ) -> FrequencyRecencyMatrix:
        """P(alive) of customers watched for `T` periods, by frequency (0 to `most`) and recency (in `steps`, 40)."""
        return self._matrix(T, most, steps, None, covariates)

    def expected_purchases_matrix(
        self,
        *,
        T: float,
        horizon: float,
        most: int = 20,
        steps: int | None = None,
        covariates: Mapping[str, float] | None = None,
    ) -> FrequencyRecencyMatrix:
        """Purchases expected in the next `horizon` periods of customers watched for `T`, by frequency and recency."""
        return self._matrix(T, most, steps, horizon, covariates)

    def _matrix(
        self, T: float, most: int, steps: int | None, horizon: float | None, covariates: Mapping[str, float] | None
    ) -> FrequencyRecencyMatrix:
        steps = 40 if steps is None else steps
        return matrix(self._fitted(), self._about(), T, most, steps, horizon, covariates)

    def heterogeneity(self, *, points: int = 200) -> Heterogeneity:
        """How purchase rates and dropout are distributed over customers, on a grid of `points` each."""
        return heterogeneity(self._fitted(), self._about(), points)

    def with_covariates(
        self,
        *,
        purchase: Mapping[str, float] | None = None,
        dropout: Mapping[str, float] | None = None,
        both: Mapping[str, float] | None = None,
    ) -> Self:
        """This model, without its fit, for customers who differ by covariates with the coefficients given.

        Example:
            >>> import patronage as pt
            >>> base = pt.clv.BGNBD.from_parameters(r=0.243, alpha=4.414, a=0.793, b=2.426)
            >>> model = base.with_covariates(purchase={"member": 0.7})
            >>> model.expectation(52, covariates={"member": 1}) > 1.3 * base.expectation(52)
            True
        """
        effects = _effects.given(purchase=purchase, dropout=dropout, both=both)
        base = [value for name, value in self.parameters_.items() if ":" not in name]
        options = {name: getattr(self, name) for name in self._options}
        core = _core.PurchaseModel.from_parameters(self._name, [*base, *options.values()], effects)
        return type(self)(**options, **_effects.settings(effects))._set(core)

    def _effects(self) -> list[tuple[str, str, float]]:
        """Process and covariate of each effect, with a coefficient that is not looked at."""
        return _effects.asked_of(self)

    def _covariates(self) -> list[str]:
        """The columns that an answer needs beside the history."""
        names: list[str] = self._fitted().covariates()
        return names

    def _about(self) -> dict[str, Any]:
        return {"model": type(self).__name__, "parameters": self.parameters_}

    def _read(self, text: str) -> Any:
        return _core.PurchaseModel.from_json(self._name, text)

    def _penalised(self, table: _core.HistoryTable, penalty: list[float]) -> Any:
        """The core's model that makes the log-likelihood less a penalty on the parameters' squares largest."""
        return _core.PurchaseModel.fit_penalised(self._name, table, penalty)

    @classmethod
    def _given(cls, *values: float, **options: Any) -> Self:
        """A model from its parameters and, after them, what is not estimated."""
        return cls(**options)._set(_core.PurchaseModel.from_parameters(cls._name, [*values, *options.values()], []))

    def _ahead(self, question: str, history: History, horizon: Horizon, *asked: Any) -> CustomerValues:
        core = self._fitted()
        source = read(history, self._columns, covariates=self._covariates())
        periods = horizon_of(horizon)
        frame = getattr(core, question)(source.table, periods, *asked)
        ahead = periods if isinstance(periods, float) else "one a customer"
        about = {**self._about(), **source.about, "horizon": ahead}
        return CustomerValues(frame, about, source.kind)

    def _interval(self, question: str, history: History, level: float, **asked: Any) -> CustomerIntervals:
        core = self._fitted()
        source = read(history, self._columns, covariates=self._covariates())
        periods, rate = horizon_of(asked.get("horizon", 0.0)), asked.get("discount_rate", 0.0)
        frame = core.intervals(source.table, question, periods, rate, float(level))
        asked = {name: value if np.ndim(value) == 0 else "one a customer" for name, value in asked.items()}
        about = {**self._about(), **source.about, **asked, "level": level, "method": "delta"}
        return CustomerIntervals(frame, about, source.kind)

    def _answer(self, question: str, history: History, **asked: Any) -> CustomerValues:
        core = self._fitted()
        source = read(history, self._columns, covariates=self._covariates(), optional=self._optional)
        frame = getattr(core, question)(source.table, *asked.values())
        return CustomerValues(frame, {**self._about(), **source.about, **asked}, source.kind)


def _new_customers(core: Any, count: int, covariates: Mapping[str, float] | None) -> _core.HistoryTable:
    nothing = np.zeros(count)
    return of_customer(core, {"frequency": nothing, "recency": nothing, "T": nothing}, covariates).table


def _whole(name: str, number: Any) -> int:
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or not 0 <= number < 2**32:
        raise InvalidParameter(f"{name} = {number!r} is not possible; expected a whole number from 0 below 2^32")
    return int(number)
