"""Customer analytics from a log of purchases.

Who the customers are, what they buy together, what each is worth, and which choice has the highest expected
monetary value. Begin with `TransactionLog`.
"""

from patronage import errors, segmentation
from patronage._core import Working, __version__
from patronage._result import Result
from patronage.segmentation import life_cycle, pyramid, rfm
from patronage.transactions import TransactionLog, customers, purchase_history

__all__ = [
    "Result",
    "TransactionLog",
    "Working",
    "__version__",
    "customers",
    "errors",
    "life_cycle",
    "purchase_history",
    "pyramid",
    "rfm",
    "segmentation",
]
