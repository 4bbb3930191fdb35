"""How the figures are made."""

from __future__ import annotations

from patronage.report.blocks import Points, Section, share
from patronage.report.evidence import ANNUAL_DISCOUNT, Evidence


def section(evidence: Evidence) -> Section:
    """Definitions and sources, for whoever wants to check."""
    about = evidence.intake.about
    return Section(
        "method",
        "How the figures are made",
        [
            Points(
                [
                    f"“As of {evidence.as_of}” means: as the log stood at the end of that day.",
                    "An order is an order id, or a customer's day where the file names no orders. Revenue is the sum "
                    "of the amounts in the file, returns taken off; it is not profit.",
                    f"Returns: {about['returns']}. Rows that lack something: {about['missing']}. Equal rows: "
                    f"{about['duplicates']}.",
                    "Recency is the number of days from the last purchase to the last day of the log. Frequency is the "
                    "number of orders. Scores are ⌈5 × rank ÷ customers⌉, with the mean rank for equal values.",
                    "Rules: Agrawal, Imieliński and Swami (1993); lift: Brin, Motwani, Ullman and Tsur (1997); "
                    "correction for many tests: Holm (1979); rules that say more than shorter ones: Webb (2007, 2010).",
                    "Expected purchases and the probability of still being a customer: BG/NBD, Fader, Hardie and Lee "
                    "(2005), by maximum likelihood. Expected spend: Gamma-Gamma, Fader and Hardie (2013). Several "
                    "purchases on one day count as one.",
                    f"Future revenue is discounted at {share(ANNUAL_DISCOUNT, 0)} a year.",
                ]
            )
        ],
        short="Method",
    )
