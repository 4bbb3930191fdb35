"""What the fitters of purchases in continuous time have in common."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from patronage.compat._pandas import pandas
from patronage.compat.lifetimes.fitters._answers import Inputs
from patronage.compat.lifetimes.fitters._base import BaseFitter

#: A recency that is not 0 and changes no sum that it is part of.
NO_TIME = np.nextafter(0.0, 1.0)


def history(inputs: Inputs) -> dict[str, np.ndarray]:
    """A purchase history as the core takes it.

    Repeat purchases at recency 0, which the core calls impossible, stay possible as the limit of ever shorter ones.
    """
    x, t_x, T = (inputs[name] for name in ("frequency", "recency", "T"))
    return {"frequency": x, "recency": np.where((x > 0) & (t_x == 0) & (T > 0), NO_TIME, t_x), "T": T}


class PurchaseFitter(BaseFitter):
    """A fitter of customers described by frequency, recency and T."""

    def _fit_purchases(self, frequency: Any, recency: Any, T: Any, weights: Any, index: Any, verbose: bool) -> Self:
        columns = {"frequency": np.asarray(frequency), "recency": np.asarray(recency), "T": np.asarray(T)}
        inputs = Inputs(**columns)
        weights = np.ones(inputs.shape, dtype=int) if weights is None else np.asarray(weights)
        self._fit_native(history(inputs), weights, verbose, stacklevel=4)
        columns["frequency"] = inputs["frequency"].astype(int)
        self.data = pandas().DataFrame({**columns, "weights": weights}, index=index)
        return self

    def predict(self, t: Any, frequency: Any, recency: Any, T: Any) -> Any:
        """The same as `conditional_expected_number_of_purchases_up_to_time`."""
        return self.conditional_expected_number_of_purchases_up_to_time(t, frequency, recency, T)

    def conditional_expected_number_of_purchases_up_to_time(self, t: Any, frequency: Any, recency: Any, T: Any) -> Any:
        """Purchases expected of customers in the next `t` units of time, given their history.

        Args:
            t: Time ahead, for all customers or for each.
            frequency: Repeat purchases, x in the papers.
            recency: Time from the first to the last purchase.
            T: Time from the first purchase to the end of observation.

        Returns:
            A Series if one came in, else an array, or a number for numbers.
        """
        if np.ndim(t) == 0:
            asked = Inputs(frequency=frequency, recency=recency, T=T)
            horizon: Any = float(t)
        else:
            asked = Inputs(t=t, frequency=frequency, recency=recency, T=T)
            horizon = asked["t"]
        return asked.shaped(
            self._native().expected_purchases(self._history(asked), horizon=horizon)["expected_purchases"]
        )

    def conditional_probability_alive(self, frequency: Any, recency: Any, T: Any) -> Any:
        """Probability that customers with this history are still customers at the end of observation.

        Args:
            frequency: Repeat purchases.
            recency: Time from the first to the last purchase.
            T: Time from the first purchase to the end of observation.
        """
        asked = Inputs(frequency=frequency, recency=recency, T=T)
        return asked.shaped(self._native().probability_alive(self._history(asked))["probability_alive"])

    def conditional_probability_alive_matrix(
        self, max_frequency: int | None = None, max_recency: int | None = None
    ) -> np.ndarray:
        """P(alive) by recency (rows 0, 1, … `max_recency`) and frequency (columns 0, 1, … `max_frequency`).

        The age of all these customers is `max_recency`; without a repeat purchase there is no recency but 0.

        Args:
            max_frequency: None for the largest of the data.
            max_recency: None for the largest age of the data.
        """
        asked = self._grid(max_frequency, max_recency)
        return np.asarray(asked.shaped(self._native().probability_alive(history(asked))["probability_alive"]))

    def expected_number_of_purchases_up_to_time(self, t: Any) -> Any:
        """Repeat purchases expected of a new customer in the first `t` units of time: a number, or an array."""
        asked = Inputs(t=t)
        return asked.shaped(self._native().expectation(asked["t"]))

    def generate_new_data(self, size: int = 1) -> Any:
        """Customers drawn from the model, watched for as long as the first `size` of the data."""
        raise NotImplementedError

    def _observed(self) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """The history fitted to, and how many customers each row stands for."""
        data = self.data
        inputs = Inputs(frequency=data["frequency"], recency=data["recency"], T=data["T"])
        return history(inputs), np.asarray(data["weights"], dtype=float)

    def _history(self, asked: Inputs) -> dict[str, np.ndarray]:
        return history(asked)

    def _grid(self, max_frequency: int | None, max_recency: int | None) -> Inputs:
        most = max_frequency or int(self.data["frequency"].max())
        age = max_recency or int(self.data["T"].max())
        frequency, recency = np.meshgrid(np.arange(most + 1), np.arange(age + 1))
        return Inputs(frequency=frequency, recency=np.where(frequency == 0, 0, recency), T=age)
