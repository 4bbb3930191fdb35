"""One way for tables in and out: what comes in goes out."""

from __future__ import annotations

import datetime as dt
import decimal
import difflib
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from patronage import _core
from patronage.errors import ColumnNotFound, InvalidInput

#: The kinds of table that are recognised; anything else with an Arrow stream is "arrow".
KINDS = ("pandas", "polars", "pyarrow", "pyarrow_reader", "duckdb", "dict", "arrow")

#: A column for the core: its name, its kind, its data.
Column: TypeAlias = tuple[str, str, Any]


def kind_of(table: Any) -> str:
    """The kind of a table, so that results can come back as the same."""
    module = type(table).__module__.partition(".")[0]
    name = type(table).__name__
    if module == "pandas" and name == "DataFrame":
        return "pandas"
    if module == "polars" and name in ("DataFrame", "LazyFrame"):
        return "polars"
    if module == "pyarrow":
        return "pyarrow_reader" if "Reader" in name else "pyarrow"
    if "duckdb" in module:
        return "duckdb"
    if isinstance(table, Mapping):
        return "dict"
    return "arrow"


def column_names(table: Any) -> list[str] | None:
    """The names of a table's columns, or None where only reading it tells."""
    if isinstance(table, Mapping):
        return [str(name) for name in table]
    if hasattr(table, "collect_schema"):
        return list(table.collect_schema().names())
    for holder in (table, getattr(table, "schema", None)):
        for attribute in ("columns", "names"):
            names = getattr(holder, attribute, None)
            if names is not None and not callable(names) and all(isinstance(n, str) for n in names):
                return list(names)
    return None


def require(names: Sequence[str], wanted: Iterable[str]) -> None:
    """Checks that columns are there, each once."""
    for name in wanted:
        if names.count(name) > 1:
            raise InvalidInput(f"column '{name}' is there {names.count(name)} times; rename all but one")
        if name not in names:
            close = difflib.get_close_matches(name, names, n=3)
            hint = f"; did you mean {' or '.join(repr(c) for c in close)}?" if close else ""
            raise ColumnNotFound(f"column '{name}' is not in the table{hint} Its columns are: {', '.join(names)}")


def to_core(table: Any, wanted: Sequence[str]) -> Any:
    """The wanted columns of a table as an object with an Arrow stream."""
    names = column_names(table)
    if names is not None:
        require(names, wanted)
    wanted = list(dict.fromkeys(wanted))
    kind = kind_of(table)
    if kind == "dict":
        return _core.Frame.from_columns([_column(name, table[name]) for name in wanted])
    if kind == "pandas":
        columns = {name: table[name] for name in wanted}
        if _is_arrow(columns.values()):
            return table[wanted].reset_index(drop=True)
        return _core.Frame.from_columns([_pandas_column(name, column) for name, column in columns.items()])
    if kind == "polars":
        import polars as pl

        # Polars hands over columns of type Null in a way that Arrow does not know.
        columns = table.select(wanted).with_columns(pl.col(pl.Null).cast(pl.Int64))
        return columns.collect() if hasattr(columns, "collect") else columns
    if kind == "pyarrow":
        return table.select(wanted)
    if hasattr(table, "__arrow_c_stream__"):
        return table
    return _through_narwhals(table, wanted)


def _through_narwhals(table: Any, wanted: Sequence[str]) -> Any:
    """Lazy and less common frames: narwhals knows how to collect them."""
    import narwhals.stable.v2 as nw

    try:
        frame = nw.from_native(table)
    except TypeError:
        raise InvalidInput(
            f"a {type(table).__module__}.{type(table).__qualname__} is no table that can be read; give a pandas, "
            "Polars, DuckDB or Arrow table, a dict of columns, or anything with __arrow_c_stream__"
        ) from None
    require(list(frame.collect_schema().names()), wanted)
    columns = frame.select(*wanted)
    return to_core((columns.collect() if isinstance(columns, nw.LazyFrame) else columns).to_native(), wanted)


def _is_arrow(columns: Iterable[Any]) -> bool:
    """Whether pandas can hand over columns as they are: it holds them as PyArrow does, or as plain numbers beside."""
    dtypes = [column.dtype for column in columns]
    if any(type(dtype).__name__ == "ArrowDtype" for dtype in dtypes):
        return True
    texts = [getattr(dtype, "storage", None) == "pyarrow" for dtype in dtypes]
    plain = [isinstance(dtype, np.dtype) and dtype.kind in "iuf" for dtype in dtypes]
    return any(texts) and all(text or number for text, number in zip(texts, plain, strict=True))


def _pandas_column(name: str, series: Any) -> Column:
    dtype = series.dtype
    if isinstance(dtype, np.dtype) and dtype.kind != "O":
        return _column(name, series.to_numpy())
    if zone := getattr(dtype, "tz", None):
        micros = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[us]")
        return (name, "time", (micros.view(np.int64), _zone_name(str(zone))))
    if dtype.name == "category":
        if series.cat.categories.inferred_type == "string":
            return (name, "coded", (series.cat.codes.to_numpy(np.int32), list(series.cat.categories)))
        return _pandas_column(name, series.astype(series.cat.categories.dtype))
    if dtype.kind in "iuf" and dtype.kind != "O":  # nullable numbers
        return (name, "float", series.to_numpy(dtype=np.float64, na_value=np.nan))
    values = series.to_numpy(dtype=object, na_value=None)
    if dtype.name in ("str", "string") or (len(values) > 0 and all(v is None or type(v) is str for v in values)):
        import pandas as pd

        codes, uniques = pd.factorize(series)
        return (name, "coded", (codes.astype(np.int32), [str(u) for u in uniques]))
    return _column(name, values)


