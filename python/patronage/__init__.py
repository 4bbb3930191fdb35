"""Customer analytics from a log of purchases.

Who the customers are, what they buy together, what each is worth, and which choice has the highest expected
monetary value. Begin with `TransactionLog`.
"""

from patronage import association, clv, decision, errors, segmentation, textbook
from patronage._core import Working, __version__
from patronage._result import Result
from patronage.association import (
    Baskets,
    GroupedItemsets,
    ItemPairs,
    Itemsets,
    Rules,
    Sequences,
    SequentialPatterns,
    SequentialRules,
    frequent_itemsets,
    frequent_itemsets_by_group,
    item_pairs,
    sequential_patterns,
)
from patronage.segmentation import life_cycle, pyramid, rfm
from patronage.transactions import TransactionLog, customers, purchase_history

__all__ = [
    "Baskets",
    "GroupedItemsets",
    "ItemPairs",
    "Itemsets",
    "Result",
    "Rules",
    "Sequences",
    "SequentialPatterns",
    "SequentialRules",
    "TransactionLog",
    "Working",
    "__version__",
    "association",
    "clv",
    "customers",
    "decision",
    "errors",
    "frequent_itemsets",
    "frequent_itemsets_by_group",
    "item_pairs",
    "life_cycle",
    "purchase_history",
    "pyramid",
    "rfm",
    "segmentation",
    "sequential_patterns",
    "textbook",
]
