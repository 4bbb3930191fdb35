"""What customers buy together: frequent, closed and maximal itemsets, and association rules."""

from patronage.association._baskets import Baskets, Outliers
from patronage.association._itemsets import Itemsets, frequent_itemsets
from patronage.association._rules import MEASURES, Rules

__all__ = ["MEASURES", "Baskets", "Itemsets", "Outliers", "Rules", "frequent_itemsets"]