def _column(name: str, values: Any) -> Column:
    """A column from a NumPy array or a sequence of Python values."""
    if isinstance(values, np.ndarray):
        if values.ndim != 1:
            raise InvalidInput(f"column '{name}' has {values.ndim} dimensions; give one")
        kind = values.dtype.kind
        if kind == "b":
            return (name, "bool", np.ascontiguousarray(values))
        if kind == "i" or (kind == "u" and values.dtype.itemsize < 8):
            return (name, "int", np.ascontiguousarray(values, dtype=np.int64))
        if kind in "uf":
            return (name, "float", np.ascontiguousarray(values, dtype=np.float64))
        if kind == "M":
            return (name, "time", (_micros(name, values), None))
        values = values.tolist()
    values = list(values)
    types = {type(v) for v in values if v is not None and v == v}  # NaN and NaT are missing
    missing = any(v is None or v != v for v in values)
    if not types:
        return (name, "null", len(values))
    if all(issubclass(t, (bool, np.bool_)) for t in types) and not missing:
        return (name, "bool", np.array(values, dtype=bool))
    if all(issubclass(t, (int, np.integer)) for t in types) and not missing:
        try:
            return (name, "int", np.array(values, dtype=np.int64))
        except OverflowError:
            raise InvalidInput(f"column '{name}' has integers beyond 64 bits; give them as strings") from None
    if all(issubclass(t, (int, float, np.number, decimal.Decimal)) for t in types):
        return (name, "float", np.array([np.nan if v is None else float(v) for v in values]))
    if all(issubclass(t, str) for t in types):
        return (name, "text", [None if v is None or v != v else str(v) for v in values])
    if all(issubclass(t, (dt.date, np.datetime64)) for t in types):
        return _times(name, values)
    kinds = ", ".join(sorted(t.__name__ for t in types))
    raise InvalidInput(f"column '{name}' mixes types ({kinds}); give one type in a column")


def _times(name: str, values: list[Any]) -> Column:
    zones: dict[str, int] = {}
    for row, value in enumerate(values):
        if value is not None and value == value:
            zone = getattr(value, "tzinfo", None)
            zones.setdefault("" if zone is None else str(zone), row)
    if len(zones) > 1:
        first, second = list(zones.items())[:2]
        raise InvalidInput(
            f"column '{name}' mixes time zones ({first[0] or 'none'} at row {first[1]}, {second[0] or 'none'} at "
            f"row {second[1]}); convert the whole column to one zone"
        )
    zone = next(iter(zones), "")
    naive = [v.astimezone(dt.UTC).replace(tzinfo=None) if zone and v is not None and v == v else v for v in values]
    array = np.array([np.datetime64("NaT") if v is None or v != v else np.datetime64(v) for v in naive])
    return (name, "time", (_micros(name, array), _zone_name(zone) if zone else None))


def _zone_name(zone: str) -> str:
    """A zone as Arrow writes it: a name of the IANA database, or an offset alone."""
    return zone[3:] if zone.startswith(("UTC+", "UTC-")) else zone


def _micros(name: str, values: np.ndarray) -> np.ndarray:
    micros = values.astype("datetime64[us]")
    # NumPy wraps around without a word where microseconds cannot hold a date: the ends tell whether it did.
    known = values[~np.isnat(values)]
    if len(known) and values.dtype != "datetime64[ns]":
        ends = np.array([known.min(), known.max()])
        if (ends.astype("datetime64[us]").astype(values.dtype) != ends).any():
            raise InvalidInput(f"column '{name}' has times outside the years 1 to 9999")
    return micros.view(np.int64)


def from_core(frame: _core.Frame, kind: str) -> Any:
    """A result as the kind of table that came in."""
    if kind == "pandas":
        return to_pandas(frame)
    if kind == "polars":
        return to_polars(frame)
    if kind in ("pyarrow", "pyarrow_reader"):
        import pyarrow as pa

        return pa.table(frame) if kind == "pyarrow" else pa.RecordBatchReader.from_stream(frame)
    if kind == "duckdb":
        import duckdb

        return duckdb.sql("select * from frame")
    if kind == "dict":
        return to_dict(frame)
    return frame


def to_pandas(frame: _core.Frame) -> Any:
    """A pandas frame, without PyArrow."""
    import pandas as pd

    return pd.DataFrame({name: frame.column(name) for name in frame.names})


def to_polars(frame: _core.Frame) -> Any:
    """A Polars frame."""
    import polars as pl

    return pl.DataFrame(frame)


def to_dict(frame: _core.Frame) -> dict[str, list[Any]]:
    """A dict of lists of Python values; null is None."""
    return {name: to_list(frame, name) for name in frame.names}


def to_list(frame: _core.Frame, name: str) -> list[Any]:
    """A column as a list of Python values; null is None."""
    values = frame.column(name)
    if not isinstance(values, np.ndarray):
        return list(values)
    listed: list[Any] = values.tolist()
    if values.dtype.kind == "f":
        whole = dict(zip(frame.names, frame.kinds, strict=True))[name] == "int"
        return [None if v != v else int(v) if whole else v for v in listed]
    return listed


def loaded(package: str) -> bool:
    """Whether a package has been imported already."""
    return package in sys.modules
