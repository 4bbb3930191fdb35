"""Trees from tables: the same as from literals, in any kind of table; what is refused."""

from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest

from patronage.decision import Tree, chance, decide, pay
from patronage.errors import ColumnNotFound, InvalidInput, InvalidTree, PatronageError

COLUMNS = {
    "parent": [None, 0, 0, 1, 1],
    "branch": ["", "build", "wait", "good", "bad"],
    "name": ["Plant", "Market", "", "", ""],
    "probability": [None, None, None, ".4", "#"],
    "payoff": [0, -5, 0, 100, -20],
}


@pytest.mark.parametrize("make", [dict, pd.DataFrame, pl.DataFrame])
def test_tables_are_literals(make):
    market = chance({"good": (".4", pay(100) >> 0), "bad": ("#", pay(-20) >> 0)}, name="Market")
    literal = decide("Plant", {"build": pay(-5) >> market, "wait": 0}).solve()
    table = make(COLUMNS)
    if make is pd.DataFrame:
        table["parent"] = table["parent"].astype("Int64")
    answer = Tree.from_frame(table).solve()
    assert answer.to_dicts() == literal.to_dicts()
    assert answer.emv_exact == Fraction(23)
    assert type(answer.to_frame()) is (dict if make is dict else make)


def test_arrays():
    columns = {
        "parent": np.array([-1, 0, 0, 1, 1]),
        "p": np.array([np.nan, np.nan, np.nan, 0.4, 0.6]),
        "payoff": np.array([0.0, -5, 0, 100, -20]),
        "hours": np.array([0, 8, 1, 0, 0]),
        "time": np.array([np.nan, np.nan, np.nan, 1, 1]),
    }
    tree = Tree.from_frame(columns, probability="p", further=["hours"])
    assert (len(tree), tree.measures) == (5, ("payoff", "hours"))
    answer = tree.solve(discount_rate=0.1)
    assert answer.emv == pytest.approx(28 / 1.1 - 5)
    assert answer.measures()["hours_cumulative"].tolist() == [8, 8, 1, 8, 8]
    assert answer.choice == ("1",)
    assert tree.nbytes < 5 * 100


def wrong(**columns):
    return Tree.from_frame({**COLUMNS, **columns})


@pytest.mark.parametrize(
    ("columns", "match"),
    [
        ({"probability": [None, None, None, ".4", ".5"]}, "Plant → build.*sum to 9/10"),
        ({"probability": [None, None, None, "-.4", "1.4"]}, "good.*-2/5"),
        ({"probability": [None, None, None, np.nan, 0.5]}, "good.*without a probability"),
        ({"payoff": [0.0, np.nan, 0, 1, 2]}, "build.*payoff is NaN"),
        ({"payoff": [0.0, np.inf, 0, 1, 2]}, "build.*payoff is inf"),
        ({"parent": [None, 0, 0, 4, 3]}, "circle"),
        ({"parent": [None, 0, 0, 1, 9]}, "row 4 has parent 9"),
        ({"parent": [None, None, 0, 1, 1]}, "rows 0 and 1"),
        ({"parent": [0, 0, 0, 1, 1]}, "circle"),
        ({"branch": ["", "build", "build", "good", "bad"]}, "same label"),
        ({"kind": ["decision", "leaf", "leaf", "leaf", "leaf"]}, "leaf with branches"),
    ],
)
def test_wrong_trees_are_named(columns, match):
    with pytest.raises(InvalidTree, match=match):
        wrong(**columns)


def test_wrong_tables():
    with pytest.raises(ColumnNotFound, match="above"):
        Tree.from_frame(COLUMNS, parent="above")
    with pytest.raises(TypeError, match="labels"):
        Tree.from_frame(COLUMNS, labels="branch")
    with pytest.raises(PatronageError, match="kind"):
        wrong(kind=["decision", "fate", "leaf", "leaf", "leaf"])
    with pytest.raises(PatronageError, match="parent"):
        wrong(parent=["a", "b", "c", "d", "e"])
    with pytest.raises((InvalidTree, InvalidInput)):
        wrong(payoff=[1.0])


def test_a_million_rows():
    n = 999_997  # ternary, every inner node with three branches
    parent = (np.arange(n) + 2) // 3 - 1
    level = np.floor(np.log(2 * np.arange(n) + 1) / np.log(3) + 1e-9).astype(int)
    p = np.where((level % 2 == 0) & (level > 0), 1 / 3, np.nan)
    value = np.where(3 * np.arange(n) + 1 >= n, np.arange(n) % 97, np.nan)
    answer = Tree.from_frame({"parent": parent, "probability": p, "value": value}).solve()
    # The same with NumPy, node by node in reverse.
    expected = np.nan_to_num(value)
    for node in range((n - 1) // 3 - 1, -1, -1):
        below = expected[3 * node + 1 : 3 * node + 4]
        expected[node] = below.mean() if level[node] % 2 else below.max()
    assert answer.emv == pytest.approx(expected[0], rel=1e-12)
    assert len(answer) == n
