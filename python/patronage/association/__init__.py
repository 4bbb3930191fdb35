"""What customers buy together: frequent, closed and maximal itemsets, and association rules."""

from patronage.association._baskets import Baskets, Outliers
from patronage.association._itemsets import Itemsets
from patronage.association._rules import MEASURES, Rules
from patronage.association._search import ItemsetCounts, count_itemsets, frequent_itemsets

__all__ = [
    "MEASURES",
    "Baskets",
    "ItemsetCounts",
    "Itemsets",
    "Outliers",
    "Rules",
    "count_itemsets",
    "frequent_itemsets",
]
