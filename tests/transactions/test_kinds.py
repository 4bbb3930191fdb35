"""The same table from every kind of frame: equal, and returned as the kind that came in."""

import datetime as dt
import subprocess
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import patronage as pt

ROLES = {"customer": "who", "time": "when", "amount": "paid", "order": "bill"}


def rows(count=500):
    random = np.random.default_rng(7)
    return {
        "who": [f"c{n:03d}" for n in random.integers(0, 60, count)],
        "when": [dt.datetime(2024, 1, 1) + dt.timedelta(hours=int(h)) for h in random.integers(0, 5000, count)],
        "paid": [round(float(x), 2) for x in random.gamma(2, 20, count)],
        "bill": [int(b) for b in random.integers(0, 200, count)],
    }


def duck(data):
    return duckdb.connect().from_arrow(pa.table(data))


KINDS = {
    "pandas": (pd.DataFrame, pd.DataFrame),
    "pandas with PyArrow columns": (
        lambda data: pd.DataFrame(data).convert_dtypes(dtype_backend="pyarrow"),
        pd.DataFrame,
    ),
    "pandas with categories": (lambda data: pd.DataFrame(data).astype({"who": "category"}), pd.DataFrame),
    "Polars": (pl.DataFrame, pl.DataFrame),
    "Polars, lazy": (lambda data: pl.DataFrame(data).lazy(), pl.DataFrame),
    "Polars with categories": (
        lambda data: pl.DataFrame(data).with_columns(pl.col("who").cast(pl.Categorical)),
        pl.DataFrame,
    ),
    "DuckDB": (duck, duckdb.DuckDBPyRelation),
    "PyArrow": (pa.table, pa.Table),
    "PyArrow reader of small batches": (
        lambda data: pa.table(data).to_reader(max_chunksize=7),
        pa.RecordBatchReader,
    ),
    "dict": (dict, dict),
}


@pytest.mark.parametrize("kind", KINDS)
def test_customers_are_equal_and_of_the_kind_that_came_in(kind):
    make, returned = KINDS[kind]
    expected = pt.customers(rows(), **ROLES)
    found = pt.customers(make(rows()), **ROLES)
    assert isinstance(found.to_frame(), returned)
    assert found.to_dicts() == expected.to_dicts()
    assert found.about == expected.about
    frame = found.to_frame()
    arrow = returned in (pa.Table, pa.RecordBatchReader)
    assert (frame.schema.names if arrow else list(getattr(frame, "columns", frame))) == found.columns


def test_the_plain_count_in_pandas_agrees():
    frame = pd.DataFrame(rows())
    plain = frame.groupby("who").agg(bills=("bill", "nunique"), paid=("paid", "sum"), last=("when", "max"))
    found = pt.TransactionLog(frame, **ROLES).customers().to_pandas().set_index("customer")
    assert found["frequency"].tolist() == plain["bills"].tolist()
    np.testing.assert_allclose(found["monetary"], plain["paid"], rtol=1e-14)
    assert found["last"].dt.date.tolist() == plain["last"].dt.date.tolist()


def test_pandas_without_pyarrow():
    code = """
import sys
sys.modules["pyarrow"] = None
import pandas as pd, patronage as pt
when = pd.to_datetime(["2024-01-01"] * 4)
frame = pd.DataFrame({"who": ["b", "a", None, "b"], "when": when, "paid": [1, 2, 3, 4]})
found = pt.customers(frame, customer="who", time="when", amount="paid", missing="drop").to_frame()
print(type(found).__module__.split(".")[0], found["customer"].tolist(), found["monetary"].tolist())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.split(maxsplit=1) == ["pandas", "['a', 'b'] [2.0, 5.0]\n"], done.stderr


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_of_every_unit(unit):
    data = {"who": [1, 1], "when": np.array(["2024-01-01T23:59:59", "2024-03-01"], dtype=f"datetime64[{unit}]")}
    for frame in (data, pd.DataFrame(data), pa.table(data)):
        assert pt.customers(frame, customer="who", time="when")["tenure"].tolist() == [60]


def test_a_zoned_day_is_a_day_there():
    moment = pd.to_datetime(["2024-01-01T20:00:00Z", "2024-01-02T10:00:00Z"])
    for zone, days in (("UTC", 1), ("Asia/Shanghai", 0), ("+08:00", 0)):
        frame = pd.DataFrame({"who": [1, 1], "when": moment.tz_convert(zone)})
        for table in (frame, pa.Table.from_pandas(frame)):
            log = pt.TransactionLog(table, customer="who", time="when")
            assert log.customers()["tenure"].tolist() == [days], (zone, type(table))
            assert log.intake.about["time_zone"] is not None


def test_decimals_and_small_integers():
    table = pa.table(
        {
            "who": pa.array([1, 2, 1], pa.uint8()),
            "when": pa.array([0, 1, 2], pa.date32()),
            "paid": pa.array(["1.10", "2.20", None], pa.string()).cast(pa.decimal128(10, 2)),
        }
    )
    found = pt.customers(table, customer="who", time="when", amount="paid", missing="drop")
    assert found["monetary"].tolist() == [1.1, 2.2]


def test_ids_that_pandas_made_floats():
    frame = pd.DataFrame({"who": [17850.0, np.nan, 13047.0], "when": ["2024-01-01"] * 3})
    assert pt.customers(frame, customer="who", time="when", missing="drop")["customer"].tolist() == [13047, 17850]


def test_a_stream_is_not_held_whole():
    """Memory grows with the customers: a stream of 20 million rows is summarised in little of it."""
    code = """
import resource, numpy as np, pyarrow as pa, patronage as pt
def batches(count):
    who = np.arange(100_000) % 1_000
    when = pa.array((np.arange(100_000) % 365).astype(np.int32)).cast(pa.date32())
    batch = pa.record_batch({"who": who, "when": when, "paid": np.ones(100_000)})
    for _ in range(count):
        yield batch
def summary(count):
    schema = next(batches(1)).schema
    reader = pa.RecordBatchReader.from_batches(schema, batches(count))
    return pt.customers(reader, customer="who", time="when", amount="paid")
summary(1)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert summary(200)["monetary"].sum() == 20_000_000
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    # Held whole, the rows would be 400 MB.
    assert float(done.stdout) < 40, done.stdout
