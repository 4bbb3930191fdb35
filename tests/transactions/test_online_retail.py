"""Cohorts of Online Retail (cleaned as usual: customer known, quantity and price above 0) against published figures."""

import polars as pl

import patronage as pt

#: Customers a month after their first purchase; the last month, of which nine days are in the data, is partial.
COHORTS = {
    "2010-12-01": [885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235],
    "2011-01-01": [417, 92, 111, 96, 134, 120, 103, 101, 125, 136, 152, 49],
    "2011-02-01": [380, 71, 71, 108, 103, 94, 96, 106, 94, 116, 26],
}


def test_cohorts(shared):
    lines = pl.read_parquet(shared("data/online_retail.parquet"))
    lines = lines.filter(pl.col("CustomerID").is_not_null(), pl.col("Quantity") > 0, pl.col("UnitPrice") > 0)
    lines = lines.with_columns(Total=pl.col("Quantity") * pl.col("UnitPrice"))
    log = pt.TransactionLog(
        lines, customer="CustomerID", time="InvoiceDate", amount="Total", order="InvoiceNo", duplicates="ignore"
    )
    cohorts = log.cohorts(period="month")
    rows = {str(row["cohort"]): row for row in cohorts.to_frame().to_dicts()}
    for start, expected in COHORTS.items():
        found = [rows[start][str(k)] for k in range(13)]
        assert found == expected + [None] * (13 - len(expected))
    assert cohorts.about["last_is_partial"]
    assert cohorts["partial"].sum() == 13
    assert (log.intake.about["customers"], log.intake.about["orders"]) == (4338, 18532)
    assert round(log.intake.about["total"], 2) == 8911407.90
