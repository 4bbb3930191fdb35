"""Every way in gives the baskets that the definition gives, whatever the kind of table and of id."""

import subprocess
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import patronage as pt
from patronage.errors import ColumnNotFound, InvalidInput, InvalidParameter

INTEGERS = st.one_of(st.integers(0, 5), st.sampled_from([-1, 2**32, 2**63 - 1, -(2**63)]))
TEXTS = st.sampled_from(["", "a", "b", "é", "e\u0301", "a longer name than most of them", "<b>"])
IDS = st.sampled_from([INTEGERS, TEXTS])


@st.composite
def long_tables(draw):
    basket, item, count = draw(IDS), draw(IDS), draw(st.integers(0, 20))
    rows = [(draw(basket), draw(item)) for _ in range(count)]
    return {"basket": [b for b, _ in rows], "item": [i for _, i in rows]}


def expected(table):
    baskets = {}
    for basket, item in zip(table["basket"], table["item"], strict=True):
        baskets.setdefault(basket, set()).add(item)
    # Strings are ordered by their bytes.
    ordered = sorted(baskets, key=lambda b: b.encode() if isinstance(b, str) else b)
    return ordered, [sorted(baskets[b], key=lambda i: i.encode() if isinstance(i, str) else i) for b in ordered]


def arrays(table):
    return {name: np.array(values) if values else np.zeros(0, np.int64) for name, values in table.items()}


LONG = {
    "dict": dict,
    "NumPy": arrays,
    "NumPy with gaps": lambda table: {name: np.repeat(values, 2)[::2] for name, values in arrays(table).items()},
    "pandas": pd.DataFrame,
    "pandas with an index": lambda table: pd.DataFrame(table, index=[f"r{i}" for i in range(len(table["item"]))]),
    "pandas with objects": lambda table: pd.DataFrame(table).astype(object),
    "pandas with categories": lambda table: pd.DataFrame(table).astype("category"),
    "pandas with PyArrow": lambda table: pd.DataFrame(table).convert_dtypes(dtype_backend="pyarrow"),
    "Polars": pl.DataFrame,
    "PyArrow": pa.table,
    "PyArrow reader": lambda table: pa.table(table).to_reader(max_chunksize=3),
    "PyArrow dictionaries": lambda table: pa.table(
        {name: pa.array(values).dictionary_encode() for name, values in table.items()}
    ),
    "DuckDB": lambda table: duckdb.connect().from_arrow(pa.table(table)),
}


@pytest.mark.parametrize("kind", LONG)
@settings(deadline=None, max_examples=40)
@given(table=long_tables())
def test_long_tables(kind, table):
    baskets = pt.Baskets.from_table(LONG[kind](table), basket="basket", item="item")
    ids, items = expected(table)
    assert baskets["items"] == items
    assert list(baskets.ids) == ids
    assert baskets.about["repeated"] == len(table["item"]) - sum(map(len, items))
    assert pt.Baskets.from_lists(items)["items"] == items
    again = pt.Baskets.from_json(baskets.to_json())
    assert again == baskets
    assert list(again.ids) == ids


LISTS = {
    "dict": lambda lists: {"items": lists},
    "pandas": lambda lists: pd.DataFrame({"items": pd.Series(lists, dtype=object)}),
    "pandas with PyArrow": lambda lists: pd.DataFrame(
        {"items": pd.Series(lists, dtype=pd.ArrowDtype(pa.list_(pa.int64())))}
    ),
    "Polars": lambda lists: pl.DataFrame({"items": pl.Series(lists, dtype=pl.List(pl.Int64))}),
    "PyArrow": lambda lists: pa.table({"items": pa.array(lists, pa.list_(pa.int64()))}),
    "PyArrow, cut": lambda lists: pa.table({"items": pa.array([[9], *lists], pa.list_(pa.int64()))}).slice(1),
    "PyArrow, large": lambda lists: pa.table({"items": pa.array(lists, pa.large_list(pa.int64()))}),
    "PyArrow reader": lambda lists: pa.table({"items": pa.array(lists, pa.list_(pa.int64()))}).to_reader(
        max_chunksize=2
    ),
    "DuckDB": lambda lists: duckdb.connect().from_arrow(pa.table({"items": pa.array(lists, pa.list_(pa.int64()))})),
}


@pytest.mark.parametrize("kind", LISTS)
@settings(deadline=None, max_examples=20)
@given(lists=st.lists(st.lists(st.integers(0, 5), max_size=5), max_size=8))
def test_columns_of_lists(kind, lists):
    baskets = pt.Baskets.from_table(LISTS[kind](lists), items="items")
    assert baskets["items"] == [sorted(set(items)) for items in lists]
    assert baskets.about["empty"] == lists.count([])
    assert baskets.ids is None


