"""The BG/BB model as lifetimes has it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np

from patronage.compat._pandas import pandas
from patronage.compat.lifetimes.fitters._answers import Inputs
from patronage.compat.lifetimes.fitters._base import BaseFitter
from patronage.compat.lifetimes.generate_data import beta_geometric_beta_binom_model


class BetaGeoBetaBinomFitter(BaseFitter):
    """The BG/BB model of Fader, Hardie & Shang (2010): purchases on a fixed number of opportunities.

    Args:
        penalizer_coef: What the squares of the parameters take off the mean log-likelihood of a customer.
    """

    _model = "BGBB"
    _parameters: ClassVar = {"alpha": "alpha", "beta": "beta", "gamma": "gamma", "delta": "delta"}

    def fit(
        self,
        frequency: Any,
        recency: Any,
        n_periods: Any,
        weights: Any = None,
        initial_params: Any = None,
        verbose: bool = False,
        tol: float = 1e-7,
        index: Any = None,
        **kwargs: Any,
    ) -> Self:
        """Fits the model by maximum likelihood.

        Args:
            frequency: Opportunities with a purchase, after the first purchase.
            recency: The last opportunity with a purchase, 0 without one.
            n_periods: Opportunities in all.
            weights: How many customers each row stands for; None for one.
            initial_params: Has no effect: the maximum does not depend on where the search begins.
            verbose: Print how the search ended.
            tol: Has no effect.
            index: Index of `data`.
            **kwargs: Have no effect.
        """
        del initial_params, tol, kwargs
        asked = Inputs(frequency=np.asarray(frequency), recency=np.asarray(recency), T=np.asarray(n_periods))
        weights = np.ones(asked.shape, dtype=int) if weights is None else np.asarray(weights)
        self._fit_native(asked.columns, weights, verbose)
        x, t_x, n = (column.astype(int) for column in asked.columns.values())
        columns = {"frequency": x, "recency": t_x, "n_periods": n, "weights": weights}
        self.data = pandas().DataFrame(columns, index=index)
        return self

    def conditional_expected_number_of_purchases_up_to_time(
        self, m_periods_in_future: Any, frequency: Any, recency: Any, n_periods: Any
    ) -> Any:
        """Purchases expected on the next `m_periods_in_future` opportunities, given the history."""
        asked = Inputs(m=m_periods_in_future, frequency=frequency, recency=recency, T=n_periods)
        answer = self._native().expected_purchases(_history(asked), horizon=asked["m"])
        return asked.shaped(answer["expected_purchases"])

    def conditional_probability_alive(
        self, m_periods_in_future: Any, frequency: Any, recency: Any, n_periods: Any
    ) -> Any:
        """Probability that customers live through the next `m_periods_in_future` opportunities, given the history.

        P(alive now) · ∏ (δ+n+j)/(γ+δ+n+j) over j = 0, 1, … m−1; equation (A10) of Fader, Hardie & Shang (2010).
        """
        asked = Inputs(m=m_periods_in_future, frequency=frequency, recency=recency, T=n_periods)
        gamma, delta = self._unload_params("gamma", "delta")
        alive = self._native().probability_alive(_history(asked))["probability_alive"]
        for j in range(int(asked["m"].max(initial=0))):
            stays = (delta + asked["T"] + j) / (gamma + delta + asked["T"] + j)
            alive = alive * np.where(j < asked["m"], stays, 1.0)
        return asked.shaped(alive)

    def expected_number_of_transactions_in_first_n_periods(self, n: int) -> Any:
        """How many of the customers fitted to make each frequency of the data in the first `n` opportunities.

        Returns:
            Frame with the column `model`, indexed by `frequency`.
        """
        customers = self.data.groupby("frequency")["weights"].sum()
        most = int(customers.index.max())
        chances = self._native().purchase_distribution(([0], [0.0], [0.0]), horizon=n, most=most)
        model = [chances[str(x)][0] * customers.sum() for x in customers.index]
        return pandas().DataFrame({"model": model}, index=customers.index)

    def generate_new_data(self, size: int = 1) -> Any:
        """Customers drawn from the model, with as many opportunities as the first `size` customers of the data."""
        opportunities = np.repeat(self.data["n_periods"], self.data["weights"])
        alpha, beta, gamma, delta = self._unload_params("alpha", "beta", "gamma", "delta")
        return beta_geometric_beta_binom_model(opportunities, alpha, beta, gamma, delta, size)

    def _observed(self) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """The history fitted to, and how many customers each row stands for."""
        data = self.data
        asked = Inputs(frequency=data["frequency"], recency=data["recency"], T=data["n_periods"])
        return asked.columns, np.asarray(data["weights"], dtype=float)


def _history(asked: Inputs) -> dict[str, np.ndarray]:
    return {name: asked[name] for name in ("frequency", "recency", "T")}
