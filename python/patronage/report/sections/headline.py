"""At a glance."""

from __future__ import annotations

import numpy as np

from patronage.report.blocks import Card, Cards, Section, count, money, number, share
from patronage.report.evidence import Evidence


def section(evidence: Evidence) -> Section:
    """The figures a manager asks for first."""
    evidence.needs_customers()
    customers, about = evidence.customers, evidence.intake.about
    once = float(np.mean(customers["frequency"] == 1))
    cards = [
        Card(count(len(customers)), "customers"),
        Card(count(about["orders"]), "orders"),
        Card(number(about["orders"] / len(customers), 1), "orders a customer, on average"),
        Card(share(once), "of customers ordered just once"),
    ]
    if evidence.has_money:
        cards[2:2] = [
            Card(money(about["total"], evidence.currency), "revenue, returns taken off"),
            Card(money(about["total"] / about["orders"], evidence.currency), "revenue an order"),
        ]
        spent = np.sort(customers["monetary"])[::-1]
        if spent.sum() > 0:
            best = spent[: -(-len(spent) // 5)].sum() / spent.sum()
            cards.append(Card(share(best), "of the revenue comes from the best fifth of the customers"))
    cards.append(Card(count(float(np.median(customers["recency"]))), "days since the typical customer's last order"))
    return Section(
        "headline",
        "At a glance",
        [Cards(cards)],
        f"All purchases from {about['first_day']} to {about['last_day']}. Returns: {about['returns']}. "
        "The typical customer is the median one.",
    )
