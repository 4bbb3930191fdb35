"""Trees out and in: JSON, tables of paths, files of SilverDecisions; whatever comes in badly is refused."""

import copy
import json
import pickle
from fractions import Fraction

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patronage.decision import Node, Paths, TableAnswer, Tree, TreeAnswer, chance, decide, pay
from patronage.errors import ColumnNotFound, InvalidModel, InvalidParameter, InvalidTree, LimitExceeded


def bet():
    return decide("Bet", {"play": pay(-1) >> chance({"win": (".4", 10), "lose": ("#", "-1/3")}), "pass": 0})


labels = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
exact = st.one_of(st.integers(-(10**20), 10**20), st.fractions(max_denominator=10**6))
floats = st.floats(-1e12, 1e12)


def trees(numbers, both=False):
    leaves = st.one_of(numbers, st.tuples(numbers, numbers).map(lambda p: pay(p[0]) >> p[1])) if both else numbers
    nodes = st.recursive(
        leaves,
        lambda below: st.one_of(
            st.builds(decide, labels, st.dictionaries(labels, below, min_size=1, max_size=4)),
            st.builds(
                lambda outcomes, name: chance({k: ("#", v) for k, v in outcomes.items()}, name=name),
                st.dictionaries(labels, below, min_size=1, max_size=4),
                labels,
            ),
            # A payment of nothing is none.
            st.tuples(numbers.filter(bool), below).map(
                lambda p: pay(p[0]) >> p[1] if isinstance(p[1], Node) and p[1]._kind != "pay" else p[1]
            ),
        ),
        max_leaves=20,
    )
    return nodes.map(lambda node: decide("root", {"first": node, "second": 0}).build())


anything = st.one_of(trees(exact, both=True), trees(floats, both=True))


@settings(deadline=None)
@given(anything)
def test_json_gives_the_same_tree(tree):
    assert Tree.from_json(tree.to_json()) == tree == pickle.loads(pickle.dumps(tree)) == copy.deepcopy(tree)
    assert Tree.from_json(tree.to_json().encode()).solve() == tree.solve()


@settings(deadline=None)
@given(anything)
def test_paths_give_the_same_tree(tree):
    paths = tree.to_paths()
    assert len(paths) == sum(kind == "leaf" for kind in tree.solve()["kind"])
    assert Tree.from_paths(paths) == tree
    assert Tree.from_paths(paths.to_polars()) == tree
    assert Tree.from_paths(pa.table(paths.to_polars().to_dict(as_series=False))) == tree
    if "\0" not in tree.to_json() and r"\u0000" not in tree.to_json():
        assert Tree.from_paths(paths.to_pandas()) == tree
    assert Paths.from_json(paths.to_json()) == paths


@settings(deadline=None)
@given(st.one_of(trees(exact), trees(floats)))
def test_silver_decisions_gives_the_same_tree(tree):
    file = tree.to_silver_decisions(title="名 \"<&>'")
    again = Tree.from_silver_decisions(file)
    assert again == tree
    assert again.about == {
        "version": "0.8.0",
        "rule": "expected-value-maximization",
        "title": "名 \"<&>'",
        "description": "",
    }


@settings(deadline=None)
@given(trees(exact, both=True))
def test_silver_decisions_joins_the_two_payments_of_a_leaf(tree):
    again = Tree.from_silver_decisions(tree.to_silver_decisions(sense="cost").encode())
    assert again.solve().emv_exact == tree.solve().emv_exact
    assert again.about["rule"] == "expected-value-minimization"


def test_times_are_on_the_paths():
    tree = decide("d", {"a": pay(-5, at=1) >> chance({"x": ("1", pay(121, at=3))}), "b": 0}).build()
    assert Tree.from_paths(tree.to_paths().to_pandas()) == tree
    assert tree.to_paths().columns == [
        *("name_1", "branch_1", "payoff_1", "time_1"),
        *("branch_2", "probability_2", "time_2", "value"),
    ]
    assert tree.solve(discount_rate=".1").emv_exact == bet_value(-5, 121)


def bet_value(now, later):
    rate = Fraction(11, 10)
    return max(0, now / rate + later / rate**3)


def table(**columns):
    return {"branch_1": ["play", "play", "pass"], "branch_2": ["win", "lose", None], "value": [1, 2, 0], **columns}


