"""The data sets of lifetimes, and its fitters fitted to them."""

import lifetimes
import pandas as pd
import pytest
from lifetimes import datasets

import patronage.compat.lifetimes as ours


@pytest.fixture(scope="session")
def cdnow():
    """2,357 customers, weeks rounded to two decimals, indexed by customer."""
    return datasets.load_cdnow_summary_data_with_monetary_value()


@pytest.fixture(scope="session")
def columns(cdnow):
    return cdnow["frequency"], cdnow["recency"], cdnow["T"]


@pytest.fixture(scope="session")
def cdnow_log():
    names = ["_", "customer", "date", "cds", "amount"]
    frame = datasets.load_dataset("CDNOW_sample.txt", header=None, names=names, sep=r"\s+")
    return frame.assign(date=pd.to_datetime(frame["date"].astype(str)))


@pytest.fixture(scope="session")
def log():
    """5,000 artificial customers of 2014: times are strings."""
    return datasets.load_transaction_data()


@pytest.fixture(scope="session")
def donations():
    """22 kinds of donors, with their numbers."""
    frame = datasets.load_donations()
    return frame["frequency"], frame["recency"], frame["periods"], frame["weights"]


@pytest.fixture(scope="session")
def bgf(columns):
    return ours.BetaGeoFitter().fit(*columns)


@pytest.fixture(scope="session")
def their_bgf(columns):
    return lifetimes.BetaGeoFitter().fit(*columns)


@pytest.fixture(scope="session")
def ggf(cdnow):
    back = cdnow[cdnow["frequency"] > 0]
    return ours.GammaGammaFitter().fit(back["frequency"], back["monetary_value"])
