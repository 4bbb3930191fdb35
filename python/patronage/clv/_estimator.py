"""What all models have in common: fitting, what they say of themselves, storing, and the questions they answer."""

from __future__ import annotations

import html
import json
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from patronage._progress import Progress, reporter
from patronage._result import Result
from patronage.clv._checks import (
    AliveMatrix,
    FrequencyCheck,
    HoldoutCheck,
    alive_matrix,
    frequency_check,
    holdout_check,
)
from patronage.clv._history import History, Weights, numbers, read
from patronage.errors import ConvergenceWarning, InvalidModel, NotConverged, NotFitted

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class CustomerValues(Result):
    """A row a customer: `customer` (if the history has it) and the answer.

    `about` has the model, its parameters, and what was asked.
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """How the answer is spread over the customers."""
        from patronage.plots import clv as plots

        return plots.customer_values(self, ax)


class Estimator:
    """A model with named parameters: fitted, or given by `from_parameters`.

    Two models are equal if all they know of themselves is. `to_json` and `from_json` store them exactly; pickling goes
    through that JSON.
    """

    __slots__ = ("_core", "_summary")

    #: Version of the JSON around the core's own.
    _version: ClassVar[int] = 1
    #: The model in the core.
    _native: ClassVar[Any]
    #: The columns of a history that a fit reads.
    _columns: ClassVar[tuple[str, ...]]
    #: What the constructor takes.
    _options: ClassVar[tuple[str, ...]] = ()
    #: What a fit notes beside the core's own.
    _notes: ClassVar[tuple[str, ...]] = ()

    _core: Any
    _summary: dict[str, Any]

    def _set(self, core: Any) -> Self:
        self._core = core
        self._summary = core.summary()
        return self

    def _fitted(self) -> Any:
        try:
            return self._core
        except AttributeError:
            name = type(self).__name__
            raise NotFitted(f"this {name} is not fitted yet; call fit, or {name}.from_parameters") from None

    def _known(self, name: str) -> Any:
        self._fitted()
        return self._summary.get(name)

    def _warn(self, strict: bool) -> None:
        if self.converged_:
            return
        message = f"the {type(self).__name__} model found no maximum: {self.ending_}"
        if strict:
            raise NotConverged(message)
        warnings.warn(message, ConvergenceWarning, stacklevel=3)

    @property
    def parameters_(self) -> dict[str, float]:
        """The parameters by their names in the papers."""
        return dict(self._known("parameters"))

    @property
    def standard_errors_(self) -> dict[str, float] | None:
        """Standard errors from the exact second derivatives; NaN unless converged, None if the model was not fitted."""
        if self.converged_ is None:
            return None
        names = self.parameters_
        return dict(zip(names, self._known("standard_errors") or [float("nan")] * len(names), strict=True))

    @property
    def covariance_(self) -> np.ndarray | None:
        """Covariance of the estimates, in the order of `parameters_`; None unless a fit converged."""
        covariance = self._known("covariance")
        return None if covariance is None else np.array(covariance)

    @property
    def log_likelihood_(self) -> float | None:
        """Log-likelihood of all customers at the estimate, with time in the periods of the history."""
        value: float | None = self._known("log_likelihood")
        return value

    @property
    def aic_(self) -> float | None:
        """Akaike's information criterion, 2 k − 2 LL for k parameters."""
        value: float | None = self._known("aic")
        return value

    @property
    def bic_(self) -> float | None:
        """Schwarz's information criterion, k ln n − 2 LL for n customers."""
        value: float | None = self._known("bic")
        return value

    @property
    def converged_(self) -> bool | None:
        """Whether the estimate is a maximum; None if the model was not fitted."""
        value: bool | None = self._known("converged")
        return value

    @property
    def ending_(self) -> str | None:
        """How the search for the maximum ended: "converged", or what kept it from converging."""
        value: str | None = self._known("ending")
        return value

    @property
    def customers_(self) -> float | None:
        """Customers the model was fitted to: rows, or the sum of their weights."""
        value: float | None = self._known("customers")
        return value

    @property
    def gradient_norm_(self) -> float | None:
        """Length of the gradient in the logarithms of the parameters."""
        value: float | None = self._known("gradient_norm")
        return value

    @property
    def curvature_(self) -> np.ndarray | None:
        """Eigenvalues of the second derivatives in the logarithms of the parameters: the nearer to 0, the flatter."""
        values = self._known("curvature")
        return None if values is None else np.array(values)

    @property
    def iterations_(self) -> int | None:
        """Steps that led to the estimate."""
        value: int | None = self._known("iterations")
        return value

    def to_json(self) -> str:
        """The model as JSON, with a version; `from_json` gives it back, to the last bit."""
        stored = {"patronage": type(self).__name__, "version": self._version}
        stored |= {name: getattr(self, name) for name in self._options}
        if hasattr(self, "_core"):
            stored["core"] = json.loads(self._core.to_json())
            stored |= {name: getattr(self, f"_{name}") for name in self._notes}
        return json.dumps(stored, allow_nan=True)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The model that `to_json` wrote."""
        try:
            stored = json.loads(text)
            if stored.pop("patronage") != cls.__name__:
                raise InvalidModel(f"cannot read the stored model: it is no {cls.__name__}")
            if (version := stored.pop("version")) != cls._version:
                known = f"this library reads {cls._version}"
                raise InvalidModel(f"cannot read the stored {cls.__name__}: its version is {version}, {known}")
            model = cls(**{name: stored.pop(name) for name in cls._options})
            if "core" in stored:
                model._set(cls._native.from_json(json.dumps(stored.pop("core"))))
                for name in cls._notes:
                    object.__setattr__(model, f"_{name}", stored.pop(name))
            if stored:
                raise InvalidModel(f"cannot read the stored {cls.__name__}: unknown entries {', '.join(stored)}")
            return model
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            if isinstance(problem, InvalidModel):
                raise
            raise InvalidModel(f"cannot read the stored {cls.__name__}: {problem}") from problem

    def __reduce__(self) -> tuple[Any, ...]:
        return (_unpickle, (type(self), self.to_json()))

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, Estimator) and other.to_json() == self.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __repr__(self) -> str:
        options = [f"{name}={getattr(self, name)!r}" for name in self._options]
        if hasattr(self, "_core"):
            options += [f"{name}={value:.4g}" for name, value in self.parameters_.items()]
        return f"{type(self).__name__}({', '.join(options)})"

    def _repr_html_(self) -> str:
        if not hasattr(self, "_core"):
            return f"<p>{html.escape(repr(self))}, not fitted</p>"
        errors = self.standard_errors_ or {}
        rows = "".join(
            f"<tr><th>{name}</th><td>{value:.6g}</td><td>{_error(errors.get(name))}</td></tr>"
            for name, value in self.parameters_.items()
        )
        facts = ""
        if self.converged_ is not None:
            facts = (
                f"{self.customers_:,.0f} customers; log-likelihood {self.log_likelihood_:,.2f}; "
                f"AIC {self.aic_:,.2f}; BIC {self.bic_:,.2f}; {html.escape(str(self.ending_))}"
            )
        head = "<tr><th>parameter</th><th>estimate</th><th>standard error</th></tr>"
        return (
            f"<div class='patronage'><table><caption>{type(self).__name__}. {facts}</caption>"
            f"<thead>{head}</thead><tbody>{rows}</tbody></table></div>"
        )


def _error(value: float | None) -> str:
    return "" if value is None else "undefined" if value != value else f"{value:.4g}"


def _unpickle(model: type[Estimator], text: str) -> Estimator:
    return model.from_json(text)


class PurchaseModel(Estimator):
    """A model of customers who buy, each at a rate of her own, until they drop out unseen.

    A history is the result of `TransactionLog.purchase_history`, any table with the columns `frequency`, `recency` and
    `T`, or a tuple of three arrays. Answers come back as the kind of table the history was, row by row in its order,
    with its column `customer` if it has one. Times, horizons and rates are in the history's periods.
    """

    __slots__ = ()

    _columns = ("frequency", "recency", "T")

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
        table = read(history, self._columns, weights).table
        self._set(self._native.fit(table, reporter(progress, f"fitting {type(self).__name__}")))
        self._warn(strict)
        return self

    def log_likelihood(self, history: History) -> CustomerValues:
        """Logarithm of the probability density of each customer's history: column `log_likelihood`."""
        return self._answer("log_likelihood", history)

    def probability_alive(self, history: History) -> CustomerValues:
        """Probability that each is still a customer at the end of observation: column `probability_alive`."""
        return self._answer("probability_alive", history)

    def expected_purchases(self, history: History, *, horizon: float | Sequence[float] | np.ndarray) -> CustomerValues:
        """Purchases expected of each customer in the next `horizon` periods, given the history.

        Args:
            history: The purchase history.
            horizon: Periods ahead, the same for all customers or one for each.

        Returns:
            Column `expected_purchases`.
        """
        if isinstance(horizon, int | float | np.number):
            return self._answer("expected_purchases", history, horizon=float(horizon))
        source = read(history, self._columns)
        frame = self._fitted().expected_purchases(source.table, numbers("horizon", horizon))
        return CustomerValues(frame, {**self._about(), **source.about, "horizon": "one a customer"}, source.kind)

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

    def purchase_distribution(self, history: History, *, horizon: float, most: int = 10) -> CustomerValues:
        """Probability of 0, 1, … `most` purchases in the next `horizon` periods: a column for each number."""
        return self._answer("purchase_distribution", history, horizon=float(horizon), most=most)

    def expectation(self, t: float | Sequence[float] | np.ndarray) -> Any:
        """Expected number of repeat purchases of a new customer in the first `t` periods.

        Args:
            t: Periods since the first purchase: a number, or several.

        Returns:
            A number, or an array of them.
        """
        periods = np.atleast_1d(numbers("t", np.ravel(t)))
        values = np.array(self._fitted().expectation(periods.tolist()))
        return float(values[0]) if np.ndim(t) == 0 else values

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

    def _answer(self, question: str, history: History, **asked: Any) -> CustomerValues:
        core = self._fitted()
        source = read(history, self._columns)
        frame = getattr(core, question)(source.table, *asked.values())
        return CustomerValues(frame, {**self._about(), **source.about, **asked}, source.kind)
