"""What all models of customers share: parameters, what a fit knows of itself, and how they are stored."""

from __future__ import annotations

import html
import inspect
import json
import warnings
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from patronage._result import Result
from patronage.errors import ConvergenceWarning, InvalidModel, InvalidParameter, NotConverged, NotFitted

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
    #: The columns of a history that a fit reads.
    _columns: ClassVar[tuple[str, ...]]
    #: What the constructor takes.
    _options: ClassVar[tuple[str, ...]] = ()
    #: What the constructor takes that a fit alone needs; not stored where it is empty.
    _settings: ClassVar[tuple[str, ...]] = ()
    #: What a fit notes beside the core's own.
    _notes: ClassVar[tuple[str, ...]] = ()

    _core: Any
    _summary: dict[str, Any]

    def _read(self, text: str) -> Any:
        """The model in the core that was stored as JSON."""
        raise NotImplementedError

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

    def _setting(self, name: str) -> Any:
        return getattr(self, name, None)

    def _set_settings(self) -> dict[str, Any]:
        """The settings that were given, as JSON holds them."""
        given = {name: self._setting(name) for name in self._settings}
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items() if value}
        if "priors" in plain:
            plain["priors"] = {name: [median, spread] for name, median, spread in self._priors()}
        return plain

    def _priors(self) -> list[tuple[str, float, float]]:
        """Name, median and spread of each prior."""
        priors = self._setting("priors") or {}
        try:
            return [(str(name), float(median), float(spread)) for name, (median, spread) in priors.items()]
        except (AttributeError, TypeError, ValueError):
            raise InvalidParameter(
                f"priors = {priors!r} are not possible; expected a dict of parameter: (median, spread)"
            ) from None

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

    def confidence_intervals(self, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """The interval that holds each parameter with the probability `level`, from its standard error.

        Normal in the logarithm of positive parameters, so that their bounds are positive, and in coefficients
        themselves.

        Raises:
            NotConverged: The fit has no maximum, and so no standard errors.
            InvalidParameter: The model was not fitted, or the level is no probability.
        """
        bounds = self._fitted().parameter_intervals(float(level))
        return dict(zip(self.parameters_, bounds, strict=True))

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
    def log_prior_(self) -> float | None:
        """Log-density of the priors at the estimate, in the logarithms of the parameters; None without priors."""
        value: float | None = self._known("log_prior")
        return value

    @property
    def estimate_(self) -> str | None:
        """How it was estimated: "maximum likelihood", or with priors "maximum a posteriori"; None if it was not."""
        if self.converged_ is None:
            return None
        return "maximum a posteriori" if self._known("priors") else "maximum likelihood"

    @property
    def aic_(self) -> float | None:
        """Akaike's information criterion, 2 k − 2 LL for k parameters; None with priors."""
        value: float | None = self._known("aic")
        return value

    @property
    def bic_(self) -> float | None:
        """Schwarz's information criterion, k ln n − 2 LL for n customers; None with priors."""
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

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """What the constructor was given, by name, as scikit-learn asks for it; `deep` changes nothing."""
        del deep
        names = inspect.signature(type(self).__init__).parameters
        return {name: getattr(self, name) for name in names if name != "self"}

    def set_params(self, **params: Any) -> Self:
        """Sets what the constructor takes; a fit stays as it was until the next one."""
        known = self.get_params()
        for name, value in params.items():
            if name not in known:
                expected = ", ".join(known) or "none"
                raise InvalidParameter(
                    f"{name} = {value!r} is not possible for {type(self).__name__}; expected {expected}"
                )
            setattr(self, name, value)
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_core")

    def to_json(self) -> str:
        """The model as JSON, with a version; `from_json` gives it back, to the last bit."""
        stored = {"patronage": type(self).__name__, "version": self._version}
        stored |= {name: getattr(self, name) for name in self._options}
        stored |= self._set_settings()
        if hasattr(self, "_core"):
            stored["core"] = json.loads(self._core.to_json())
            stored |= {name: getattr(self, f"_{name}") for name in self._notes}
        return json.dumps(stored, allow_nan=False)

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
            settings = {name: stored.pop(name) for name in cls._settings if name in stored}
            model = cls(**{name: stored.pop(name) for name in cls._options}, **settings)
            if "core" in stored:
                model._set(model._read(json.dumps(stored.pop("core"))))
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
        options += [f"{name}={value!r}" for name, value in self._set_settings().items()]
        if hasattr(self, "_core"):
            options += [f"{name}={value:.4g}" for name, value in self.parameters_.items()]
        return f"{type(self).__name__}({', '.join(options)})"

    def _repr_html_(self) -> str:
        if not hasattr(self, "_core"):
            return f"<p>{html.escape(repr(self))}, not fitted</p>"
        errors = self.standard_errors_ or {}
        rows = "".join(
            f"<tr><th>{html.escape(name)}</th><td>{value:.6g}</td><td>{_error(errors.get(name))}</td></tr>"
            for name, value in self.parameters_.items()
        )
        facts = ""
        if self.converged_ is not None:
            facts = (
                f"{self.customers_:,.0f} customers; log-likelihood {self.log_likelihood_:,.2f}; "
                + (
                    f"log-prior {self.log_prior_:,.2f}; {self.estimate_}"
                    if self.log_prior_ is not None
                    else f"AIC {self.aic_:,.2f}; BIC {self.bic_:,.2f}"
                )
                + f"; {html.escape(str(self.ending_))}"
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
