"""Marking and exercises: every mistake is simulated here in plain fractions."""

import json
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from patronage.decision import DecisionTable, Marking, chance, decide, exercise, pay, study
from patronage.errors import InvalidParameter, UnknownName

PAYOFFS = {
    "large": {"favourable": 100_000, "unfavourable": -90_000},
    "medium": {"favourable": 60_000, "unfavourable": -10_000},
    "small": {"favourable": 40_000, "unfavourable": -5_000},
    "none": {"favourable": 0, "unfavourable": 0},
}


@pytest.fixture
def hospital():
    return DecisionTable(PAYOFFS, probabilities={"favourable": ".4", "unfavourable": "#"}).solve(optimism=".7")


def mistakes(marking):
    return [set(names) for names in marking["mistakes"]]


def test_the_hospital(hospital):
    """Heizer & Render: EMV 18,000 (medium), EVPI 22,000; minimax regret 50,000 (medium)."""
    marking = hospital.check(
        {
            "emv": 18_000,
            "choice": "medium",
            "evpi": "22,000",
            "minimax_regret": "medium",
            "laplace": {"large": 5_000, "medium": "25000"},
            "regret": {"large": {"favourable": 0, "unfavourable": 90_000}},
            "ev_with_perfect_information": 40_000.0,
        }
    )
    assert set(marking["mark"]) == {"right"}
    assert marking.right == len(marking) == 9
    assert Marking.from_json(marking.to_json()) == marking
    assert "<table" in marking._repr_html_()


def test_mistakes_in_a_table(hospital):
    x = [[Fraction(v) for v in row.values()] for row in PAYOFFS.values()]
    p = [Fraction(2, 5), Fraction(3, 5)]
    emv = [sum(q * v for q, v in zip(p, row, strict=True)) for row in x]
    tops = [max(column) for column in zip(*x, strict=True)]
    perfect = sum(q * v for q, v in zip(p, tops, strict=True))
    alpha = Fraction(7, 10)
    for item, wrong, name in [
        ("evpi", perfect, "not subtracted"),
        ("evpi", perfect - emv[2], "wrong act"),
        ("evpi", -(perfect - max(emv)), "wrong sign"),
        ("ev_with_perfect_information", sum(tops) / 2, "averages"),
        ("emv", max(sum(row) / 2 for row in x), "averages"),
        ("emv", sorted(emv)[-2], "second best"),
        ("emv", min(emv), "wrong sense"),
        ("emv", max(map(max, x)), "chance maximised"),
        ("emv", -max(emv), "wrong sign"),
        ("maximax", max(map(min, x)), "wrong sense"),
        ("laplace", max(map(sum, x)), "not divided"),
        ("laplace", max(emv), "probabilities"),
        ("hurwicz", max((1 - alpha) * max(row) + alpha * min(row) for row in x), "coefficient reversed"),
        ("minimax_regret", min(max(max(row) - v for v in row) for row in x), "rows instead of columns"),
    ]:
        marking = hospital.check({item: wrong})
        assert marking["mark"] == ["wrong"], (item, name)
        assert name in marking["mistakes"][0], (item, name, marking["mistakes"])
    marking = hospital.check({"regret": {"medium": {"favourable": -40_000, "unfavourable": 70_000}}})
    assert mistakes(marking) == [{"wrong sign"}, {"rows instead of columns"}]
    for choice, name in (("large", "another criterion"), ("small", "second best")):
        assert name in hospital.check({"choice": choice})["mistakes"][0]
    # A number that no mistake gives.
    assert mistakes(hospital.check({"emv": 18_001})) == [set()]
    assert "18,000" in str(hospital.check({"emv": 1}, lang="zh"))


def test_costs():
    costs = {"buy": {"a": 10, "b": 30}, "rent": {"a": 15, "b": 18}}
    answer = DecisionTable(costs, probabilities=[".5", ".5"]).solve(sense="cost")
    marking = answer.check({"emv": "20", "choice": "buy", "evpi": "14", "minimax": 18})
    assert marking["mark"] == ["wrong", "wrong", "wrong", "right"]
    assert [set(m) & {"wrong sense", "not subtracted"} for m in marking["mistakes"][:3]] == [
        {"wrong sense"},
        {"wrong sense"},
        {"not subtracted"},
    ]


