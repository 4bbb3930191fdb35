"""The shape of every result: frozen, a table, a picture, a working, JSON."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Self

import numpy as np

from patronage import _core, _tables
from patronage.errors import InvalidModel

#: Rows that a notebook shows.
ROWS_SHOWN = 10


class Result:
    """A frozen table of results that knows how it was made.

    `about` says what was assumed: dates, policies, units. `to_frame()` gives the kind of table that came in;
    `to_pandas()`, `to_polars()` and `to_dicts()` give one by name; `result["column"]` gives a NumPy array or a
    list. Any Arrow tool reads the result directly (`polars.DataFrame(result)`). Two results are equal if their
    tables and their `about` are.
    """

    __slots__ = ("_about", "_frame", "_kind")

    #: Version of the JSON of this kind of result.
    _version: ClassVar[int] = 1
    _registry: ClassVar[dict[str, type[Result]]] = {}

    _about: Mapping[str, Any]
    _frame: _core.Frame
    _kind: str

    def __init__(self, frame: _core.Frame, about: Mapping[str, Any], kind: str) -> None:
        object.__setattr__(self, "_frame", frame)
        object.__setattr__(self, "_about", MappingProxyType(dict(about)))
        object.__setattr__(self, "_kind", kind)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        Result._registry[cls.__name__] = cls

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a {type(self).__name__} is frozen; '{name}' cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a {type(self).__name__} is frozen; '{name}' cannot be deleted")

    @property
    def about(self) -> Mapping[str, Any]:
        """What was assumed and what was left out."""
        return self._about

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return self._head(0).names

    def _head(self, rows: int) -> _core.Frame:
        """The first rows, for a look at a table that may not be decoded yet."""
        return self._frame.head(rows)

    def __len__(self) -> int:
        return len(self._frame)

    def __getitem__(self, column: str) -> Any:
        _tables.require(self._frame.names, [column])
        return self._frame.column(column)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)

    def to_frame(self) -> Any:
        """The result as the kind of table that came in."""
        return _tables.from_core(self._frame, self._kind)

    def to_pandas(self) -> Any:
        """The result as a pandas frame."""
        return _tables.to_pandas(self._frame)

    def to_polars(self) -> Any:
        """The result as a Polars frame."""
        return _tables.to_polars(self._frame)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The result as a list of dicts, one a row."""
        columns = _tables.to_dict(self._frame)
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        same: bool = self.to_json() == other.to_json()
        return same

    def __repr__(self) -> str:
        about = ", ".join(f"{name}={value!r}" for name, value in self._about.items() if _short(value))
        return f"<{type(self).__name__}: {len(self):,} rows × {len(self.columns)} columns; {about}>"

    def _repr_html_(self) -> str:
        return html_table(self._head(ROWS_SHOWN), self._caption(), total=len(self))

    def _caption(self) -> str:
        about = "; ".join(f"{name} {value}" for name, value in self._about.items() if _short(value))
        return f"{type(self).__name__}: {len(self):,} rows. {about}"

    def to_json(self) -> str:
        """The result as JSON, with a version; `from_json` gives it back."""
        return json.dumps(
            {
                "patronage": type(self).__name__,
                "version": self._version,
                "kind": self._kind,
                "about": {name: _plain(value) for name, value in self._about.items()},
                **self._stored(),
            },
            ensure_ascii=False,
            allow_nan=False,
        )

    def _stored(self) -> dict[str, Any]:
        """What `to_json` writes beside `about`; `_restored` reads it."""
        columns = [
            {"name": name, "kind": kind, "values": [_plain(v) for v in _tables.to_list(self._frame, name)]}
            for name, kind in zip(self._frame.names, self._frame.kinds, strict=True)
        ]
        return {"columns": columns}

    @classmethod
    def _restored(cls, stored: Mapping[str, Any], about: Mapping[str, Any], kind: str) -> Self:
        columns = [_restore(c["name"], c["kind"], c["values"]) for c in stored["columns"]]
        return cls(_core.Frame.from_columns(columns), about, kind)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The result that `to_json` wrote."""
        try:
            stored = json.loads(text)
            name, version = stored["patronage"], stored["version"]
            made = Result._registry.get(name)
            if made is None or not issubclass(made, cls):
                raise InvalidModel(f"cannot read the stored result: it is a {name}, not a {cls.__name__}")
            if version != made._version:
                raise InvalidModel(
                    f"cannot read the stored {name}: its version is {version}, this library reads {made._version}"
                )
            if any("from_json" in vars(base) for base in made.__mro__[: made.__mro__.index(Result)]):
                return made.from_json(text)  # it is stored in a way of its own
            kind = stored["kind"] if stored["kind"] in _tables.KINDS else "arrow"
            about = {key: _unplain(value) for key, value in stored["about"].items()}
            return made._restored(stored, about, kind)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            if isinstance(problem, InvalidModel):
                raise
            raise InvalidModel(f"cannot read the stored result: {problem}") from problem

    def __reduce__(self) -> tuple[Any, ...]:
        return (_unpickle, (type(self).__name__, self.to_json()))


def _unpickle(name: str, text: str) -> Result:
    return Result._registry[name].from_json(text)


def _short(value: object) -> bool:
    return value is not None and isinstance(value, str | int | float | bool)


def _plain(value: Any) -> Any:
    """A value as JSON holds it; what JSON has no word for becomes a tagged dict."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value


def _unplain(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"float"}:
            return float(value["float"])
        return {key: _unplain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_unplain(inner) for inner in value]
    return value


def _restore(name: str, kind: str, values: list[Any]) -> _tables.Column:
    if kind == "float":
        return (
            name,
            kind,
            np.array([np.nan if v is None else _unplain(v) for v in values], dtype=np.float64),
        )
    if kind == "int":
        return (name, kind, np.array(values, dtype=np.int64))
    if kind == "bool":
        return (name, kind, np.array(values, dtype=bool))
    if kind == "date":
        return (name, kind, np.array([v or "NaT" for v in values], dtype="datetime64[D]").view(np.int64))
    if kind == "time":
        return (
            name,
            kind,
            (np.array([v or "NaT" for v in values], dtype="datetime64[us]").view(np.int64), None),
        )
    return (name, "text" if kind == "coded" else kind, values)


def html_table(
    frame: _core.Frame,
    caption: str = "",
    rows: int = ROWS_SHOWN,
    total: int | None = None,
    columns: list[str] | None = None,
) -> str:
    """The first rows as HTML; every text is escaped and kept from turning its surroundings round."""
    total = len(frame) if total is None else total
    frame = frame.head(rows)
    shown = {name: _tables.to_list(frame, name) for name in columns or frame.names}
    head = "".join(f"<th>{_cell(name)}</th>" for name in shown)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(v)}</td>" for v in row) + "</tr>" for row in zip(*shown.values(), strict=True)
    )
    more = f"<p>… {total - len(frame):,} more rows</p>" if total > len(frame) else ""
    return (
        f"<div class='patronage'><table><caption>{_cell(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}</div>"
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    if isinstance(value, list):
        return ", ".join(_cell(inner) for inner in value)
    return f"<bdi>{html.escape(str(value))}</bdi>"
