"""From a log of purchases to summaries: who bought in which periods."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from patronage.compat._pandas import pandas
from patronage.errors import DataWarning, InvalidInput


def calibration_and_holdout_data(
    transactions: Any,
    customer_id_col: str,
    datetime_col: str,
    calibration_period_end: Any,
    observation_period_end: Any = None,
    freq: str = "D",
    freq_multiplier: float = 1,
    datetime_format: str | None = None,
    monetary_value_col: str | None = None,
    include_first_transaction: bool = False,
) -> Any:
    """A summary of the time up to a day, and what came after.

    Args:
        transactions: Pandas frame with a row a purchase.
        customer_id_col: Column of customers.
        datetime_col: Column of times: timestamps, or strings.
        calibration_period_end: The last moment of the calibration: "1997-09-30" is the beginning of that day.
        observation_period_end: The last moment of the hold-out; None for that of the log.
        freq: The period, as pandas names it: purchases of a customer in one period count as one.
        freq_multiplier: Periods to a unit of time: with "D" and 7, times are in weeks.
        datetime_format: For `pandas.to_datetime`.
        monetary_value_col: Column of amounts.
        include_first_transaction: As for `summary_data_from_transaction_data`.

    Returns:
        Frame indexed by customer: the summary's columns with `_cal` after their names, `frequency_holdout` (periods
        with a purchase), with amounts `monetary_value_holdout` (mean amount a row), and `duration_holdout`.

    Raises:
        InvalidInput: No customer, or nothing in the hold-out.
    """
    frame, times, end = _read(
        transactions, customer_id_col, datetime_col, monetary_value_col, datetime_format, observation_period_end
    )
    calibration_end = pandas().to_datetime(calibration_period_end, format=datetime_format)
    before = frame[times <= calibration_end]
    last = calibration_end.to_period(freq)
    summary = _summary(before, last, freq, freq_multiplier, include_first_transaction).add_suffix("_cal")
    after = frame[(times > calibration_end) & (times <= end)]
    if after.empty:
        raise InvalidInput(
            f"no purchases between calibration_period_end = {calibration_end} and observation_period_end = {end}; "
            "check both"
        )
    period = after[datetime_col].dt.to_period(freq)
    held = period.groupby(after[customer_id_col]).nunique().rename("frequency_holdout").to_frame()
    if monetary_value_col:
        held["monetary_value_holdout"] = after.groupby(customer_id_col)[monetary_value_col].mean()
    summary = summary.join(held).fillna(0)
    summary["duration_holdout"] = (end.to_period(freq) - calibration_end.to_period(freq)).n / freq_multiplier
    return summary


def summary_data_from_transaction_data(
    transactions: Any,
    customer_id_col: str,
    datetime_col: str,
    monetary_value_col: str | None = None,
    datetime_format: str | None = None,
    observation_period_end: Any = None,
    freq: str = "D",
    freq_multiplier: float = 1,
    include_first_transaction: bool = False,
) -> Any:
    """Frequency, recency, T, and mean amount of each customer.

    Args:
        transactions: Pandas frame with a row a purchase.
        customer_id_col: Column of customers.
        datetime_col: Column of times: timestamps, or strings.
        monetary_value_col: Column of amounts; those of one period are added.
        datetime_format: For `pandas.to_datetime`.
        observation_period_end: In the last period that counts; None for that of the log.
        freq: The period, as pandas names it: "D", "W", "h" …; purchases of a customer in one period count as one, and
            times are counted from period to period (months, which differ in length, as one each).
        freq_multiplier: Periods to a unit of time: with "D" and 7, times are in weeks.
        include_first_transaction: Counts the first purchase, too. Fitters want it left out.

    Returns:
        Frame indexed by customer, in order: `frequency` (periods with a purchase, less the first), `recency` (from the
        first to the last purchase), `T` (from the first purchase to the end), and with amounts `monetary_value` (mean
        amount of a repeat purchase, 0 without one). All float64.

    Warns:
        DataWarning: Rows without customer or time, which are left out, and rows without amount, which count as 0.

    Example:
        >>> import pandas as pd
        >>> from patronage.compat.lifetimes.utils import summary_data_from_transaction_data
        >>> log = pd.DataFrame({"who": ["Ann", "Ann", "Bo"], "day": ["2024-01-01", "2024-01-29", "2024-01-15"]})
        >>> summary_data_from_transaction_data(log, "who", "day", freq_multiplier=7)
             frequency  recency    T
        who
        Ann        1.0      4.0  4.0
        Bo         0.0      0.0  2.0
    """
    frame, _, end = _read(
        transactions, customer_id_col, datetime_col, monetary_value_col, datetime_format, observation_period_end
    )
    return _summary(frame, end.to_period(freq), freq, freq_multiplier, include_first_transaction)


def find_first_transactions(
    transactions: Any,
    customer_id_col: str,
    datetime_col: str,
    monetary_value_col: str | None = None,
    datetime_format: str | None = None,
    observation_period_end: Any = None,
    freq: str = "D",
) -> Any:
    """The periods in which each customer bought, and which was the first.

    Args:
        transactions: Pandas frame with a row a purchase.
        customer_id_col: Column of customers.
        datetime_col: Column of times.
        monetary_value_col: Column of amounts; those of one period are added.
        datetime_format: For `pandas.to_datetime`.
        observation_period_end: In the last period that counts; None for that of the log.
        freq: The period, as pandas names it.

    Returns:
        Frame with a row a customer and period, in order: both columns (times as periods), the amount, and `first`.
    """
    frame, times, end = _read(
        transactions, customer_id_col, datetime_col, monetary_value_col, datetime_format, observation_period_end
    )
    frame = frame.assign(**{datetime_col: times.dt.to_period(freq)})
    frame = frame[_ordinals(frame[datetime_col]) <= end.to_period(freq).ordinal]
    keys = [customer_id_col, datetime_col]
    frame = frame.sort_values(keys).reset_index(drop=True)
    if monetary_value_col:
        frame = frame.groupby(keys, as_index=False)[[monetary_value_col]].sum()
    else:
        frame = frame.drop_duplicates(keys)
    return frame.assign(first=~frame.duplicated(customer_id_col))


def _summary(frame: Any, last: Any, freq: str, freq_multiplier: float, include_first: bool) -> Any:
    """The summary of a frame of customer, time and perhaps amount, up to a period."""
    customer, time, *amount = frame.columns
    frame = frame.assign(**{time: _ordinals(frame[time].dt.to_period(freq))})
    rows = frame[frame[time] <= last.ordinal].groupby([customer, time])
    periods = (rows[amount[0]].sum() if amount else rows.size()).rename("amount").reset_index(time)
    seen = periods.groupby(level=0)[time].agg(["min", "max", "count"])
    summary = pandas().DataFrame(
        {
            "frequency": seen["count"] - (not include_first),
            "recency": (seen["max"] - seen["min"]) / freq_multiplier,
            "T": (last.ordinal - seen["min"]) / freq_multiplier,
        }
    )
    if amount:
        # In order, the first period of a customer is the one that is no duplicate.
        counted = periods if include_first else periods[periods.index.duplicated()]
        summary["monetary_value"] = counted.groupby(level=0)["amount"].mean()
    return summary.fillna(0).astype(float)


def _read(transactions: Any, customer: str, time: str, amount: str | None, time_format: str | None, end: Any) -> Any:
    """The columns that are needed, with times; the times; and the end."""
    pd = pandas()
    columns = [customer, time, *([amount] if amount else [])]
    frame = transactions[columns]
    frame = frame.assign(**{time: pd.to_datetime(frame[time], format=time_format)})
    for name in columns:
        missing = np.flatnonzero(frame[name].isna())
        if len(missing):
            what = "taken as 0" if name == amount else "left out"
            message = f"column {name!r} is missing in {len(missing)} row(s), first at row {missing[0]}: {what}"
            warnings.warn(message, DataWarning, stacklevel=3)
    frame = frame.dropna(subset=[customer, time])
    if frame.empty:
        raise InvalidInput("no row has a customer and a time")
    if isinstance(end, pd.Period):
        end = end.to_timestamp()
    end = frame[time].max() if end is None else pd.to_datetime(end, format=time_format)
    return frame, frame[time], end


def _ordinals(periods: Any) -> Any:
    """The numbers of periods, counted from 1970."""
    return pandas().Series(pandas().PeriodIndex(periods).asi8, index=periods.index)
