"""The BG/NBD model as lifetimes has it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np

from patronage.compat.lifetimes.fitters._answers import Inputs
from patronage.compat.lifetimes.fitters._purchases import PurchaseFitter, history
from patronage.compat.lifetimes.generate_data import beta_geometric_nbd_model


class BetaGeoFitter(PurchaseFitter):
    """The BG/NBD model of Fader, Hardie & Lee (2005), fitted and asked as in lifetimes; `pt.clv.BGNBD` underneath.

    Args:
        penalizer_coef: What the squares of the parameters, with time in units of the largest age, take off the mean
            log-likelihood of a customer.

    Example:
        >>> from patronage.compat.lifetimes import BetaGeoFitter
        >>> bgf = BetaGeoFitter(penalizer_coef=0.0)
        >>> frequency = [0, 0, 0, 0, 1, 1, 2, 3, 3, 5, 8, 14]
        >>> recency = [0, 0, 0, 0, 3, 20, 9, 30, 12, 36, 20, 37]
        >>> bgf = bgf.fit(frequency, recency, [39] * 12)
        >>> list(bgf.summary.columns)
        ['coef', 'se(coef)', 'lower 95% bound', 'upper 95% bound']
        >>> bgf.params_ = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}  # Fader, Hardie & Lee (2005)
        >>> bgf.conditional_probability_alive(2, 30.43, 38.86).round(4).tolist()
        [0.7266]
        >>> round(float(bgf.predict(39, 2, 30.43, 38.86)), 3)
        1.226
    """

    _model = "BGNBD"
    _parameters: ClassVar = {"r": "r", "alpha": "alpha", "a": "a", "b": "b"}
    _times = ("alpha",)

    def fit(
        self,
        frequency: Any,
        recency: Any,
        T: Any,
        weights: Any = None,
        initial_params: Any = None,
        verbose: bool = False,
        tol: float = 1e-7,
        index: Any = None,
        **kwargs: Any,
    ) -> Self:
        """Fits the model by maximum likelihood.

        Args:
            frequency: Repeat purchases of each customer, x in the papers.
            recency: Time from the first to the last purchase.
            T: Time from the first purchase to the end of observation.
            weights: How many customers each row stands for; None for one.
            initial_params: Has no effect: the maximum does not depend on where the search begins.
            verbose: Print how the search ended.
            tol: Has no effect: the search ends where floats do.
            index: Index of `data`.
            **kwargs: Have no effect; lifetimes hands them to its optimiser.

        Raises:
            InvalidParameter: A negative penalty.
            InvalidInput: Impossible histories; the message names column, first row, count and mend.
            NotEnoughData: No customer has a repeat purchase.
            ConvergenceError: No maximum was found.

        Warns:
            ConvergenceWarning: The likelihood is flat: `params_` is where the search ended, standard errors are NaN.
        """
        del initial_params, tol, kwargs
        return self._fit_purchases(frequency, recency, T, weights, index, verbose)

    def conditional_probability_alive(self, frequency: Any, recency: Any, T: Any) -> np.ndarray:
        """Probability that customers with this history are still customers at the end of observation: an array.

        Args:
            frequency: Repeat purchases.
            recency: Time from the first to the last purchase.
            T: Time from the first purchase to the end of observation.
        """
        return np.atleast_1d(np.asarray(super().conditional_probability_alive(frequency, recency, T)))

    def probability_of_n_purchases_up_to_time(self, t: Any, n: int) -> Any:
        """Probability that a new customer makes `n` repeat purchases in the first `t` units of time."""
        asked, model = Inputs(t=t), self._native()
        new = ([0], [0.0], [0.0])
        return asked.shaped(
            [model.purchase_distribution(new, horizon=time, most=n)[str(n)][0] for time in asked["t"].tolist()]
        )

    def generate_new_data(self, size: int = 1) -> Any:
        """Customers drawn from the model, watched for as long as the first `size` of the data.

        Returns:
            A frame as from `generate_data.beta_geometric_nbd_model`.
        """
        r, alpha, a, b = self._unload_params("r", "alpha", "a", "b")
        return beta_geometric_nbd_model(self.data["T"], r, alpha, a, b, size)

    def _history(self, asked: Inputs) -> dict[str, np.ndarray]:
        """Without a repeat purchase the recency says nothing in this model, and lifetimes does not look at it."""
        x = asked["frequency"]
        return {**history(asked), "recency": np.where(x == 0, 0.0, history(asked)["recency"])}
