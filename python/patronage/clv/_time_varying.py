"""The Pareto/NBD model with covariates that change over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from patronage import _core
from patronage._progress import Progress, reporter
from patronage.clv import _effects
from patronage.clv._covariate_paths import CovariatePaths
from patronage.clv._estimator import CustomerValues, Estimator
from patronage.clv._history import Horizon, horizon_of, numbers
from patronage.errors import InvalidInput, InvalidParameter


class TimeVaryingParetoNBD(Estimator):
    """Pareto/NBD with time-varying covariates: Bachmann, Meierer & Näf (2021, Marketing Science 40(4), 783–809).

    As `ParetoNBD`, but that a customer's buying rate at u is λ e^(γ x(u)), and her dropout rate μ e^(δ z(u)): seasons,
    promotions, contacts. Covariates are constant within the intervals of `CovariatePaths`, which `covariate_paths`
    makes from a log and a table. The parameters `r`, `alpha`, `s`, `beta` are those of a time in which all covariates
    are 0; coefficients are named "purchase:column", "dropout:column", "both:column". A positive one means more
    purchases, or shorter lives. With covariates that do not change it is `ParetoNBD` with the same covariates.

    Args:
        priors: Priors of some parameters, as in `PurchaseModel`.
        purchase_covariates: Covariates on which the buying rate depends.
        dropout_covariates: Covariates on which the dropout rate depends.
        both_covariates: Covariates with one coefficient for both.

    Example:
        >>> import patronage as pt
        >>> model = pt.clv.TimeVaryingParetoNBD.from_parameters(
        ...     r=0.553, alpha=10.578, s=0.606, beta=11.669, purchase={"promotion": 0.9})
        >>> weeks = {
        ...     "customer": ["Ann"] * 4, "frequency": [2] * 4, "recency": [1.8] * 4, "T": [3.0] * 4,
        ...     "start": [0.0, 1.0, 2.0, 3.0], "end": [1.0, 2.0, 3.0, 4.0], "purchases": [0, 2, 0, 0],
        ...     "promotion": [0, 1, 0, 1],
        ... }
        >>> paths = pt.clv.CovariatePaths.from_table(weeks, covariates=["promotion"])
        >>> model.probability_alive(paths)["probability_alive"].round(3).tolist()
        [0.944]
        >>> model.expected_purchases(paths, horizon=1)["expected_purchases"].round(2).tolist()
        [0.39]
    """

    __slots__ = ("both_covariates", "dropout_covariates", "priors", "purchase_covariates")

    _settings = ("priors", "purchase_covariates", "dropout_covariates", "both_covariates")

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

    @classmethod
    def from_parameters(
        cls,
        *,
        r: float,
        alpha: float,
        s: float,
        beta: float,
        purchase: Mapping[str, float] | None = None,
        dropout: Mapping[str, float] | None = None,
        both: Mapping[str, float] | None = None,
    ) -> Self:
        """A model without a fit: parameters above 0, `alpha` and `beta` in periods, and coefficients by covariate."""
        effects = _effects.given(purchase=purchase, dropout=dropout, both=both)
        core = _core.TimeVaryingModel.from_parameters([r, alpha, s, beta], effects)
        return cls(**_effects.settings(effects))._set(core)

    def fit(self, paths: CovariatePaths, *, strict: bool = False, progress: Progress = None) -> Self:
        """Fits the model by maximum likelihood, or with priors by maximum a posteriori.

        Args:
            paths: Customers with paths of covariates.
            strict: Raise where there is no maximum; else warn, and say so in `converged_` and `ending_`.
            progress: True for a bar, or a callable of (done, total).

        Returns:
            The model itself.

        Raises:
            InvalidInput: A covariate that the paths do not have, that is constant up to the end of observation, or is
                made up of others.
            NotEnoughData: No customer has a repeat purchase.
            NotConverged: With `strict`, if there is no maximum.

        Warns:
            ConvergenceWarning: There is no maximum: a simpler model describes the data as well.
        """
        progress = reporter(progress, f"fitting {type(self).__name__}")
        self._set(_core.TimeVaryingModel.fit(_effects.asked_of(self), self._priors(), _of(paths), progress))
        self._warn(strict)
        return self

    def log_likelihood(self, paths: CovariatePaths) -> CustomerValues:
        """Logarithm of the probability density of each customer's purchases: column `log_likelihood`."""
        return self._answer(self._fitted().log_likelihood(_of(paths)), paths)

    def probability_alive(self, paths: CovariatePaths, *, horizon: Horizon = 0) -> CustomerValues:
        """Probability that each is still a customer `horizon` periods after the end of observation.

        Args:
            paths: Customers with paths of covariates, which must go as far ahead.
            horizon: Periods ahead, the same for all customers or one for each; 0 is the end of observation.
        """
        return self._ahead("probability_alive", paths, horizon, False)

    def log_probability_alive(self, paths: CovariatePaths, *, horizon: Horizon = 0) -> CustomerValues:
        """Natural logarithm of `probability_alive`, finite even where that underflows to 0."""
        return self._ahead("probability_alive", paths, horizon, True)

    def expected_purchases(self, paths: CovariatePaths, *, horizon: Horizon) -> CustomerValues:
        """Purchases expected of each customer in the next `horizon` periods, given her history and what is ahead.

        Args:
            paths: Customers with paths of covariates, which must go as far ahead.
            horizon: Periods ahead, the same for all customers or one for each.

        Raises:
            InvalidInput: Covariates are not known as far ahead; the message names the first customer and the day from
                which on they are missing.
        """
        return self._ahead("expected_purchases", paths, horizon)

    def discounted_expected_purchases(
        self, paths: CovariatePaths, *, discount_rate: float, covariates: Mapping[str, float]
    ) -> CustomerValues:
        """Discounted expected residual transactions (DERT), if covariates stay at given values.

        Args:
            paths: Customers with paths of covariates; what they have ahead is not looked at.
            discount_rate: Continuous rate per period, above 0: a purchase after t periods counts e^(−rate × t).
            covariates: Value of each covariate from the end of observation on, for ever.
        """
        core = self._fitted()
        wanted = core.covariates()
        if set(wanted) != set(covariates):
            expected = f"a value for each of {', '.join(wanted)}"
            raise InvalidParameter(f"covariates = {dict(covariates)} is not possible; expected {expected}")
        held = [float(covariates[name]) for name in wanted]
        rate = float(discount_rate)
        frame = core.discounted_expected_purchases(_of(paths), rate, held)
        return self._answer(frame, paths, discount_rate=rate, held=dict(covariates))

    def expectation(self, covariates: Mapping[str, Sequence[float] | np.ndarray]) -> np.ndarray:
        """Expected number of repeat purchases of a new customer by the end of her first, second, … period.

        Args:
            covariates: Values of each covariate in the periods after the first purchase, of which there may be 1,000.

        Returns:
            As many numbers as there are periods.

        Example:
            >>> import patronage as pt
            >>> model = pt.clv.TimeVaryingParetoNBD.from_parameters(
            ...     r=0.553, alpha=10.578, s=0.606, beta=11.669, purchase={"promotion": 0.9})
            >>> model.expectation({"promotion": [0, 1, 0]}).round(3).tolist()
            [0.051, 0.171, 0.217]
        """
        core = self._fitted()
        known = {name: numbers(name, values) for name, values in covariates.items()}
        wanted, lengths = core.covariates(), {len(values) for values in known.values()}
        if set(wanted) != set(known) or len(lengths) != 1 or 0 in lengths:
            raise InvalidParameter(
                f"covariates = {sorted(known)} are not possible; expected equally many values for each of "
                f"{', '.join(wanted)}, at least one"
            )
        count = lengths.pop()
        if count > 1000:
            raise InvalidParameter(f"covariates of {count:,} periods are not possible; expected at most 1,000")
        # A customer for each horizon, all of them alike.
        each, period = np.repeat(np.arange(count), count), np.tile(np.arange(float(count)), count)
        table: dict[str, Any] = {"customer": each, "start": period, "end": period + 1}
        table |= dict.fromkeys(("frequency", "recency", "T", "purchases"), np.zeros(count * count))
        table |= {name: np.tile(values, count) for name, values in known.items()}
        paths = CovariatePaths.from_table(table, covariates=wanted)
        expected: np.ndarray = core.expected_purchases(_of(paths), np.arange(1.0, count + 1)).column(
            "expected_purchases"
        )
        return expected

    def _about(self) -> dict[str, Any]:
        return {"model": type(self).__name__, "parameters": self.parameters_}

    def _read(self, text: str) -> Any:
        return _core.TimeVaryingModel.from_json(text)

    def _ahead(self, question: str, paths: CovariatePaths, horizon: Horizon, *asked: Any) -> CustomerValues:
        periods = horizon_of(horizon)
        frame = getattr(self._fitted(), question)(_of(paths), periods, *asked)
        return self._answer(frame, paths, horizon=periods if isinstance(periods, float) else "one a customer")

    def _answer(self, frame: _core.Frame, paths: CovariatePaths, **asked: Any) -> CustomerValues:
        known = {k: paths.about[k] for k in ("period", "calibration_end", "as_of") if k in paths.about}
        return CustomerValues(frame, {**self._about(), **known, **asked}, paths._kind)


def _of(paths: CovariatePaths) -> _core.CovariatePaths:
    if not isinstance(paths, CovariatePaths):
        raise InvalidInput(
            f"a {type(paths).__name__} has no paths of covariates; give the result of covariate_paths, or "
            "CovariatePaths.from_table"
        )
    return paths._read()
