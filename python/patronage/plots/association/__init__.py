"""Pictures of baskets, itemsets and rules."""

from patronage.plots.association._bars import baskets, itemset_counts, itemsets, outliers
from patronage.plots.association._checked import checked
from patronage.plots.association._groups import comparison
from patronage.plots.association._heatmap import heatmap
from patronage.plots.association._network import network
from patronage.plots.association._pairs import pairs
from patronage.plots.association._scatter import scatter
from patronage.plots.association._sequences import patterns, sequences, sequential_rules

__all__ = [
    "baskets",
    "checked",
    "comparison",
    "heatmap",
    "itemset_counts",
    "itemsets",
    "network",
    "outliers",
    "pairs",
    "patterns",
    "scatter",
    "sequences",
    "sequential_rules",
]
