"""Customer analytics from a log of purchases.

Who the customers are, what they buy together, what each is worth, and which choice has the highest expected
monetary value. Begin with `TransactionLog`.
"""

from patronage import association, clv, decision, errors, segmentation, textbook
from patronage._core import Working, __version__
from patronage._result import Result
from patronage.association import Baskets, Itemsets, Rules, frequent_itemsets
from patronage.segmentation import life_cycle, pyramid, rfm
from patronage.transactions import TransactionLog, customers, purchase_history

__all__ = [
    "Baskets",
    "Itemsets",
    "Result",
    "Rules",
    "TransactionLog",
    "Working",
    "__version__",
    "association",
    "clv",
    "customers",
    "decision",
    "errors",
    "frequent_itemsets",
    "life_cycle",
    "purchase_history",
    "pyramid",
    "rfm",
    "segmentation",
    "textbook",
]
