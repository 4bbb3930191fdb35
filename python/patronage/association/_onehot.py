"""Baskets from one-hot tables and matrices, never made denser than they came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from patronage import _core, _tables
from patronage.errors import InvalidInput

#: Cells that are looked at in one go.
CELLS = 1 << 22


def read(table: Any, names: Iterable[Any] | None) -> tuple[_core.Baskets, str]:
    """The baskets of a table or matrix, and its kind."""
    if _is_sparse(table):
        return _of_sparse(table, _labels(names, table.shape[1])), "dict"
    if isinstance(table, np.ndarray):
        if table.ndim != 2:
            raise InvalidInput(f"a one-hot matrix has 2 dimensions, this has {table.ndim}")
        return _of_matrix(table.__getitem__, table.shape, _labels(names, table.shape[1])), "dict"
    kind = _tables.kind_of(table)
    if names is not None:
        raise InvalidInput("names= is for matrices; the columns of a table have their names: rename these")
    columns = _tables.column_names(table)
    if kind == "pandas":
        if columns is None:
            raise InvalidInput("the columns are not all named by strings; rename them: frame.columns.astype(str)")
        _tables.require(columns, columns)
        if any(type(dtype).__name__ == "SparseDtype" for dtype in table.dtypes):
            return _of_pandas_columns(table), kind
        if table.shape[1] and len(set(table.dtypes)) == 1 and _plain(table.dtypes.iloc[0]):
            return _of_matrix(lambda rows: table.iloc[rows].to_numpy(), table.shape, columns), kind
    core = table if columns is None else _tables.to_core(table, columns)
    return _core.Baskets.from_onehot(core), kind


def _plain(dtype: Any) -> bool:
    return isinstance(dtype, np.dtype) and dtype.kind in "biuf"


def _is_sparse(table: Any) -> bool:
    return all(hasattr(table, name) for name in ("tocsr", "tocsc", "shape"))


def _labels(names: Iterable[Any] | None, columns: int) -> list[Any]:
    if names is None:
        return list(range(columns))
    listed = labels_of(names)
    if len(listed) != columns:
        raise InvalidInput(f"{len(listed)} names for {columns} columns; give each column a name")
    return listed


def labels_of(names: Iterable[Any]) -> list[Any]:
    """The names of items as the core reads them: strings, or integers."""
    listed = [name.item() if isinstance(name, np.generic) else name for name in names]
    whole = all(isinstance(name, int) and not isinstance(name, bool) for name in listed)
    if not whole and not all(isinstance(name, str) for name in listed):
        raise InvalidInput("the names of items are strings only or integers only")
    return listed


def _of_matrix(rows_of: Callable[[slice], Any], shape: tuple[int, ...], labels: list[Any]) -> _core.Baskets:
    """Of a dense matrix, some rows at a time."""
    rows, columns = shape
    held: list[tuple[Any, Any]] = []
    bad: list[tuple[Any, Any]] = []
    step = max(1, CELLS // max(1, columns))
    for start in range(0, rows, step):
        block = rows_of(slice(start, start + step))
        if block.dtype.kind not in "biuf":
            raise InvalidInput(f"a matrix of type {block.dtype} where true or false, or 1 or 0 are expected")
        row, column = np.nonzero(block if block.dtype.kind == "b" else block == 1)
        held.append((row + start, column))
        if block.dtype.kind != "b":
            row, column = np.nonzero((block != 0) & (block != 1))
            bad.append((row + start, column))
    _refuse(*_joined(bad), labels)
    return _core.Baskets.from_codes(rows, *_joined(held), labels)


def _joined(parts: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    nothing = np.zeros(0, np.uint32)
    rows = np.concatenate([nothing, *(row.astype(np.uint32) for row, _ in parts)])
    return rows, np.concatenate([nothing, *(column.astype(np.uint32) for _, column in parts)])


def _refuse(rows: Any, columns: Any, labels: Sequence[Any]) -> None:
    """An error that names the first column with bad cells, its first such row, and how many it has."""
    if len(columns) > 0:
        column = columns.min()
        where = rows[columns == column]
        raise InvalidInput(
            f"column '{labels[column]}': values that are neither true or false nor 1 or 0 in {len(where)} row(s), "
            f"first at row {where.min()}; fill missing values, and compare numbers with 0 (frame > 0)"
        )


def _of_sparse(matrix: Any, labels: list[Any]) -> _core.Baskets:
    """Of a SciPy sparse matrix: compressed rows or columns as they are, others by way of rows."""
    by_column = getattr(matrix, "format", "") == "csc"
    if not by_column:
        matrix = matrix.tocsr()
    lines = np.repeat(np.arange(len(matrix.indptr) - 1), np.diff(matrix.indptr))
    rows, columns = (matrix.indices, lines) if by_column else (lines, matrix.indices)
    return _of_cells(matrix.shape[0], rows, columns, matrix.data, labels)


def _of_cells(n_rows: int, rows: Any, columns: Any, values: Any, labels: list[Any]) -> _core.Baskets:
    """Of the cells that are stored; those of value 0 hold nothing."""
    rows, columns = rows.astype(np.uint32), columns.astype(np.uint32)
    bad = (values != 0) & (values != 1)
    _refuse(rows[bad], columns[bad], labels)
    if not values.all():
        rows, columns = rows[values == 1], columns[values == 1]
    return _core.Baskets.from_codes(n_rows, rows, columns, labels)


def _of_pandas_columns(frame: Any) -> _core.Baskets:
    """Of a frame with sparse columns: what they store, column by column."""
    parts = [_stored(series) for _, series in frame.items()]
    rows = np.concatenate([row for row, _ in parts])
    columns = np.repeat(np.arange(len(parts)), [len(row) for row, _ in parts])
    values = np.concatenate([np.asarray(value, np.float64) for _, value in parts])
    return _of_cells(len(frame), rows, columns, values, list(frame.columns))


def _stored(series: Any) -> tuple[Any, Any]:
    """The rows of a column that differ from 0, or might, and their values."""
    if type(series.dtype).__name__ == "SparseDtype":
        sparse = series.array
        if sparse.fill_value == 0:
            return sparse.sp_index.to_int_index().indices, sparse.sp_values
        values = series.sparse.to_dense().to_numpy()
    else:
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
    rows = np.flatnonzero(values != 0)
    return rows, values[rows]
