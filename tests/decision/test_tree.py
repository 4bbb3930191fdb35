"""Decision trees: the textbook's hospital, numbers, ties, shapes of every size, what is refused."""

import gc
import json
import os
import pickle
import signal
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import patronage as pt
from patronage import Result
from patronage.decision import Node, TreeAnswer, chance, decide, pay
from patronage.errors import InvalidModel, InvalidParameter, InvalidTree, LimitExceeded

MILLION = 1_000_000


def hospital(good="favourable", bad="unfavourable"):
    def plant(gain, loss):
        return chance({good: (".4", gain), bad: ("#", loss)})

    return decide(
        "Plant size",
        {
            "large": plant(100_000, -90_000),
            "medium": plant(60_000, -10_000),
            "small": plant(40_000, -5_000),
            "none": 0,
        },
    )


def test_southern_hospital_supply():
    # Heizer and Render, Operations Management: −14,000, +18,000, +13,000, 0; EVPI 40,000 − 18,000.
    answer = hospital().solve()
    assert answer["cumulative"][:5].tolist() == [18_000, -14_000, 18_000, 13_000, 0]
    assert answer["branch"][1:5] == ["large", "medium", "small", "none"]
    assert (answer.emv, answer.emv_exact, answer.choice) == (18_000.0, Fraction(18_000), ("medium",))
    assert (answer.evpi, answer.evpi_exact) == (22_000.0, Fraction(22_000))
    assert answer.risk_profile().fractions() == [(-10_000, Fraction(3, 5)), (60_000, Fraction(2, 5))]
    assert str(answer.policy()) == "Plant size: choose “medium”, worth +18,000."
    working = str(answer.explain())
    assert "EMV(medium) = (0.4)(60,000) + (0.6)(−10,000) = +18,000" in working
    assert "EVPI = EVwPI − EMV = 40,000 − 18,000 = 22,000" in working
    assert "完全信息价值" in str(answer.explain(lang="zh"))
    assert answer.about == {"sense": "profit", "discount_rate": None, "exact": True, "nodes": 11}


def test_cost_sense_turns_the_tree_round():
    answer = hospital().solve(sense="cost")
    assert (answer.emv, answer.choice) == (-14_000, ("large",))


@pytest.mark.parametrize(
    ("number", "exact"),
    [
        (3, Fraction(3)),
        ("1/3", Fraction(1, 3)),
        (Fraction(2, 7), Fraction(2, 7)),
        (Decimal("0.1"), Fraction(1, 10)),
        (10**30, Fraction(10**30)),
        (np.int64(5), Fraction(5)),
        (np.uint8(5), Fraction(5)),
        (0.1, None),
        (np.float32(0.5), None),
        (np.float64(0.5), None),
    ],
)
def test_numbers(number, exact):
    answer = decide("", {"a": number}).solve()
    assert answer.emv_exact == exact
    assert answer.emv == pytest.approx(float(Fraction(str(number))))
    assert decide("", {"a": number}).solve(exact=False).emv_exact is None


def test_ties_are_returned():
    answer = decide("", {"a": 1, "b": "1/2", "c": pay(".5") >> pay(".5")}).solve()
    assert answer.choice == ("a", "c")
    assert answer.policy()["choice"] == [["a", "c"]]
    assert decide("", {"a": 0.1 + 0.2, "b": 0.3}).solve().choice == ("a", "b")


def test_a_dict_is_a_decision_and_parts_may_be_shared():
    part = chance({"x": ("1/2", 4), "y": ("#", {"stop": 0, "go": 2})})
    answer = decide("d", {"once": part, "twice": pay(-1) >> chance({"a": ("#", part), "b": ("#", part)})}).solve()
    assert answer.emv_exact == 3
    assert answer["kind"].count("decision") == 4


def test_discounting():
    # Ross, Westerfield and Jordan: 19,775,000 now; 20,109,009.01 after a year's test at 11 %.
    def market(p, at):
        return chance({"success": (p, pay(29_000_000, at=at)), "failure": ("#", pay(8_500_000, at=at))})

    launch = decide("Launch", {"now": market(".55", None), "test": pay(-1_400_000) >> market(".75", 1)})
    answer = launch.solve(discount_rate=".11")
    assert answer.fractions("cumulative")[1:3] == [19_775_000, Fraction(2232100000, 111)]
    assert answer.fractions("to_go")[2] == Fraction(2387500000, 111)
    assert answer.choice == ("test",)
    assert launch.solve(discount_rate=0.11).emv == pytest.approx(20_109_009.01)
    assert answer.about["discount_rate"] == "11/100"
    assert TreeAnswer.from_json(answer.to_json()) == answer
    assert Result.from_json(answer.to_json()) == answer


