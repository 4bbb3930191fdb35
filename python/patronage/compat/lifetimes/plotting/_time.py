"""Purchases as time goes by, as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from patronage.compat._pandas import pandas
from patronage.compat.lifetimes._tracking import calculate_alive_path, expected_cumulative_transactions

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_expected_repeat_purchases(
    model: Any,
    title: str = "Expected Number of Repeat Purchases per Customer",
    xlabel: str = "Time Since First Purchase",
    ax: Axes | None = None,
    label: str | None = None,
    **kwargs: Any,
) -> Axes:
    """Repeat purchases expected of a new customer, dashed beyond the largest age of the data.

    Args:
        model: A fitted fitter.
        title: Title.
        xlabel: Label across.
        ax: Where to draw.
        label: Name of the line in the legend.
        **kwargs: For `plot`; `c` or `color` is the colour of both lines.
    """
    ax = _axes(ax)
    age = model.data["T"].max()
    seen, ahead = np.linspace(0, age, 100), np.linspace(age, 1.5 * age, 100)
    reached = model.expected_number_of_purchases_up_to_time
    (line,) = ax.plot(seen, reached(seen), label=label, **kwargs)
    kwargs = {name: value for name, value in kwargs.items() if name not in ("c", "color", "ls", "linestyle")}
    ax.plot(ahead, reached(ahead), color=line.get_color(), ls="--", **kwargs)
    ax.set(title=title, xlabel=xlabel)
    if label is not None:
        ax.legend(loc="lower right")
    return ax


def plot_history_alive(
    model: Any,
    t: int,
    transactions: Any,
    datetime_col: str,
    freq: str = "D",
    start_date: Any = None,
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """One customer's P(alive) from the first purchase on, and her purchases.

    Args:
        model: A fitted fitter.
        t: Periods since the first purchase.
        transactions: Pandas frame with a row a purchase of this customer.
        datetime_col: Column of times.
        freq: The period, as pandas names it.
        start_date: Where the picture begins; None for the first purchase.
        ax: Where to draw.
        **kwargs: For `plot`.
    """
    pd = pandas()
    ax = _axes(ax)
    path = calculate_alive_path(model, transactions, datetime_col, t, freq)
    times = pd.to_datetime(transactions[datetime_col])
    periods = pd.period_range(times.min().to_period(freq), periods=len(path), freq=freq).to_timestamp()
    bought = times.dt.to_period(freq).dt.to_timestamp().unique()
    ax.plot(periods, path, **{"ls": "-", "label": "P_alive", **kwargs})
    ax.vlines(bought, ymin=0, ymax=1, colors="r", linestyles="dashed", label="purchases")
    ax.set(title="History of P_alive", ylabel="P_alive", ylim=(0, 1), yticks=np.linspace(0, 1, 11))
    ax.set_xlim(periods[0] if start_date is None else pd.to_datetime(start_date), periods[-1])
    ax.legend(loc=3)
    return ax


def plot_cumulative_transactions(
    model: Any,
    transactions: Any,
    datetime_col: str,
    customer_id_col: str,
    t: int,
    t_cal: float,
    datetime_format: str | None = None,
    freq: str = "D",
    set_index_date: bool = False,
    title: str = "Tracking Cumulative Transactions",
    xlabel: str = "day",
    ylabel: str = "Cumulative Transactions",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Repeat purchases of all customers since the beginning of the log, actual and expected.

    Args:
        model: A fitter, fitted to times in periods.
        transactions: Pandas frame with a row a purchase.
        datetime_col: Column of times.
        customer_id_col: Column of customers.
        t: Periods from the beginning of the log.
        t_cal: Where the calibration ends: a dashed line.
        datetime_format: For `pandas.to_datetime`.
        freq: The period, as pandas names it.
        set_index_date: Dates across rather than numbers of periods.
        title: Title.
        xlabel: Label across; "date" for dates.
        ylabel: Label up.
        ax: Where to draw.
        **kwargs: For `pandas.DataFrame.plot`.
    """
    frame = expected_cumulative_transactions(
        model, transactions, datetime_col, customer_id_col, t, datetime_format, freq, set_index_date=set_index_date
    )
    return _track(frame, t_cal, set_index_date, title, xlabel, ylabel, ax, kwargs)


def plot_incremental_transactions(
    model: Any,
    transactions: Any,
    datetime_col: str,
    customer_id_col: str,
    t: int,
    t_cal: float,
    datetime_format: str | None = None,
    freq: str = "D",
    set_index_date: bool = False,
    title: str = "Tracking Daily Transactions",
    xlabel: str = "day",
    ylabel: str = "Transactions",
    ax: Axes | None = None,
    **kwargs: Any,
) -> Axes:
    """Repeat purchases of all customers, period by period, actual and expected.

    Args:
        model: A fitter, fitted to times in periods.
        transactions: Pandas frame with a row a purchase.
        datetime_col: Column of times.
        customer_id_col: Column of customers.
        t: Periods from the beginning of the log.
        t_cal: Where the calibration ends: a dashed line.
        datetime_format: For `pandas.to_datetime`.
        freq: The period, as pandas names it.
        set_index_date: Dates across rather than numbers of periods.
        title: Title.
        xlabel: Label across; "date" for dates.
        ylabel: Label up.
        ax: Where to draw.
        **kwargs: For `pandas.DataFrame.plot`.
    """
    frame = expected_cumulative_transactions(
        model, transactions, datetime_col, customer_id_col, t, datetime_format, freq, set_index_date=set_index_date
    )
    return _track(frame.diff(), t_cal, set_index_date, title, xlabel, ylabel, ax, kwargs)


def _track(
    frame: Any,
    t_cal: float,
    dates: bool,
    title: str,
    xlabel: str,
    ylabel: str,
    ax: Axes | None,
    kwargs: dict[str, Any],
) -> Axes:
    drawn: Axes = frame.plot(ax=_axes(ax), title=title, **kwargs)
    drawn.axvline(x=frame.index[int(t_cal)] if dates else t_cal, color="r", linestyle="--")
    drawn.set(xlabel="date" if dates else xlabel, ylabel=ylabel)
    return drawn


def _axes(ax: Axes | None) -> Axes:
    """The Axes given, or those of the current figure, as lifetimes draws."""
    if ax is not None:
        return ax
    from matplotlib import pyplot as plt

    drawn: Axes = plt.subplot(111)
    return drawn
