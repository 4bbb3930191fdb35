"""RFM segments."""

from __future__ import annotations

from patronage.report.blocks import Points, Section, Table, count, money, number, picture, share
from patronage.report.evidence import Evidence


def section(evidence: Evidence) -> Section:
    """The ten segments by recency and frequency."""
    evidence.needs_money("RFM")
    scores = evidence.scores
    rows = [row for row in scores.summary().to_dicts() if row["customers"]]
    table = [
        (
            row["segment"],
            count(row["customers"]),
            share(row["share_of_customers"]),
            money(row["monetary"], evidence.currency),
            share(row["share_of_monetary"] if row["share_of_monetary"] is not None else float("nan")),
            number(row["mean_recency"], 0),
            number(row["mean_frequency"], 1),
            money(row["mean_monetary"], evidence.currency),
        )
        for row in rows
    ]
    header = ("segment", "customers", "share", "revenue", "share", "days since last", "orders", "revenue each")
    most = max(rows, key=lambda row: row["monetary"])
    points = [
        f"{most['segment']} bring the most: {count(most['customers'])} customers "
        f"({share(most['share_of_customers'])} of all) bring {money(most['monetary'], evidence.currency)}."
    ]
    fading = [row for row in rows if row["segment"].lower() in ("at risk", "can't lose", "cannot lose them")]
    points += [
        f"{row['segment']}: {count(row['customers'])} customers who used to order often "
        f"({number(row['mean_frequency'], 1)} orders each) were last seen {number(row['mean_recency'], 0)} days ago."
        for row in fading
    ]
    return Section(
        "segments",
        "Who the customers are",
        [
            Points(points),
            picture("Each segment's share of customers and of revenue", lambda ax: scores.plot(ax, kind="segments")),
            picture("Customers by recency and frequency score", lambda ax: scores.plot(ax)),
            Table("Segments, from recency and frequency scores", header, table),
        ],
        f"As of {scores.about.get('as_of', evidence.as_of)}. Each customer has scores from 1 (worst) to "
        f"{scores.about['bins']} (best) for recency, frequency (orders) and money; customers of equal value get equal "
        f"scores (ties: {scores.about['ties']}). Names: map {scores.about['segments']}.",
        short="Segments",
    )
