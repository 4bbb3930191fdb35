"""The reference cases, through Python: exact values equal as fractions."""

import json
from fractions import Fraction

import pytest

from patronage.decision import DecisionTable, chance, decide, pay


def node(stored):
    if stored["type"] == "terminal":
        return pay(stored["payoff"])
    branches = {}
    for branch in stored["branches"]:
        below = node(branch["node"])
        if "payoff" in branch:
            below = pay(branch["payoff"], at=branch.get("t")) >> below
        branches[branch["label"]] = (branch["p"], below) if stored["type"] == "chance" else below
    return chance(branches, name=stored["id"]) if stored["type"] == "chance" else decide(stored["id"], branches)


def exact(stored):
    return Fraction(stored["exact"] if isinstance(stored, dict) else stored)


def sense(case):
    return {"min": "cost", "max": "profit"}[case["sense"]]


@pytest.fixture
def cases(shared):
    return json.loads(shared("reference/decision_cases.json").read_text("utf8"))["cases"]


def test_trees(cases):
    trees = [case for case in cases if "tree" in case]
    assert len(trees) >= 14
    for case in trees:
        expected = case["expected"].get("tree", case["expected"])
        answer = node(case["tree"]).solve(sense=sense(case), discount_rate=case.get("discount_rate"))
        assert answer.emv_exact == exact(expected["root"]), case["id"]
        assert answer.emv == expected["root"]["float"]
        names = answer["name"]
        for column in ("to_go", "cumulative"):
            found = answer.fractions(column)
            for name, values in expected["nodes"].items():
                assert found[names.index(name)] == exact(values[column]), (case["id"], name)
        profile = [(exact(line["payoff"]), exact(line["p"])) for line in expected["risk_profile_of_optimal_policy"]]
        assert answer.risk_profile().fractions() == profile


def test_tables(cases):
    tables = [case for case in cases if "table" in case]
    assert len(tables) >= 14
    for case in tables:
        given, expected = case["table"], case["expected"].get("table", case["expected"])
        payoffs = {
            name: dict(zip(given["states"], row, strict=True))
            for name, row in zip(given["alternatives"], given["payoffs"], strict=True)
        }
        table = DecisionTable(payoffs, probabilities=given.get("probabilities"))
        answer = table.solve(sense=sense(case), optimism=expected.get("hurwicz", {}).get("alpha"))
        low, high = ("minimin", "minimax") if case["sense"] == "min" else ("maximax", "maximin")
        names = {
            "optimistic": low,
            "pessimistic": high,
            "hurwicz": "Hurwicz",
            "laplace": "Laplace",
            "minimax_regret": "minimax regret",
            "emv": "EMV",
            "eol": "EOL",
        }
        for key, name in names.items():
            if key in expected:
                found = answer.criteria[name]
                assert (found.exact, list(found.choice)) == (exact(expected[key]["value"]), expected[key]["best"])
                values = [exact(value) for value in expected[key]["per_alternative"]]
                assert list(answer.fractions(name).values()) == values, case["id"]
        if "evpi" in expected:
            assert answer.evpi_exact == exact(expected["evpi"])
