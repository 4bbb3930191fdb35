"""Pictures of baskets, itemsets and rules."""

from patronage.plots.association._bars import baskets, itemsets
from patronage.plots.association._groups import comparison
from patronage.plots.association._heatmap import heatmap
from patronage.plots.association._network import network
from patronage.plots.association._pairs import pairs
from patronage.plots.association._scatter import scatter
from patronage.plots.association._sequences import patterns, sequences, sequential_rules

__all__ = [
    "baskets",
    "comparison",
    "heatmap",
    "itemsets",
    "network",
    "pairs",
    "patterns",
    "scatter",
    "sequences",
    "sequential_rules",
]
