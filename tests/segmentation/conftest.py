"""Online Retail (Chen, Sain and Guo 2012), cleaned the usual way."""

import polars as pl
import pytest

import patronage as pt


@pytest.fixture(scope="session")
def _online_retail_customers():
    return {}


@pytest.fixture
def online_retail(shared, _online_retail_customers):
    """Customers known, quantity and price above 0: 397,884 rows, 4,338 customers, as of 2011-12-10."""
    if not _online_retail_customers:
        lines = pl.read_parquet(shared("data/online_retail.parquet"))
        kept = lines.filter(pl.col("CustomerID").is_not_null(), pl.col("Quantity") > 0, pl.col("UnitPrice") > 0)
        log = pt.TransactionLog(
            kept.with_columns(amount=pl.col("Quantity") * pl.col("UnitPrice")),
            customer="CustomerID",
            time="InvoiceDate",
            amount="amount",
            order="InvoiceNo",
        )
        _online_retail_customers["customers"] = log.customers(as_of="2011-12-10")
    return _online_retail_customers["customers"]
