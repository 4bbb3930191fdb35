"""Attitude to risk, strategies, dominance, several measures; held against scipy, brute force and published values."""

import json
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patronage import Result
from patronage.decision import RiskProfile, Utility, chance, decide, pay
from patronage.errors import InvalidParameter, InvalidTree, LimitExceeded, PatronageError


def gamble(gain=20, loss=-10):
    return decide("Game", {"play": chance({"win": ("1/2", gain), "lose": ("#", loss)}), "do not play": 0})


def test_mark_simkin_plays():
    # Render, Stair and Hanna, chapter 3: .1625 against .15.
    utility = Utility.table({-10_000: ".05", 0: ".15", 10_000: ".30"})
    tree = decide("", {"play": chance({"up": (".45", 10_000), "down": ("#", -10_000)}), "not": 0})
    answer = tree.solve(utility=utility)
    assert (answer.choice, answer.emv) == (("play",), -1000)
    assert (answer.expected_utility, answer.about["utility"]) == (0.1625, "table")
    assert answer.certainty_equivalent == pytest.approx(2500 / 3)
    assert answer.risk_premium == pytest.approx(-1000 - 2500 / 3)
    assert answer.certainty_equivalent_at(2) == 0
    working = str(answer.explain())
    assert "E[u] = (0.45)(u(10,000)) + (0.55)(u(−10,000)) = 0.1625" in working
    assert "确定性等值" in str(answer.explain(lang="zh"))
    assert tree.solve().certainty_equivalent is None
    with pytest.raises(InvalidParameter, match="EVPI"):
        _ = answer.evpi


def test_the_oil_wildcatter(shared):
    # SAS/OR, PROC DTREE: CE(drill) = −13,580 at a risk tolerance of 700,000.
    cases = json.loads(shared("reference/decision_cases.json").read_text("utf8"))["cases"]
    case = next(case for case in cases if case["id"] == "sas_oil_wildcatter")
    expected = case["expected"]["certainty_equivalent_exponential"]
    oil = chance({"dry": (".5", 0), "wet": (".3", 700_000), "soaking": (".2", 1_200_000)})
    costs = {"low": (".2", -150_000), "fair": (".6", -300_000), "high": (".2", -500_000)}
    drill = chance({name: (p, pay(cost) >> oil) for name, (p, cost) in costs.items()})
    tree = decide("", {"Drill": drill, "Not drill": 0})
    answer = tree.solve(utility=Utility.exponential(expected["risk_tolerance"]))
    assert answer.choice == (expected["decision"],)
    assert answer.certainty_equivalent_at(1) == pytest.approx(expected["drill"]["float"], rel=1e-10)
    assert "ln(" in str(answer.explain())


def test_break_even_risk_tolerance():
    from scipy.optimize import brentq

    regions = gamble(30, -20).solve().tolerance_regions()
    root = brentq(lambda r: 0.5 * math.exp(-30 / r) + 0.5 * math.exp(20 / r) - 1, 10, 1000, xtol=1e-12)
    assert regions.break_even() == [pytest.approx(root, rel=1e-11)]
    assert regions["best"] == [["do not play"], ["play"]]
    assert regions["from"][0] == 0
    assert np.isnan(regions["to"][1])


@given(st.floats(5, 500), st.lists(st.tuples(st.integers(1, 9), st.integers(-50, 50)), min_size=1, max_size=6))
def test_utilities_in_python(tolerance, lottery):
    total = sum(weight for weight, _ in lottery)
    event = chance({str(i): (Fraction(w, total), x) for i, (w, x) in enumerate(lottery)})
    p = np.array([w / total for w, _ in lottery])
    x = np.array([float(x) for _, x in lottery])
    for utility, expected in [
        (Utility.exponential(tolerance), -tolerance * np.log(p @ np.exp(-x / tolerance))),
        (Utility.logarithmic(100), np.exp(p @ np.log(100 + x)) - 100),
        (Utility.power(2, 100), 1 / (p @ (1 / (100 + x))) - 100),
        (Utility.power(1, 100), np.exp(p @ np.log(100 + x)) - 100),
    ]:
        answer = event.solve(utility=utility)
        assert answer.certainty_equivalent == pytest.approx(expected, abs=1e-9)
        assert answer.risk_profile().certainty_equivalent(utility) == pytest.approx(expected, abs=1e-9)
        assert answer.expected_utility == pytest.approx(utility(answer.certainty_equivalent), rel=1e-9)


def test_costs_are_losses():
    insure = decide("", {"insure": 12, "carry the risk": chance({"fire": (".1", 100), "none": ("#", 0)})})
    assert insure.solve(sense="cost").choice == ("carry the risk",)
    answer = insure.solve(sense="cost", utility=Utility.exponential(50))
    assert (answer.choice, answer.certainty_equivalent) == (("insure",), 12)
    risk = answer.certainty_equivalent_at(2)
    assert risk == pytest.approx(50 * math.log(0.1 * math.exp(2) + 0.9))


