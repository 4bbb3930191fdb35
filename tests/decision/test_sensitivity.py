"""Sensitivity of decision trees: exact regions of a parameter, two of them, tornado, spider, derivatives."""

import json
import math
import pickle
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patronage import errors
from patronage.decision import DecisionTable, ParametricTree, Utility, chance, decide, pay


def plant():
    return decide(
        "Plant",
        {
            "large": chance({"favourable": ("p", 200_000), "unfavourable": ("#", -180_000)}),
            "small": chance({"favourable": ("p", 100_000), "unfavourable": ("1-p", "-20000 - fee")}),
            "none": 0,
        },
    ).with_parameters(p="1/2", fee=0)


def test_values():
    tree = plant()
    assert tree.parameters == {"p": "1/2", "fee": "0"}
    assert (tree.solve().emv_exact, tree.solve().choice) == (40_000, ("small",))
    assert tree.solve(p=".1").choice == ("none",)
    assert tree.solve({"p": ".7"}, fee=1).emv_exact == 86_000  # .7 · 200,000 − .3 · 180,000
    assert tree.tree(p=".3").solve().choice == ("small",)
    assert tree.solve(p=0.3).emv_exact is None
    assert tree.solve(p=0.3).emv == pytest.approx(float(tree.solve(p=".3").emv))
    assert ParametricTree.from_json(tree.to_json()) == tree == pickle.loads(pickle.dumps(tree))


@pytest.mark.parametrize(
    ("numbers", "parameters", "error", "words"),
    [
        (("p", "#", 1), {}, errors.UnknownName, "'p' does not exist; give it a value by with_parameters"),
        (("p", "#", 1), {"p": ".5", "q": 1}, errors.InvalidParameter, "q = 1 is not possible.*that the tree uses: p"),
        ((".5", "#", 1), {"p": ".5"}, errors.InvalidParameter, "no number of the tree has a name"),
        (("p", "#", 1), {"p": "p"}, errors.InvalidParameter, "p = 'p' is not possible"),
        (("p", "#", 1), {"p": math.nan}, errors.InvalidParameter, "a finite number"),
        (("p", "#", 1), {"p": ".5", "": 1}, errors.InvalidParameter, "name of a parameter = ''"),
        (("p", "#", 1), {"p": ".5", "1": 1}, errors.InvalidParameter, "name of a parameter = '1'"),
        (("p", "#", 1), {"p": ".5", "1e3": 1}, errors.InvalidParameter, "that begins with no digit"),
        (("p", "#", 1), {"p": "1.5"}, errors.InvalidTree, "win.*probability is 3/2"),
        (("p", "p", 1), {"p": ".3"}, errors.InvalidTree, "sum to 3/5"),
        (("p", "1-p", "1/(p-p)"), {"p": ".3"}, errors.InvalidTree, "win.*divides by nought at p = 3/10"),
        (("p", "1-p", "1+"), {"p": ".3"}, errors.InvalidTree, "win.*ends where a number should follow"),
        (("p", "1-p", "log(p)"), {"p": ".3"}, errors.InvalidTree, "calls the function log"),
        (("p", "1-p", "p" * 2000), {"p": ".3"}, errors.InvalidTree, "more than 1000 characters"),
        (("p", "1-p", "#"), {"p": ".3"}, errors.InvalidTree, "stands for a probability only"),
    ],
)
def test_parameters_that_are_not_possible(numbers, parameters, error, words):
    p, q, prize = numbers
    bet = decide("Bet", {"play": chance({"win": (p, prize), "lose": (q, 0)}), "pass": 0})
    with pytest.raises(error, match=words):
        bet.with_parameters(parameters)


def test_names_without_values_are_no_numbers():
    with pytest.raises(errors.InvalidTree, match=r"probability 'p' is no number.*with_parameters"):
        chance({"win": ("p", 1), "lose": ("#", 0)}).solve()


