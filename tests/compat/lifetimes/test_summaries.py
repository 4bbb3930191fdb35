"""Logs as summaries: the frames of lifetimes, to the dtype."""

import warnings
from itertools import product

import lifetimes.utils as theirs
import numpy as np
import pandas as pd
import pytest

import patronage as pt
import patronage.compat.lifetimes.utils as ours

#: Periods and how many of them are a unit of time.
UNITS = [("D", 1), ("D", 7), ("W", 1), ("h", 24)]


@pytest.fixture(params=["CDNOW", "CDNOW with hours", "artificial"])
def case(request, cdnow_log, log):
    """A log, its columns, an end of the calibration and one of the hold-out, both before the last purchase."""
    if request.param == "artificial":
        rng, log = np.random.default_rng(1), log[log["id"] < 1000]
        return log.assign(amount=rng.gamma(2, 5, len(log)).round(2)), "id", "2014-09-01", "2014-11-30"
    if request.param == "CDNOW":
        return cdnow_log, "customer", "1997-09-30", "1998-03-31"
    seconds = np.random.default_rng(0).integers(0, 86400, len(cdnow_log))
    hours = cdnow_log.assign(date=cdnow_log["date"] + pd.to_timedelta(seconds, unit="s"))
    return hours, "customer", "1997-09-30", "1998-03-31 12:00"


def same(name, *arguments, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lifetimes' own, about pandas
        expected = getattr(theirs, name)(*arguments, **options)
    found = getattr(ours, name)(*arguments, **options)
    pd.testing.assert_frame_equal(found, expected, rtol=1e-12)
    return found


@pytest.mark.parametrize(("freq", "multiplier"), UNITS)
def test_summaries(case, freq, multiplier):
    log, customer, _, end = case
    for amount, last, first in product((None, "amount"), (None, end), (False, True)):
        options = {"freq_multiplier": multiplier, "include_first_transaction": first}
        same("summary_data_from_transaction_data", log, customer, "date", amount, None, last, freq, **options)


@pytest.mark.parametrize(("freq", "multiplier"), UNITS)
def test_calibration_and_holdout(case, freq, multiplier):
    log, customer, calibration, end = case
    options = {"freq": freq, "freq_multiplier": multiplier}
    for last in (None, end):
        asked = "calibration_and_holdout_data", log, customer, "date", calibration, last
        frame = same(*asked, monetary_value_col="amount", **options)
        # Without amounts, lifetimes fails on pandas 3.
        bare = ours.calibration_and_holdout_data(log, customer, "date", calibration, last, **options)
        pd.testing.assert_frame_equal(bare, frame[bare.columns])
        assert len(frame.columns) == len(bare.columns) + 2


def test_everybody_comes_back():
    """Then no count is a float."""
    log = pd.DataFrame({"who": [1, 1, 2, 2], "day": ["2024-01-01", "2024-02-01"] * 2, "paid": [1.0, 2.0, 3.0, 4.0]})
    found = same("calibration_and_holdout_data", log, "who", "day", "2024-01-15", monetary_value_col="paid")
    assert found["frequency_holdout"].dtype == np.int64
    with pytest.raises(ValueError, match="no purchases between"):
        ours.calibration_and_holdout_data(log, "who", "day", "2024-03-01")


def test_first_transactions(case):
    log, customer, _, end = case
    for amount, last, freq in product((None, "amount"), (None, end), ("D", "W", "M")):
        same("_find_first_transactions", log, customer, "date", amount, None, last, freq)


def test_formats_and_names():
    log = pd.DataFrame({"who": ["b", "a", "b"], "day": ["31.12.2023", "01.02.2024", "15.01.2024"]})
    options = {"datetime_format": "%d.%m.%Y", "observation_period_end": "10.02.2024"}
    found = same("summary_data_from_transaction_data", log, "who", "day", **options)
    assert list(found.index) == ["a", "b"]
    # lifetimes takes 31.12.2023 as the last day: the largest of the strings.
    del options["observation_period_end"]
    assert ours.summary_data_from_transaction_data(log, "who", "day", **options)["T"].tolist() == [0, 32]


def test_months():
    """NumPy's months have no length any more, and lifetimes fails; here calendar months are counted."""
    log = pd.DataFrame({"who": [1, 1, 1], "day": ["2024-01-31", "2024-02-01", "2024-12-31"]})
    found = ours.summary_data_from_transaction_data(log, "who", "day", freq="M")
    assert found.to_numpy().tolist() == [[2, 11, 11]]


def test_nothing_is_left_out_in_silence(cdnow_log):
    log = cdnow_log[["customer", "date", "amount"]].astype({"customer": float})
    log.loc[[3, 9], "customer"] = np.nan
    log.loc[5, "date"] = pd.NaT
    log.loc[7, "amount"] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = theirs.summary_data_from_transaction_data(log, "customer", "date", "amount")
    with pytest.warns(pt.errors.DataWarning) as told:
        found = ours.summary_data_from_transaction_data(log, "customer", "date", "amount")
    pd.testing.assert_frame_equal(found, expected, rtol=1e-12)
    assert [str(warning.message) for warning in told] == [
        "column 'customer' is missing in 2 row(s), first at row 3: left out",
        "column 'date' is missing in 1 row(s), first at row 5: left out",
        "column 'amount' is missing in 1 row(s), first at row 7: taken as 0",
    ]
    assert {warning.filename for warning in told} == {__file__}
    with pytest.warns(pt.errors.DataWarning) as told:
        ours.calibration_and_holdout_data(log, "customer", "date", "1997-09-30", monetary_value_col="amount")
    assert len(told) == 3
    with pytest.raises(ValueError, match="no row"):
        ours.summary_data_from_transaction_data(log.iloc[:0], "customer", "date")
    with pytest.raises(KeyError):
        ours.summary_data_from_transaction_data(log, "client", "date")


def test_the_log_is_not_changed(cdnow_log):
    before = cdnow_log.copy()
    ours.calibration_and_holdout_data(cdnow_log, "customer", "date", "1997-09-30", monetary_value_col="amount")
    pd.testing.assert_frame_equal(cdnow_log, before)


@pytest.mark.parametrize(
    ("t", "options"),
    [
        (200, {"set_index_date": True}),
        (540, {"freq_multiplier": 7}),
        (300, {"freq_multiplier": 7, "set_index_date": True}),
        (77, {"freq": "W"}),
    ],
)
def test_purchases_of_all_customers(cdnow_log, their_bgf, t, options):
    same("expected_cumulative_transactions", their_bgf, cdnow_log, "date", "customer", t, **options)


def test_alive_path(log, bgf):
    """P(alive) asked day by day for what was known that day."""
    mine = log[log["id"] == 2]
    days = (pd.to_datetime(mine["date"]) - pd.to_datetime(mine["date"]).min()).dt.days.unique()
    assert len(days) > 3
    path = ours.calculate_alive_path(bgf, mine, "date", 300)
    assert len(path) == 301
    for T in range(301):
        known = days[days <= T]
        expected = bgf.conditional_probability_alive(len(known) - 1, known.max(), T)[0]
        assert path[T] == pytest.approx(expected, rel=1e-12)
    # Never shorter than the history.
    assert len(ours.calculate_alive_path(bgf, mine, "date", 5)) == days.max() + 1
    assert len(ours.calculate_alive_path(bgf, mine, "date", 60, freq="W")) == 61
