"""Who the customers are: RFM, customer pyramid, life cycle.

Everything here is computed from data; for trees of choices and chances see `patronage.decision`.
"""

from patronage.segmentation._life_cycle import LifeCycleStatus, LifeCycleSummary, life_cycle
from patronage.segmentation._pyramid import PyramidSummary, PyramidTiers, pyramid
from patronage.segmentation._rfm import RfmScores, RfmSummary, RfmThresholds, rfm
from patronage.segmentation._segments import SegmentMap

__all__ = [
    "LifeCycleStatus",
    "LifeCycleSummary",
    "PyramidSummary",
    "PyramidTiers",
    "RfmScores",
    "RfmSummary",
    "RfmThresholds",
    "SegmentMap",
    "life_cycle",
    "pyramid",
    "rfm",
]
