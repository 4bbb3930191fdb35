"""Which item stands under which: a mapping, or a table of two columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from patronage import _tables
from patronage.errors import InvalidInput, InvalidParameter

MissingParent = Literal["error", "keep"]


def table_of(parents: Any, item: str | None, parent: str | None) -> tuple[Any, str, str]:
    """The table for the core, and the names of its two columns."""
    if item is not None and parent is not None:
        return _tables.to_core(parents, [item, parent]), item, parent
    if item is not None or parent is not None:
        raise InvalidParameter("item= and parent= name the two columns of a table; give both")
    if type(parents).__name__ == "Series" and hasattr(parents, "to_dict"):
        parents = parents.to_dict()
    if not isinstance(parents, Mapping):
        raise InvalidInput(
            f"a {type(parents).__name__} is no mapping of items to their parents; give a dict, or a table and the "
            "names of its columns: item=, parent="
        )
    pairs = [(child, above) for child, given in parents.items() for above in _several(given)]
    columns = {"item": [child for child, _ in pairs], "parent": [above for _, above in pairs]}
    return _tables.to_core(columns, ["item", "parent"]), "item", "parent"


def _several(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple | set | frozenset) else [given]


def keeps(missing: str) -> bool:
    if missing not in ("error", "keep"):
        raise InvalidParameter(f"missing = {missing!r} is not possible; expected one of error, keep")
    return missing == "keep"
