"""Multiples, cohorts, referral, budgets and migration: from Python, stored, drawn, and with bad input."""

import numpy as np
import polars as pl
import pytest
from scipy.optimize import brentq, minimize_scalar

import patronage as pt
from patronage import errors

ALIVE = [1000, 631, 468, 382, 326]
MAIL = {"contribution": 40, "mailing_cost": 4, "discount_rate": 0.2}
P = [0.3, 0.2, 0.15, 0.05]
FIRSTS = ("start", "middle", "end")


def referral(**more):
    inputs = {"people_told": 10, "conversion": 0.3, "would_have_bought": 0.5, "value_per_referred": 80, "periods": 2}
    return pt.clv.referral_value(**{**inputs, "saved_acquisition": 20, "reward": 5, "discount_rate": 0.25, **more})


RESULTS = [
    pt.clv.margin_multiple(retention=0.8, discount_rate=0.1),
    pt.clv.margin_multiples(retentions=[0.8, 0.6], discount_rates=[0.1, 0.2], first_payment="middle"),
    pt.clv.required_retention(margin=10, discount_rate=0.1, acquisition_cost=20, periods=5),
    pt.clv.promotion_clv(contribution=260, promotion_cost=50, retention=0.75, discount_rate=0.2, periods=None),
    pt.clv.cohort_value(ALIVE, margin=100, discount_rate=0.1, acquisition_cost=200),
    referral(),
    pt.clv.acquisition_budget(ceiling=0.4, customer_value=100, known_spend=5, known_rate=0.1),
    pt.clv.retention_budget(ceiling=0.9, margin=100, discount_rate=0.1, k=0.1, spend_at="start"),
    pt.clv.migration_clv([[0.6, 0.4], [0.1, 0.9]], [10, -1], discount_rate=0.1, states=["新", "旧"]),
    pt.clv.recency_clv(P, **MAIL, horizon=4, stop_at=3),
    pt.clv.customer_equity([{"segment": "a$b", "current": 9, "cross_selling": 2}], discount_rate=0.1, periods=3),
]
NAMES = [type(result).__name__ for result in RESULTS]


@pytest.mark.parametrize("result", RESULTS, ids=NAMES)
def test_stored_and_explained(result):
    again = type(result).from_json(result.to_json())
    assert again == result
    for lang in ("en", "zh"):
        text = str(result.explain(lang=lang))
        assert str(again.explain(lang=lang)) == text
        assert " = " in text
        assert any("一" <= letter <= "鿿" for letter in text.splitlines()[0]) == (lang == "zh")
    if hasattr(result, "value"):
        assert float(again) == result.value


@pytest.mark.parametrize("result", [r for r in RESULTS if hasattr(r, "plot")], ids=lambda r: type(r).__name__)
def test_pictures(result):
    ax = result.plot()
    ax.figure.canvas.draw()
    assert ax.get_title(loc="left")


def test_a_multiple_at_once_is_one_more():
    ends = pt.clv.margin_multiples(retentions=[0.6, 0.9], discount_rates=[0.1, 0.16]).matrix()
    starts = pt.clv.margin_multiples(retentions=[0.6, 0.9], discount_rates=[0.1, 0.16], first_payment="start").matrix()
    np.testing.assert_allclose(starts, ends + 1, rtol=1e-12)
    assert RESULTS[0].about["survive_before_paying"] is True


@pytest.mark.parametrize("first", FIRSTS)
@pytest.mark.parametrize("survive", [True, False])
@pytest.mark.parametrize("periods", [None, 6])
def test_required_retention_against_brentq(first, survive, periods):
    timing = {"first_payment": first, "survive_before_paying": survive, "periods": periods}
    needed = pt.clv.required_retention(margin=30, discount_rate=0.1, acquisition_cost=70, target=5, **timing)
    root = brentq(
        lambda r: pt.clv.retention_clv(
            margin=30, retention=r, discount_rate=0.1, acquisition_cost=70, **timing
        ).value - 5,
        0, 1, xtol=1e-15,
    )  # fmt: skip
    assert needed.value == pytest.approx(root, rel=1e-12)
    assert needed["clv"][0] == pytest.approx(5, abs=1e-9)


