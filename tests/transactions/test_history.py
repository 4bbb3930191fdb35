"""Purchase histories: periods, grains, ends of the data; against a plain count and the published summaries."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import patronage as pt
from patronage.errors import InvalidParameter

START = dt.date(2024, 1, 1)  # a Monday
ROLES = {"customer": "who", "time": "when", "amount": "paid"}
PERIODS = {"day": 1, "week": 7, "month": 30.4375, "quarter": 91.3125, "year": 365.25, 10: 10, 0.5: 0.5}


def log_of(rows, **options):
    who, day, cents = zip(*rows, strict=True)
    frame = {"who": list(who), "when": [START + dt.timedelta(days=d) for d in day], "paid": [c / 100 for c in cents]}
    return pt.TransactionLog(frame, **ROLES, **options)


def grain_of(day, grain):
    date = START + dt.timedelta(days=day)
    return {"day": day, "week": day // 7, "month": (date.year, date.month)}[grain]


def plain(rows, days, grain, as_of):
    """By the definitions, customer by customer."""
    table = []
    for who in sorted({r[0] for r in rows}):
        mine = sorted((day, cents) for customer, day, cents in rows if customer == who and day <= as_of)
        bought = [day for day, cents in mine if cents >= 0]
        if not bought:
            continue
        first = min(bought)
        grains = sorted({grain_of(day, grain) for day in bought})
        last = min(day for day in bought if grain_of(day, grain) == grains[-1])
        spent = sum(cents for day, cents in mine if grain_of(day, grain) > grain_of(first, grain))
        x = len(grains) - 1
        table.append((who, x, (last - first) / days, (as_of - first) / days, spent / 100 / x if x else None))
    return table


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 90), st.integers(-200, 900)), min_size=1, max_size=40),
    st.sampled_from(list(PERIODS)),
    st.sampled_from(["day", "week", "month"]),
    st.integers(0, 120),
    st.sampled_from(["int", "str", "far"]),
)
def test_a_plain_count_agrees(rows, period, grain, as_of, ids):
    if not any(cents >= 0 for _, _, cents in rows):
        return
    name = {"int": int, "str": "customer-{}-of-the-shop".format, "far": lambda who: who * 10**15}[ids]
    buyers = {who for who, _, cents in rows if cents >= 0}
    log = log_of([(name(who), day, cents) for who, day, cents in rows])
    day = START + dt.timedelta(days=as_of)
    if as_of < min(d for who, d, _ in rows if who in buyers):
        with pytest.raises(InvalidParameter, match="as_of"):
            log.purchase_history(period=period, grain=grain, as_of=day)
        return
    found = log.purchase_history(period=period, grain=grain, as_of=day)
    expected = plain(rows, PERIODS[period], grain, as_of)
    table = [tuple(row.values()) for row in found.to_dicts()]
    assert [row[:4] for row in table] == [(name(who), *rest) for who, *rest, _ in expected]
    spend = [[np.nan if row[4] is None else row[4] for row in rows] for rows in (table, expected)]
    np.testing.assert_allclose(*spend, rtol=1e-14)
    assert found.about["later_customers"] == len(buyers) - len(expected)
    assert found.about["later_lines"] == sum(day > as_of for who, day, _ in rows if who in buyers)


def test_the_cdnow_master_against_pandas(shared):
    frame = pd.read_csv(shared("data/cdnow_master.csv.gz"), parse_dates=["date"])
    days = frame.groupby(["customer_id", "date"])["amount"].sum().reset_index()
    by = days.groupby("customer_id")
    x = by.size() - 1
    first, last = by["date"].min(), by["date"].max()
    spend = (by["amount"].sum() - by["amount"].first()) / x
    roles = {"customer": "customer_id", "time": "date", "amount": "amount"}
    for table in (frame, pl.from_pandas(frame), frame.sample(frac=1, random_state=3)):
        found = pt.purchase_history(table, **roles, period="day", as_of="1998-06-30")
        assert found["customer"].tolist() == x.index.tolist()
        assert found["frequency"].tolist() == x.tolist()
        assert found["recency"].tolist() == (last - first).dt.days.tolist()
        assert found["T"].tolist() == (pd.Timestamp("1998-06-30") - first).dt.days.tolist()
        np.testing.assert_allclose(found["monetary_value"], spend.where(x > 0), rtol=1e-12)
        log = pt.TransactionLog(table, **roles)
        assert log.purchase_history(period="day", as_of="1998-06-30").to_dicts() == found.to_dicts()
        assert log.intake.to_dicts()[0]["rows"] == frame.duplicated(subset=["customer_id", "date", "amount"]).sum()


def test_the_grain_is_apart_from_the_period():
    # Monday and Wednesday of one week, Thursday of the week after; the second day takes something back.
    log = log_of([(1, 0, 100), (1, 2, 300), (1, 2, -100), (1, 10, 800)])
    by_day = log.purchase_history(period="week").to_dicts()[0]
    assert by_day == {"customer": 1, "frequency": 2, "recency": 10 / 7, "T": 10 / 7, "monetary_value": 5.0}
    by_week = log.purchase_history(period="week", grain="week").to_dicts()[0]
    assert by_week == {"customer": 1, "frequency": 1, "recency": 10 / 7, "T": 10 / 7, "monetary_value": 8.0}
    # A purchase never reaches over the end of the calibration: after it, January's other days are one of their own.
    split = log.purchase_history(period="day", grain="month", holdout=9).to_dicts()[0]
    assert (split["frequency"], split["frequency_holdout"], split["monetary_value_holdout"]) == (0, 1, 10.0)


def test_who_came_later_is_counted():
    log = log_of([(1, 0, 100), (2, 5, 100), (3, 9, 100), (3, 9, 100), (4, -3, -100), (4, 1, 100)])
    history = log.purchase_history(period="day", as_of="2024-01-06", holdout="2024-01-03")
    assert history["customer"].tolist() == [1, 4]
    assert history.about["later_customers"] == 2, "one in the hold-out, one after it"
    assert history.about["later_lines"] == 2
    assert history["T"].tolist() == [2.0, 1.0], "a return before the first purchase begins nothing"


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"period": 0}, "period"),
        ({"period": -7.0}, "period"),
        ({"period": float("inf")}, "period"),
        ({"period": float("nan")}, "period"),
        ({"period": True}, "period"),
        ({"period": None}, "period"),
        ({"grain": "fortnight"}, "grain"),
        ({"as_of": "2023-12-31"}, "as_of"),
        ({"holdout": 0.4, "period": "day"}, "holdout"),
        ({"holdout": "2024-02-01"}, "holdout"),
    ],
)
def test_what_is_not_possible(options, match):
    with pytest.raises(InvalidParameter, match=match):
        log_of([(1, 0, 100), (1, 20, 100)]).purchase_history(**options)


def test_a_period_by_its_number_of_days_and_a_holdout_in_it():
    log = log_of([(1, 0, 100), (1, 20, 100), (1, 40, 300)])
    history = log.purchase_history(period=10, holdout=1.5)
    assert history.about["calibration_end"] == "2024-01-26"
    assert history.about["duration_holdout"] == 1.5
    assert history.to_dicts()[0]["monetary_value_holdout"] == 3.0
    assert log.purchase_history(period=7).to_dicts() == log.purchase_history(period="week").to_dicts()
