"""The Pareto/NBD model as lifetimes has it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np

from patronage.compat.lifetimes.fitters._answers import Inputs
from patronage.compat.lifetimes.fitters._purchases import PurchaseFitter
from patronage.compat.lifetimes.generate_data import pareto_nbd_model
from patronage.errors import InvalidParameter


class ParetoNBDFitter(PurchaseFitter):
    """The Pareto/NBD model of Schmittlein, Morrison & Colombo (1987); unlike in lifetimes, with standard errors.

    Args:
        penalizer_coef: What the squares of the parameters, with time in units of the largest age, take off the
            log-likelihood of all customers.
    """

    _model = "ParetoNBD"
    _parameters: ClassVar = {"r": "r", "alpha": "alpha", "s": "s", "beta": "beta"}
    _times = ("alpha", "beta")

    def fit(
        self,
        frequency: Any,
        recency: Any,
        T: Any,
        weights: Any = None,
        iterative_fitting: int = 1,
        initial_params: Any = None,
        verbose: bool = False,
        tol: float = 1e-4,
        index: Any = None,
        fit_method: str = "Nelder-Mead",
        maxiter: int = 2000,
        **kwargs: Any,
    ) -> Self:
        """Fits the model by maximum likelihood.

        Args:
            frequency: Repeat purchases of each customer, x in the papers.
            recency: Time from the first to the last purchase.
            T: Time from the first purchase to the end of observation.
            weights: How many customers each row stands for; None for one.
            iterative_fitting: Has no effect, as `initial_params`, `tol`, `fit_method`, `maxiter` and all others: the
                maximum does not depend on how it was sought.
            initial_params: Has no effect.
            verbose: Print how the search ended.
            tol: Has no effect.
            index: Index of `data`.
            fit_method: Has no effect.
            maxiter: Has no effect.
            **kwargs: Have no effect.
        """
        del tol, fit_method, maxiter, kwargs
        if iterative_fitting <= 0:
            raise InvalidParameter("iterative_fitting parameter should be greater than 0")
        if iterative_fitting > 1 and initial_params is not None:
            raise InvalidParameter("iterative_fitting and initial_params should not be both set")
        return self._fit_purchases(frequency, recency, T, weights, index, verbose)

    def conditional_probability_of_n_purchases_up_to_time(
        self, n: int, t: float, frequency: Any, recency: Any, T: Any
    ) -> Any:
        """Probability that customers with this history make `n` purchases in the next `t` units of time.

        Args:
            n: Number of purchases.
            t: Time ahead, a number.
            frequency: Repeat purchases.
            recency: Time from the first to the last purchase.
            T: Time from the first purchase to the end of observation.
        """
        asked = Inputs(frequency=frequency, recency=recency, T=T)
        if t == 0:
            return asked.shaped(np.full(asked.shape, float(n == 0)))
        found = self._native().purchase_distribution(self._history(asked), horizon=float(t), most=int(n))
        return asked.shaped(found[str(int(n))])

    def _customers(self, weights: np.ndarray) -> float:
        """Unlike the other fitters of lifetimes, this one divides by the mean weight."""
        return float(weights.mean())

    def generate_new_data(self, size: int = 1) -> Any:
        """Customers drawn from the model, watched for as long as the first `size` of the data."""
        r, alpha, s, beta = self._unload_params("r", "alpha", "s", "beta")
        return pareto_nbd_model(self.data["T"], r, alpha, s, beta, size)