def test_a_target_met_by_nobody_staying_and_one_out_of_reach():
    assert pt.clv.required_retention(margin=9, discount_rate=0.1, first_payment="start", target=8).value == 0
    with pytest.raises(errors.InvalidParameter, match="at most 90"):
        pt.clv.required_retention(margin=9, discount_rate=0.1, target=91)


def test_cohort_table():
    cohort = RESULTS[4]
    # 1000 × 100, 63,100/1.1, 46,800/1.21 … per 1,000 acquired: 100, 157.36, 196.04, 224.74, 247.01.
    assert cohort["per_customer"].round(2).tolist() == [100, 157.36, 196.04, 224.74, 247.01]
    assert cohort["retention"][1:] == pytest.approx([0.631, 468 / 631, 382 / 468, 326 / 382])
    assert np.isnan(cohort["retention"][0])
    assert cohort.break_even == 3
    assert cohort.value == pytest.approx(47.00778635339114)
    assert pt.clv.cohort_value(ALIVE, margin=100, discount_rate=0.1, acquisition_cost=250).break_even is None
    frame = pl.DataFrame({"customers": ALIVE})
    table = pt.clv.cohort_value(frame, margin=[100, 90, 80, 70, 60], discount_rate=0)
    assert isinstance(table.to_frame(), pl.DataFrame)
    assert table.value == pytest.approx(100 + 0.631 * 90 + 0.468 * 80 + 0.382 * 70 + 0.326 * 60)


@pytest.fixture
def log():
    rows = [("a", "2024-01-03"), ("a", "2024-02-05"), ("a", "2024-03-31"), ("b", "2024-01-09"), ("b", "2024-03-01"),
            ("c", "2024-02-14"), ("d", "2024-01-20"), ("c", "2024-04-10")]  # fmt: skip
    return pt.TransactionLog(
        {"customer": [c for c, _ in rows], "time": [t for _, t in rows]}, customer="customer", time="time"
    )


def test_cohort_from_a_log(log):
    # Of the three of January one came in February and two in March; April is not over.
    cohort = pt.clv.cohort_value(log.cohorts(), cohort="2024-01-01", margin=10, discount_rate=0)
    assert cohort["customers"].tolist() == [3, 1, 2]
    assert cohort["retention"][2] == 2
    assert cohort.value == 20
    assert cohort.about["cohort"] == "2024-01-01"
    with pytest.raises(errors.InvalidParameter, match="2024-01-01, 2024-02-01"):
        pt.clv.cohort_value(log.cohorts(), margin=10, discount_rate=0)
    with pytest.raises(errors.InvalidParameter, match="2023-01-01"):
        pt.clv.cohort_value(log.cohorts(), cohort="2023-01-01", margin=10, discount_rate=0)


def test_referral_by_hand():
    # 3 come a period, 1.5 of them because of it; annuity 0.8 + 0.64.
    value = referral()
    parts = {"won": 1.5, "anyway": 1.5, "won_value": 172.8, "saved_value": 86.4, "rewards": 21.6, "value": 237.6}
    assert value.to_dicts() == [pytest.approx(parts)]
    assert "= 3 × 20 × 1.44 = 86.40" in str(value)
    assert referral(would_have_bought=1, reward=0).value == pytest.approx(86.4)


@pytest.mark.parametrize("spend_at", FIRSTS)
def test_retention_budget_against_scipy(spend_at):
    best = pt.clv.retention_budget(ceiling=0.8, margin=60, discount_rate=0.15, k=0.07, spend_at=spend_at)
    lift = 1.15 ** (1 - FIRSTS.index(spend_at) / 2)

    def lost(spend):
        r = 0.8 * (1 - np.exp(-0.07 * spend))
        return -(r * 60 - spend * lift) / (1.15 - r)

    found = minimize_scalar(lost, bounds=(0, 60), method="bounded", options={"xatol": 1e-10})
    assert best.value == pytest.approx(-found.fun, rel=1e-12)
    assert best.spend == pytest.approx(found.x, abs=1e-5)
    points = best.points(50)
    assert points["value"].max() <= best.value
    assert points["value"] == pytest.approx(-lost(points["spend"]))


