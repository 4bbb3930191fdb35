"""Decision tables: every kind of table in, every criterion, what is refused."""

import pickle
from fractions import Fraction

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from patronage.decision import DecisionTable, StrategyRegions, TableAnswer
from patronage.errors import ColumnNotFound, InvalidModel, InvalidParameter, InvalidTree, UnknownName

HOSPITAL = {
    "large": {"favourable": 100_000, "unfavourable": -90_000},
    "medium": {"favourable": 60_000, "unfavourable": -10_000},
    "small": {"favourable": 40_000, "unfavourable": -5_000},
    "none": {"favourable": 0, "unfavourable": 0},
}
COLUMNS = {
    "plant": list(HOSPITAL),
    "favourable": [100_000, 60_000, 40_000, 0],
    "unfavourable": [-90_000, -10_000, -5_000, 0],
}
P = {"favourable": ".4", "unfavourable": "#"}


def test_the_criteria():
    # Heizer and Render; the criteria are recomputed in the reference cases.
    answer = DecisionTable(HOSPITAL, probabilities=P).solve(optimism=".8")
    best = {name: (criterion.exact, criterion.choice) for name, criterion in answer.criteria.items()}
    assert best == {
        "maximax": (100_000, ("large",)),
        "maximin": (0, ("none",)),
        "Hurwicz": (62_000, ("large",)),
        "Laplace": (25_000, ("medium",)),
        "minimax regret": (40_000, ("medium",)),
        "EMV": (18_000, ("medium",)),
        "EOL": (22_000, ("medium",)),
    }
    assert (answer.emv, answer.emv_exact, answer.choice) == (18_000.0, 18_000, ("medium",))
    assert (answer.ev_with_perfect_information, answer.evpi, answer.evpi_exact) == (40_000.0, 22_000.0, 22_000)
    assert answer.fractions("EMV") == {"large": -14_000, "medium": 18_000, "small": 13_000, "none": 0}
    assert answer.regret()["favourable"].tolist() == [0, 40_000, 60_000, 100_000]
    assert answer.about == {"sense": "profit", "optimism": "4/5"}
    assert "EOL(medium) = (0.4)(40,000) + (0.6)(10,000) = 22,000" in str(answer.explain())
    assert "最小最大后悔值准则" in str(answer.explain(lang="zh"))
    answer.plot()


def test_costs():
    answer = DecisionTable({"a": {"x": 12, "y": 18}, "b": {"x": 10, "y": 22}}).solve(sense="cost")
    assert answer.columns == ["alternative", "minimin", "minimax", "laplace", "minimax_regret"]
    assert answer.criteria["minimin"].choice == ("b",)
    assert answer.criteria["minimax"].choice == ("a",)
    assert (answer.emv, answer.choice, answer.evpi, answer.ev_with_perfect_information) == (None, (), None, None)
    answer.plot()


@pytest.mark.parametrize(
    ("table", "name"),
    [
        (HOSPITAL, None),
        (COLUMNS, "plant"),
        (pd.DataFrame(COLUMNS), "plant"),
        (pd.DataFrame(COLUMNS).set_index("plant"), None),
        (pl.DataFrame(COLUMNS), "plant"),
        (pl.DataFrame(COLUMNS).lazy(), "plant"),
        (pa.table(COLUMNS), "plant"),
        ("duckdb", "plant"),
    ],
    ids=["dicts", "columns", "pandas", "index", "polars", "lazy", "arrow", "duckdb"],
)
def test_every_kind_of_table(table, name):
    if isinstance(table, str):
        table = duckdb.from_arrow(pa.table(COLUMNS))
    for probabilities in (P, [".4", "#"], ["2/5", Fraction(3, 5)]):
        made = DecisionTable(table, probabilities=probabilities, alternatives=name)
        assert made == DecisionTable(HOSPITAL, probabilities=P)
        answer = made.solve()
        assert answer.evpi_exact == 22_000
        if not isinstance(table, dict | pl.LazyFrame):
            assert type(answer.to_frame()) is type(table)


