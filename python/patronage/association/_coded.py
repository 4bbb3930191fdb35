"""Results that stay coded in the core until they are read; the checks of their arguments."""

from __future__ import annotations

import json
import numbers
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, Self

import numpy as np

from patronage import _core
from patronage._result import Result
from patronage.errors import InvalidParameter

Lang = Literal["en", "zh"]


class Coded(Result):
    """A result that stays coded in the core; its table is decoded when it is read for the first time."""

    __slots__ = ("_coded",)

    _coded: Any

    def __init__(self, coded: Any, about: Mapping[str, Any], kind: str) -> None:
        # Without a frame: `__getattr__` makes it when it is asked for.
        object.__setattr__(self, "_coded", coded)
        object.__setattr__(self, "_about", MappingProxyType(dict(about)))
        object.__setattr__(self, "_kind", kind)

    def __getattr__(self, name: str) -> Any:
        if name != "_frame":
            raise AttributeError(f"a {type(self).__name__} has no '{name}'")
        frame = self._decode()
        object.__setattr__(self, "_frame", frame)
        return frame

    def _decode(self) -> _core.Frame:
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self._coded)

    def _stored(self) -> dict[str, Any]:
        return {"coded": json.loads(self._coded.to_json())}

    @classmethod
    def _restored(cls, stored: Mapping[str, Any], about: Mapping[str, Any], kind: str) -> Self:
        core: Any = getattr(_core, cls.__name__)
        return cls(core.from_json(json.dumps(stored["coded"])), about, kind)


def share(name: str, value: Any) -> float:
    if isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_):
        return float(value)
    raise InvalidParameter(f"{name} = {value!r} is not possible; expected a number")


def support_of(name: str, value: Any) -> float:
    """A least support: a whole number is a count, another number a share."""
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        count: int = whole(name, value)
        return count
    return share(name, value)


def whole(name: str, value: Any) -> Any:
    if value is None:
        return None
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < 0:
        raise InvalidParameter(f"{name} = {value!r} is not possible; expected a whole number from 1")
    # What is beyond 64 bits is beyond every limit, too.
    return min(int(value), 2**64 - 1)


def side(name: str, items: Any) -> list[int | str]:
    """An item, or several, as the core reads them."""
    if isinstance(items, str | numbers.Integral):
        items = [items]
    if not isinstance(items, Iterable):
        raise InvalidParameter(f"{name} = {items!r} is not possible; expected an item or a list of items")
    listed = list(items)
    for item in listed:
        if not isinstance(item, str | numbers.Integral) or isinstance(item, bool):
            raise InvalidParameter(f"{name}: {item!r} is no item; items are strings or integers")
    return listed