def test_any_table_of_paths():
    nan = float("nan")
    for p in (["2/5", "3/5", None], [".4", "#", None], [Fraction(2, 5), "#", nan]):
        assert Tree.from_paths(table(probability_2=p)).solve().emv_exact == Fraction(8, 5)
    frame = pd.DataFrame(table(probability_2=[0.4, 0.6, nan]))
    assert Tree.from_paths(frame).solve().emv == pytest.approx(1.6)
    assert Tree.from_paths(frame.convert_dtypes()).solve().emv == pytest.approx(1.6)
    assert Tree.from_paths(pl.from_pandas(frame).lazy()).solve().emv == pytest.approx(1.6)
    one = decide("d", {"a": 1}).build()
    assert Tree.from_paths({"branch_1": ["a"], "name_1": ["d"], "value": [1]}) == one
    assert len(Tree.from_paths({"value": [3]})) == 1
    assert Tree.from_paths({"branch_1": [1, 2], "value": [3, 4]}).solve().choice == ("2",)


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        (table(), "node 'root → pass'|branch"),  # fits: the second stage is a decision
        (table(probability_2=["2/5", "2/5", None]), r"'root → play'.*sum to 4/5"),
        (table(probability_2=["2/5", None, None]), "path 1, node 'root → play'.*another without"),
        (table(probability_1=["1/2", "1/3", "1/2"]), "path 1, node 'root → play'.*not that of an earlier"),
        (table(payoff_1=[1, None, None]), "path 1, node 'root → play'.*not that of an earlier"),
        (table(name_1=["a", "b", "a"]), "path 1, node 'a'.*name"),
        (table(branch_1=["play", None, "pass"]), "path 1, stage 2.*goes on after"),
        (table(branch_1=["play", "play", "play"]), "path 2, node 'root → play'.*ends where another goes on"),
        (table(branch_2=["win", "win", None]), "path 1, node 'root → play → win'.*second path"),
        (table(branch_2=[None, "win", None]), "path 1, node 'root → play'.*goes on where another ends"),
        (table(payoff_2=[1, 2, 3]), "path 2, stage 2.*no label"),
        (table(branch_1=[b"x", "y", "z"]), "path 0, stage 1.*no text"),
        (table(branch_1=[1.5, "y", "z"]), "path 0, stage 1.*no text"),
        (table(time_1=["soon", None, None]), "path 0, stage 1.*no number"),
        (table(value=[1, None, 3]), "'None' is no number"),
        (table(value=[1, float("nan"), 3]), "NaN"),
        (table(branch_4=["a", "b", "c"]), "no column branch_3"),
        (table(weight=[1, 2, 3]), "'weight'.*no such column"),
        (table(value=[1, 2]), "equally long"),
        ({"branch_1": [], "value": []}, "no nodes"),
    ],
)
def test_paths_that_make_no_tree(paths, message):
    if paths == table():
        assert Tree.from_paths(paths).solve().choice == ("play",)
        return
    with pytest.raises(InvalidTree, match=message):
        Tree.from_paths(paths)


def test_columns_that_are_needed():
    for columns in ({"branch_1": ["a"]}, {"branch_2": ["a"], "value": [1]}, {}):
        with pytest.raises(ColumnNotFound):
            Tree.from_paths(columns)
    with pytest.raises(InvalidTree, match="before the first branch"):
        (pay(5) >> decide("d", {"a": 1})).build().to_paths()


def silver(layout, node, code=""):
    top = {"rule": "expected-value-maximization", "title": None, "treeDesigner": {"layout": {"type": "tree"}}}
    if layout == "0.5":
        return json.dumps({"SilverDecisions": "0.5.2", **top, "trees": [node], "code": code})
    return json.dumps({"SilverDecisions": layout, **top, "data": {"code": code, "trees": [node], "texts": []}})


def node(kind, *edges, name="", code=None):
    made = {"type": kind, "name": name, "location": {"x": 20, "y": 95}, "computed": {"maxi-min": {"payoff": "1 1/2"}}}
    if code is not None:
        made |= {"code": code, "expressionScope": {"p": 0.1}}
    return made | {"childEdges": list(edges)}


def edge(name, payoff, below, probability=None):
    made = {"name": name, "payoff": payoff, "childNode": below, "computed": {"probability": "3/4"}}
    return made if probability is None else made | {"probability": probability}


END = node("terminal")


@pytest.mark.parametrize("layout", ["0.5", "0.7.0", "0.8.0"])
def test_the_three_layouts(layout):
    def paid(amount):
        return [amount, 0] if layout == "0.8.0" else amount

    oil = node("chance", edge("oil", paid("1165 891810/1849771"), END, "1/4"), edge("dry", paid(0), END, "#"))
    root = node("decision", edge("drill", paid("-100"), oil), edge("sell", paid(90), END, None), name="Rockefeller")
    tree = Tree.from_silver_decisions(silver(layout, root))
    assert tree.solve().fractions("to_go")[1] == Fraction(1165 * 1849771 + 891810, 1849771) / 4
    assert tree.solve().choice == ("drill",)
    assert tree.solve()["name"][0] == "Rockefeller"
    assert tree.about["title"] == ""


