"""Textbook lifetime values against the answers in print."""

import pickle

import polars as pl
import pytest

import patronage as pt
from patronage import errors

ISP = {"margin": 17.95, "retention": 0.995, "discount_rate": 0.01}


def test_the_couriers_customer():
    own = pt.clv.simple_clv(revenue_per_period=1500, periods=120)
    assert own.value == 180_000 == float(own)
    told = pt.clv.simple_clv(revenue_per_period=1500, periods=120, referrals=1)
    assert told.to_dicts() == [{"own_value": 180_000, "referral_value": 180_000, "value": 360_000}]
    assert "180,000 + 180,000 = 360,000" in told.explain().to_text()
    assert "1,500 × 120 = 180,000" in told.explain(lang="zh").to_text()
    assert "口碑" in told.explain(lang="zh").to_text()
    assert "<math" in told._repr_html_()


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        # Farris and others, Marketing Metrics.
        ({**ISP, "first_payment": "end"}, 1190.68),
        ({**ISP, "first_payment": "start"}, 1208.63),
        ({"margin": 18.95, "retention": 0.788, "discount_rate": 0.01, "first_payment": "end"}, 67.26),
        # A mail-order exercise: two timings, two right answers.
        ({"margin": 150, "retention": 0.55, "discount_rate": 0.1, "acquisition_cost": 100, "first_payment": "end"}, 50),
        (
            {"margin": 150, "retention": 0.55, "discount_rate": 0.1, "acquisition_cost": 100, "first_payment": "start"},
            200,
        ),
        # A gift shop's exercise: three.
        ({"first_payment": "end", "survive_before_paying": False}, 386.23),
        ({"first_payment": "start"}, 419.13),
        ({"first_payment": "end", "survive_before_paying": True}, 180.62),
    ],
)
def test_retention(inputs, expected):
    if "margin" not in inputs:
        inputs = {
            "margin": 250,
            "retention": 0.5,
            "discount_rate": 0.08,
            "periods": 4,
            "acquisition_cost": 25,
            **inputs,
        }
    result = pt.clv.retention_clv(**inputs)
    assert round(result.value, 2) == expected
    # Nothing assumed in silence.
    assert result.about["survive_before_paying"] is inputs.get(
        "survive_before_paying", inputs["first_payment"] == "end"
    )
    assert "Payments fall" in str(result)


def test_equity():
    segments = [
        {"segment": "regulars", "customers": 10, "historical": 500, "current": 100, "retention": 0.5},
        {
            "segment": "next year's",
            "customers": 20,
            "current": 100,
            "cross_selling": 20,
            "retention": 0.5,
            "acquisition_cost": 30,
            "joins_after": 1,
        },
    ]
    equity = pt.clv.customer_equity(segments, discount_rate=0.25, periods=3)
    # Regulars: 1 + 0.5/1.25 + 0.25/1.5625 = 1.56; those who join: (1 + 0.5/1.25)/1.25 = 1.12.
    assert equity["current"].tolist() == pytest.approx([1560, 2240])
    assert equity["potential"].tolist() == pytest.approx([0, 448])
    assert equity["acquisition"].tolist() == pytest.approx([0, 480])
    assert equity.value == pytest.approx(1560 + 2240 + 448 - 480)
    assert equity.about["total"]["historical"] == 5000
    assert "客户资产" in equity.explain(lang="zh").to_text()
    table = pt.clv.customer_equity(
        pl.DataFrame([{**s, "joins_after": 0} for s in segments]).fill_null(0), discount_rate=0.25, periods=3
    )
    assert isinstance(table.to_frame(), pl.DataFrame)


def test_lost_customer():
    lost = pt.clv.lost_customer_value(
        yearly_spend=5_000,
        margin=0.2,
        remaining_years=3,
        discount_rate=0.25,
        people_told=10,
        share_lost=0.5,
        yearly_spend_of_told=1_000,
    )
    # 0.8 + 0.64 + 0.512 = 1.952.
    assert lost.to_dicts() == [pytest.approx({"own_value": 1952, "told_value": 1952, "value": 3904})]
    assert "5,000 × 0.2 × 1.952 = 1,952" in lost.explain().to_text()


@pytest.mark.parametrize(
    "result",
    [
        pt.clv.simple_clv(revenue_per_period=1500, periods=120, referrals=1),
        pt.clv.retention_clv(**ISP),
        pt.clv.customer_equity([{"segment": "all", "current": 5}], discount_rate=0.1, periods=3),
    ],
    ids=lambda result: type(result).__name__,
)
def test_results_are_stored_with_their_working(result):
    for again in (type(result).from_json(result.to_json()), pickle.loads(pickle.dumps(result))):
        assert again == result
        assert again.value == result.value
        assert str(again.explain(lang="zh")) == str(result.explain(lang="zh"))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: pt.clv.simple_clv(revenue_per_period=float("nan"), periods=1),
        lambda: pt.clv.simple_clv(revenue_per_period=1, periods=-1),
        lambda: pt.clv.retention_clv(margin=1, retention=1.5, discount_rate=0),
        lambda: pt.clv.retention_clv(margin=1, retention=1, discount_rate=0),
        lambda: pt.clv.retention_clv(margin=1, retention=0.5, discount_rate=0.1, periods=0),
        lambda: pt.clv.retention_clv(margin=1, retention=0.5, discount_rate=0.1, periods=-3),
        lambda: pt.clv.retention_clv(margin=1, retention=0.5, discount_rate=0.1, first_payment="later"),
        lambda: pt.clv.customer_equity([], discount_rate=0.1, periods=3),
        lambda: pt.clv.customer_equity([{"segment": "a", "joins_after": 3}], discount_rate=0.1, periods=3),
        lambda: pt.clv.simple_clv(revenue_per_period=1, periods=1).explain(lang="fr"),
    ],
)
def test_impossible_inputs(wrong):
    with pytest.raises(errors.InvalidParameter):
        wrong()
