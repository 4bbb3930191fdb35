"""Every textbook case of the shared reference, each with its source there, against our answers."""

import json

import numpy as np
import pytest

import patronage as pt

CASES = {
    # Peters (1987), "The customer as appreciating asset".
    "fedex-peters": lambda i, _: [simple(i["per_month"], i["months"] * i["years"])],
    "fedex-peters-referral": lambda i, _: referred(i["base"], i["referred_lifelong_customers"]),
    "stew-leonard": lambda i, _: [simple(i["per_week"], i["weeks"] * i["years"])],
    "restaurant-peters": lambda i, _: referred(i["base"], i["referred"]),
    # Farris and others, Marketing Metrics.
    "net-4-you": lambda i, _: [retained(i, i["price"] - i["variable_cost"] - i["loyalty"], first_payment="end")],
    "net-4-you-b": lambda i, _: [
        pt.clv.required_retention(margin=i["margin"], discount_rate=i["d"], target=i["target"]).value
    ],
    "isp-marketing-metrics": lambda i, _: [
        retained(i, i["price"] - i["variable_cost"] - i["marketing"], first_payment="end")
    ],
    "isp-marketing-metrics-immediate": lambda i, _: [retained(i, i["margin"], first_payment="start")],
    "isp-marketing-metrics-halved": lambda i, _: [retained(i, i["margin"], first_payment="end")],
    # Exercises on question pages: two right answers, and three.
    "llbean": lambda i, _: [
        retained(i, i["margin"], first_payment=first, acquisition_cost=i["acquisition"]) for first in ("end", "start")
    ],
    "ggg-4-year": lambda i, _: [
        retained(i, i["cash"], periods=i["years"], acquisition_cost=i["acquisition"], **timing)
        for timing in (
            {"first_payment": "end", "survive_before_paying": False},
            {"first_payment": "start", "survive_before_paying": False},
            {"first_payment": "end", "survive_before_paying": True},
        )
    ],
    # Berger and Nasr (1998), case 1.
    "berger-nasr-case1": lambda i, _: [
        pt.clv.promotion_clv(
            contribution=i["GC"], promotion_cost=i["M"], retention=i["r"], discount_rate=i["d"], periods=i["n"]
        ).value
    ],
    # Pfeifer and Carraway (2000); the stops are of the same customers.
    "pfeifer-carraway-T4": lambda i, _: recency(i, horizon=i["T"]),
    "pfeifer-carraway-infinite": lambda i, _: recency(i),
    "pfeifer-carraway-stop-at-4": lambda _, cases: recency(cases["pfeifer-carraway-infinite"]["inputs"], stop_at=4),
    "pfeifer-carraway-stop-at-3": lambda _, cases: recency(cases["pfeifer-carraway-infinite"]["inputs"], stop_at=3),
    # Gupta and Lehmann, Managing Customers as Investments.
    "margin-multiple": lambda _, cases: (
        pt.clv.margin_multiples(retentions=cases["margin-multiple"]["r"], discount_rates=cases["margin-multiple"]["d"])
        .matrix()
        .ravel()
    ),
    # Blattberg and Deighton (1996), an example made for their curve.
    "blattberg-deighton-constructed": lambda i, _: [
        pt.clv.acquisition_budget(ceiling=i["ceiling"], k=i["k"], customer_value=i["clv"])[name][0]
        for name in ("spend", "rate", "value")
    ],
    # Fader and Hardie (2014), note 032: the counts.
    "cohort-sbg-regular": lambda i, _: [
        pt.clv.cohort_value(i["alive"], margin=i["margin"], discount_rate=i["d"], include_first=first).value
        for first in (True, False)
    ],
}


def simple(revenue, periods):
    return pt.clv.simple_clv(revenue_per_period=revenue, periods=periods).value


def referred(base, friends):
    told = pt.clv.referral_value(
        people_told=friends, conversion=1, would_have_bought=0, value_per_referred=base, periods=1, discount_rate=0,
        first_payment="start",
    )  # fmt: skip
    return [base + told.value]


def retained(inputs, margin, **timing):
    return pt.clv.retention_clv(margin=margin, retention=inputs["r"], discount_rate=inputs["d"], **timing).value


def recency(inputs, **more):
    clv = pt.clv.recency_clv(
        inputs["p"], contribution=inputs["NC"], mailing_cost=inputs["M"], discount_rate=inputs["d"], **more
    )
    return clv["value"]


def _numbers(value):
    if isinstance(value, dict):
        return list(value.values())
    return np.ravel(value).tolist()


def test_every_case(shared):
    cases = {case["id"]: case for case in json.loads(shared("reference/clv.json").read_text())["textbook"]}
    assert cases.keys() == CASES.keys()
    assert len(cases) == 19
    for name, case in cases.items():
        theirs = [number for key in case if key.startswith("value") for number in _numbers(case[key])]
        ours = np.asarray(CASES[name](case["inputs"] if isinstance(case.get("inputs"), dict) else {}, cases))
        # To 1e-12, or the eight and ten decimals that are given.
        given = {"pfeifer": 1e-8, "margin-": 1e-10}.get(name[:7], 1e-12)
        assert ours == pytest.approx(theirs, rel=given, abs=given), name
