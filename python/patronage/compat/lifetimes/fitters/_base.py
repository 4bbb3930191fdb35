"""What all fitters have in common: fitting by a model of `patronage.clv`, what they say of themselves, storing."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np

from patronage import clv
from patronage.clv._history import read
from patronage.compat._pandas import pandas
from patronage.compat.lifetimes._errors import ConvergenceError
from patronage.compat.lifetimes.fitters._stored import load, save
from patronage.errors import InvalidParameter, NotFitted

#: Standard errors from the estimate to either end of an interval that holds 95 %, rounded as lifetimes rounds it.
TWO_SIDED = 1.96


class BaseFitter:
    """The base of all fitters.

    After `fit` a fitter has `params_` (Series), `data` (frame of what it was fitted to), `variance_matrix_` (frame),
    `standard_errors_` (Series), `confidence_intervals_` and `summary` (frames), and `_negative_log_likelihood_`: minus
    the log-likelihood of all customers, with time in their own unit. Predictions follow `params_`, which may be set.

    Args:
        penalizer_coef: What the squares of the parameters, with time in units of the largest age, take off the mean
            log-likelihood of a customer.
    """

    #: The model in `patronage.clv`.
    _model: ClassVar[str]
    #: The parameters, and what the model calls them.
    _parameters: ClassVar[Mapping[str, str]]
    #: Those that are lengths of time.
    _times: ClassVar[tuple[str, ...]] = ()

    penalizer_coef: float
    params_: Any
    data: Any
    variance_matrix_: Any
    standard_errors_: Any
    confidence_intervals_: Any
    _negative_log_likelihood_: float

    def __init__(self, penalizer_coef: float = 0.0) -> None:
        self.penalizer_coef = penalizer_coef

    def __repr__(self) -> str:
        text = f"<lifetimes.{type(self).__name__}"
        if hasattr(self, "params_"):
            subjects = "" if getattr(self, "data", None) is None else f" fitted with {len(self.data)} subjects,"
            values = ", ".join(f"{name}: {value:.2f}" for name, value in sorted(self.params_.items()))
            text += f":{subjects} {values}"
        return text + ">"

    @property
    def summary(self) -> Any:
        """Frame with a row a parameter: `coef`, `se(coef)`, `lower 95% bound`, `upper 95% bound`."""
        columns = {"coef": self.params_, "se(coef)": self.standard_errors_}
        return pandas().DataFrame(columns, index=self.params_.index).join(self.confidence_intervals_)

    def save_model(
        self,
        path: Any,
        save_data: bool = True,
        save_generate_data_method: bool = True,
        values_to_save: list[Any] | None = None,
    ) -> None:
        """Writes the fitted model to a file, as JSON.

        Args:
            path: The file.
            save_data: Whether to store `data` as well; without it, `data` is None in the model that is read.
            save_generate_data_method: Has no effect: a method need not be stored.
            values_to_save: What `data` shall be in place of None, if it can be written as JSON.
        """
        del save_generate_data_method
        save(self, path, save_data, values_to_save[0] if values_to_save else None)

    def load_model(self, path: Any) -> None:
        """Reads what `save_model` wrote, into this fitter.

        Raises:
            InvalidModel: A file of lifetimes itself (dill, which runs code when it is read), another fitter's, or none.
        """
        load(self, path)

    def _unload_params(self, *names: str) -> list[float]:
        if not hasattr(self, "params_"):
            raise NotFitted("Model has not been fit yet. Please call the .fit method first.")
        return [float(self.params_[name]) for name in names]

    @classmethod
    def _class_of_model(cls) -> Any:
        return getattr(clv, cls._model)

    def _native(self) -> Any:
        """The model of `patronage.clv` at `params_`."""
        values = self._unload_params(*self._parameters)
        return self._class_of_model().from_parameters(**dict(zip(self._parameters.values(), values, strict=True)))

    def _fit_native(self, history: Mapping[str, Any], weights: Any, verbose: bool, stacklevel: int = 3) -> Self:
        model = self._class_of_model()()
        weights = np.asarray(weights, dtype=float)
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            if self.penalizer_coef:
                penalty = self._penalty(history, weights)
                model._set(model._penalised(read(history, model._columns, weights).table, penalty))
                model._warn(False)
            else:
                model.fit(history, weights=weights)
        if not (model.converged_ or model.ending_.startswith("flat")):
            raise ConvergenceError(f"The model did not converge: {model.ending_}")
        for warning in told:
            warnings.warn(str(warning.message), warning.category, stacklevel=stacklevel)
        if verbose:
            print(f"{model!r}: {model.ending_} after {model.iterations_} steps, LL {model.log_likelihood_}")
        return self._note(model)

    def _penalty(self, history: Mapping[str, Any], weights: np.ndarray) -> list[float]:
        """What to take off the log-likelihood of all customers, by square of each parameter.

        lifetimes minimises − Σ w LL / Σ w + penalizer_coef · Σ parameter², with time in units of the largest age.
        """
        coefficient = float(self.penalizer_coef)
        if not (np.isfinite(coefficient) and coefficient > 0):
            raise InvalidParameter(f"penalizer_coef = {coefficient} is not possible; expected a number, at least 0")
        # Impossible ages are the model's to refuse.
        age = float(np.max(history["T"], initial=0.0)) if self._times else 1.0
        time = age**-2 if age > 0 else 1.0
        scale = coefficient * self._customers(weights)
        return [scale * (time if name in self._times else 1.0) for name in self._parameters]

    def _customers(self, weights: np.ndarray) -> float:
        """What the log-likelihood is divided by before the penalty is added."""
        return float(weights.sum())

    def _note(self, model: Any) -> Self:
        pd = pandas()
        names = list(self._parameters)
        covariance = model.covariance_
        if covariance is None:
            covariance = np.full((len(names), len(names)), np.nan)
        self.params_ = pd.Series([model.parameters_[own] for own in self._parameters.values()], index=names)
        self._negative_log_likelihood_ = -model.log_likelihood_
        self.variance_matrix_ = pd.DataFrame(covariance, columns=names, index=names)
        self.standard_errors_ = pd.Series(np.sqrt(np.diag(covariance)), index=names)
        reach = TWO_SIDED * self.standard_errors_
        self.confidence_intervals_ = pd.DataFrame(
            {"lower 95% bound": self.params_ - reach, "upper 95% bound": self.params_ + reach}
        )
        return self