def test_money_that_does_not_pay_is_not_spent():
    assert pt.clv.acquisition_budget(ceiling=0.4, customer_value=49, k=0.05).to_dicts() == [
        {"k": 0.05, "spend": 0, "rate": 0, "value": 0}
    ]
    none = pt.clv.retention_budget(ceiling=0.4, margin=10, discount_rate=0.1, k=0.05)
    assert (none.spend, none.value) == (0, 0)
    for budget in (none, pt.clv.acquisition_budget(ceiling=0.4, customer_value=49, k=0.05)):
        assert "nothing should be spent" in str(budget)
        budget.plot().figure.canvas.draw()


def test_both_budgets_together():
    """Blattberg and Deighton's customer equity a(m + V) − A has its summit where both budgets stand."""
    keep = pt.clv.retention_budget(ceiling=0.7, margin=50, discount_rate=0.1, k=0.1)
    win = pt.clv.acquisition_budget(ceiling=0.5, customer_value=50 + keep.value, k=0.04)

    def equity(spend, keeping):
        a, r = 0.5 * (1 - np.exp(-0.04 * spend)), 0.7 * (1 - np.exp(-0.1 * keeping))
        return a * (50 + (r * 50 - keeping) / (1.1 - r)) - spend

    assert win.value == pytest.approx(equity(win.spend, keep.spend), rel=1e-12)
    around = np.meshgrid(win.spend * np.linspace(0.5, 2, 61), keep.spend * np.linspace(0.5, 2, 61))
    assert equity(*around).max() <= win.value + 1e-12


def test_recency_by_the_general_chain():
    p = np.zeros((5, 5))
    p[range(4), 0], p[range(4), range(1, 5)], p[4, 4] = P, 1 - np.array(P), 1
    rewards = np.array([36, -4, -4, -4, 0])
    clv = pt.clv.migration_clv(p, rewards, discount_rate=0.2)
    assert clv["value"] == pytest.approx(np.linalg.inv(np.eye(5) - p / 1.2) @ rewards)
    mailed = pt.clv.recency_clv(P, **MAIL)
    assert mailed["value"] == pytest.approx(clv["value"])
    assert mailed.best_stop == 4
    assert "from recency 4" in str(mailed)
    late = pt.clv.migration_clv(p, rewards, discount_rate=0.2, first_payment="end")
    assert late["value"] == pytest.approx(clv["value"] / 1.2)


def test_chains_without_discounting():
    gone = pt.clv.migration_clv([[0.5, 0.5], [0, 1]], [10, 0], discount_rate=0)
    assert gone["value"].tolist() == [20, 0]
    with pytest.raises(errors.InvalidParameter, match="never end from state '1'"):
        pt.clv.migration_clv([[0.5, 0.5], [0, 1]], [10, 1], discount_rate=0)
    assert pt.clv.migration_clv([[0.5, 0.5], [0, 1]], [10, 1], discount_rate=0, horizon=1)["value"].tolist() == [
        15.5,
        2,
    ]
    assert pt.clv.migration_clv([[1.0]], [3], discount_rate=0, horizon=0).value == 3


