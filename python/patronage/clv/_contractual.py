"""Customers under contract, whose loss is seen: how long they stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeAlias

import numpy as np

from patronage import _core, _tables
from patronage._progress import Progress, reporter
from patronage._result import Result
from patronage.clv._estimator import Estimator
from patronage.clv._history import Weights, numbers
from patronage.errors import InvalidInput, InvalidParameter

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: How long customers stayed: a cohort's counts, several cohorts' counts, or a table with the columns duration and
#: churned.
Cohorts: TypeAlias = Any
#: A period, or several.
Periods: TypeAlias = int | Sequence[int] | np.ndarray


class RetentionCurve(Result):
    """The share of customers who stay, as far as was seen: a row a duration.

    Columns: `duration` (periods since the start); `at_risk` (customers who were still there, and watched, just before);
    `churned` and `censored` (those of them who left then, and of whom no more is known); `retention` (share of those at
    risk who stayed); `survival` (estimated share of all who stay longer); `standard_error` (Greenwood), `lower` and
    `upper` (null once nobody is left). `about` has `customers`, `churned`, `median` (the shortest duration by which
    half have left, None if fewer did), `confidence`, `interval`.
    """

    __slots__ = ()

    def plot(
        self,
        ax: Axes | None = None,
        *,
        models: RetentionModel | Sequence[RetentionModel] = (),
        periods: int | None = None,
        measure: Literal["survival", "retention"] = "survival",
    ) -> Axes:
        """The curve with its interval, and beside it what models say, also beyond what was seen.

        Args:
            ax: Where to draw; None makes a new figure.
            models: A fitted model, or several.
            periods: How far models are drawn; None draws half as far again as customers were watched.
            measure: The share who are still there, or the share of each period who stay for another.
        """
        from patronage.plots import retention as plots

        models = [models] if isinstance(models, RetentionModel) else list(models)
        return plots.retention_curve(self, ax, models, periods, measure)


def retention_curve(
    cohorts: Cohorts,
    *,
    weights: Weights = None,
    confidence: float = 0.95,
    interval: Literal["log-log", "plain"] = "log-log",
) -> RetentionCurve:
    """The retention curve of Kaplan & Meier (1958, JASA 53, 457–481), with Greenwood's standard errors.

    S(t) = Π (1 − dᵢ/nᵢ) and se² = S(t)² Σ dᵢ/(nᵢ (nᵢ − dᵢ)) over durations up to t, for dᵢ of nᵢ customers at risk who
    leave. Customers who are lost from sight at the same duration were still there then, and count as at risk.

    Args:
        cohorts: One cohort: how many customers there were, and how many were still there after 1, 2, … periods. Or
            several such cohorts, as long as each was watched. Or a table with a row a customer and the columns
            `duration` (periods from her first day to the last one seen; any lengths) and `churned` (whether she left
            then).
        weights: With a table, how many customers each row stands for (a column's name, or numbers).
        confidence: Probability that the interval at one duration covers the truth.
        interval: "log-log", symmetric in ln(−ln S) and always within 0 to 1; or "plain", S ± z se, which may leave it.

    Raises:
        InvalidInput: Counts that rise, or impossible durations; the message names column, first row, count and mend.
        InvalidParameter: A confidence that is no probability, or another interval.

    Example:
        >>> import patronage as pt
        >>> curve = pt.clv.retention_curve([1000, 631, 468, 382, 326])
        >>> curve["survival"].tolist(), curve["retention"].round(2).tolist()
        ([1.0, 0.631, 0.468, 0.382, 0.326], [1.0, 0.63, 0.74, 0.82, 0.85])
        >>> customers = {"duration": [1, 2, 2, 3], "churned": [True, True, False, False]}
        >>> pt.clv.retention_curve(customers)["survival"].tolist()
        [1.0, 0.75, 0.5, 0.5]
    """
    durations, kind = _durations(cohorts, weights)
    frame, median = _core.retention_curve(durations, float(confidence), interval)
    about = {
        "customers": durations.customers,
        "churned": durations.churned,
        "median": median,
        "confidence": confidence,
        "interval": interval,
    }
    return RetentionCurve(frame, about, kind)


class RetentionModel(Estimator):
    """A model of customers under contract who, at the end of each period, renew or leave.

    A customer pays at the start of a period. At its end she leaves, or stays for another. S(t) is the probability that
    she is still there after t periods; S(0) = 1.
    """

    __slots__ = ()

    #: The model's name in the core.
    _name: ClassVar[str]

    def fit(
        self, cohorts: Cohorts, *, weights: Weights = None, strict: bool = False, progress: Progress = None
    ) -> Self:
        """Fits the model by maximum likelihood.

        Args:
            cohorts: One cohort: how many customers there were, and how many were still there after 1, 2, … periods. Or
                several such cohorts, as long as each was watched. Or a table with a row a customer and the columns
                `duration` (whole periods) and `churned` (whether she left then; else she was still there).
            weights: With a table, how many customers each row stands for (a column's name, or numbers).
            strict: Raise where there is no maximum; else warn, and say so in `converged_` and `ending_`.
            progress: True for a bar, or a callable of (done, total).

        Returns:
            The model itself.

        Raises:
            InvalidInput: Counts that rise, or impossible durations.
            NotEnoughData: Nobody left, or fewer periods than parameters.
            NotConverged: With `strict`, if there is no maximum.

        Warns:
            ConvergenceWarning: There is no maximum: a simpler model describes the data as well.
        """
        durations, _ = _durations(cohorts, weights)
        progress = reporter(progress, f"fitting {type(self).__name__}")
        self._set(_core.RetentionModel.fit(self._name, durations, progress))
        self._warn(strict)
        return self

    def survival(self, periods: Periods) -> Any:
        """S(t), the probability that a new customer is still there after t periods: a number, or an array of them."""
        return self._by_period("survival", periods)

    def retention(self, periods: Periods) -> Any:
        """S(t)/S(t−1), the probability that a customer in her t-th period (from 1) stays for another."""
        return self._by_period("retention", periods, least=1)

    def churn_probability(self, periods: Periods) -> Any:
        """S(t−1) − S(t), the probability that a new customer leaves at the end of her t-th period (from 1)."""
        return self._by_period("churn_probability", periods, least=1)

    @property
    def expected_lifetime_(self) -> float:
        """Periods expected of a new customer, the first included, S(0) + S(1) + …; infinite if that sum is."""
        periods: float = self._fitted().expected_lifetime()
        return periods

    def discounted_expected_lifetime(self, *, discount_rate: float) -> float:
        """Discounted expected lifetime (DEL) of a new customer: Σ S(t)/(1+d)ᵗ over t = 0, 1, 2 and so on.

        Times the margin a period, it is what she is worth just before her first payment.

        Args:
            discount_rate: Effective rate d per period, at least 0.
        """
        periods: float = self._fitted().discounted_expected_lifetime(float(discount_rate))
        return periods

    def discounted_expected_residual_lifetime(self, periods: Periods, *, discount_rate: float) -> Any:
        """Discounted expected residual lifetime (DERL) of a customer at the end of her n-th period.

        Just before she renews or leaves: Σ S(t)/S(n−1)/(1+d)^(t−n) over t = n, n+1, …, a renewal now counting in full
        (Fader & Hardie, 2010, Marketing Science 29(1), 85–93).

        Args:
            periods: n, from 1; a number, or several.
            discount_rate: Effective rate d per period, at least 0.
        """
        core = self._fitted()
        whole = _whole(periods, least=1)
        return _like(periods, core.discounted_expected_residual_lifetime(whole, float(discount_rate)))

    def log_likelihood(self, cohorts: Cohorts, *, weights: Weights = None) -> float:
        """Logarithm of the probability of all the durations."""
        core = self._fitted()
        value: float = core.log_likelihood(_durations(cohorts, weights)[0])
        return value

    def _by_period(self, what: str, periods: Periods, least: int = 0) -> Any:
        return _like(periods, self._fitted().by_period(what, _whole(periods, least)))

    def _read(self, text: str) -> Any:
        return _core.RetentionModel.from_json(self._name, text)


class ShiftedBetaGeometric(RetentionModel):
    """The shifted beta-geometric model of Fader & Hardie (2007, Journal of Interactive Marketing 21(1), 76–90).

    At the end of each period a customer leaves with a probability of her own, always the same; these are beta
    distributed with parameters `alpha` and `beta` (mean α/(α+β)). Retention rises as a cohort ages although no customer
    changes: those who leave easily leave early. S(t) = B(α, β+t)/B(α, β).

    Example:
        >>> import patronage as pt
        >>> model = pt.clv.ShiftedBetaGeometric().fit([1000, 869, 743, 653, 593, 551, 517, 491])
        >>> {name: round(value, 3) for name, value in model.parameters_.items()}  # as published
        {'alpha': 0.668, 'beta': 3.806}
        >>> model.survival([0, 1, 12]).round(3).tolist()
        [1.0, 0.851, 0.378]
        >>> model.retention(1) < model.retention(2) < model.retention(12)
        True
        >>> round(model.discounted_expected_lifetime(discount_rate=0.1), 2)
        5.92
    """

    __slots__ = ()

    _name = "sBG"

    @classmethod
    def from_parameters(cls, *, alpha: float, beta: float) -> Self:
        """A model without a fit; both parameters above 0."""
        return cls()._set(_core.RetentionModel.from_parameters(cls._name, [alpha, beta]))


class BetaDiscreteWeibull(RetentionModel):
    """The beta-discrete-Weibull model of Fader, Hardie, Liu, Davin & Steenburgh (2018, J. of Interactive Marketing 43).

    `ShiftedBetaGeometric`, but for customers who change: each customer's own lifetime is discrete Weibull, so that she
    leaves ever less easily if `c` < 1, and ever more easily if `c` > 1. S(t) = B(α, β + t^c)/B(α, β).

    Example:
        >>> import patronage as pt
        >>> seen = [1000, 869, 743, 653, 593]
        >>> model = pt.clv.BetaDiscreteWeibull().fit(seen)
        >>> simple = pt.clv.ShiftedBetaGeometric().fit(seen)
        >>> round(1000 * model.survival(12)), round(1000 * simple.survival(12))  # 394 were there after twelve years
        (389, 307)
    """

    __slots__ = ()

    _name = "BdW"

    @classmethod
    def from_parameters(cls, *, alpha: float, beta: float, c: float) -> Self:
        """A model without a fit; all parameters above 0."""
        return cls()._set(_core.RetentionModel.from_parameters(cls._name, [alpha, beta, c]))


def _durations(cohorts: Cohorts, weights: Weights) -> tuple[_core.Durations, str]:
    """Durations in the core, and the kind of table that came in."""
    counts = _counts(cohorts)
    if counts is not None:
        if weights is not None:
            raise InvalidInput("counts of customers have no weights; give weights with a table of customers only")
        return _core.Durations.from_cohorts(counts), "dict"
    named = [weights] if isinstance(weights, str) else []
    table = _tables.to_core(cohorts, ["duration", "churned", *named])
    given = weights if weights is None or isinstance(weights, str) else numbers("weights", weights)
    return _core.Durations.from_table(table, given), _tables.kind_of(cohorts)


def _counts(cohorts: Cohorts) -> list[np.ndarray] | None:
    """The counts of each cohort, or None if this is a table."""
    if isinstance(cohorts, np.ndarray):
        cohorts = cohorts if cohorts.ndim > 1 else [cohorts]
    elif isinstance(cohorts, Sequence) and not isinstance(cohorts, str | bytes):
        cohorts = cohorts if len(cohorts) == 0 or np.ndim(cohorts[0]) else [cohorts]
    elif hasattr(cohorts, "to_numpy") and not hasattr(cohorts, "columns") and not isinstance(cohorts, Mapping):
        cohorts = [cohorts.to_numpy()]  # a column of a table
    else:
        return None
    return [numbers("counts of customers", cohort) for cohort in cohorts]


def _whole(periods: Periods, least: int) -> list[int]:
    values = numbers("periods", np.ravel(np.asarray(periods)))
    if not ((values >= least) & (values < 2**32) & (values == np.floor(values))).all():
        raise InvalidParameter(f"periods = {periods} is not possible; expected whole numbers, at least {least}")
    return [int(t) for t in values]


def _like(periods: Periods, values: list[float]) -> Any:
    return values[0] if np.ndim(periods) == 0 else np.array(values)
