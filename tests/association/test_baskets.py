"""Every way in, and what is refused."""

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import patronage as pt

TABLE = {
    "order": [7, 7, 3, 3, 3, 9],
    "product": ["milk", "beer", "beer", "beer", "cola", "milk"],
    "kind": ["dairy", "drink", "drink", "drink", "drink", "dairy"],
}
FRAME = pd.DataFrame(TABLE)
ITEMS = [["beer", "cola"], ["beer", "milk"], ["milk"]]  # orders 3, 7, 9
KINDS = {
    "dict": lambda: TABLE,
    "pandas": lambda: FRAME,
    "categorical": lambda: FRAME.astype({"product": "category"}),
    "pandas_pyarrow": lambda: FRAME.convert_dtypes(dtype_backend="pyarrow"),
    "polars": lambda: pl.DataFrame(TABLE),
    "pyarrow": lambda: pa.table(TABLE),
    "pyarrow_reader": lambda: pa.table(TABLE).to_reader(max_chunksize=2),
    "duckdb": lambda: duckdb.sql("select * from FRAME"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_table(kind):
    table = KINDS[kind]()
    baskets = pt.Baskets.from_table(table, basket="order", item="product")
    assert baskets["items"] == ITEMS
    assert (baskets.about["repeated"], baskets.about["empty"], baskets.about["items"]) == (1, 0, 3)
    rules = pt.frequent_itemsets(baskets, min_support=1).rules()
    assert type(rules.to_frame()) is type(KINDS[kind]())


def test_lists_of_any_kind():
    for lists in (ITEMS, tuple(map(tuple, ITEMS)), map(set, ITEMS), (iter(x) for x in ITEMS), np.array(ITEMS, object)):
        assert pt.Baskets.from_lists(lists)["items"] == ITEMS
    numbers = pt.Baskets.from_lists([np.array([3, 1]), [2], range(0)])
    assert numbers["items"] == [[1, 3], [2], []]
    assert numbers["size"].tolist() == [2, 1, 0]


def test_one_hot():
    dense = pd.DataFrame({"beer": [True, True, False], "cola": [True, False, False], "milk": [False, True, True]})
    for table in (dense, dense.astype(int), dense.astype(float), pl.DataFrame(dense), pa.table(dense.to_dict("list"))):
        assert pt.Baskets.from_onehot(table)["items"] == ITEMS
    with pytest.raises(pt.errors.InvalidInput, match=r"column 'beer'.* in 2 row\(s\), first at row 1"):
        pt.Baskets.from_onehot(pd.DataFrame({"beer": [1, 2, 3]}))
    with pytest.raises(pt.errors.InvalidInput, match="column 'beer'"):
        pt.Baskets.from_onehot(pd.DataFrame({"beer": [1.0, np.nan]}))
    with pytest.raises(pt.errors.InvalidInput, match="named by strings"):
        pt.Baskets.from_onehot(pd.DataFrame([[True]]))


def test_of_a_log():
    log = pt.TransactionLog({**TABLE, "day": ["2024-01-01"] * 6}, customer="order", time="day", item="product")
    assert sorted(log.baskets()["items"]) == ITEMS
    assert sorted(log.baskets("kind")["items"]) == [["dairy"], ["dairy", "drink"], ["drink"]]
    with pytest.raises(pt.errors.ColumnNotFound, match="nothing"):
        log.baskets("nothing")
    bare = pt.TransactionLog({**TABLE, "day": ["2024-01-01"] * 6}, customer="order", time="day")
    with pytest.raises(pt.errors.ColumnNotFound, match="item"):
        bare.baskets()
    stream = pa.table({**TABLE, "day": ["2024-01-01"] * 6}).to_reader()
    streamed = pt.TransactionLog(stream, customer="order", time="day", item="product")
    assert sorted(streamed.baskets()["items"]) == ITEMS
    with pytest.raises(pt.errors.InvalidParameter, match="stream"):
        streamed.baskets("kind")


@pytest.mark.parametrize(
    ("baskets", "message"),
    [
        (
            [["a", None], ["b"], [1.5]],
            r"neither a string nor a 64-bit integer \(NoneType\) in 2 row\(s\), first at row 0",
        ),
        ([["a"], [True]], "first at row 1"),
        ([["a"], [2**70]], "first at row 1"),
        ([["a"], "bc"], r"no list of items \(str\) in 1 row\(s\), first at row 1"),
        ([["a"], 3], "first at row 1"),
        ([["a"], [1]], "integers and strings mixed"),
        ("beer", "no list of baskets"),
        (3, "no list of baskets"),
        (FRAME, "from_table"),
    ],
)
def test_what_is_no_basket(baskets, message):
    with pytest.raises(pt.errors.InvalidInput, match=message):
        pt.frequent_itemsets(baskets, min_support=0.5)


def test_null_ids_and_absent_columns():
    table = {"order": [1, None, 2], "product": ["a", "b", None]}
    with pytest.raises(
        pt.errors.InvalidInput, match=r"column 'order': the id is missing in 1 row\(s\), first at row 1"
    ):
        pt.Baskets.from_table(table, basket="order", item="product")
    stream = pa.table({"order": [1, 1, 2], "product": ["a", "b", None]}).to_reader(max_chunksize=1)
    with pytest.raises(pt.errors.InvalidInput, match=r"column 'product': .* first at row 2"):
        pt.Baskets.from_table(stream, basket="order", item="product")
    with pytest.raises(pt.errors.ColumnNotFound, match="did you mean 'product'"):
        pt.Baskets.from_table(table, basket="order", item="produkt")


def test_nothing_is_a_table_too():
    for baskets in ([], [[]], [[], []]):
        itemsets = pt.frequent_itemsets(baskets, min_support=0.5)
        assert itemsets.to_dicts() == []
        assert itemsets.rules().to_dicts() == []
        assert itemsets.about["n_baskets"] == len(baskets)
        assert itemsets.rules().plot() is not None
        assert itemsets.plot() is not None
        assert pt.Baskets.from_lists(baskets).plot() is not None
        assert "No set" in str(itemsets.explain())
