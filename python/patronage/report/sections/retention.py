"""Cohort retention."""

from __future__ import annotations

import numpy as np

from patronage.report.blocks import Points, Section, picture, share
from patronage.report.evidence import Evidence

#: The most cohorts that a picture shows legibly.
MOST_COHORTS = 24


def section(evidence: Evidence) -> Section:
    """The triangle of cohorts; what lies after the end is empty."""
    evidence.needs_customers()
    cohorts = evidence.log.cohorts(period="month", measure="retention")
    if len(np.unique(cohorts["cohort"])) > MOST_COHORTS:
        cohorts = evidence.log.cohorts(period="quarter", measure="retention")
    if len(np.unique(cohorts["cohort"])) > MOST_COHORTS:
        cohorts = evidence.log.cohorts(period="year", measure="retention")
    period = cohorts.about["period"]
    points = []
    for later in (1, 3, 6):
        seen = (cohorts["period"] == later) & ~cohorts["partial"]
        bought, size = cohorts["customers"][seen].sum(), cohorts["size"][seen].sum()
        if size:
            points.append(
                f"{share(bought / size)} of new customers bought again in {period} {later} after their first purchase."
            )
    count = len(np.unique(cohorts["cohort"]))
    first = np.datetime_as_string(cohorts["cohort"].min(), unit="D")
    return Section(
        "retention",
        "Who comes back",
        [
            Points(points),
            picture(
                f"Each row is a cohort: the customers of one first {period}. Each cell is the share of them who "
                f"bought in a later {period}.",
                lambda ax: cohorts.plot(ax),
                (max(7.0, 0.62 * count + 2), max(3.0, 0.36 * count + 1.4)),
            ),
        ],
        f"As of {evidence.as_of}. Averages are over the cohorts that could be observed, weighted by size, without the "
        f"{period} that is not over. Whoever bought before the log began counts as new in the cohort of {first}, which "
        "therefore looks more loyal than it is.",
        short="Retention",
    )
