"""The gamma-gamma model as lifetimes has it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np

from patronage.compat._pandas import pandas
from patronage.compat.lifetimes._value import _customer_lifetime_value
from patronage.compat.lifetimes.fitters._answers import Inputs
from patronage.compat.lifetimes.fitters._base import BaseFitter
from patronage.errors import InvalidInput, NotConverged


class GammaGammaFitter(BaseFitter):
    """The gamma-gamma model of spend (Fader, Hardie & Lee 2005), fitted and asked as in lifetimes.

    `v` is what the papers since 2013 and `pt.clv.GammaGamma` call γ.

    Args:
        penalizer_coef: What the squares of the parameters take off the mean log-likelihood of a customer.

    Example:
        >>> from patronage.compat.lifetimes import GammaGammaFitter
        >>> ggf = GammaGammaFitter()
        >>> ggf.params_ = {"p": 6.25, "q": 3.74, "v": 15.44}
        >>> ggf.conditional_expected_average_profit([2, 0], [22.35, 0.0]).round(2).tolist()
        [24.66, 35.22]
    """

    _model = "GammaGamma"
    _parameters: ClassVar = {"p": "p", "q": "q", "v": "gamma"}

    def fit(
        self,
        frequency: Any,
        monetary_value: Any,
        weights: Any = None,
        initial_params: Any = None,
        verbose: bool = False,
        tol: float = 1e-7,
        index: Any = None,
        q_constraint: bool = False,
        **kwargs: Any,
    ) -> Self:
        """Fits the model by maximum likelihood to customers who have repeat purchases.

        Args:
            frequency: Repeat purchases of each customer.
            monetary_value: Mean amount of her repeat purchases.
            weights: How many customers each row stands for; None for one.
            initial_params: Has no effect: the maximum does not depend on where the search begins.
            verbose: Print how the search ended.
            tol: Has no effect.
            index: Index of `data`.
            q_constraint: Refuse an estimate of q below 1. (lifetimes stops at q = 1, where the mean of all customers'
                spend is as infinite as below.)
            **kwargs: Have no effect.

        Raises:
            InvalidInput: Amounts of 0 or less, of customers with or without repeat purchases.
            NotConverged: With `q_constraint`, q below 1.

        Warns:
            DataWarning: Spend and frequency are correlated by more than 0.3.
        """
        del initial_params, tol, kwargs
        asked = Inputs(frequency=np.asarray(frequency), monetary_value=np.asarray(monetary_value))
        bad = np.flatnonzero(asked["monetary_value"] <= 0)
        if len(bad):
            raise InvalidInput(
                f"monetary_value: is not positive in {len(bad)} row(s), first at row {bad[0]}; fit to the customers "
                "with a frequency above 0, and take returns off the purchases that they undo"
            )
        weights = np.ones(asked.shape, dtype=int) if weights is None else np.asarray(weights)
        self._fit_native(asked.columns, weights, verbose)
        if q_constraint and self.params_["q"] < 1:
            q = self.params_["q"]
            raise NotConverged(
                f"the maximum is at q = {q:.4g}: the mean of all customers' spend is infinite, and no estimate with q "
                "above 1 is a maximum; fit with q_constraint=False, where p x + q ≤ 1 the expected spend is then inf"
            )
        columns = {"monetary_value": asked["monetary_value"], "frequency": asked["frequency"], "weights": weights}
        self.data = pandas().DataFrame(columns, index=index)
        return self

    def conditional_expected_average_profit(self, frequency: Any = None, monetary_value: Any = None) -> Any:
        """Spend a purchase expected of customers, p (v + x m)/(p x + q − 1); infinite if p x + q ≤ 1.

        Args:
            frequency: Repeat purchases; None for those fitted to.
            monetary_value: Mean amount of the repeat purchases, not looked at without one; None for those fitted to.
        """
        frequency = self.data["frequency"] if frequency is None else frequency
        monetary_value = self.data["monetary_value"] if monetary_value is None else monetary_value
        asked = Inputs(frequency=frequency, monetary_value=monetary_value)
        return asked.shaped(self._native().expected_spend(asked.columns)["expected_spend"])

    def customer_lifetime_value(
        self,
        transaction_prediction_model: Any,
        frequency: Any,
        recency: Any,
        T: Any,
        monetary_value: Any,
        time: int = 12,
        discount_rate: float = 0.01,
        freq: str = "D",
    ) -> Any:
        """Present value of the purchases of each customer in the next `time` months: a Series.

        Expected spend times Σ (E[Y(k)] − E[Y(k−1)])/(1+d)^k over months k = 1, 2, … of 30.4375 days.

        Args:
            transaction_prediction_model: A fitter of purchases, or anything with `predict(t, frequency, recency, T)`.
            frequency: Repeat purchases.
            recency: Time from the first to the last purchase.
            T: Time from the first purchase to the end of observation.
            monetary_value: Mean amount of the repeat purchases.
            time: Months ahead.
            discount_rate: Effective rate per month.
            freq: What T is in: "D" days, "W" weeks, "M" months, "H" hours.
        """
        spend = self.conditional_expected_average_profit(frequency, monetary_value)
        return _customer_lifetime_value(
            transaction_prediction_model, frequency, recency, T, spend, time, discount_rate, freq
        )
