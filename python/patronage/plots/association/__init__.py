"""Pictures of baskets, itemsets and rules."""

from patronage.plots.association._bars import baskets, itemsets
from patronage.plots.association._heatmap import heatmap
from patronage.plots.association._network import network
from patronage.plots.association._scatter import scatter

__all__ = ["baskets", "heatmap", "itemsets", "network", "scatter"]
