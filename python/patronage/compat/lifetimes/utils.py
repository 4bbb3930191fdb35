"""`lifetimes.utils`: summaries of a log of purchases, and purchases as time goes by."""

from patronage.compat.lifetimes._errors import ConvergenceError
from patronage.compat.lifetimes._tracking import calculate_alive_path, expected_cumulative_transactions
from patronage.compat.lifetimes._transactions import (
    calibration_and_holdout_data,
    find_first_transactions,
    summary_data_from_transaction_data,
)
from patronage.compat.lifetimes._value import _customer_lifetime_value

#: The name that lifetimes has for it.
_find_first_transactions = find_first_transactions

__all__ = [
    "ConvergenceError",
    "_customer_lifetime_value",
    "_find_first_transactions",
    "calculate_alive_path",
    "calibration_and_holdout_data",
    "expected_cumulative_transactions",
    "find_first_transactions",
    "summary_data_from_transaction_data",
]
