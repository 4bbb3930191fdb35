"""The shared vectors: one log and its customers, which the Rust tests read too."""

from pathlib import Path

import pandas as pd

import patronage as pt

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
ROLES = {"customer": "customer", "time": "day", "amount": "amount", "order": "order"}
COLUMNS = ["customer", "first", "last", "recency", "frequency", "monetary", "purchase_days", "tenure"]


def plain() -> pd.DataFrame:
    """The customers by plain pandas: cents as integers, returns (negative amounts) no purchase."""
    log = pd.read_csv(VECTORS / "log.csv", parse_dates=["day"])
    log["cents"] = (log["amount"] * 100).round().astype(int)
    bought = log[log["cents"] >= 0].groupby("customer")
    table = bought.agg(
        first=("day", "min"), last=("day", "max"), frequency=("order", "nunique"), purchase_days=("day", "nunique")
    )
    table["monetary"] = log.groupby("customer")["cents"].sum() / 100
    end = log["day"].max()
    table["recency"], table["tenure"] = (end - table["last"]).dt.days, (end - table["first"]).dt.days
    return table.reset_index()[COLUMNS]


def test_the_stored_customers_are_those_of_plain_pandas():
    stored = pd.read_csv(VECTORS / "customers.csv", parse_dates=["first", "last"])
    pd.testing.assert_frame_equal(stored, plain(), check_dtype=False)


def test_python_gives_the_stored_customers():
    stored = pd.read_csv(VECTORS / "customers.csv", parse_dates=["first", "last"])
    found = pt.customers(pd.read_csv(VECTORS / "log.csv"), **ROLES).to_pandas()[COLUMNS]
    pd.testing.assert_frame_equal(stored, found, check_dtype=False, check_exact=True)
