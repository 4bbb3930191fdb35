"""Purchase histories in: a result, a table, or arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from patronage import _core, _tables
from patronage._result import Result
from patronage.errors import InvalidInput

#: The columns of a purchase history, in the order in which arrays are given.
COLUMNS = ("frequency", "recency", "T", "monetary_value")

#: A purchase history: the result of `TransactionLog.purchase_history`, any table (or dict of arrays) with the columns
#: frequency, recency, T and perhaps monetary_value and customer, or a tuple of arrays in that order.
History: TypeAlias = Any
#: How many customers each row stands for: the name of a column, or numbers.
Weights: TypeAlias = str | Sequence[float] | np.ndarray | None


class Read(NamedTuple):
    """A history as the core reads it, and what an answer about it keeps."""

    table: _core.HistoryTable
    kind: str
    about: Mapping[str, Any]


def read(history: History, columns: Sequence[str], weights: Weights = None, optional: Sequence[str] = ()) -> Read:
    """Reads some columns of a history, others where it has them, and the customers' ids if it has those."""
    if isinstance(history, tuple):
        if not 3 <= len(history) <= len(COLUMNS):
            raise InvalidInput(f"{len(history)} arrays are no purchase history; give {', '.join(COLUMNS)}")
        history = dict(zip(COLUMNS, history, strict=False))
    names = _tables.column_names(history) or []
    columns = [*columns, *(name for name in optional if name in names)]
    named = [*columns, weights] if isinstance(weights, str) else columns
    table = _tables.to_core(history, [*named, *(["customer"] if "customer" in names else [])])
    counts = weights if weights is None or isinstance(weights, str) else numbers("weights", weights)
    about: Mapping[str, Any] = {}
    kind = _tables.kind_of(history)
    if isinstance(history, Result):
        kind = history._kind
        about = {k: history.about[k] for k in ("period", "calibration_end", "as_of") if k in history.about}
    return Read(_core.HistoryTable(table, columns, counts), kind, about)


def numbers(name: str, values: Any) -> np.ndarray:
    """A column of numbers given as an array or a sequence."""
    try:
        column = np.ascontiguousarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidInput(f"{name} are no numbers; give an array of them") from None
    if column.ndim != 1:
        raise InvalidInput(f"{name} have {column.ndim} dimensions; give one")
    return column
