"""Segments to decisions: by hand, by brute force, and beside scipy."""

import itertools
import pickle
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from patronage.decision import TargetPlan, TestMailing, target_segments
from patronage.errors import (
    ColumnNotFound,
    InvalidInput,
    InvalidParameter,
    NotConverged,
    NotEnoughData,
    UnknownName,
)

FRAME = {
    "segment": ["champions", "loyal", "lost", "even"],
    "mailed": [2_000, 5_000, 4_000, 80],
    "responders": [120, 200, 40, 3],
}


def plan_of(frame=FRAME, **options):
    return target_segments(frame, n="mailed", **{"margin": 40, "cost": "1.5"} | options)


def test_by_hand():
    """Break-even 1.5 / 40 = 3/80; 0.06 × 40 − 1.5 = 0.9 a head; 3 of 80 is just the break-even."""
    plan = plan_of()
    assert set(plan.fractions("break_even")) == {Fraction(3, 80)}
    assert plan["decision"] == ["contact", "contact", "leave", "either"]
    assert plan.fractions("profit_per_contact") == [Fraction(x) for x in ("9/10", "1/10", "-11/10", "0")]
    assert (plan.profit_exact, plan.spent, plan.contacts) == (2_300, 10_500, {"champions": 2_000, "loyal": 5_000})
    assert plan["chance_of_profit"].tolist() != plan["chance_of_profit"].tolist()  # unknown without a prior
    floats = plan_of(cost=1.5)
    assert (floats.profit, floats.profit_exact) == (pytest.approx(2_300), None)
    assert floats["decision"] == plan["decision"]
    for lang, word in (("en", "break-even"), ("zh", "盈亏平衡")):
        text = str(plan.explain(lang=lang))
        assert word in text
        assert "0.06 × 40 − 1.5 = +0.9" in text


def test_tables_and_columns():
    table = pd.DataFrame(FRAME).assign(worth=[40, 40, 40, 40], now=[10, 0, 5, 5])
    for frame in (table, pl.from_pandas(table), pl.from_pandas(table).lazy()):
        plan = plan_of(frame, margin="worth", cost=1.5, size="now")
        assert plan.contacts == {"champions": 10}
        assert type(plan.to_frame()).__module__.split(".")[0] == type(frame).__module__.split(".")[0]
    assert TargetPlan.from_json(plan.to_json()) == plan
    assert pickle.loads(pickle.dumps(plan)) == plan
    answer = plan_of().tree("champions")
    assert (answer.emv_exact, answer.choice) == (Fraction(9, 10), ("contact",))


