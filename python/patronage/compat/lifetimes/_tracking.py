"""Purchases as time goes by: of all customers, and one customer's chance of being one still."""

from __future__ import annotations

from typing import Any

import numpy as np

from patronage.compat._pandas import pandas
from patronage.compat.lifetimes._transactions import find_first_transactions


def calculate_alive_path(model: Any, transactions: Any, datetime_col: str, t: int, freq: str = "D") -> Any:
    """P(alive) of one customer at the end of each period since the first purchase.

    Args:
        model: A fitted fitter.
        transactions: Pandas frame with a row a purchase of this customer.
        datetime_col: Column of times.
        t: Periods since the first purchase; no fewer than up to the last purchase are returned.
        freq: The period, as pandas names it.

    Returns:
        Series of float64, 0, 1, … periods after the first purchase.
    """
    pd = pandas()
    bought = pd.PeriodIndex(pd.to_datetime(transactions[datetime_col]).dt.to_period(freq)).asi8
    age = np.arange(max(int(t), bought.max() - bought.min()) + 1)
    buys = np.isin(age, bought - bought.min())
    frequency, recency = np.cumsum(buys) - 1, np.maximum.accumulate(np.where(buys, age, 0))
    return pd.Series(np.asarray(model.conditional_probability_alive(frequency, recency, age), dtype=float))


def expected_cumulative_transactions(
    model: Any,
    transactions: Any,
    datetime_col: str,
    customer_id_col: str,
    t: int,
    datetime_format: str | None = None,
    freq: str = "D",
    freq_multiplier: int = 1,
    set_index_date: bool = False,
) -> Any:
    """Repeat purchases of all customers since the beginning of the log, actual and expected.

    Expected by the end of a period are Σ E[X(time since the first purchase)] over the customers who bought first in
    an earlier period (Fader & Hardie 2005, note 008).

    Args:
        model: A fitter, fitted to times in units of `freq_multiplier` periods.
        transactions: Pandas frame with a row a purchase.
        datetime_col: Column of times.
        customer_id_col: Column of customers.
        t: Periods from the beginning of the log.
        datetime_format: For `pandas.to_datetime`.
        freq: The period, as pandas names it.
        freq_multiplier: Periods to a row, and to a unit of the model's time.
        set_index_date: Index by the last period of each row rather than by its number.

    Returns:
        Frame with `actual` and `predicted`.
    """
    pd = pandas()
    start = pd.to_datetime(transactions[datetime_col], format=datetime_format).min().to_period(freq)
    found = find_first_transactions(
        transactions,
        customer_id_col,
        datetime_col,
        datetime_format=datetime_format,
        observation_period_end=start + t,
        freq=freq,
    )
    period = pd.PeriodIndex(found[datetime_col]).asi8 - start.ordinal
    first = found["first"].to_numpy()
    joined = np.bincount(period[first], minlength=t + 1)
    bought = np.cumsum(np.bincount(period[~first], minlength=t + 1))
    reached = model.expected_number_of_purchases_up_to_time(np.arange(t + 1) / freq_multiplier)
    expected = np.convolve(joined, reached)
    ends = np.arange(freq_multiplier, t + 1, freq_multiplier)
    index: Any = range(t // freq_multiplier)
    if set_index_date:
        index = pd.period_range(start, periods=t + 1, freq=freq)[ends - 1]
    return pd.DataFrame({"actual": bought[ends - 1], "predicted": expected[ends]}, index=index)
