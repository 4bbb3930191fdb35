"""The sections of the report, in order: name, title, and what makes one from the evidence."""

from patronage.report.sections import (
    baskets,
    headline,
    intake,
    lapsing,
    method,
    pyramid,
    retention,
    segments,
    worth,
)

SECTIONS = (
    ("headline", "At a glance", headline.section),
    ("intake", "What came in", intake.section),
    ("segments", "Who the customers are", segments.section),
    ("pyramid", "Who brings the revenue", pyramid.section),
    ("retention", "Who comes back", retention.section),
    ("baskets", "What is bought together", baskets.section),
    ("worth", "What customers are worth", worth.section),
    ("lapsing", "Who is slipping away", lapsing.section),
    ("method", "How the figures are made", method.section),
)

__all__ = ["SECTIONS"]
