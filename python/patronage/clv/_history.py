"""Purchase histories in: a result, a table, or arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from patronage import _core, _tables
from patronage._result import Result
from patronage.errors import InvalidInput, InvalidParameter

#: The columns of a purchase history, in the order in which arrays are given.
COLUMNS = ("frequency", "recency", "T", "monetary_value")

#: A purchase history: the result of `TransactionLog.purchase_history`, any table (or dict of arrays) with the columns
#: frequency, recency, T and perhaps monetary_value and customer, or a tuple of arrays in that order.
History: TypeAlias = Any
#: Periods ahead: the same for all customers, or one for each.
Horizon: TypeAlias = float | Sequence[float] | np.ndarray
#: How many customers each row stands for: the name of a column, or numbers.
Weights: TypeAlias = str | Sequence[float] | np.ndarray | None


class Read(NamedTuple):
    """A history as the core reads it, and what an answer about it keeps."""

    table: _core.HistoryTable
    kind: str
    about: Mapping[str, Any]


def read(
    history: History,
    columns: Sequence[str],
    weights: Weights = None,
    covariates: Sequence[str] = (),
    optional: Sequence[str] = (),
) -> Read:
    """Reads some columns of a history, covariates, others where it has them, and the customers' ids if it has those."""
    if isinstance(history, tuple):
        if not 3 <= len(history) <= len(COLUMNS):
            raise InvalidInput(f"{len(history)} arrays are no purchase history; give {', '.join(COLUMNS)}")
        history = dict(zip(COLUMNS, history, strict=False))
    names = _tables.column_names(history) or []
    columns = [*columns, *(name for name in optional if name in names)]
    named = [*columns, *covariates, *([weights] if isinstance(weights, str) else [])]
    table = _tables.to_core(history, [*named, *(["customer"] if "customer" in names else [])])
    counts = weights if weights is None or isinstance(weights, str) else numbers("weights", weights)
    about: Mapping[str, Any] = {}
    kind = _tables.kind_of(history)
    if isinstance(history, Result):
        kind = history._kind
        about = {k: history.about[k] for k in ("period", "calibration_end", "as_of") if k in history.about}
    return Read(_core.HistoryTable(table, list(columns), list(covariates), counts), kind, about)


def of_customer(core: Any, table: Mapping[str, np.ndarray], covariates: Mapping[str, float] | None) -> Read:
    """A history made up for customers who all have the same covariates, which must be those that a model knows."""
    wanted, given = core.covariates(), dict(covariates or {})
    if set(wanted) != set(given):
        expected = f"a value for each of {', '.join(wanted)}" if wanted else "none: the model has no covariates"
        raise InvalidParameter(f"covariates = {given or None} is not possible; expected {expected}")
    rows = len(table["frequency"])
    known = {name: np.full(rows, float(given[name])) for name in wanted}
    return read({**table, **known}, ("frequency", "recency", "T"), covariates=wanted)


def horizon_of(horizon: Horizon) -> float | np.ndarray:
    """A horizon as the core takes it."""
    return float(horizon) if isinstance(horizon, int | float | np.number) else numbers("horizon", horizon)


def numbers(name: str, values: Any) -> np.ndarray:
    """A column of numbers given as an array or a sequence."""
    try:
        column = np.ascontiguousarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidInput(f"{name} are no numbers; give an array of them") from None
    if column.ndim != 1:
        raise InvalidInput(f"{name} have {column.ndim} dimensions; give one")
    return column
