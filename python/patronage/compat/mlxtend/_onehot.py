"""One-hot frames as columns of row numbers."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from patronage.compat._pandas import pandas
from patronage.errors import InvalidInput


@dataclass(frozen=True)
class OneHot:
    """The rows of each column that are set, and those that are missing."""

    n: int
    set: list[np.ndarray]
    missing: list[np.ndarray]


def read(df: Any, null_values: bool) -> OneHot:
    """A one-hot frame, column by column; sparse columns stay sparse.

    Raises:
        TypeError: No pandas frame.
        InvalidInput: A value that is not allowed; the message names it and where it stands.
    """
    pd = pandas()
    if not isinstance(df, pd.DataFrame):
        raise TypeError(f"a {type(df).__name__} is no pandas DataFrame; other tables go through pt.Baskets")
    if df.size == 0:
        return OneHot(len(df), [np.empty(0, dtype=np.int64)] * df.shape[1], [])
    _check_sparse(df)
    columns = [_values(series) for _, series in df.items()]
    booleans = all(_is_boolean(series, null_values) for _, series in df.items())
    missing = [rows[pd.isna(values)] for rows, values in columns]
    holes = any(map(len, missing))
    if not booleans:
        _warn("frames that are not bool are slow in mlxtend, which may stop reading them; use bool", DeprecationWarning)
        if null_values and not holes:
            _warn("null_values=True slows the search where nothing is missing; use null_values=False", UserWarning)
    if holes and not null_values:
        raise InvalidInput("NaN values are not permitted in the DataFrame when null_values=False")
    _check_values(df, columns, null_values)
    return OneHot(len(df), [rows[values == 1] for rows, values in columns], missing)


def _check_sparse(df: Any) -> None:
    dtypes = [dtype for dtype in df.dtypes if hasattr(dtype, "fill_value")]
    if len(dtypes) == df.shape[1] and not isinstance(df.columns[0], str) and df.columns[0] != 0:
        # Nothing here needs it, but callers may count on the errors of mlxtend.
        raise InvalidInput(
            "sparse frames with integer column names must start with 0, or be named by strings: "
            "df.columns = df.columns.astype(str)"
        )
    if any(dtype.fill_value for dtype in dtypes):  # NaN is true, too
        raise InvalidInput("fill value must be 0 in sparse columns: df.astype(pd.SparseDtype(bool, False))")


def _values(series: Any) -> tuple[np.ndarray, np.ndarray]:
    """The rows of a column that have something to say, and what."""
    if hasattr(series.dtype, "fill_value"):
        return series.array.sp_index.indices, np.asarray(series.array.sp_values)
    pd = pandas()
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "biuf":
        values = series.to_numpy()
    elif pd.api.types.is_bool_dtype(series.dtype) or pd.api.types.is_numeric_dtype(series.dtype):
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        values = series.to_numpy(dtype=object, na_value=np.nan)
    rows = np.flatnonzero(values != 0)  # NaN is not 0
    return rows, values[rows]


def _is_boolean(series: Any, null_values: bool) -> bool:
    types = pandas().api.types
    if null_values and series.dtype == object:
        return bool(types.infer_dtype(series, skipna=True) == "boolean")
    return bool(types.is_bool_dtype(series.dtype))


def _check_values(df: Any, columns: list[tuple[np.ndarray, np.ndarray]], null_values: bool) -> None:
    found: list[tuple[int, int, Any]] = []
    count = 0
    for place, (rows, values) in enumerate(columns):
        bad = np.flatnonzero((values != 1) & (values != 0) & ~pandas().isna(values))
        count += len(bad)
        found += [(int(rows[i]), place, values[i]) for i in bad[:1]]
    if found:
        row, place, value = min(found, key=lambda place: place[:2])
        allowed = "True, False, 0, 1, NaN" if null_values else "True, False, 0, 1"
        raise InvalidInput(
            f"The allowed values for a DataFrame are {allowed}. Found value {value} in column "
            f"'{df.columns[place]}', row {row} ({count} in all); compare with 0 first: df > 0"
        )


def _warn(message: str, category: type[Warning]) -> None:
    # The caller of apriori, fpgrowth, fpmax, hmine or association_rules: three frames up from here.
    warnings.warn(message, category, stacklevel=4)