def test_hospital(shared):
    """The break-evens of the course text, and those that the table's own lines have."""
    case = json.loads(shared("reference/decision_cases.json").read_text("utf8"))["cases"][0]
    table = case["table"]
    first, second = table["states"]
    rows = dict(zip(table["alternatives"], table["payoffs"], strict=True))
    tree = decide("Plant", {name: chance({first: ("p", a), second: ("#", b)}) for name, (a, b) in rows.items()})
    found = tree.with_parameters(p=".4").one_way("p", low=0, high=1)
    assert found.break_even() == [Fraction(1, 9), Fraction(1, 5), Fraction(2, 3)]
    expected = case["expected"]["strategy_regions_p_favorable"]
    assert found["choice"] == [[region["best"]] for region in expected]
    own = DecisionTable({name: {first: a, second: b} for name, (a, b) in rows.items()}).strategy_regions(first)
    assert (own["best"], own.break_even()) == (found["choice"], found.break_even())
    assert found.emv_exact(".4") == 18_000
    # 0.4 · 60,000 − 0.6 · 10,000, as a line: 70,000 p − 10,000.
    assert found.functions()[2] == ([-10_000, 70_000], [1])


def test_thompson():
    found = plant().one_way("p", low=0, high=1)
    assert found.break_even() == [Fraction(1, 6), Fraction(8, 13)]
    assert found["choice"] == [["none"], ["small"], ["large"]]
    # 100,000 p − (20,000 + fee)(1 − p) = 0 at p = ½: fee = 80,000; 10,000 (large) is less.
    fee = plant().one_way("fee", low=0, high=100_000)
    assert fee.break_even() == [60_000]  # where small falls to large's 10,000
    assert fee["strategy"] == ["“small”", "“large”"]


def test_jenny_lind():
    film = chance({"small": (".3", 200_000), "medium": (".6", 1_000_000), "large": ("#", 3_000_000)})
    tree = decide("Contract", {"film": pay("-fee") >> film, "television": 900_000}).with_parameters(fee=5_000)
    assert tree.one_way("fee", low=0, high=200_000).break_even() == [60_000]


def test_payoff_ranges_of_the_condominium():
    complexes = {
        "small": chance({"strong": (".8", 8), "weak": ("#", 7)}),
        "medium": chance({"strong": (".8", 14), "weak": ("#", 5)}),
        "large": chance({"strong": (".8", "s"), "weak": ("#", "w")}),
    }
    tree = decide("Complex", complexes).with_parameters(s=20, w=-9)
    assert tree.one_way("s", low=0, high=40).break_even() == [Fraction("17.5")]
    assert tree.one_way("w", low=-50, high=20).break_even() == [-19]


def test_break_evens_that_are_no_fractions():
    twice = chance({"win": ("p", chance({"win": ("p", 100), "lose": ("#", 0)})), "lose": ("#", 0)})
    bet = decide("Bet", {"twice": twice, "sure": "t"}).with_parameters(p=".5", t=50)
    assert bet.one_way("p", low=0, high=1).break_even() == [math.sqrt(0.5)]
    # p² = 16/25, a perfect square, and p³ = 8/27.
    assert bet.one_way("p", low=0, high=1, t=64).break_even() == [Fraction(4, 5)]
    thrice = decide("Bet", {"thrice": chance({"win": ("p", twice), "lose": ("#", 0)}), "sure": "t"})
    found = thrice.with_parameters(p=".5", t="800/27").one_way("p", low=0, high=1)
    assert found.break_even() == [Fraction(2, 3)]
    floats = bet.one_way("p", low=0.0, high=1.0, t=64)
    assert floats.break_even() == [0.8]
    assert isinstance(floats.break_even()[0], float)


def test_bayes_with_a_parameter():
    """Posteriors as quotients: pay for the report where EVSI exceeds the fee (worked out by hand)."""
    good, bad = "p*8/10 / (p*8/10 + (1-p)*3/10)", "p*2/10 / (p*2/10 + (1-p)*7/10)"
    launch = {g: chance({"hit": (q, 100), "miss": ("#", -50)}) for g, q in (("good", good), ("bad", bad))}
    report = chance(
        {
            "good": ("p*8/10 + (1-p)*3/10", {"launch": launch["good"], "stop": 0}),
            "bad": ("#", {"launch": launch["bad"], "stop": 0}),
        }
    )
    plain = chance({"hit": ("p", 100), "miss": ("#", -50)})
    tree = decide("Launch", {"report": pay(-5) >> report, "launch": plain, "stop": 0}).with_parameters(p=".3")
    found = tree.one_way("p", low=".01", high=".99")
    # stop | report: .8p·100 − .3(1−p)·50 = 5: 95p = 20; report | launch: .2p·100 − .7(1−p)·50 = −5: 55p = 30.
    assert found.break_even() == [Fraction(4, 19), Fraction(6, 11)]
    assert found["choice"] == [["stop"], ["report"], ["launch"]]
    assert found["strategy"][1] == "“report”; after report → good: “launch”; after report → bad: “stop”"