def cyclic():
    inner = {"stop": 0}
    inner["again"] = {"really": inner}
    return decide("Loop", {"enter": inner})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: decide("Bet", {"play": chance({"a": (".5", 1), "b": (".4", 0)})}), r"'Bet → play'.*sum to 9/10"),
        (lambda: chance({"a": (0.5, 1), "b": (0.4, 0)}), "sum to 0.9"),
        (lambda: chance({"a": ("-.5", 1), "b": ("1.5", 0)}), r"-1/2 \(-0.5\)"),
        (lambda: chance({"a": (float("nan"), 1), "b": ("#", 0)}), "NaN"),
        (lambda: chance({"a": 1}), "no pair"),
        (lambda: chance({"a": ("#", 1, 2)}), "no pair"),
        (lambda: chance({"a": (None, 1)}), "'None' is no number"),
        (lambda: decide("d", {"a": float("nan")}), "'d → a'.*value is NaN"),
        (lambda: decide("d", {"a": Decimal("NaN")}), "'NaN' is no number"),
        (lambda: decide("d", {"a": np.inf}), "inf"),
        (lambda: decide("d", {"a": None}), "'None' is no number"),
        (lambda: decide("d", {"a": True}), "'True' is no number"),
        (lambda: decide("d", {"a": "ten"}), "'ten' is no number"),
        (lambda: decide("d", {"a": [1, 2]}), "is no number"),
        (lambda: decide("d", {"a": "1e999999999"}), "is no number"),
        (lambda: decide("d", {(1, 2): 1}), "label that is no text"),
        (lambda: decide("d", {"\ud800": 1}), "Unicode"),
        (lambda: decide("Empty", {}), "'Empty'.*without alternatives"),
        (lambda: decide("d", {"a": {}}), "without alternatives"),
        (lambda: chance({}), "without outcomes"),
        (lambda: decide("d", {"a": pay(1, at=2) >> decide("", {"b": pay(1, at=1)})}), "time 1"),
        (cyclic, "again → really.*circle"),
        (lambda: decide("d", {"a": pay(1) >> pay(1) >> 1}), "two payments"),
        (lambda: decide("d", {"a": pay(1, at=1) >> pay(1, at=2)}), "two payments"),
        (lambda: decide("d", [1, 2]), "give a dict"),
    ],
)
def test_what_is_no_tree_is_refused(make, message):
    with pytest.raises(InvalidTree, match=message) as caught:
        make().solve()
    assert isinstance(caught.value, ValueError)


def test_what_is_no_parameter_is_refused():
    tree = decide("d", {"a": pay(1, at=1)})
    for wrong in (
        {"sense": "max"},
        {"discount_rate": -1},
        {"discount_rate": "x"},
        {"discount_rate": None, "sense": ""},
    ):
        with pytest.raises(InvalidParameter):
            tree.solve(**wrong)
    with pytest.raises(InvalidParameter, match="without times"):
        decide("d", {"a": 1}).solve(discount_rate=".1")
    answer = tree.solve()
    for call in (lambda: answer.explain(lang="fr"), lambda: answer.svg(values="net")):
        with pytest.raises(InvalidParameter):
            call()
    with pytest.raises(InvalidTree, match="no alternative depends on chance"):
        _ = answer.evpi
    with pytest.raises(AttributeError):
        answer.emv = 3
    with pytest.raises(AttributeError):
        tree.name = "x"


