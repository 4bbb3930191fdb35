"""What customers buy together: frequent, closed and maximal itemsets, and association rules."""

from patronage.association._baskets import Baskets
from patronage.association._itemsets import Itemsets, frequent_itemsets
from patronage.association._rules import MEASURES, CheckedRules, Recommendations, Rules

__all__ = ["MEASURES", "Baskets", "CheckedRules", "Itemsets", "Recommendations", "Rules", "frequent_itemsets"]
