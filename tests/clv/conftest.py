"""CDNOW as the package `lifetimes` has it: 2,357 customers, weeks, calibration to 1997-09-30."""

import pandas as pd
import pytest
from lifetimes.datasets import load_dataset

import patronage as pt


@pytest.fixture(scope="session")
def cdnow_log():
    frame = load_dataset("CDNOW_sample.txt", header=None, names=["_", "customer", "date", "cds", "amount"], sep=r"\s+")
    frame["date"] = pd.to_datetime(frame["date"].astype(str), format="%Y%m%d")
    return pt.TransactionLog(frame, customer="customer", time="date", amount="amount")


@pytest.fixture(scope="session")
def cdnow(cdnow_log):
    """The calibration, with the 39 weeks after it held out."""
    return cdnow_log.purchase_history(period="week", as_of="1998-06-30", holdout="1997-09-30")


@pytest.fixture(scope="session")
def model(cdnow):
    return pt.clv.BGNBD().fit(cdnow)


@pytest.fixture(scope="session")
def spend(cdnow):
    return pt.clv.GammaGamma().fit(cdnow)