def test_lists_of_fixed_size_and_of_texts():
    fixed = pa.table({"items": pa.array([[9, 9], [2, 1], [1, 1]], pa.list_(pa.int64(), 2))}).slice(1)
    assert pt.Baskets.from_table(fixed, items="items")["items"] == [[1, 2], [1]]
    texts = pl.DataFrame({"items": [["tea", "milk"], [], ["tea"]]})
    coded = texts.with_columns(pl.col("items").cast(pl.List(pl.Categorical)))
    for table in (texts, coded, texts.to_pandas(), texts.to_arrow()):
        assert pt.Baskets.from_table(table, items="items")["items"] == [["milk", "tea"], [], ["tea"]]


MATRICES = {
    "NumPy": np.asarray,
    "NumPy by columns": np.asfortranarray,
    "NumPy of bytes": lambda matrix: matrix.astype(np.uint8),
    "NumPy of floats": lambda matrix: matrix.astype(float),
    "CSR": sp.csr_array,
    "CSR of whole numbers": lambda matrix: sp.csr_matrix(matrix.astype(int)),
    "CSC": sp.csc_array,
    "COO": sp.coo_array,
    "CSR with zeros stored": lambda matrix: sp.csr_array(
        (matrix.ravel().astype(int), np.tile(np.arange(matrix.shape[1]), len(matrix)),
         np.arange(len(matrix) + 1) * matrix.shape[1]), matrix.shape),
}  # fmt: skip
TABLES = {
    "pandas": lambda frame: frame,
    "pandas of numbers": lambda frame: frame.astype(np.int8),
    "pandas, sparse": lambda frame: frame.astype(pd.SparseDtype(bool)),
    "pandas, sparse numbers": lambda frame: frame.astype(pd.SparseDtype(float, 0.0)),
    "pandas, sparse with 1 left out": lambda frame: frame.astype(pd.SparseDtype(int, 1)),
    "pandas, a sparse column": lambda frame: frame.astype({"i0": pd.SparseDtype(bool)}),
    "pandas, mixed": lambda frame: frame.astype({"i0": float}),
    "pandas, nullable": lambda frame: frame.astype("boolean"),
    "Polars": pl.from_pandas,
    "PyArrow": pa.Table.from_pandas,
    "dict": lambda frame: frame.to_dict("list"),
}
matrices = st.tuples(st.integers(0, 6), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(st.booleans(), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]).map(
        lambda cells: np.array(cells, bool).reshape(shape)
    )
)


@pytest.mark.parametrize("kind", MATRICES)
@settings(deadline=None, max_examples=20)
@given(matrix=matrices)
def test_matrices(kind, matrix):
    items = [np.flatnonzero(row).tolist() for row in matrix]
    assert pt.Baskets.from_onehot(MATRICES[kind](matrix))["items"] == items
    names = [f"i{c}" for c in range(matrix.shape[1])]
    named = pt.Baskets.from_onehot(MATRICES[kind](matrix), names=names)
    assert named["items"] == [[names[c] for c in row] for row in items]
    assert named.about["items"] == matrix.shape[1]


@pytest.mark.parametrize("kind", TABLES)
@settings(deadline=None, max_examples=20)
@given(matrix=matrices)
def test_one_hot_tables(kind, matrix):
    frame = pd.DataFrame(matrix, columns=[f"i{c}" for c in range(matrix.shape[1])])
    items = [[f"i{c}" for c in np.flatnonzero(row)] for row in matrix]
    if len(frame) == 0 and kind in ("pandas, mixed", "dict"):
        return  # without rows these have no type
    assert pt.Baskets.from_onehot(TABLES[kind](frame))["items"] == items


@given(lists=st.lists(st.lists(st.integers(0, 5), max_size=5), max_size=8))
def test_compressed_rows(lists):
    offsets = np.cumsum([0, *map(len, lists)])
    codes = [item for items in lists for item in items]
    labels = ["a", "b", "c", "d", "e", "f"]
    for number in (np.int64, np.uint16):
        baskets = pt.Baskets.from_csr(offsets.astype(number), np.array(codes, number), labels)
        assert baskets["items"] == [[labels[i] for i in sorted(set(items))] for items in lists]
    assert pt.Baskets.from_csr(offsets, codes)["items"] == [sorted(set(items)) for items in lists]