def test_ties_are_returned():
    tree = decide("", {"a": "x", "b": "2*x - x", "c": 1}).with_parameters(x=0)
    found = tree.one_way("x", low=0, high=2)
    assert (found["choice"], found.break_even()) == ([["c"], ["a", "b"]], [1])
    touching = decide("", {"a": "x*x", "b": 0}).with_parameters(x=1).one_way("x", low=-1, high=1)
    assert (touching["choice"], touching.break_even()) == ([["a"]], [])


def test_costs_and_discounting():
    later = decide("Pump", {"new": 100, "repair": pay(40) >> chance({"again": (1, pay("c", at=1))})})
    tree = later.with_parameters(c=50)
    # 40 + c / 1.25 = 100 at c = 75.
    found = tree.one_way("c", low=0, high=200, sense="cost", discount_rate=".25")
    assert (found["choice"], found.break_even()) == ([["repair"], ["new"]], [75])
    assert found.emv_exact(50) == tree.solve(sense="cost", discount_rate=".25").emv_exact == 80


def test_measures():
    tree = decide("", {"large": pay(100, hours="h"), "small": pay(70, hours=2)}).with_parameters(h=8)
    found = tree.one_way("h", low=0, high=10, by={"payoff": 1, "hours": -6})
    assert found.break_even() == [7]  # 100 − 6h = 58


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        ({"low": 0, "high": "1.5"}, errors.InvalidTree, r"a probability is 3/2 at p = 3/2"),
        ({"low": 1, "high": 0}, errors.InvalidParameter, "high = 0 is not possible; expected more than low = 1"),
        ({"low": 0, "high": math.inf}, errors.InvalidParameter, "a finite number"),
        ({"low": 0, "high": 1, "utility": Utility.exponential(9)}, errors.InvalidParameter, "by expected value"),
        ({"low": 0, "high": 1, "q": 1}, errors.UnknownName, "'q' does not exist; the parameters are: p, fee"),
        ({"low": 0, "high": 1, "discount_rate": ".1"}, errors.InvalidParameter, "a tree without times"),
    ],
)
def test_what_one_way_refuses(ask, error, words):
    with pytest.raises(error, match=words):
        plant().one_way("p", **ask)


def test_checks_look_at_the_whole_range():
    """Probabilities that are fine at both ends, and at the base value, but not between."""
    hump = chance({"win": ("4*x*(1-x) + 1/10", 1), "lose": ("#", 0)}).with_parameters(x=0)
    with pytest.raises(errors.InvalidTree, match=r"a probability is .* at x = 1/2"):
        hump.one_way("x", low=0, high=1)
    sums = chance({"win": ("x", 1), "lose": ("1-x*x", 0), "draw": (0, 0)}).with_parameters(x=0)
    with pytest.raises(errors.InvalidTree, match=r"sum to .* at x = "):
        sums.one_way("x", low=0, high=1)
    pole = decide("", {"a": "1/(3*x-1)", "b": 0}).with_parameters(x=1)
    with pytest.raises(errors.InvalidTree, match="divides by nought at x = 1/3"):
        pole.one_way("x", low=0, high=1)
    with pytest.raises(errors.InvalidTree, match="divides by nought at x = 1/3"):
        pole.one_way("x", low="1/3", high=1)
    assert pole.one_way("x", low="1/2", high=1)["choice"] == [["a"]]


def test_limits():
    deep = "x"
    for _ in range(70):
        deep = chance({"on": ("x", deep), "off": ("#", 0)})
    with pytest.raises(errors.LimitExceeded, match="degree"):
        decide("", {"a": deep, "b": 0}).with_parameters(x=".5").one_way("x", low=0, high=1)


