"""`lifetimes.plotting`: the pictures, with the arguments of lifetimes, as Matplotlib's `Axes`."""

from patronage.compat.lifetimes.plotting._checks import (
    plot_calibration_purchases_vs_holdout_purchases,
    plot_period_transactions,
)
from patronage.compat.lifetimes.plotting._matrices import plot_frequency_recency_matrix, plot_probability_alive_matrix
from patronage.compat.lifetimes.plotting._rates import (
    plot_dropout_rate_heterogeneity,
    plot_transaction_rate_heterogeneity,
)
from patronage.compat.lifetimes.plotting._time import (
    plot_cumulative_transactions,
    plot_expected_repeat_purchases,
    plot_history_alive,
    plot_incremental_transactions,
)

__all__ = [
    "plot_calibration_purchases_vs_holdout_purchases",
    "plot_cumulative_transactions",
    "plot_dropout_rate_heterogeneity",
    "plot_expected_repeat_purchases",
    "plot_frequency_recency_matrix",
    "plot_history_alive",
    "plot_incremental_transactions",
    "plot_period_transactions",
    "plot_probability_alive_matrix",
    "plot_transaction_rate_heterogeneity",
]
