"""Bad input: each a clear error, or a safe result."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import patronage as pt
from patronage.errors import ColumnNotFound, InvalidInput, InvalidParameter, NotEnoughData

GOOD = {"who": ["a", "b"], "when": ["2024-01-01", "2024-01-05"], "paid": [1.0, 2.0], "what": ["x", "y"]}
ROLES = {"customer": "who", "time": "when", "amount": "paid"}
FRAMES = {"dict": dict, "pandas": pd.DataFrame, "Polars": pl.DataFrame, "PyArrow": pa.table}


@pytest.fixture(params=FRAMES)
def frame(request):
    return FRAMES[request.param]


def refuse(data, match, error=InvalidInput, **options):
    with pytest.raises(error, match=match) as caught:
        pt.TransactionLog(data, **{**ROLES, **options})
    assert isinstance(caught.value, pt.errors.PatronageError)
    return str(caught.value)


def test_absent_column_lists_those_that_are_there(frame):
    text = refuse(frame(GOOD), "column 'whom'", ColumnNotFound, customer="whom")
    assert "did you mean 'who'" in text
    assert "who, when, paid, what" in text
    with pytest.raises(KeyError):
        pt.TransactionLog(frame(GOOD), **{**ROLES, "amount": "price"})


def test_absent_column_of_a_stream():
    reader = pa.table(GOOD).to_reader()
    assert "who, when, paid, what" in refuse(reader, "'price'", ColumnNotFound, amount="price")


def test_null_ids(frame):
    data = frame({**GOOD, "who": [None, "b"]})
    assert "missing=" in refuse(data, "column 'who': missing ids in 1 row.s., first at row 0")
    log = pt.TransactionLog(data, **ROLES, missing="drop")
    assert log.intake.to_dicts()[0] == {
        "reason": "missing_customer",
        "treatment": "set_aside",
        "column": "who",
        "rows": 1,
        "first_row": 0,
    }


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e16])
def test_amounts_that_are_no_money(frame, bad):
    data = frame({**GOOD, "paid": [1.0, bad]})
    refuse(data, "column 'paid'.*first at row 1")
    if np.isnan(bad):
        assert pt.TransactionLog(data, **ROLES, missing="drop").intake.rows_kept == 1
    else:
        refuse(data, "column 'paid'", missing="drop")


def test_a_log_of_returns_only(frame):
    refuse(frame({**GOOD, "paid": [-1.0, -2.0]}), "all 2 rows kept are returns", NotEnoughData)


def test_an_empty_table(frame):
    empty = {name: np.array(values)[:0] for name, values in GOOD.items()}
    if frame is pa.table:
        empty = pa.table(GOOD).slice(0, 0)
    log = pt.TransactionLog(empty if frame is pa.table else frame(empty), **ROLES, item="what")
    assert len(log.customers()) == 0
    assert log.intake.rows_read == 0
    with pytest.raises(NotEnoughData):
        log.purchase_history()


def test_one_row(frame):
    one = frame({name: values[:1] for name, values in GOOD.items()})
    log = pt.TransactionLog(one, **ROLES)
    assert log.customers().to_dicts()[0]["mean_gap"] is None
    assert log.purchase_history()["T"].tolist() == [0.0]
    assert log.cohorts()["customers"].tolist() == [1]


@pytest.mark.parametrize(
    "times",
    [
        ["2024-01-01T00:00:00+02:00", "2024-01-01T00:00:00+01:00"],
        ["2024-01-01T00:00:00+02:00", "2024-01-01T00:00:00"],
    ],
)
def test_mixed_zones_in_strings(frame, times):
    refuse(frame({**GOOD, "when": times}), "column 'when': mixed time zones.*row 1")


def test_mixed_zones_in_datetimes():
    east, west = dt.timezone(dt.timedelta(hours=8)), dt.timezone(dt.timedelta(hours=-5))
    mixed = [dt.datetime(2024, 1, 1, tzinfo=east), dt.datetime(2024, 1, 1, tzinfo=west)]
    refuse({**GOOD, "when": mixed}, "mixes time zones")
    refuse(pd.DataFrame({**GOOD, "when": pd.Series(mixed, dtype=object)}), "mixes time zones")


def test_strings_that_are_no_dates(frame):
    text = refuse(frame({**GOOD, "when": ["2024-01-01", "31.12.2024"]}), "column 'when'.*row 1")
    assert "31.12.2024" in text
    assert "2024-01-31" in text


def test_wrong_types(frame):
    assert "cast" in refuse(frame({**GOOD, "paid": ["1", "2"]}), "column 'paid'")
    assert "cast" in refuse(frame({**GOOD, "when": [1, 2]}), "column 'when'")
    assert "cast" in refuse(frame({**GOOD, "who": [1.5, 2.0]}), "column 'who'")


def test_mixed_types_in_one_column():
    refuse({**GOOD, "who": ["a", 1]}, "column 'who' mixes types")
    refuse(pd.DataFrame({**GOOD, "who": pd.Series(["a", 1], dtype=object)}), "column 'who' mixes types")


def test_unequal_and_many_dimensional_columns():
    refuse({**GOOD, "paid": [1.0]}, "length")
    refuse({**GOOD, "paid": np.ones((2, 2))}, "dimensions")


def test_a_column_that_is_there_twice():
    frame = pd.DataFrame([[1, 2, 3.0, 4]], columns=["who", "who", "paid", "when"])
    refuse(frame, "column 'who' is there 2 times")


@pytest.mark.parametrize("role", ["customer", "time", "amount"])
def test_a_column_that_is_not_named_by_a_string(role):
    refuse(GOOD, f"{role} = 3 is not possible.*name of a column", InvalidParameter, **{role: 3})


def test_a_log_without_a_customer_column():
    refuse(GOOD, "customer = None is not possible", InvalidParameter, customer=None)


def test_a_cohort_picture_of_nobody():
    log = pt.TransactionLog(GOOD, **ROLES)
    assert len(log.cohorts(as_of="2020-01-01")) == 0
    log.cohorts(as_of="2020-01-01").plot()


def test_a_stream_that_is_no_table():
    refuse(pl.Series("who", [1, 2]), "Series holds no table.*named columns")


def test_what_is_no_table():
    refuse(3, "no table")
    refuse([1, 2], "no table")


def test_a_hostile_stream():
    class Hostile:
        def __arrow_c_stream__(self, requested_schema=None):
            return 3

    with pytest.raises((TypeError, InvalidInput)):
        pt.TransactionLog(Hostile(), **ROLES)
    reader = pa.table(GOOD).to_reader()
    pt.customers(reader, **ROLES)
    with pytest.raises(InvalidInput):
        pt.customers(reader.__arrow_c_stream__, **ROLES)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"returns": "keep"}, "returns"),
        ({"missing": "ignore"}, "missing"),
        ({"duplicates": "yes"}, "duplicates"),
    ],
)
def test_unknown_policies(options, match):
    refuse(GOOD, match, InvalidParameter, **options)


def test_unknown_periods_and_days():
    log = pt.TransactionLog(GOOD, **ROLES)
    for call in (
        lambda: log.purchase_history(period="fortnight"),
        lambda: log.cohorts(period="fortnight"),
        lambda: log.cohorts(measure="profit"),
        lambda: log.customers(as_of="yesterday"),
        lambda: log.customers(as_of=3),
        lambda: log.purchase_history(holdout=-1),
        lambda: log.purchase_history(holdout=float("nan")),
        lambda: log.purchase_history(holdout="2025-01-01"),
        lambda: log.purchase_history(holdout=True),
    ):
        with pytest.raises(InvalidParameter):
            call()


def test_dates_far_away():
    refuse({**GOOD, "when": np.array(["2024-01-01", "20000-01-01"], dtype="datetime64[s]")}, "when")
    log = pt.TransactionLog({**GOOD, "when": ["0001-01-01", "9999-12-31"]}, **ROLES)
    assert log.customers()["recency"].tolist() == [3652058, 0]
    with pytest.raises(pt.errors.LimitExceeded, match="longer period"):
        log.cohorts(period="day")


def test_ids_are_told_apart_by_bytes():
    names = ["\u00e9", "e\u0301", "<script>", "\u202eabc", "a\u200bb", "=1+1", "", " "]
    log = pt.customers({"who": names, "when": ["2024-01-01"] * len(names)}, customer="who", time="when")
    assert sorted(log["customer"]) == sorted(names)
    shown = log._repr_html_()
    assert "<script>" not in shown
    assert "<bdi>\u202eabc</bdi>" in shown


def test_huge_and_overflowing_amounts_are_refused_not_wrong():
    many = 20_000
    data = {"who": np.ones(many, int), "when": np.zeros(many, "datetime64[D]"), "paid": np.full(many, 1e15)}
    with pytest.raises(pt.errors.LimitExceeded, match="larger unit"):
        pt.customers(data, **ROLES)