NUMBER = st.integers(-20, 20)
CHANCE = st.sampled_from(["p", "1-p", "p/2", "(1+p)/3", "p*q", "1/3", "q"])
AMOUNT = st.one_of(NUMBER, st.sampled_from(["10*p", "x", "2*x-3", "x*p", "5-x", "x/(1+p)"]))


def subtree(children):
    branches = st.lists(children, min_size=1, max_size=3)
    decision = branches.map(lambda below: {str(k): node for k, node in enumerate(below)})
    event = st.tuples(CHANCE, children, children).map(lambda t: chance({"yes": (t[0], t[1]), "no": ("#", t[2])}))
    paid = st.tuples(NUMBER, event).map(lambda t: pay(t[0]) >> t[1])
    return st.one_of(decision, event, paid)


TREES = st.recursive(AMOUNT, subtree, max_leaves=8)


def brute(tree, name, low, high, found, sense):
    """Rollback at many points, in fractions, beside the functions of the regions."""
    for k in range(12):
        at = low + (high - low) * Fraction(k, 11)
        answer = tree.solve({name: at}, sense=sense)
        assert found.emv_exact(at) == answer.emv_exact
        inside = [i for i in range(len(found)) if found["from"][i] < at < found["to"][i]]
        if inside and answer["kind"][0] == "decision":
            assert set(found["choice"][inside[0]]) <= set(answer.choice)


@settings(max_examples=60, deadline=None)
@given(TREES, st.sampled_from(["profit", "cost"]))
def test_regions_agree_with_rollback(node, sense):
    # All three names are used: the second alternative is worth nothing.
    tree = decide("", {"a": node, "b": "0*(p+q+x)"}).with_parameters(p=".3", q=".6", x=4)
    for name, low, high in (("p", Fraction(0), Fraction(1)), ("x", Fraction(-7, 2), Fraction(31, 3))):
        brute(tree, name, low, high, tree.one_way(name, low=low, high=high, sense=sense), sense)


def test_as_a_result():
    found = plant().one_way("p", low=0, high=1)
    assert type(found).from_json(found.to_json()) == found == pickle.loads(pickle.dumps(found))
    assert "8/13" in found.explain().to_text()
    assert "Up to p = 1/6" in found.explain().to_text()
    assert "盈亏平衡点" in found.explain(lang="zh").to_text()
    assert found.to_frame()["choice"] == [["none"], ["small"], ["large"]]
    assert "<table>" in found._repr_html_()
    assert found.plot().get_xlabel() == "p"


def test_two_parameters():
    tree = plant()
    found = tree.two_way("p", "fee", low=(0, 0), high=(1, 50_000), steps=5)
    # At p = ½ small is worth 40,000 − fee/2, large 10,000, none 0: small falls to large at fee = 60,000, outside.
    # At p = ¼ small is worth 10,000 − ¾ fee: it falls to none at 40,000/3. At p = ¾ large is worth 105,000, small less.
    assert found.break_even() == [
        (0, []),
        (Fraction(1, 4), [Fraction(40_000, 3)]),
        (Fraction(1, 2), []),
        (Fraction(3, 4), []),
        (1, []),
    ]
    rows = found.to_dicts()
    assert [(row["x"], row["choice"]) for row in rows] == [
        (0, ["none"]),
        (0.25, ["small"]),
        (0.25, ["none"]),
        (0.5, ["small"]),
        (0.75, ["large"]),
        (1, ["large"]),
    ]
    assert "exact" in found.explain().to_text()
    assert type(found).from_json(found.to_json()) == found
    assert found.plot().get_xlabel() == "p"
    with pytest.raises(errors.InvalidParameter, match="steps = 1 "):
        tree.two_way("p", "fee", low=(0, 0), high=(1, 1), steps=1)
    with pytest.raises(errors.InvalidParameter, match="another parameter than x"):
        tree.two_way("p", "p", low=(0, 0), high=(1, 1))
    with pytest.raises(errors.InvalidTree, match=r"a probability is .* at fee = .*, p = 3/2"):
        tree.two_way("p", "fee", low=(0, 0), high=("1.5", 1), steps=3)