def test_budget_against_all_sets():
    rng = np.random.default_rng(8)
    for _ in range(30):
        k = int(rng.integers(1, 9))
        n = rng.integers(20, 200, k)
        frame = {
            "segment": [f"s{i}" for i in range(k)],
            "mailed": n.tolist(),
            "responders": [int(rng.integers(0, x // 3 + 1)) for x in n],
            "cost": [int(c) for c in rng.integers(1, 6, k)],
        }
        budget = int(rng.integers(0, 1_500))
        plan = plan_of(frame, margin=20, cost="cost", budget=budget)
        profit = [20 * r - c * m for m, r, c in zip(n, frame["responders"], frame["cost"], strict=True)]
        spent = [c * int(m) for m, c in zip(n, frame["cost"], strict=True)]
        sets = itertools.chain.from_iterable(itertools.combinations(range(k), j) for j in range(k + 1))
        best = max(sum(profit[i] for i in s) for s in sets if sum(spent[i] for i in s) <= budget)
        assert plan.profit_exact == best
        assert plan.spent <= budget
        # Parts: a linear programme.
        parts = plan_of(frame, margin=20, cost="cost", budget=budget, divisible=True)
        bound = optimize.linprog([-float(p) for p in profit], A_ub=[spent], b_ub=[budget], bounds=(0, 1))
        assert parts.profit == pytest.approx(-bound.fun, abs=1e-6)
        assert parts.profit >= plan.profit
        most = int(rng.integers(0, 600))
        few = plan_of(frame, margin=20, cost="cost", capacity=most, divisible=True)
        bound = optimize.linprog([-float(p) for p in profit], A_ub=[n], b_ub=[most], bounds=(0, 1))
        assert few.profit == pytest.approx(-bound.fun, abs=1e-6)


def test_shadow_price_and_ties():
    """The loyal bring 0.1 for each 1.5: 1/15 a unit of money."""
    parts = plan_of(budget=5_000, divisible=True)
    assert (parts.profit_exact, parts.shadow_price) == (Fraction(5800, 3), pytest.approx(1 / 15))
    assert not parts.has_ties
    assert plan_of().shadow_price is None
    assert plan_of(budget=20_000).shadow_price == 0
    twins = {"segment": ["a", "b"], "mailed": [10, 10], "responders": [5, 5]}
    assert plan_of(twins, budget=15, divisible=True).has_ties
    assert plan_of(twins, budget=15).has_ties


def test_intervals_and_posteriors():
    plan = plan_of(prior=(1, 25))
    law = stats.beta(1 + 120, 25 + 1_880)
    assert plan.fractions("response")[0] == Fraction(121, 2026)
    assert (plan["low"][0], plan["high"][0]) == pytest.approx(law.ppf([0.025, 0.975]), rel=1e-10)
    assert plan["chance_of_profit"][0] == pytest.approx(law.sf(0.0375), rel=1e-10)
    exact = plan_of(level=0.9)
    for i, (n, r) in enumerate(zip(FRAME["mailed"], FRAME["responders"], strict=True)):
        known = stats.binomtest(r, n).proportion_ci(0.9, "exact")
        assert (exact["low"][i], exact["high"][i]) == pytest.approx((known.low, known.high), rel=1e-9)


def test_a_pooled_prior_is_the_maximum():
    plan = plan_of(prior="pooled")
    a, b = plan.about["prior"]
    n, r = np.array(FRAME["mailed"]), np.array(FRAME["responders"])

    def loss(logs):
        return -stats.betabinom.logpmf(r, n, *np.exp(logs)).sum()

    found = optimize.minimize(loss, [0, 3], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    assert np.exp(found.x) == pytest.approx([a, b], rel=1e-5)
    assert loss(np.log([a, b])) <= found.fun + 1e-9
    alike = {"segment": ["a", "b", "c"], "mailed": [100, 100, 100], "responders": [5, 5, 6]}
    with pytest.raises(NotConverged, match="no more than by chance"):
        plan_of(alike, prior="pooled")


def evsi_by_scipy(a, b, size, m, margin, cost):
    x = np.arange(m + 1)
    after = np.maximum(0, margin * (a + x) / (a + b + m) - cost)
    now = max(0, margin * a / (a + b) - cost)
    return size * (stats.betabinom.pmf(x, m, a, b) @ after - now)


def mailing(size, a, b, m, margin=40, cost=1.5, **options):
    frame = {"segment": ["s"], "mailed": [0], "responders": [0], "size": [size]}
    plan = plan_of(frame, size="size", margin=margin, cost=cost, prior=(a, b))
    return plan.test_mailing("s", m, **options)


def test_a_test_mailing_by_scipy():
    sizes = [1, 10, 100, 737, 5_000]
    for a, b in ((4, 122), (1, 20), (0.5, 0.5), (60, 1_000)):
        test = mailing(20_000, a, b, sizes, cost_per_piece=2)
        mean = a / (a + b)
        for row in test.to_dicts():
            m, gain = row["m"], evsi_by_scipy(a, b, 20_000, row["m"], 40, 1.5)
            assert row["evsi"] == pytest.approx(gain, rel=1e-7, abs=1e-6)
            now = max(0, 40 * mean - 1.5)
            value = m * (40 * mean - 2) + (20_000 - m) * (gain / 20_000 + now)
            assert row["value"] == pytest.approx(value, rel=1e-9, abs=1e-5)
            assert row["net_gain"] == pytest.approx(value - 20_000 * now, rel=1e-6, abs=1e-5)
            assert row["test_cost"] == 2 * m
            if row["contact_from"] is not None:
                x = row["contact_from"]
                assert 40 * (a + x) / (a + b + m) > 1.5
                assert x == 0 or 40 * (a + x - 1) / (a + b + m) <= 1.5
        law = stats.beta(a, b)
        knowing = integrate.quad(lambda p: (40 * p - 1.5) * law.pdf(p), 1.5 / 40, 1, limit=500)[0]  # noqa: B023
        assert test.evpi == pytest.approx(20_000 * (knowing - max(0, 40 * mean - 1.5)), rel=1e-6, abs=1e-5)


def test_a_test_of_one_by_hand():
    """Beta(1, 1), margin 2, cost 1.2: nobody is contacted at p = ½; after one response E[p] = ⅔, and 2/15 a head."""
    test = mailing(100, 1, 1, 1, margin=2, cost="1.2")
    row = test.best
    assert row["contact_from"] == 1
    assert row["evsi"] == pytest.approx(100 * 0.5 * 2 / 15, rel=1e-14)
    assert row["value"] == pytest.approx(2 * 0.5 - 1.2 + 99 * 0.5 * 2 / 15, rel=1e-14)
    # E max(0, 2p − 1.2) = ∫ from .6 to 1 of 2p − 1.2 = .16
    assert test.evpi == pytest.approx(16, rel=1e-14)


@settings(deadline=None)
@given(
    st.floats(0.05, 50),
    st.floats(0.05, 500),
    st.lists(st.integers(1, 3_000), min_size=2, max_size=5),
    st.floats(0.01, 30),
)
def test_information_never_harms(a, b, sizes, cost):
    """0 ≤ EVSI ≤ EVPI, and the larger sample is worth more (Blackwell 1953)."""
    test = mailing(3_000, a, b, sorted(sizes), cost=cost)
    gains = test["evsi"]
    room = 1e-9 * max(1.0, test.evpi, 3_000 * cost)
    assert (gains >= 0).all()
    assert (gains <= test.evpi + room).all()
    assert (np.diff(gains) >= -room).all()


def test_a_huge_sample_is_nearly_perfect():
    test = mailing(10**6, 4, 122, 10**6)
    assert test["evsi"][0] <= test.evpi
    assert test["evsi"][0] == pytest.approx(test.evpi, rel=1e-4)


def test_stored_and_drawn():
    import matplotlib as mpl

    mpl.use("Agg")
    test = mailing(20_000, 4, 122, None)
    assert TestMailing.from_json(test.to_json()) == test
    assert len(test) > 50
    assert test["m"][-1] == 20_000
    assert "EVSI" in str(test.explain(lang="zh"))
    test.plot()
    plan_of(margin=40).plot()
    plan_of({**FRAME, "cost": [1, 2, 3, 4]}, cost="cost", prior=(1, 9)).plot()


@pytest.mark.parametrize(
    ("column", "row", "value", "message"),
    [
        ("responders", 2, 4_001, r"'responders': more responders than .* in 1 row\(s\), first at row 2"),
        ("mailed", 1, 0, "more responders than"),
        ("mailed", 3, -1, "'mailed': no counts in 1 .* first at row 3"),
        ("mailed", 3, 1.5, "no counts"),
        ("mailed", 0, float("nan"), "no counts"),
        ("responders", 0, None, "no counts"),
        ("responders", 0, "many", "no counts"),
        ("segment", 3, "loyal", "there before, such as 'loyal'.* first at row 3"),
        ("worth", 1, float("nan"), "'worth': margins"),
        ("worth", 1, 0, "not above 0"),
        ("worth", 2, -40, "not above 0"),
    ],
)
def test_bad_rows(column, row, value, message):
    frame = {**FRAME, "worth": [40, 40, 40, 40]}
    frame[column] = [value if i == row else x for i, x in enumerate(frame[column])]
    with pytest.raises(InvalidInput, match=message):
        plan_of(frame, margin="worth")


def test_bad_questions():
    with pytest.raises(InvalidInput, match="nobody was contacted"):
        plan_of({"segment": ["a"], "mailed": [0], "responders": [0]})
    with pytest.raises(InvalidInput, match="no name in 1 row"):
        plan_of({**FRAME, "segment": ["a", None, "b", "c"]})
    with pytest.raises(ColumnNotFound, match="sent"):
        target_segments(FRAME, n="sent", margin=40, cost=1)
    for options in (
        {"budget": 1, "capacity": 1},
        {"budget": -1},
        {"budget": float("nan")},
        {"capacity": "x"},
        {"level": 1},
        {"prior": (0, 1)},
        {"prior": (1, 2, 3)},
        {"prior": "flat"},
    ):
        with pytest.raises(InvalidParameter):
            plan_of(**options)
    with pytest.raises(InvalidInput, match="cost"):
        plan_of(cost=-1)
    with pytest.raises(InvalidInput):
        target_segments(object(), n="n", margin=1, cost=1)
    plan = plan_of(prior=(1, 9))
    with pytest.raises(UnknownName, match="nobody"):
        plan.test_mailing("nobody", 10)
    for m in (0, -1, 2_001, []):
        with pytest.raises(InvalidParameter, match="m = "):
            plan.test_mailing("champions", m)
    with pytest.raises(InvalidParameter, match="cost_per_piece"):
        plan.test_mailing("champions", 10, cost_per_piece=-1)
    with pytest.raises(InvalidParameter, match="prior"):
        plan_of().test_mailing("champions", 10)
    with pytest.raises(NotConverged):
        plan_of({"segment": ["a"], "mailed": [9], "responders": [1]}, prior="pooled")
    with pytest.raises(NotEnoughData, match="segments"):
        plan_of({"segment": [], "mailed": [], "responders": []})