def test_strategies():
    dig = chance({"gas": (".7", 25), "none": ("#", -3)})
    tree = decide("Plot", {"test": chance({"good": (".5", {"sell": 6, "dig": dig}), "bad": ("#", 1)}), "sell": 8})
    found = tree.solve().strategies()
    assert found["strategy"] == [
        "Plot: “test”; after test → good: “sell”",
        "Plot: “test”; after test → good: “dig”",
        "Plot: “sell”",
    ]
    assert found.fractions() == [Fraction(7, 2), Fraction(44, 5), 8]
    assert found["best"].tolist() == [False, True, False]
    assert found.risk_profile(1).fractions() == [(-3, Fraction(3, 20)), (1, Fraction(1, 2)), (25, Fraction(7, 20))]
    assert tree.solve().strategies(lang="zh")["strategy"][2].startswith("Plot：")
    with pytest.raises(LimitExceeded, match="3"):
        tree.solve().strategies(limit=2)
    assert "certainty_equivalent" in tree.solve(utility=Utility.exponential(10)).strategies().columns


def test_profiles():
    profile = chance({"good": (".4", 60), "fair": (".5", 10), "bad": ("#", -40)}).solve().risk_profile()
    assert profile.cumulative().fractions() == [(-40, Fraction(1, 10)), (10, Fraction(3, 5)), (60, 1)]
    assert (profile.mean, profile.standard_deviation) == (25.0, pytest.approx(32.01562118716424))
    assert (profile.value_at_risk(".1"), profile.value_at_risk(".11"), profile.cvar(".1")) == (-40, 10, -40)
    again = Result.from_json(profile.to_json())
    assert isinstance(again, RiskProfile)
    assert again.cvar(0.2) == pytest.approx(-15)
    assert pickle.loads(pickle.dumps(profile)) == profile
    for level in (0, 2, "x", float("nan"), "#"):
        with pytest.raises(PatronageError):
            profile.cvar(level)
    with pytest.raises(InvalidParameter, match="node"):
        gamble().solve().risk_profile(99)


def test_dominance():
    answer = decide(
        "",
        {
            "sure": 10,
            "risky": chance({"up": ("1/2", 20), "down": ("#", 0)}),
            "worse": chance({"up": ("1/2", 19), "down": ("#", 0)}),
        },
    ).solve()
    rows = {(row["better"], row["worse"]): row["order"] for row in answer.dominance().to_dicts()}
    assert rows == {("sure", "risky"): "second", ("sure", "worse"): "second", ("risky", "worse"): "first"}
    sure, risky = answer.risk_profile(1), answer.risk_profile(2)
    assert (sure.dominates(risky), risky.dominates(sure), sure.dominates(sure)) == ("second", None, None)
    with pytest.raises(InvalidTree, match="no decision"):
        chance({"a": (1, 2)}).solve().dominance()


def test_measures():
    jobs = decide(
        "",
        {
            "large": pay(-5, days=1) >> chance({"on time": (".5", pay(105, hours=8)), "late": ("#", 95)}),
            "small": pay(70, hours=2),
        },
    )
    answer = jobs.solve()
    assert (answer.choice, answer.emv) == (("large",), 95)
    measures = answer.measures()
    assert measures["hours_cumulative"].tolist()[:3] == [4, 4, 2]
    assert measures["days_cumulative"].tolist()[:3] == [1, 1, 0]
    weighed = jobs.solve(by={"payoff": 1, "hours": "-20"})
    assert (weighed.choice, weighed.emv) == (("small",), 30)
    assert weighed.about["by"] == {"payoff": "1", "hours": "-20"}
    assert "payoff + (−20) × hours" in str(weighed.explain())
    assert pickle.loads(pickle.dumps(weighed)).emv == 30
    assert jobs.solve(by="hours").emv == 4
    with pytest.raises(KeyError, match="payoff, days, hours"):
        jobs.solve(by="weeks")


def test_compounding_is_stated():
    tree = decide("", {"later": pay(100, at=2)})
    answer = tree.solve(discount_rate=".1", compounding="continuous")
    assert answer.emv == pytest.approx(100 * math.exp(-0.2), rel=1e-14)
    assert (answer.about["compounding"], answer.emv_exact) == ("continuous", None)
    assert tree.solve(discount_rate=".1").about["compounding"] == "period"
    assert "连续复利" in str(answer.explain(lang="zh"))
    with pytest.raises(InvalidParameter, match="compounding"):
        tree.solve(discount_rate=".1", compounding="daily")


@pytest.mark.parametrize(
    "utility",
    [
        Utility.exponential(0),
        Utility.exponential("x"),
        Utility.exponential(float("nan")),
        Utility.power(float("inf"), 1),
        Utility.table({0: 1}),
        Utility.table({0: 1, 1: 0}),
        Utility("unknown", ()),
        "exponential",
    ],
)
def test_wrong_utilities(utility):
    with pytest.raises(InvalidParameter):
        gamble().solve(utility=utility)


def test_utilities_are_not_stretched():
    for utility in (Utility.logarithmic(10), Utility.power(0.5, 5), Utility.table({0: 0, 100: 1})):
        with pytest.raises(InvalidTree, match="lose"):
            gamble().solve(utility=utility)
