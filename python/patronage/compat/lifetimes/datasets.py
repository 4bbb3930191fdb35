"""`lifetimes.datasets`: the data sets that lifetimes comes with, where it is installed; this library ships none."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from patronage.compat._pandas import pandas

__all__ = [
    "load_cdnow_summary",
    "load_cdnow_summary_data_with_monetary_value",
    "load_dataset",
    "load_donations",
    "load_transaction_data",
]


def load_dataset(filename: str, **kwargs: Any) -> Any:
    """One of the files of lifetimes as a pandas frame.

    Args:
        filename: For example "CDNOW_sample.txt".
        **kwargs: For `pandas.read_csv`.

    Raises:
        FileNotFoundError: lifetimes is not installed, or has no such file.
    """
    spec = find_spec("lifetimes")
    if spec is None or spec.origin is None:
        raise FileNotFoundError(
            f"{filename} is part of the package lifetimes, which is not installed: pip install --no-deps lifetimes"
        )
    folder = Path(spec.origin).parent / "datasets"
    if not (folder / filename).is_file():
        names = sorted(file.name for file in folder.iterdir() if file.suffix in (".csv", ".txt"))
        raise FileNotFoundError(f"lifetimes has no file {filename!r}; it has {', '.join(names)}")
    return pandas().read_csv(folder / filename, **kwargs)


def load_donations(**kwargs: Any) -> Any:
    """Donations to an organisation on six yearly opportunities (Fader, Hardie & Shang 2010)."""
    return load_dataset("donations.csv", **kwargs)


def load_cdnow_summary(**kwargs: Any) -> Any:
    """CDNOW, 2,357 customers: frequency, recency and T in weeks, rounded to two decimals."""
    return load_dataset("cdnow_customers_summary.csv", **kwargs)


def load_transaction_data(**kwargs: Any) -> Any:
    """5,000 artificial customers' purchases in 2014: columns `date`, `id`."""
    return load_dataset("example_transactions.csv", **kwargs)


def load_cdnow_summary_data_with_monetary_value(**kwargs: Any) -> Any:
    """CDNOW with mean spend: indexed by `customer_id`."""
    frame = load_dataset("cdnow_customers_summary_with_transactions.csv", **kwargs)
    frame.columns = ["customer_id", "frequency", "recency", "T", "monetary_value"]
    return frame.set_index("customer_id")
