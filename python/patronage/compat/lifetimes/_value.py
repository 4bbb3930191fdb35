"""Lifetime value month by month."""

from __future__ import annotations

from typing import Any

import numpy as np

from patronage.compat._pandas import pandas
from patronage.errors import InvalidParameter

#: Units of time in a month of 30.4375 days, a twelfth of 365.25.
MONTH = {"D": 30.4375, "W": 30.4375 / 7, "M": 1.0, "H": 30.4375 * 24, "h": 30.4375 * 24}


def _customer_lifetime_value(
    transaction_prediction_model: Any,
    frequency: Any,
    recency: Any,
    T: Any,
    monetary_value: Any,
    time: int = 12,
    discount_rate: float = 0.01,
    freq: str = "D",
) -> Any:
    """As `GammaGammaFitter.customer_lifetime_value`, with the spend a purchase given."""
    if freq not in MONTH:
        raise InvalidParameter(f"freq = {freq!r} is not possible; expected one of {', '.join(map(repr, MONTH))}")
    reached = purchases = np.zeros(1)
    for month in range(1, int(np.ceil(time)) + 1):
        expected = np.asarray(transaction_prediction_model.predict(month * MONTH[freq], frequency, recency, T))
        purchases = purchases + (expected - reached) / (1 + discount_rate) ** month
        reached = expected
    value = np.asarray(monetary_value) * purchases
    return pandas().Series(value, index=getattr(frequency, "index", None), name="clv")