PRIOR = [Fraction(1, 2), Fraction(1, 2)]
LIKELY = {"good": [Fraction(7, 10), Fraction(2, 10)], "bad": [Fraction(3, 10), Fraction(8, 10)]}
SHEDS = {"large": [200_000, -180_000], "small": [100_000, -20_000], "none": [0, 0]}


@pytest.fixture
def survey():
    states = ("favourable", "unfavourable")
    table = DecisionTable(
        {name: dict(zip(states, row, strict=True)) for name, row in SHEDS.items()}, probabilities=[".5", ".5"]
    )
    likelihood = {s: {signal: str(row[t]) for signal, row in LIKELY.items()} for t, s in enumerate(states)}
    return study(table, likelihood, cost=10_000)


def expected(p):
    return {name: sum(q * x for q, x in zip(p, row, strict=True)) for name, row in SHEDS.items()}


def test_mistakes_in_a_study(survey):
    joint = {s: [q * x for q, x in zip(PRIOR, row, strict=True)] for s, row in LIKELY.items()}
    marginal = {s: sum(row) for s, row in joint.items()}
    posterior = {s: [j / marginal[s] for j in row] for s, row in joint.items()}

    def gross(p):
        return sum(marginal[s] * max(expected(p[s]).values()) for s in joint)

    emv = max(expected(PRIOR).values())
    evsi, cost = gross(posterior) - emv, 10_000
    perfect = sum(q * max(x) for q, x in zip(PRIOR, zip(*SHEDS.values(), strict=True), strict=True))
    right = {
        "evsi": evsi,
        "net": gross(posterior) - cost,
        "net_gain": evsi - cost,
        "efficiency": "31.67%",
        "evpi": 60_000,
        "probability": {"good": ".45"},
        "posterior": {"good": {"favourable": "7/9", "unfavourable": ".22"}},
        "choice": {"good": "large", "bad": "small"},
    }
    assert survey.check(right)["mark"] == ["right"] * 3 + [
        "rounded",
        "right",
        "right",
        "right",
        "rounded",
        "right",
        "right",
    ]
    for item, wrong, name in [
        ("evsi", gross(LIKELY) - emv, "likelihood as posterior"),
        ("evsi", gross(joint) - emv, "joint as posterior"),
        ("evsi", evsi - cost, "net for gross"),
        ("evsi", gross(posterior), "not subtracted"),
        ("evsi", perfect - emv, "perfect for sample"),
        ("evsi", -evsi, "wrong sign"),
        ("net", gross(posterior), "fee forgotten"),
        ("net", gross(posterior) - 2 * cost, "fee counted twice"),
        ("net_gain", evsi, "fee forgotten"),
        ("net_gain", evsi - 2 * cost, "fee counted twice"),
        ("net_gain", evsi + cost, "fee with the wrong sign"),
        ("ev_with_sample_information", emv, "not updated"),
        ("efficiency", (perfect - emv) / evsi, "inverted"),
        ("efficiency", (evsi - cost) / (perfect - emv), "net efficiency"),
    ]:
        marking = survey.check({item: wrong})
        assert marking["mark"] == ["wrong"], (item, name)
        assert name in marking["mistakes"][0], (item, name, marking["mistakes"])
    wrong = survey.check(
        {
            "posterior": {"good": {"favourable": ".7", "unfavourable": ".1"}, "bad": {"favourable": ".5"}},
            "values": {"good": {"large": expected(LIKELY["good"])["large"], "small": expected(PRIOR)["small"]}},
        }
    )
    assert mistakes(wrong) == [
        {"likelihood as posterior"},
        {"joint as posterior"},
        {"not updated"},
        {"likelihood as posterior"},
        {"not updated"},
    ]


def test_the_chain_of_a_book(survey):
    """Heizer & Render, module A: 49,200 and 106,400 by posteriors .78 and .27."""
    assert survey.check({"net": 49_200})["mark"] == ["wrong"]
    marking = survey.check({"net": 49_200, "evsi": "19,200", "values": {"good": {"large": 116_400}}}, rounding=2)
    assert marking["mark"] == ["book"] * 3
    assert "49,000" in marking["remark"][0]


