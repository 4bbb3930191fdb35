"""The customer pyramid."""

from __future__ import annotations

from patronage import segmentation
from patronage.report.blocks import Points, Section, Table, count, money, picture, share
from patronage.report.evidence import Evidence


def section(evidence: Evidence) -> Section:
    """The share of revenue that each tier holds."""
    evidence.needs_money("the customer pyramid")
    tiers = segmentation.pyramid(evidence.customers, by="monetary", preset="curry", negative="keep")
    summary = tiers.summary()
    rows = summary.to_dicts()
    part = [float("nan") if row["share_of_value"] is None else row["share_of_value"] for row in rows]
    table = [
        (
            row["tier"],
            count(row["customers"]),
            share(row["share_of_customers"]),
            money(row["value"], evidence.currency),
            share(held),
            "–" if row["smallest"] is None else money(row["smallest"], evidence.currency),
        )
        for row, held in zip(rows, part, strict=True)
    ]
    header = ("tier", "customers", "share", "revenue", "share", "least to belong")
    points = [
        f"The top {share(rows[0]['share_of_customers'], 0)} of the customers "
        f"({count(rows[0]['customers'])}) hold {share(part[0])} of the revenue."
    ]
    if part[0] == part[0]:
        half = tiers.customers_holding(0.5)
        points.append(f"Half of the revenue comes from {count(half)} customers, {share(half / len(tiers))} of all.")
    return Section(
        "pyramid",
        "Who brings the revenue",
        [
            Points(points),
            picture("The customer pyramid: customers and revenue of each tier", lambda ax: tiers.plot(ax)),
            Table("Tiers by revenue", header, table),
        ],
        f"As of {evidence.as_of}. Customers in order of revenue over the whole log, returns taken off; tiers of 1, 4, "
        "15 and 80 % (Curry). Customers of equal revenue stay in one tier.",
        short="Pyramid",
    )