def test_expressions_and_the_code_that_sets_names():
    # Rockefeller's survey: P(+) = pr·sens + (1 − pr)(1 − spec) = 9/20 + 3/20 for pr = 1/2.
    positive = node("chance", edge("oil", "2500", END, "sens*pr/pplus"), edge("dry", "0", END, "#"))
    root = node(
        "chance", edge("+", 0, positive, "pplus"), edge("-", -8, END, "#"), code="pplus = pr*sens+(1-pr)*(1-spec)"
    )
    tree = Tree.from_silver_decisions(silver("0.7.0", root, "pr=1/2 # prior\nsens=0.9\nspec=0.7\n\n"))
    assert tree.solve().fractions("probability")[1:4] == [Fraction(3, 5), Fraction(2, 5), Fraction(3, 4)]
    # Code further down hides code above; siblings do not see it.
    inner = node("decision", edge("b", "x", END), code="x = 2*x")
    tree = Tree.from_silver_decisions(silver("0.5", node("decision", edge("a", 0, inner), edge("c", "x", END)), "x=5"))
    assert tree.solve().choice == ("a",)
    assert tree.solve().emv_exact == 10


@pytest.mark.parametrize(
    ("probability", "code", "message"),
    [
        ("p", "p = random(0, 1)", r"'d → a → x'.*expression 'p' needs 'p', whose code calls the function random"),
        ("p", "", "needs 'p', which no code sets"),
        ("exp(1)", "", "calls the function exp"),
        ("1/0", "", "divides by nought"),
        ("1 2", "", "cannot be read"),
        ("(1", "", "too many"),
        ("(" * 5000, "", "more than 1000 characters"),
        ("2", "", "is 2"),
    ],
)
def test_what_is_not_evaluated_is_refused(probability, code, message):
    event = node("chance", edge("x", 1, END, probability), edge("y", 1, END, "#"))
    file = silver("0.7.0", node("decision", edge("a", 0, event), name="d"), code)
    with pytest.raises(InvalidTree, match=message):
        Tree.from_silver_decisions(file)


def test_what_is_no_file_of_silver_decisions():
    good = silver("0.7.0", node("decision", edge("a", 1, END), name="d"))
    for text in (
        *("", "[]", "null", "{", '{"SilverDecisions": "0.7.0"', "[" * 100_000, '{"a":' * 100_000),
        good.replace('"SilverDecisions"', '"Silver"'),
        good.replace('"payoff": 1', '"payoff": {"a": 1}'),
        good.replace('"payoff": 1', '"payoff": 1, "payoff": 2'),
        good.replace('"childNode"', '"child"'),
        b"\xff\xfe{",
    ):
        with pytest.raises(InvalidModel):
            Tree.from_silver_decisions(text)
    deep = END
    for _ in range(100):
        deep = node("decision", edge("on", 0, deep))
    with pytest.raises(InvalidModel, match="recursion"):
        Tree.from_silver_decisions(silver("0.7.0", deep))
    for spoilt, message in [
        (good.replace('"terminal"', '"tea"'), "'d → a'.*'tea' is not known"),
        (good.replace('"decision"', '"terminal"'), "a leaf with branches"),
        (good.replace('"terminal"', '"chance"'), "'d → a'.*without outcomes"),
    ]:
        with pytest.raises(InvalidTree, match=message):
            Tree.from_silver_decisions(spoilt)


def test_several_trees_and_two_payoffs():
    both = node("decision", edge("a", ["1", "5"], END), edge("b", ["3/2", 2], END))
    file = json.loads(silver("0.8.0", both))
    file["data"]["trees"].append(node("decision", edge("only", [7, 0], END)))
    text = json.dumps(file)
    assert Tree.from_silver_decisions(text, tree=1).solve().emv_exact == 7
    assert Tree.from_silver_decisions(text, tree=0, criterion=1).solve().choice == ("b",)
    assert Tree.from_silver_decisions(text, tree=0, criterion=2).solve().choice == ("a",)
    with pytest.raises(InvalidTree, match=r"'root → a'.*second payoff"):
        Tree.from_silver_decisions(text, tree=0)
    for wrong in ({}, {"tree": 2}, {"tree": 0, "criterion": 3}):
        with pytest.raises(InvalidParameter):
            Tree.from_silver_decisions(text, **wrong)


