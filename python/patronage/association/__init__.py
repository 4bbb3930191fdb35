"""What customers buy together, and one after the other: itemsets, rules, pairs, groups, sequential patterns."""

from patronage.association._baskets import Baskets, Outliers
from patronage.association._groups import GroupComparison, GroupedItemsets, frequent_itemsets_by_group
from patronage.association._itemsets import Itemsets
from patronage.association._pairs import ItemPairs, item_pairs
from patronage.association._rules import MEASURES, CheckedRules, Recommendations, Rules
from patronage.association._search import ItemsetCounts, count_itemsets, frequent_itemsets
from patronage.association._sequences import (
    Sequences,
    SequentialPatterns,
    SequentialRules,
    sequential_patterns,
)

__all__ = [
    "MEASURES",
    "Baskets",
    "CheckedRules",
    "GroupComparison",
    "GroupedItemsets",
    "ItemPairs",
    "ItemsetCounts",
    "Itemsets",
    "Outliers",
    "Recommendations",
    "Rules",
    "Sequences",
    "SequentialPatterns",
    "SequentialRules",
    "count_itemsets",
    "frequent_itemsets",
    "frequent_itemsets_by_group",
    "item_pairs",
    "sequential_patterns",
]
