"""Did the model foresee what happened?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patronage.compat._pandas import pandas
from patronage.errors import InvalidParameter

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: What the hold-out can be grouped by, and what it is called.
KINDS = {
    "frequency_cal": "Purchases in calibration period",
    "recency_cal": "Age of customer at last purchase",
    "T_cal": "Age of customer at the end of calibration period",
    "time_since_last_purchase": "Time since user made last purchase",
}


def plot_period_transactions(
    model: Any,
    max_frequency: int = 7,
    title: str = "Frequency of Repeat Transactions",
    xlabel: str = "Number of Calibration Period Transactions",
    ylabel: str = "Customers",
    **kwargs: Any,
) -> Axes:
    """How many customers made 0, 1, … repeat purchases, and how many the model expects, as bars.

    Args:
        model: A fitted fitter.
        max_frequency: How many frequencies, from 0.
        title: Title.
        xlabel: Label across.
        ylabel: Label up.
        **kwargs: For `pandas.DataFrame.plot`; `label` are the names of both series.
    """
    labels = kwargs.pop("label", ["Actual", "Model"])
    history, weights = model._observed()
    check = model._native().frequency_check(history, most=max_frequency, weights=weights)
    counts = pandas().DataFrame({"actual": check["actual"], "expected": check["expected"]}).iloc[:max_frequency]
    counts.index.name = "frequency"
    ax: Axes = counts.set_axis(list(labels), axis=1).plot(kind="bar", **kwargs)
    ax.legend()
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    return ax


def plot_calibration_purchases_vs_holdout_purchases(
    model: Any, calibration_holdout_matrix: Any, kind: str = "frequency_cal", n: int = 7, **kwargs: Any
) -> Axes:
    """Mean purchases in the hold-out, actual and expected, by what was known before.

    Args:
        model: A fitter, fitted to the calibration.
        calibration_holdout_matrix: Frame from `calibration_and_holdout_data`.
        kind: "frequency_cal", "recency_cal", "T_cal" or "time_since_last_purchase".
        n: How many groups, from the lowest.
        **kwargs: For `pandas.DataFrame.plot`.
    """
    if kind not in KINDS:
        raise InvalidParameter(f"kind = {kind!r} is not possible; expected one of {', '.join(KINDS)}")
    frame = calibration_holdout_matrix
    x, t_x, T = (frame[f"{name}_cal"] for name in ("frequency", "recency", "T"))
    duration = float(frame["duration_holdout"].iloc[0])
    expected = model.conditional_expected_number_of_purchases_up_to_time(duration, x, t_x, T)
    frame = frame.assign(model_predictions=expected, time_since_last_purchase=T - t_x)
    means = frame.groupby(kind)[["frequency_holdout", "model_predictions"]].mean()
    ax: Axes = means.iloc[:n].plot(**kwargs)
    ax.legend()
    ax.set(
        title="Actual Purchases in Holdout Period vs Predicted Purchases",
        xlabel=KINDS[kind],
        ylabel="Average of Purchases in Holdout Period",
    )
    return ax