def test_mistakes_in_a_tree():
    """A film for a fee of 5, with a sequel for 10 after a hit."""
    sequel = decide("Sequel", {"make": pay(-10) >> chance({"good": (".5", 90), "bad": ("#", 20)}), "stop": 40})
    film = pay(-5) >> chance({"hit": (".4", sequel), "flop": ("#", -20)}, name="Reception")
    answer = decide("Film", {"film": film, "none": 0}).solve()
    p = Fraction(2, 5)
    inner = Fraction(90 + 20, 2)

    def root(then, fee=5, hit=p):
        return hit * then + (1 - hit) * -20 - fee

    assert answer.emv_exact == root(inner - 10) == 1
    for item, wrong, name in [
        ({"emv": root(inner, fee=0)}, None, "fee forgotten"),
        ({"emv": max(0, max(90 - 10, -20) - 5)}, None, "chance maximised"),
        ({"emv": (root((inner - 10 + 40) / 2) + 0) / 2}, None, "decision averaged"),
        ({"emv": root(inner - 10, hit=Fraction(1, 2))}, None, "averages"),
        ({"emv": root(inner + 10, fee=-5)}, None, "fee with the wrong sign"),
        ({"emv": 0}, None, "second best"),
        ({"to_go": {"Reception": 1}}, None, "cumulative for to go"),
        ({"cumulative": {"Reception": 6}}, None, "to go for cumulative"),
        ({"choice": "none"}, None, "second best"),
    ]:
        marking = answer.check(item)
        assert marking["mark"] == ["wrong"], (item, wrong)
        assert name in marking["mistakes"][0], (item, name, marking["mistakes"])
    right = answer.check({"to_go": {"Reception": 6, "Sequel": 45}, "cumulative": {"Sequel": 40}, "choice": "film"})
    assert set(right["mark"]) == {"right"}


def rollback(answer):
    """The value of the root by plain recursion over the rows."""
    rows = answer.to_dicts()
    paid, p = answer.fractions("payoff"), answer.fractions("probability")
    ends = answer.fractions("to_go")

    def value(i):
        below = [row["node"] for row in rows if row["parent"] == i]
        if not below:
            return ends[i]
        worth = [paid[k] + value(k) for k in below]
        if rows[i]["kind"] == "decision":
            return max(worth)
        return sum(p[k] * w for k, w in zip(below, worth, strict=True))

    return value(0)


@pytest.mark.parametrize(("kind", "difficulty"), list(product(("table", "tree", "survey"), (1, 2, 3))))
def test_exercises(kind, difficulty):
    for seed in range(67):
        task = exercise(kind, seed=seed, difficulty=difficulty)
        answers = task.answers
        texts = ["|".join(value) if isinstance(value, tuple) else str(value) for value in answers.values()]
        marks = task._made.check(list(zip(map(list, answers), texts, strict=True))).frame("en").column("mark")
        assert set(marks) == {"right"}, seed
        if kind == "table":
            table = json.loads(task.answer._made.table.to_json())
            x = [[Fraction(v) for v in row] for row in table["payoffs"]]
            p = [Fraction(v) for v in table["probabilities"]]
            emv = [sum(q * v for q, v in zip(p, row, strict=True)) for row in x]
            best = [max(c) for c in zip(*x, strict=True)]
            regret = [max(b - v for b, v in zip(best, row, strict=True)) for row in x]
            assert sum(p) == 1
            assert answers["emv",] == max(emv)
            assert emv.count(max(emv)) == 1
            assert answers["evpi",] == sum(q * b for q, b in zip(p, best, strict=True)) - max(emv)
            assert answers["minimax_regret",] == min(regret)
            firsts = {f.index(max(f)) for f in (emv, [max(r) for r in x], [min(r) for r in x], [-r for r in regret])}
            firsts.add(max(range(len(x)), key=lambda i: sum(x[i])))
            assert len(firsts) > 1
        elif kind == "tree":
            assert answers["emv",] == rollback(task.answer)
            assert len(answers["choice",]) == 1
        else:
            study_ = task.answer
            rows = study_.to_dicts()
            prior, likely, found = (study_.fractions(c) for c in ("prior", "likelihood", "posterior"))
            for signal in {row["signal"] for row in rows}:
                at = [i for i, row in enumerate(rows) if row["signal"] == signal]
                joint = [prior[i] * likely[i] for i in at]
                assert [j / sum(joint) for j in joint] == [found[i] for i in at]
                assert all(found[i].denominator <= 100 for i in at)
            assert max(answers["net",], answers["emv",]) == rollback(study_.tree())
            assert answers["evsi",] > 0