RATES = {"discount_rate": 0.1}
CURVE = {"ceiling": 0.4, "customer_value": 100}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: pt.clv.margin_multiple(retention=1, discount_rate=0),
        lambda: pt.clv.margin_multiple(retention=-0.1, discount_rate=0.1),
        lambda: pt.clv.margin_multiples(retentions=[], discount_rates=[0.1]),
        lambda: pt.clv.margin_multiples(retentions=["high"], discount_rates=[0.1]),
        lambda: pt.clv.margin_multiples(retentions=[0.5, 1.5], discount_rates=[0.1]),
        lambda: pt.clv.required_retention(margin=0, **RATES),
        lambda: pt.clv.required_retention(margin=1, target=float("nan"), **RATES),
        lambda: pt.clv.required_retention(margin=1, discount_rate=-1),
        lambda: pt.clv.promotion_clv(contribution=1, promotion_cost=1, retention=0.5, periods=0, **RATES),
        lambda: pt.clv.promotion_clv(contribution=1, promotion_cost=1, retention=0.5, periods=2**32 - 1, **RATES),
        lambda: pt.clv.promotion_clv(
            contribution=1, promotion_cost=1, retention=0.5, periods=2, promotion_at="late", **RATES
        ),
        lambda: pt.clv.cohort_value([], margin=1, **RATES),
        lambda: pt.clv.cohort_value([0, 0], margin=1, **RATES),
        lambda: pt.clv.cohort_value([[3, 2]], margin=1, **RATES),
        lambda: pt.clv.cohort_value([3, 2], margin=1, cohort="2024-01-01", **RATES),
        lambda: pt.clv.cohort_value([3, 2], margin=1, first_payment="soon", **RATES),
        lambda: referral(conversion=1.2),
        lambda: referral(periods=0),
        lambda: referral(discount_rate=float("inf")),
        lambda: pt.clv.acquisition_budget(**CURVE),
        lambda: pt.clv.acquisition_budget(**CURVE, k=0.1, known_spend=3),
        lambda: pt.clv.acquisition_budget(**CURVE, known_spend=3),
        lambda: pt.clv.acquisition_budget(**CURVE, known_spend=3, known_rate=0.4),
        lambda: pt.clv.acquisition_budget(**CURVE, k=0),
        lambda: pt.clv.acquisition_budget(**CURVE, k=1e-308),
        lambda: pt.clv.acquisition_budget(ceiling=1.1, customer_value=1, k=1),
        lambda: pt.clv.retention_budget(ceiling=0.5, margin=1, discount_rate=0.1, k=1, spend_at="never"),
        lambda: RESULTS[6].points(0),
        lambda: pt.clv.migration_clv([1, 2], [1, 2], **RATES),
        lambda: pt.clv.migration_clv([], [], **RATES),
        lambda: pt.clv.migration_clv([[1.0]], [1], horizon=-1, **RATES),
        lambda: pt.clv.recency_clv([], **MAIL),
        lambda: pt.clv.recency_clv([1.5], **MAIL),
        lambda: pt.clv.recency_clv(P, **MAIL, stop_at=6),
        lambda: pt.clv.recency_clv(P, **MAIL, stop_at=0),
    ],
)
def test_impossible_inputs(wrong):
    with pytest.raises(errors.InvalidParameter):
        wrong()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: pt.clv.cohort_value([3, float("nan"), -1], margin=1, **RATES), "'customers'.* 2 row.* row 1"),
        (lambda: pt.clv.cohort_value([3, 4], margin=1, **RATES), "more customers than were acquired .*row 1"),
        (lambda: pt.clv.cohort_value([3, 2], margin=[1, float("inf")], **RATES), "'margin'.*row 1"),
        (lambda: pt.clv.cohort_value([3, 2], margin=[1, 1, 1], **RATES), "'margin' has 3 rows where 2"),
        (lambda: pt.clv.migration_clv([[0.5, 0.4], [0, 1]], [1, 1], **RATES), "sum to 0.9.*row 0"),
        (lambda: pt.clv.migration_clv([[1, 0], [-1, 2]], [1, 1], **RATES), "probability -1.*row 1"),
        (lambda: pt.clv.migration_clv([[1, 0]], [1], **RATES), "2 rows where 1|2 were|has 2"),
        (lambda: pt.clv.migration_clv([[1.0]], [float("nan")], **RATES), "'rewards'.*NaN"),
        (lambda: pt.clv.migration_clv([[1.0]], [1, 2], **RATES), "'rewards' has 2 rows where 1"),
        (lambda: pt.clv.migration_clv(np.eye(501), np.ones(501), **RATES), "limit of 500"),
        (lambda: pt.clv.migration_clv([[1.0]], [1], discount_rate=0, horizon=2**32 - 1), "horizon"),
        (lambda: pt.clv.recency_clv([0.5] * 101, **MAIL), "limit of 100"),
        (lambda: pt.clv.recency_clv([0.5] * 100, **MAIL, horizon=10**6), "horizon"),
        (lambda: pt.clv.simple_clv(revenue_per_period=1e300, periods=1e300), "too large"),
        (lambda: pt.clv.retention_clv(margin=1e308, retention=0.9, discount_rate=0), "too large"),
    ],
)
def test_bad_columns_and_limits(wrong, says):
    with pytest.raises((errors.PatronageError, ValueError), match=says):
        wrong()


def test_a_long_relationship_without_fading_is_shown_without_a_quotient_of_zeros():
    text = str(pt.clv.retention_clv(margin=10, retention=1, discount_rate=0, periods=5))
    assert "CLV = m × n = 10 × 5 = 50" in text
