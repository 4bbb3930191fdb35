"""What customers are worth."""

from __future__ import annotations

import warnings

import numpy as np

from patronage import clv
from patronage.errors import NotConverged
from patronage.report.blocks import Points, Section, Table, Text, count, money, number, picture, share
from patronage.report.evidence import ANNUAL_DISCOUNT, Evidence
from patronage.transactions import PERIOD_DAYS

#: Fewest customers for whom a model is fitted.
FEWEST = 30
#: Customers in the list.
SHOWN = 10


def section(evidence: Evidence) -> Section:
    """Expected purchases and value, after a test of the model on what it had not seen."""
    evidence.needs_money("lifetime value")
    evidence.needs_customers(FEWEST)
    tested, model = evidence.tested_model, evidence.model
    for fitted in (tested, model):
        if not (fitted.converged_ or _flat(fitted)):
            raise NotConverged(f"the BG/NBD model found no maximum ({fitted.ending_})")
    check = tested.holdout_check(evidence.tested_history, and_more=_groups(evidence.tested_history["frequency"]))
    history, customers = evidence.history, evidence.customers
    with warnings.catch_warnings():
        # The correlation is told below.
        warnings.simplefilter("ignore")
        spend = clv.GammaGamma(nonpositive="drop").fit(history)
    horizon = round(365.25 / PERIOD_DAYS[evidence.period])
    rate = (1 + ANNUAL_DISCOUNT) ** (PERIOD_DAYS[evidence.period] / 365.25) - 1
    purchases = np.asarray(model.expected_purchases(history, horizon=horizon)["expected_purchases"])
    value = np.asarray(clv.lifetime_value(model, spend, history, horizon=horizon, discount_rate=rate)["lifetime_value"])
    actual, expected = check.about["actual"], check.about["expected"]
    points = [
        f"Tested first: fitted on purchases up to {evidence.tested_history.about['calibration_end']}, the model "
        f"expected {count(expected)} purchases in the {evidence.holdout_periods} {evidence.period}s after; there were "
        f"{count(actual)}, so it was {_off(expected / actual - 1 if actual else float('nan'))}.",
        f"Over the next {horizon} {evidence.period}s today's customers can be expected to make "
        f"{count(purchases.sum())} purchases, worth {money(float(np.nansum(value)), evidence.currency)} today.",
        f"About {count(float(evidence.alive.sum()))} of the {count(len(customers))} customers are still customers "
        "(the sum of their probabilities).",
    ]
    if _flat(model):
        points.append(
            f"The data do not settle every parameter, {model.ending_}; what is expected hardly depends on it."
        )
    if spend.set_aside_:
        points.append(
            f"{count(spend.set_aside_)} customers whose repeat purchases net to nothing or less have no value here."
        )
    blocks = [
        Points(points),
        picture(
            f"Purchases in the {evidence.holdout_periods} {evidence.period}s held out: expected beside actual",
            lambda ax: check.plot(ax),
        ),
        _by_segment(evidence, purchases, value, horizon),
        _best(evidence, purchases, value, horizon),
        Text(_parameters(evidence, spend)),
    ]
    return Section(
        "worth",
        "What customers are worth",
        blocks,
        f"As of {evidence.as_of}; discounted at {share(ANNUAL_DISCOUNT, 0)} a year; revenue, not profit. The spend "
        "model takes how often and how much a customer buys as unrelated; among repeat customers their correlation is "
        f"{number(spend.correlation_)}. Purchases on one day are one, so purchases are fewer than orders.",
        short="Value",
    )


def _groups(frequency: np.ndarray) -> int:
    """The frequency from which customers are one group: so that nine in ten stand in groups of their own."""
    return int(np.clip(np.quantile(frequency, 0.9), 7, 60))


def _flat(model: clv.BGNBD) -> bool:
    """Whether a simpler model, which the estimate comes as near as need be, describes the data as well."""
    return (model.ending_ or "").startswith("flat")


def _off(error: float) -> str:
    if error != error:
        return "not testable"
    return f"{share(abs(error))} too {'high' if error > 0 else 'low'}"


def _by_segment(evidence: Evidence, purchases: np.ndarray, value: np.ndarray, horizon: int) -> Table:
    names = np.asarray(evidence.scores["segment"])
    rows = []
    for segment in evidence.scores.summary()["segment"]:
        who = names == segment
        if who.any():
            rows.append(
                (
                    segment,
                    count(int(who.sum())),
                    share(float(evidence.alive[who].mean()), 0),
                    number(float(purchases[who].mean()), 1),
                    money(float(np.nansum(value[who])) / int(who.sum()), evidence.currency),
                    money(float(np.nansum(value[who])), evidence.currency),
                )
            )
    header = ("segment", "customers", "still customers", "purchases each", "value each", "value")
    return Table(f"Expected in the next {horizon} {evidence.period}s, by segment", header, rows)


def _best(evidence: Evidence, purchases: np.ndarray, value: np.ndarray, horizon: int) -> Table:
    customers = evidence.customers
    names = customers["customer"]
    rows = [
        (
            str(names[i]),
            money(float(customers["monetary"][i]), evidence.currency),
            share(float(evidence.alive[i]), 0),
            number(float(purchases[i]), 1),
            money(float(value[i]), evidence.currency),
        )
        for i in np.argsort(-value, kind="stable")[:SHOWN]
    ]
    header = ("customer", "revenue so far", "still a customer", "purchases", "value")
    return Table(f"The most valuable customers of the next {horizon} {evidence.period}s", header, rows)


def _parameters(evidence: Evidence, spend: clv.GammaGamma) -> str:
    def listed(parameters: dict[str, float]) -> str:
        return ", ".join(f"{name} {value:.4g}" for name, value in parameters.items())

    return (
        f"BG/NBD: {listed(evidence.model.parameters_)}; log-likelihood {number(evidence.model.log_likelihood_, 1)}. "
        f"Gamma-Gamma: {listed(spend.parameters_)}; log-likelihood {number(spend.log_likelihood_, 1)}."
    )
