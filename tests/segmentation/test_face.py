"""Tables of every kind in and out, bad input, and what every result can do."""

import pickle

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import patronage as pt
from patronage.segmentation import SegmentMap

TABLE = {
    "customer": [f"c{i}" for i in range(10)],
    "recency": [10 * i + 1 for i in range(10)],
    "frequency": [20 - i for i in range(10)],
    "monetary": [1000.0 - 90 * i for i in range(10)],
    "tenure": [500 + i for i in range(10)],
}
FRAME = pd.DataFrame(TABLE)
KINDS = {
    "dict": TABLE,
    "pandas": FRAME,
    "pandas_pyarrow": FRAME.convert_dtypes(dtype_backend="pyarrow"),
    "polars": pl.DataFrame(TABLE),
    "pyarrow": pa.table(TABLE),
    "pyarrow_reader": pa.table(TABLE).to_reader(max_chunksize=3),
    "duckdb": duckdb.sql("select * from FRAME"),
}
VERBS = {
    "rfm": lambda table, **options: pt.rfm(table, **options),
    "pyramid": lambda table, **options: pt.pyramid(table, **options),
    "life_cycle": lambda table, **options: pt.life_cycle(table, new_within=30, **options),
}


@pytest.mark.parametrize("verb", VERBS)
def test_every_kind_of_table_gives_the_same_and_comes_back(verb):
    expected = VERBS[verb](TABLE).to_dicts()
    for name, table in KINDS.items():
        if name == "pyarrow_reader":
            table = pa.table(TABLE).to_reader(max_chunksize=3)
        result = VERBS[verb](table)
        assert result.to_dicts() == expected, name
        back = result.to_frame()
        assert pt._tables.kind_of(back) == pt._tables.kind_of(table), name


def test_a_log_s_customers_keep_the_kind_of_the_log():
    lines = pl.DataFrame({"who": [1, 1, 2, 3, 3], "when": ["2024-01-01"] * 5, "paid": [5.0] * 5})
    customers = pt.TransactionLog(lines, customer="who", time="when", amount="paid").customers()
    for result in (pt.rfm(customers, bins=2, segments=None), pt.pyramid(customers), pt.life_cycle(customers)):
        assert isinstance(result.to_frame(), pl.DataFrame)
        assert result.about["as_of"] == "2024-01-01"
        assert result.about["returns"] == "net"


@pytest.mark.parametrize("ties", ["average", "min", "max", "first"])
def test_the_best_are_champions_and_the_worst_hibernate(ties):
    segments = pt.rfm(TABLE, ties=ties)["segment"]
    assert segments[0] == "Champions"
    assert segments[-1] == "Hibernating"
    eight = pt.rfm(TABLE, method="mean", bins=2, segments="mean8", lang="zh")["segment"]
    assert (eight[0], eight[-1]) == ("重要价值客户", "一般挽留客户")


@pytest.mark.parametrize("verb", VERBS)
def test_json_pickle_and_what_is_made_again(verb):
    result = VERBS[verb](TABLE, lang="zh")
    for again in (type(result).from_json(result.to_json()), pickle.loads(pickle.dumps(result))):
        assert again == result
        assert again.summary() == result.summary()
        assert str(again.explain("c3")) == str(result.explain("c3"))
    assert str(result.explain("c3", lang="en")) != str(result.explain("c3"))


def test_maps_and_tiers_of_one_s_own_survive_too():
    halves = SegmentMap("halves", [("lately", (2, 2), (1, 2)), (("long ago", "很久以前"), (1, 1), (1, 2))], bins=2)
    assert pickle.loads(pickle.dumps(halves)) == halves
    scores = pt.rfm(TABLE, bins=2, segments=halves)
    assert scores["segment"] == ["lately"] * 5 + ["long ago"] * 5
    again = pickle.loads(pickle.dumps(scores))
    assert again.summary() == scores.summary()
    tiers = pt.pyramid(TABLE, preset={"A": 0.1, "B": "0.2", "C": 0.7})
    assert tiers["tier"] == ["A"] + ["B"] * 2 + ["C"] * 7
    assert pickle.loads(pickle.dumps(tiers)).summary() == tiers.summary()


def test_built_in_maps_as_tables():
    assert len(SegmentMap.named("rxf10").segments) == 10
    assert SegmentMap.named("mean8").rules[0][1] == "重要价值客户"
    with pytest.raises(pt.errors.UnknownName, match="rxf10 and mean8"):
        SegmentMap.named("rxf11")


