"""Who is slipping away."""

from __future__ import annotations

import numpy as np

from patronage import segmentation
from patronage.report.blocks import Points, Section, Table, count, money, number, picture, share
from patronage.report.evidence import Evidence

#: Customers in the list.
SHOWN = 20
#: A customer below this probability of being alive is probably gone.
PROBABLY_GONE = 0.5


def section(evidence: Evidence) -> Section:
    """Life-cycle status, and the good customers who are probably leaving."""
    evidence.needs_customers()
    customers = evidence.customers
    status = segmentation.life_cycle(
        customers,
        new_within=30,
        active_within=60,
        at_risk_within=180,
        lost_after=365,
        monetary="monetary" if evidence.has_money else None,
    )
    rows = [
        (
            row["status"],
            row["condition"],
            count(row["customers"]),
            share(row["share_of_customers"]),
            *([money(row["monetary"], evidence.currency)] if evidence.has_money else []),
        )
        for row in status.summary().to_dicts()
    ]
    header = ("status", "condition", "customers", "share", *(["revenue so far"] if evidence.has_money else []))
    blocks: list[object] = [
        picture("Customers by status", lambda ax: status.plot(ax), (7.0, 3.4)),
        Table("Life-cycle status", header, rows, texts=2),
    ]
    basis = (
        f"As of {evidence.as_of}. Status by days since the last purchase; after a year without one a customer counts "
        "as lost. "
    )
    if evidence.has_money:
        listed, told = _leaving(evidence)
        blocks.insert(0, Points([told]))
        if listed.rows:
            blocks.append(listed)
        basis += (
            "The list: customers in the upper half by revenue whose probability of still being a customer is below "
            f"{share(PROBABLY_GONE, 0)} (BG/NBD model, see “What customers are worth”), by revenue so far. The status "
            "is a rule, the probability a model: a customer who came every week is missed sooner than one who came "
            "twice a year."
        )
    return Section("lapsing", "Who is slipping away", blocks, basis, short="Lapsing")


def _leaving(evidence: Evidence) -> tuple[Table, str]:
    customers, alive = evidence.customers, evidence.alive
    spent = customers["monetary"]
    leaving = np.flatnonzero((spent >= np.median(spent)) & (alive < PROBABLY_GONE))
    leaving = leaving[np.argsort(-spent[leaving], kind="stable")]
    names = customers["customer"]
    rows = [
        (
            str(names[i]),
            money(spent[i], evidence.currency),
            count(customers["frequency"][i]),
            number(customers["mean_gap"][i], 0),
            count(customers["recency"][i]),
            share(alive[i], 0),
        )
        for i in leaving[:SHOWN]
    ]
    header = ("customer", "revenue so far", "orders", "usual gap, days", "days since last", "still a customer")
    caption = f"The {len(rows)} best customers who are probably leaving"
    told = (
        f"{count(len(leaving))} of the better half of the customers are probably gone or going; together they have "
        f"brought {money(float(spent[leaving].sum()), evidence.currency)} so far."
    )
    return Table(caption, header, rows), told