def test_branches_of_one_name_are_numbered():
    twins = [edge("max", k, END) for k in range(3)] + [edge("max (2)", 9, END), edge("", 1, END), edge("", 2, END)]
    tree = Tree.from_silver_decisions(silver("0.7.0", node("decision", *twins)))
    assert tree.solve()["branch"][1:] == ["max", "max (2)", "max (3)", "max (2) (2)", "", "(2)"]


def test_what_silver_decisions_cannot_hold():
    deep = 1
    for _ in range(41):
        deep = {"on": deep}
    for tree, message in [
        (decide("d", {"a": pay(1, at=2)}), "'d → a'.*a time"),
        (pay(5) >> decide("d", {"a": 1}), "before the first branch"),
        (decide("d", deep), "more than 40 levels"),
    ]:
        with pytest.raises(InvalidTree, match=message):
            tree.build().to_silver_decisions()
    tree = decide("d", deep["on"]).build()
    assert Tree.from_silver_decisions(tree.to_silver_decisions()) == tree


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"version":1', '"version":2', "version 2 is not known"),
        ('"version":1', '"version":2,"trunk":[]', "version 2 is not known"),
        ("patronage/decision-tree", "patronage/decision-table", "the format is"),
        ('"kind":"chance"', '"kind":"tea"', "node 1 .*unknown variant `tea`"),
        ('"kind":"chance"', '"kind":"chance","colour":"red"', "node 1 .*unknown field `colour`"),
        ('"label":"win"', '"label":"win","label":"lose"', "node 3 .*duplicate field `label`"),
        ('"version":1', '"version":1,"version":1', "duplicate field `version`"),
        ('"label":"win"', '"label":' + "[" * 300 + "]" * 300, "node 3 .*recursion|node 3 .*invalid type"),
        ('"parent":1', '"parent":17', "parent 17, but there are 5 rows"),
        ('"parent":1', '"parent":3', "'.*(win|lose).*circle"),
        ('"parent":0,"kind":"chance"', '"kind":"chance"', "rows 0 and 1 have no parent"),
        ('"2/5"', '"7/5"', "'Bet → play → win'.*7/5"),
        ('"2/5"', "1e999", "node 3|number"),
        ('"10"', '"ten"', "'Bet → play → win'.*'ten' is no number"),
        ('"10"', '"' + "9" * 5000 + '"', "'Bet → play → win'.*is no number"),
    ],
)
def test_spoilt_json_names_the_node(old, new, message):
    text = bet().build().to_json()
    assert old in text
    with pytest.raises(InvalidModel, match=message):
        Tree.from_json(text.replace(old, new, 1))
    stored = bet().solve().to_json()
    with pytest.raises(InvalidModel):
        TreeAnswer.from_json(stored.replace(old, new, 1))


def test_json_bombs():
    for bomb in ("[" * 10**6, '{"format":' * 10**6, '{"nodes":[' + "[" * 10**6, "\0", "9" * 10**6, ""):
        with pytest.raises(InvalidModel):
            Tree.from_json(bomb)
        for answer in (TreeAnswer, TableAnswer):
            with pytest.raises(InvalidModel):
                answer.from_json(bomb)
    stored = bet().solve().to_json()
    with pytest.raises(InvalidModel, match="'sense' stands there twice"):
        TreeAnswer.from_json(stored.replace('"sense":', '"sense": "cost", "sense":', 1))


def test_a_million_deep_and_wide():
    million = 1_000_000
    deep = 1
    for _ in range(million // 2):
        deep = {"stop": 0, "go on": deep}
    tree = decide("deep", deep).build()
    assert len(tree) == million + 1
    assert Tree.from_json(tree.to_json()).solve().emv == 1
    for drawn in (tree.svg(), tree.to_dot(), tree.to_mermaid(), tree.to_tikz(), tree._repr_html_()):
        assert len(drawn) < 100_000
    assert "nodes folded" in tree.svg()
    with pytest.raises(LimitExceeded, match="JSON"):
        tree.to_paths()
    with pytest.raises(InvalidTree, match="40 levels"):
        tree.to_silver_decisions()
    wide = decide("wide", {str(i): i % 7 for i in range(million)}).build()
    assert Tree.from_json(wide.to_json()) == wide
    assert Tree.from_paths(wide.to_paths()) == wide
    assert len(wide.svg()) < 100_000
    assert len(wide.to_silver_decisions()) > million


def test_a_tree_is_frozen_and_made_by_its_readers():
    tree = bet().build()
    with pytest.raises(AttributeError):
        tree.about = {}
    with pytest.raises(TypeError):
        Tree()
    assert repr(tree) == "<Tree: 5 nodes, exact>"
    assert repr(decide("d", {"a": 0.5}).build()) == "<Tree: 2 nodes, floats>"
    assert len({tree, bet().build()}) == 1
    assert tree != 3
