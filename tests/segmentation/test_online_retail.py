"""Numbers on Online Retail that were worked out beforehand with pandas and R, without this library."""

import re

import numpy as np
import pytest

import patronage as pt


def test_the_customers_themselves(online_retail):
    assert len(online_retail) == 4338
    assert online_retail["frequency"].sum() == 18_532
    assert online_retail["monetary"].sum() == pytest.approx(8_911_407.90, abs=0.01)
    assert np.median(online_retail["recency"]) == 51
    assert np.median(online_retail["frequency"]) == 2
    assert np.median(online_retail["monetary"]) == pytest.approx(674.48, abs=0.01)
    assert np.mean(online_retail["monetary"]) == pytest.approx(2054.27, abs=0.01)
    assert (online_retail["frequency"] == 1).mean() == pytest.approx(0.344, abs=0.0005)


@pytest.mark.parametrize(
    ("ties", "counts"),
    [
        ("average", [1493, 0, 1343, 630, 872]),
        ("min", [1493, 835, 508, 802, 700]),
        ("max", [0, 1493, 835, 1138, 872]),
    ],
)
def test_customers_of_each_frequency_score(online_retail, ties, counts):
    scores = pt.rfm(online_retail, ties=ties)
    assert np.bincount(scores["f"], minlength=6)[1:].tolist() == counts
    thresholds = scores.thresholds()
    assert thresholds["customers"][5:10].tolist() == counts


@pytest.mark.parametrize("ties", ["average", "min", "max", "first"])
def test_scores_and_names_against_pandas(online_retail, ties):
    """The ranks of pandas and the tutorials' regular expressions."""
    patterns = {
        r"[1-2][1-2]": "Hibernating",
        r"[1-2][3-4]": "At risk",
        r"[1-2]5": "Can't lose",
        r"3[1-2]": "About to sleep",
        r"33": "Need attention",
        r"[3-4][4-5]": "Loyal customers",
        r"41": "Promising",
        r"51": "New customers",
        r"[4-5][2-3]": "Potential loyalists",
        r"5[4-5]": "Champions",
    }
    frame = online_retail.to_pandas().sort_values("customer")
    n = len(frame)
    # ⌈5 × rank / n⌉ in whole numbers: pandas' ranks are multiples of a half.
    score = {
        letter: -(-5 * (2 * values.rank(method=ties)).astype(int) // (2 * n))
        for letter, values in (("r", -frame["recency"]), ("f", frame["frequency"]), ("m", frame["monetary"]))
    }
    names = [
        next(name for pattern, name in patterns.items() if re.fullmatch(pattern, f"{r}{f}"))
        for r, f in zip(score["r"], score["f"], strict=True)
    ]
    result = pt.rfm(online_retail, ties=ties).to_pandas().sort_values("customer")
    for letter, expected in score.items():
        assert result[letter].tolist() == expected.tolist()
    assert result["segment"].tolist() == names


def test_the_pyramid_holds_what_it_should(online_retail):
    summary = pt.pyramid(online_retail, preset="curry").summary()
    assert summary["tier"] == ["Top", "Big", "Medium", "Small"]
    assert summary["customers"].tolist() == [44, 217 - 44, 868 - 217, 4338 - 868]
    assert 100 * np.cumsum(summary["share_of_value"])[:3] == pytest.approx([32.00, 50.38, 74.62], abs=0.005)
    textbook = pt.pyramid(online_retail, preset="textbook").summary()
    assert 100 * textbook["share_of_value"][:3].sum() == pytest.approx(92.17, abs=0.005)


def test_concentration(online_retail):
    tiers = pt.pyramid(online_retail)
    assert tiers.gini() == pytest.approx(0.7151, abs=0.00005)
    # ABC by cumulative value: class A has 1,133 customers, A and B together 1,133 + 1,469.
    assert tiers.customers_holding(0.8) == 1133
    assert tiers.customers_holding(0.95) == 1133 + 1469


def test_deciles(online_retail):
    deciles = {f"{k}": "0.1" for k in range(1, 11)}
    shares = pt.pyramid(online_retail, preset=deciles).summary()["share_of_value"]
    expected = [0.614, 0.132, 0.082, 0.055, 0.039, 0.028, 0.020, 0.015, 0.010, 0.005]
    assert shares == pytest.approx(expected, abs=0.0005)


def test_the_biggest_customer_is_a_champion(online_retail):
    scores = pt.rfm(online_retail)
    place = scores["customer"].tolist().index(14646)
    assert scores["segment"][place] == "Champions"
    assert scores["monetary"][place] == pytest.approx(280_206.02)
    assert "ceil(5 × 4,338 / 4,338) = 5" in scores.explain(14646).to_text()


def test_the_result_says_as_of_when_and_how_ties_went(online_retail):
    for result in (pt.rfm(online_retail), pt.pyramid(online_retail)):
        assert result.about["as_of"] == "2011-12-10"
        assert "as_of='2011-12-10'" in repr(result)
        assert "ties" in repr(result)
        assert "2011-12-10" in result._repr_html_()