def test_floats_and_text():
    assert DecisionTable({"a": {"x": 0.5}}, probabilities=[1]).solve().emv_exact is None
    assert DecisionTable({"a": {"x": "1/3"}}, probabilities=["1"]).solve().emv_exact == Fraction(1, 3)
    assert DecisionTable({"a": {"x": 1}}).solve(optimism=0.5).criteria["Hurwicz"].exact is None


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: DecisionTable({}), InvalidTree, "no alternative"),
        (lambda: DecisionTable({"a": {}}), InvalidTree, "no state"),
        (lambda: DecisionTable({"a": {"x": 1}, "b": {"y": 1}}), InvalidTree, "'b'.*state 'x'"),
        (lambda: DecisionTable({"a": {"x": 1}, "b": {"x": 1, "z": 2}}), InvalidTree, "'b'.*state 'z'"),
        (lambda: DecisionTable({"a": [1, 2]}), InvalidTree, "dict of payoffs"),
        (lambda: DecisionTable({"a": {"x": float("nan")}}), InvalidTree, "'a' in state 'x'.*NaN"),
        (lambda: DecisionTable({"a": {"x": None}}), InvalidTree, "'None' is no number"),
        (lambda: DecisionTable(HOSPITAL, probabilities=[".5", ".4"]), InvalidTree, "9/10"),
        (lambda: DecisionTable(HOSPITAL, probabilities=[".5"]), InvalidTree, "1 probabilities for 2 states"),
        (lambda: DecisionTable(HOSPITAL, probabilities={"good": 1}), InvalidTree, "'favourable'"),
        (lambda: DecisionTable(HOSPITAL, probabilities=["-1", "2"]), InvalidTree, "'favourable'.*-1"),
        (lambda: DecisionTable(pl.DataFrame(COLUMNS)), InvalidTree, "which column"),
        (lambda: DecisionTable(pl.DataFrame(COLUMNS), alternatives="plan"), ColumnNotFound, "plant"),
        (lambda: DecisionTable(HOSPITAL).solve(optimism="1.2"), InvalidParameter, "6/5"),
        (lambda: DecisionTable(HOSPITAL).solve(sense="both"), InvalidParameter, "sense"),
        (lambda: DecisionTable(HOSPITAL).solve().fractions("luck"), ColumnNotFound, "luck"),
        (lambda: TableAnswer.from_json("[]"), InvalidModel, "cannot read"),
        (lambda: DecisionTable.from_json("{}"), InvalidModel, "cannot read"),
    ],
)
def test_what_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_json_and_pickle():
    table = DecisionTable(pd.DataFrame(COLUMNS), probabilities=P, alternatives="plant")
    assert pickle.loads(pickle.dumps(table)) == DecisionTable.from_json(table.to_json()) == table
    answer = table.solve(optimism=".3")
    for again in (TableAnswer.from_json(answer.to_json()), pickle.loads(pickle.dumps(answer))):
        assert again == answer
        assert type(again.to_frame()) is pd.DataFrame
        assert again.criteria == answer.criteria


def test_hostile_names_are_only_text():
    bad = "<script>alert(1)</script>"
    table = DecisionTable({bad: {bad: 1}})
    for text in (table._repr_html_(), table.solve()._repr_html_(), table.solve().explain().to_html()):
        assert "<script" not in text


def test_strategy_regions():
    # Heizer and Render: none up to 1/9, small up to 1/5, medium up to 2/3, large above.
    regions = DecisionTable(HOSPITAL).strategy_regions("favourable")
    assert regions["best"] == [["none"], ["small"], ["medium"], ["large"]]
    assert regions.break_even() == [Fraction(1, 9), Fraction(1, 5), Fraction(2, 3)]
    assert StrategyRegions.from_json(regions.to_json()) == regions
    assert len(regions.plot().lines) > 4
    floats = DecisionTable({"a": {"x": 0.5, "y": 0}, "b": {"x": 0, "y": 0.5}}).strategy_regions("y")
    assert floats.break_even() == [0.5]
    with pytest.raises(UnknownName, match="'fair'"):
        DecisionTable(HOSPITAL).strategy_regions("fair")
    three = {"a": {"x": 1, "y": 2, "z": 3}}
    with pytest.raises(InvalidTree, match="share what is left"):
        DecisionTable(three).strategy_regions("x")
    with pytest.raises(InvalidTree, match="impossible"):
        DecisionTable(three, probabilities=[1, 0, 0]).strategy_regions("x")