@settings(deadline=None)
@given(table=long_tables(), groups=st.lists(st.sampled_from(["n", "s", "w"]), min_size=20, max_size=20))
def test_groups(table, groups):
    table = {**table, "store": groups[: len(table["item"])]}
    found = pt.Baskets.by_group(table, basket="basket", item="item", group="store")
    assert list(found) == sorted(set(table["store"]))
    for store, baskets in found.items():
        here = [row for row, name in enumerate(table["store"]) if name == store]
        ids, items = expected({name: [table[name][row] for row in here] for name in ("basket", "item")})
        assert baskets["items"] == items
        assert list(baskets.ids) == ids
        assert baskets.about["items"] == len(set(table["item"]))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: pt.Baskets.from_table({"a": [1]}, basket="a"), InvalidParameter, "basket= and item="),
        (lambda: pt.Baskets.from_table({"a": [[1]]}, basket="a", items="a"), InvalidParameter, "items= alone"),
        (lambda: pt.Baskets.from_table({"a": [[1]]}, items="b"), ColumnNotFound, "column 'b'"),
        (lambda: pt.Baskets.from_table({"a": [[1], None]}, items="a"), InvalidInput, "NoneType.*first at row 1"),
        (lambda: pt.Baskets.from_table(pl.DataFrame({"a": [[1], None]}), items="a"), InvalidInput,
         r"column 'a': missing lists in 1 row\(s\), first at row 1"),
        (lambda: pt.Baskets.from_table(pl.DataFrame({"a": [[1], [], [2, None]]}), items="a"), InvalidInput,
         r"column 'a': missing items in the lists in 1 row\(s\), first at row 2"),
        (lambda: pt.Baskets.from_table(pl.DataFrame({"a": [1]}), items="a"), InvalidInput, "lists are expected"),
        (lambda: pt.Baskets.from_onehot(np.zeros((2, 2, 2))), InvalidInput, "2 dimensions, this has 3"),
        (lambda: pt.Baskets.from_onehot(np.array([[0, 1], [3, 2]]), names=["a", "b"]), InvalidInput,
         r"column 'a': values that are neither.* in 1 row\(s\), first at row 1"),
        (lambda: pt.Baskets.from_onehot(np.array([[np.nan]])), InvalidInput, "first at row 0"),
        (lambda: pt.Baskets.from_onehot(np.array([["x"]])), InvalidInput, "type <U1"),
        (lambda: pt.Baskets.from_onehot(np.eye(2), names=["a"]), InvalidInput, "1 names for 2 columns"),
        (lambda: pt.Baskets.from_onehot(np.eye(2), names=["a", 1]), InvalidInput, "strings only or integers only"),
        (lambda: pt.Baskets.from_onehot(np.eye(2), names=["a", "a"]), InvalidParameter, "each label once"),
        (lambda: pt.Baskets.from_onehot({"a": [True]}, names=["a"]), InvalidInput, "names= is for matrices"),
        (lambda: pt.Baskets.from_onehot(sp.csr_array([[0, 2]])), InvalidInput, "column '1'.*row 0"),
        (lambda: pt.Baskets.from_onehot(pd.DataFrame({"a": pd.arrays.SparseArray([0, 0, 7])})), InvalidInput,
         "column 'a'.*row 2"),
        (lambda: pt.Baskets.from_onehot(pd.DataFrame({"a": pd.arrays.SparseArray([0.0, np.nan])})), InvalidInput,
         "column 'a'.*row 1"),
        (lambda: pt.Baskets.from_csr([0, 1], [2], ["a"]), InvalidInput, "code 2 is not below 1"),
        (lambda: pt.Baskets.from_csr([0, 2], [0], ["a"]), InvalidParameter, "offsets"),
        (lambda: pt.Baskets.from_csr([0, 1], [-1], ["a"]), InvalidInput, "codes: -1 at place 0"),
        (lambda: pt.Baskets.from_csr([0, 1], [0.5], ["a"]), InvalidInput, "give whole numbers"),
        (lambda: pt.Baskets.from_csr([0, 1], [2**40], ["a"]), InvalidInput, "codes: "),
        (lambda: pt.Baskets.by_group({"a": [1], "b": [1], "g": [None]}, basket="a", item="b", group="g"),
         InvalidInput, "column 'g': the id is missing"),
    ],
)  # fmt: skip
def test_what_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_columns_of_numpy_are_not_copied():
    """Two columns of 64 MB each: what is kept of a row is 4 bytes a column, then the baskets."""
    code = """
import resource, numpy as np, patronage as pt
basket = np.repeat(np.arange(1_000_000), 8)
item = np.tile(np.arange(8), 1_000_000)
pt.Baskets.from_table({"b": basket[:9], "i": item[:9]}, basket="b", item="i")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
baskets = pt.Baskets.from_table({"b": basket, "i": item}, basket="b", item="i")
assert len(baskets) == 1_000_000 and basket.sum() == 3_999_996_000_000
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e3)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 128, done.stdout


def test_the_array_may_change_afterwards():
    item = np.array([3, 1, 2])
    baskets = pt.Baskets.from_table({"b": np.zeros(3, int), "i": item}, basket="b", item="i")
    item[:] = 9
    assert baskets["items"] == [[1, 2, 3]]