def test_two_way_agrees_with_one_way():
    tree = plant()
    for x, ys in tree.two_way("fee", "p", low=(0, 0), high=(30_000, 1), steps=7).break_even():
        assert tree.one_way("p", low=0, high=1, fee=x).break_even() == ys


def test_tornado():
    found = plant().tornado({"p": (".4", ".6"), "fee": (0, 5_000)})
    # p: small 28,000 and 52,000; fee: 40,000 and 37,500.
    assert found["parameter"] == ["p", "fee"]
    assert found.fractions() == [(28_000, 52_000, 24_000), (40_000, 37_500, 2_500)]
    assert (found.emv, found.changes) == (40_000, [])
    wide = plant().tornado({"fee": (0, 5_000), "p": (0, 1)})
    assert (wide["choice_low"], wide["choice_high"]) == ([["none"], ["small"]], [["large"], ["small"]])
    assert wide["break_even"] == [["1/6", "8/13"], []]
    assert "changes from “none” to “large”" in wide.explain().to_text()
    assert type(wide).from_json(wide.to_json()) == wide
    assert wide.plot().get_title(loc="left").startswith("Tornado")


def test_a_tornado_misses_what_happens_between():
    """Best in the middle only; the ends agree."""
    tree = decide("", {"hump": "4*x*(1-x)", "sure": "1/2"}).with_parameters(x=0)
    found = tree.tornado({"x": (0, 1)})
    assert (found["choice_low"], found["choice_high"], found["swing"].tolist()) == ([["sure"]], [["sure"]], [0])
    # 4x(1−x) = ½: x = ½ ± √2/4.
    assert [float(x) for x in found["break_even"][0]] == pytest.approx([0.5 - math.sqrt(2) / 4, 0.5 + math.sqrt(2) / 4])
    assert found.changes == ["x"]
    assert "changes between them" in found.explain().to_text()


def test_spider():
    found = plant().spider({"p": (0, 1), "fee": (0, 10_000)}, steps=3)
    assert found.fractions() == [
        (0, 0),
        (Fraction(1, 2), 40_000),
        (1, 200_000),
        (0, 40_000),
        (5_000, 37_500),
        (10_000, 35_000),
    ]
    assert found["choice"][0] == ["none"]
    assert type(found).from_json(found.to_json()) == found
    assert found.plot().get_ylabel() == "EMV"
    with pytest.raises(errors.InvalidParameter, match="a lower and an upper end"):
        plant().spider({"p": 3})


def test_derivatives():
    found = plant().derivatives()
    assert found.exact() == {"p": 120_000, "fee": Fraction(-1, 2)}
    assert not found.about["has_ties"]
    assert plant().derivatives(p="1/6").about["has_ties"]
    assert plant().derivatives(p=0.5).exact() == {"p": None, "fee": None}
    assert "by −0.5 for each unit of fee" in found.explain().to_text()
    assert type(found).from_json(found.to_json()) == found
    found.plot()


@settings(max_examples=40, deadline=None)
@given(TREES)
def test_derivatives_agree_with_those_of_the_functions(node):
    """The adjoint beside the quotient rule on what one_way found, where nothing changes."""
    tree = decide("", {"a": node, "b": "0*(p+q+x)"}).with_parameters(p=".3", q=".6", x=4)
    found = tree.derivatives()
    for name, at in (("p", Fraction(3, 10)), ("x", Fraction(4))):
        regions = tree.one_way(name, low=at - Fraction(1, 1000), high=at + Fraction(1, 1000))
        if len(regions) > 1:
            continue
        top, bottom = regions.functions()[0]
        value, slope = zip(
            *(
                (sum(c * at**k for k, c in enumerate(f)), sum(k * c * at ** (k - 1) for k, c in enumerate(f) if k))
                for f in (top, bottom)
            ),
            strict=True,
        )
        assert found.exact()[name] == (slope[0] * value[1] - value[0] * slope[1]) / value[1] ** 2


def test_no_ranges():
    bet = decide("Bet", {"play": "prize", "pass": 0}).with_parameters(prize=3)
    for ask in (bet.tornado, bet.spider):
        with pytest.raises(errors.InvalidParameter, match="ranges"):
            ask({})