def test_an_exercise_is_the_same_everywhere():
    """Pinned: a seed printed on a sheet of paper still gives that sheet."""
    one, two = exercise("table", seed=3), exercise("table", seed=3)
    assert one.question().to_text() == two.question().to_text()
    assert exercise("table", seed=4).question().to_text() != one.question().to_text()
    zh = exercise("table", seed=3, lang="zh")
    assert sorted(v for v in zh.answers.values() if isinstance(v, Fraction)) == sorted(
        v for v in one.answers.values() if isinstance(v, Fraction)
    )
    assert one.question("zh").to_text() == zh.question().to_text()
    assert "EMV" in one.solution().to_text()
    for kind in ("tree", "survey"):
        assert exercise(kind, lang="zh")._repr_html_().startswith("<")


def test_numbers_of_numpy():
    answer = exercise("table", seed=3).answer
    given = {"evpi": np.float64(answer.evpi), "emv": np.int64(answer.emv)}
    assert answer.check(given)["mark"] == ["right", "right"]
    with pytest.raises(InvalidParameter, match="the answer to emv"):
        answer.check({"emv": np.array([1, 2])})


def test_bad_answers(hospital):
    with pytest.raises(UnknownName, match=r"emw.*there are .*emv"):
        hospital.check({"emw": 1})
    with pytest.raises(UnknownName, match=r"huge.*there are large"):
        hospital.check({"emv": {"huge": 1}})
    with pytest.raises(UnknownName, match=r"tiny.*there are large"):
        hospital.check({"choice": "tiny"})
    for answer in ("many", "", "1/0", None, True, float("nan"), [1, 2]):
        with pytest.raises(InvalidParameter):
            hospital.check({"evpi": answer})
    with pytest.raises(InvalidParameter):
        hospital.check([("emv", 1)])
    for options in (
        {"kind": "poem"},
        {"difficulty": 4},
        {"difficulty": 0},
        {"seed": -1},
        {"seed": 1.5},
        {"lang": "fr"},
    ):
        with pytest.raises(InvalidParameter):
            exercise(**options)


def test_the_likelihood_as_posterior_in_every_case(shared):
    """The commonest mistake of all, simulated for each textbook case that has likelihoods."""
    cases = json.loads(shared("reference/decision_cases.json").read_text("utf8"))["cases"]
    with_tests = [case for case in cases if "likelihood" in case and "table" in case]
    assert len(with_tests) >= 4
    for case in with_tests:
        given, likely = case["table"], case["likelihood"]
        x = [[Fraction(v) for v in row] for row in given["payoffs"]]
        p = [Fraction(v) for v in given["probabilities"]]
        rows = [[Fraction(v) for v in row] for row in likely["p_signal_given_state"]]
        states, best = given["states"], {"max": max, "min": min}[case["sense"]]
        table = DecisionTable(
            {a: dict(zip(states, row, strict=True)) for a, row in zip(given["alternatives"], x, strict=True)},
            probabilities=p,
        )
        signals = {
            state: dict(zip(likely["signals"], row, strict=True)) for state, row in zip(states, rows, strict=True)
        }
        sense = {"max": "profit", "min": "cost"}[case["sense"]]
        answer = study(table, signals, cost=case.get("information_cost", "0"), sense=sense)

        def value(weights):
            return best(sum(w * v for w, v in zip(weights, row, strict=True)) for row in x)  # noqa: B023

        wrong = -value(p)
        for s in range(len(likely["signals"])):
            column = [row[s] for row in rows]
            wrong += sum(q * w for q, w in zip(p, column, strict=True)) * value(column)
        wrong = wrong if sense == "profit" else -wrong
        marking = answer.check({"evsi": wrong})
        assert marking["mark"] == ["wrong"], case["id"]
        assert "likelihood as posterior" in marking["mistakes"][0], case["id"]
        right = case["expected"]["sample_information"]["evsi"]
        assert answer.check({"evsi": right["exact"] if isinstance(right, dict) else right})["mark"] == ["right"]