def test_a_million_deep():
    node = 0
    for _ in range(MILLION // 2):
        node = decide("", {"stop": 0, "go on": pay(1) >> node})
    assert repr(node) == "<decision '': 2 branches>"
    answer = node.solve()
    assert answer.emv_exact == MILLION // 2
    assert len(answer) == MILLION + 1
    assert len(str(answer.explain())) < 1_000_000
    assert len(answer.svg()) < 1_000_000
    assert TreeAnswer.from_json(answer.to_json()).emv == answer.emv
    del node
    gc.collect()


def test_a_million_deep_of_dicts_and_of_pairs():
    node = {"end": 1.0}
    for _ in range(MILLION):
        node = {"on": node}
    assert decide("", node).solve().emv == 1.0
    node = 1.0
    for _ in range(MILLION // 2):
        node = chance({"again": (0.5, node), "end": (0.5, 1.0)})
    assert node.solve().emv == 1.0
    exact = 1
    for _ in range(5000):
        exact = chance({"again": ("1/3", exact), "end": ("#", 0)})
    with pytest.raises(LimitExceeded, match="bits"):
        exact.solve()
    assert exact.solve(exact=False).emv == 0.0


def test_a_million_wide():
    answer = decide("", {"draw": chance({str(i): ("#", i) for i in range(MILLION)})}).solve()
    assert answer.emv_exact == Fraction(MILLION - 1, 2)
    assert len(answer.risk_profile()) == MILLION
    assert len(answer._repr_html_()) < 1_000_000


def test_shared_parts_that_explode_are_refused():
    node = {"a": 1, "b": 2}
    for _ in range(60):
        node = {"a": node, "b": node}
    with pytest.raises(LimitExceeded, match="5000000"):
        decide("", node).solve()


@pytest.mark.skipif(os.name != "posix", reason="no such signal")
def test_ctrl_c_is_heard():
    node = {"a": 1, "b": 2}
    for _ in range(60):
        node = {"a": node, "b": node}
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            decide("", node).solve()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Mischief(int):
    """A label that changes the tree while it is read."""

    def __new__(cls, branches):
        made = super().__new__(cls, 7)
        made.branches = branches
        return made

    def __str__(self):
        self.branches.clear()
        return "seven"


def test_a_tree_that_changes_while_it_is_read():
    branches = {"a": 1}
    branches[Mischief(branches)] = {"b": 2}
    assert decide("d", {"inner": branches}).solve().emv == 2


HOSTILE = "<script>alert('1')</script>\" onload=\"x \u202egnorw\u0000"


def test_hostile_labels_are_only_text():
    answer = decide(HOSTILE, {HOSTILE: chance({HOSTILE: ("1", 1)}, name=HOSTILE), "$x$": 0}).solve()
    for text in (answer.svg(), answer._repr_html_(), answer.explain().to_html(), answer.policy()._repr_html_()):
        assert "<script" not in text
        assert 'onload="' not in text
    assert "\u202e" not in answer.svg()
    assert TreeAnswer.from_json(answer.to_json()) == answer
    answer.plot()


numbers = st.one_of(
    st.integers(-(10**20), 10**20), st.fractions(max_denominator=1000), st.floats(-1e9, 1e9), st.just("1/7")
)
labels = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
nodes = st.recursive(
    numbers,
    lambda below: st.one_of(
        st.dictionaries(labels, below, min_size=1, max_size=3).map(lambda d: decide("d", d)),
        st.dictionaries(labels, below, min_size=1, max_size=3).map(
            lambda d: chance({label: ("#", node) for label, node in d.items()}, name="c")
        ),
        st.tuples(numbers, below).map(lambda p: p[1] if isinstance(p[1], Node) else pay(p[0]) >> p[1]),
    ),
    max_leaves=12,
)


@given(nodes)
def test_an_answer_is_itself_after_json_and_pickle(node):
    answer = decide("root", {"node": node}).solve()
    for again in (TreeAnswer.from_json(answer.to_json()), pickle.loads(pickle.dumps(answer))):
        assert again == answer
        assert (again.emv, again.emv_exact, again.choice) == (answer.emv, answer.emv_exact, answer.choice)
        assert again.to_frame() == answer.to_frame()
        assert again.explain(lang="zh").to_text() == answer.explain(lang="zh").to_text()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda s: "{",
        lambda s: "[" * 100_000,
        lambda s: s.replace('"TreeAnswer"', '"Cohorts"'),
        lambda s: s.replace('"version": 1', '"version": 99'),
        lambda s: s.replace('"version":1', '"version":99'),
        lambda s: s.replace('"nodes":[', '"nodes":[{"kind":"leaf"},'),
        lambda s: s.replace('"parent":0', '"parent":99'),
        lambda s: s.replace('"2/5"', '"7/5"'),
        lambda s: s.replace('"kind":"leaf"', '"kind":"tea"'),
        lambda s: json.dumps({"patronage": "TreeAnswer"}),
    ],
)
def test_spoilt_json_is_refused(spoil):
    with pytest.raises(InvalidModel):
        TreeAnswer.from_json(spoil(hospital().solve().to_json()))


def test_a_result_like_any_other():
    answer = hospital().solve()
    assert answer.to_polars().height == answer.to_pandas().shape[0] == len(answer) == 11
    assert answer.to_dicts()[2]["best"] is True
    assert answer.to_dicts()[0]["parent"] is None
    assert "EMV 18,000" in repr(answer)
    assert answer.svg(lang="zh", numbered=True).startswith("<svg")
    assert len(answer.plot().texts) > 10
    answer.risk_profile().plot()
    assert pt.decision.decide is decide
