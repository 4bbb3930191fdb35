"""The files of baskets, unpacked for programs that read plain text, and the counts that all must find."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from pathlib import Path

SHARED = Path(os.environ.get("PATRONAGE_SHARED", Path(__file__).resolve().parents[3] / "shared"))

#: Frequent sets of data that the reference does not list: given by LCM 5, LCM 3 and Borgelt's fpgrowth alike.
_ELSEWHERE = {("online_retail", 100): 18_942}


def plain(name: str, folder: Path) -> Path | None:
    """The path of a data set as plain text, written into the folder at the first call; None where it is absent."""
    path = folder / f"{name}.dat"
    if path.exists():
        return path
    packed = SHARED / "data" / f"{name}.dat.gz"
    if packed.exists():
        with gzip.open(packed) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        return path
    table = SHARED / "data" / f"{name}.parquet"
    if table.exists():
        _from_lines(table, path)
        return path
    return None


def _from_lines(table: Path, path: Path) -> None:
    """Invoices as baskets of stock codes; what was given back is left out."""
    import pandas as pd

    lines = pd.read_parquet(table, columns=["InvoiceNo", "StockCode", "Quantity"])
    lines = lines[lines.Quantity > 0]
    items = pd.Series(pd.factorize(lines.StockCode)[0] + 1, index=lines.index).astype(str)
    baskets = items.groupby(lines.InvoiceNo, sort=False).agg(lambda held: " ".join(dict.fromkeys(held)))
    path.write_text("\n".join(baskets) + "\n")


def expected(name: str, min_count: int, kind: str) -> int | None:
    """How many sets there are, as two or more independent programs say; None where nothing is known."""
    reference = SHARED / "reference" / "itemsets.json"
    for row in json.loads(reference.read_text()) if reference.exists() else ():
        if (row["dataset"], row["min_support_abs"]) == (name, min_count):
            return row[f"n_{kind}"]
    return _ELSEWHERE.get((name, min_count)) if kind == "frequent" else None