def test_columns_by_other_names():
    renamed = FRAME.rename(columns={"customer": "who", "recency": "days", "frequency": "orders", "monetary": "paid"})
    names = {"customer": "who", "recency": "days", "frequency": "orders", "monetary": "paid"}
    assert pt.rfm(renamed, **names).to_dicts() == pt.rfm(FRAME).to_dicts()
    renamed.loc[3, "days"] = -1
    with pytest.raises(pt.errors.InvalidInput, match=r"column 'days': less than 0 in 1 row\(s\), first at row 3"):
        pt.rfm(renamed, **names)
    with pytest.raises(pt.errors.InvalidInput, match="column 'days'"):
        pt.life_cycle(renamed, customer="who", recency="days", monetary="paid")
    with pytest.raises(KeyError, match="recency"):
        pt.rfm(renamed, customer="who")
    assert pt.pyramid(renamed, by="paid", customer="who").about["by"] == "paid"
    assert "paid" in pt.pyramid(renamed, by="paid", customer="who").explain("c0").to_text()


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({"monetary": [np.nan] * 10}, {}, "column 'monetary': not a finite number in 10"),
        ({"monetary": [np.inf] + [1.0] * 9}, {}, "'monetary'.*first at row 0"),
        ({"recency": [None] + [1] * 9}, {}, "'recency'"),
        ({"customer": ["a"] * 10}, {}, "more than one row"),
        ({"customer": [None, *"abcdefghi"]}, {}, "column 'customer': no customer in 1 row"),
        (
            {"customer": list("abc"), **{k: [1, 2, 3] for k in ("recency", "frequency", "monetary")}},
            {},
            "5 needed",
        ),
        ({}, {"bins": 7}, "rxf10 with 7 bins"),
        ({}, {"bins": 300}, "from 2 to 10"),
        ({}, {"ties": "mean"}, "'average', 'min', 'max' or 'first'"),
        ({}, {"method": "ntile"}, "'rank' or 'mean'"),
        ({}, {"segments": "mine"}, "segment map 'mine' does not exist"),
        ({}, {"lang": "fr"}, "'en' or 'zh'"),
    ],
)
def test_bad_input(change, options, message):
    with pytest.raises(pt.errors.PatronageError, match=message) as raised:
        pt.rfm({**TABLE, **change}, **options)
    assert isinstance(raised.value, (ValueError, KeyError))


def test_bad_input_of_the_others():
    with pytest.raises(pt.errors.InvalidInput, match=r"below zero .* negative = 'keep'"):
        pt.pyramid({"customer": [1, 2], "monetary": [5.0, -1.0]})
    kept = pt.pyramid({"customer": [1, 2], "monetary": [5.0, -1.0]}, preset="gold_iron", negative="keep")
    assert kept.summary()["share_of_value"].tolist() == [1.25, -0.25]
    assert kept.customers_holding(0.5) == 1
    with pytest.raises(pt.errors.InvalidParameter, match="above 0"):
        pt.pyramid({"customer": [1, 2], "monetary": [0.0, 0.0]}).gini()
    with pytest.raises(pt.errors.InvalidParameter, match=r"0\.3 \+ 0\.6"):
        pt.pyramid(TABLE, preset={"A": 0.3, "B": 0.6})
    with pytest.raises(pt.errors.UnknownName, match="curry, textbook, gold_iron"):
        pt.pyramid(TABLE, preset="platinum")
    with pytest.raises(pt.errors.InvalidParameter, match="ascend"):
        pt.life_cycle(TABLE, lost_after=100, at_risk_within=100)
    with pytest.raises(pt.errors.ColumnNotFound, match="tenure"):
        pt.life_cycle({k: v for k, v in TABLE.items() if k != "tenure"}, new_within=30)
    with pytest.raises(pt.errors.InvalidInput, match="'tenure': the first purchase comes after the last"):
        pt.life_cycle({**TABLE, "tenure": [0] * 10}, new_within=30)
    with pytest.raises(pt.errors.UnknownName, match="ids look like c0"):
        pt.rfm(TABLE).explain("nobody")
    with pytest.raises(pt.errors.InvalidParameter, match="no summary"):
        pt.rfm(TABLE, segments=None).summary()


def test_an_empty_table_gives_an_empty_result():
    nobody = {name: np.array([], dtype=np.int64) for name in TABLE}
    for verb in VERBS.values():
        result = verb(nobody)
        assert len(result) == 0
        assert result.summary()["customers"].sum() == 0
        assert np.isnan(result.summary()["share_of_customers"]).all()
        result.plot()


def test_one_year_without_a_transaction():
    table = {"customer": [1, 2, 3], "recency": [0, 365, 366]}
    result = pt.life_cycle(table, monetary=None, lang="zh")
    assert result["status"] == ["继续往来客户", "继续往来客户", "流失客户"]
    assert result.summary().columns == ["status", "customers", "share_of_customers", "condition"]
    assert "←" in result.explain(3).to_text()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pictures(lang, tmp_path):
    scores = pt.rfm(TABLE, lang=lang)
    drawn = {
        "grid": scores.plot(),
        "segments": scores.plot(kind="segments"),
        "cells": pt.rfm(TABLE, bins=4, segments=None, lang=lang).plot(),
        "eight": pt.rfm(TABLE, bins=2, method="mean", segments="mean8", lang=lang).plot(),
        "pyramid": pt.pyramid(TABLE, lang=lang).plot(),
        "life_cycle": pt.life_cycle(TABLE, new_within=30, lang=lang).plot(),
    }
    for name, ax in drawn.items():
        ax.figure.savefig(tmp_path / f"{name}.png")
        assert ax.get_title(loc="left"), name
    with pytest.raises(pt.errors.InvalidParameter, match="'grid' or 'segments'"):
        scores.plot(kind="pie")


def test_hostile_ids_are_shown_as_text():
    table = {**TABLE, "customer": ["<script>alert(1)</script>", *TABLE["customer"][1:]]}
    result = pt.rfm(table)
    assert "<script>" not in result._repr_html_()
    assert "<script>" not in result.explain("<script>alert(1)</script>").to_html()


def test_rows_in_any_order_give_the_same():
    turned = FRAME.sample(frac=1, random_state=3)
    tied = {"frequency": [1, 1, 1, 1, 2, 2, 3, 3, 3, 9]}
    for ties in ("average", "min", "max", "first"):
        straight = pt.rfm(FRAME.assign(**tied), ties=ties).to_pandas().set_index("customer")
        other = pt.rfm(FRAME.assign(**tied).loc[turned.index], ties=ties).to_pandas().set_index("customer")
        assert straight.equals(other.loc[straight.index])
