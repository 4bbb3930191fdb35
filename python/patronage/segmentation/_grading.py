"""What the gradings of this room have in common: a table of customers in, a label a customer out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self, TypeAlias

from patronage import _core, _tables
from patronage._result import Result

Lang = Literal["en", "zh"]

#: Role and name of a column.
Name: TypeAlias = tuple[str, str]


class Grading(Result):
    """A result with a row a customer that keeps, or makes again, what the core worked out."""

    __slots__ = ("_made",)

    #: The columns that `_make` reads, by their role; the frame names them so.
    _roles: tuple[str, ...]
    _made: Any

    @classmethod
    def _grade(cls, customers: Any, names: Sequence[Name], about: Mapping[str, Any]) -> Self:
        table = _tables.to_core(customers, [name for _, name in names])
        made = cls._make(table, names, about)
        from_log = customers.about if isinstance(customers, Result) else {}
        known = {name: from_log[name] for name in ("as_of", "returns") if name in from_log}
        kind = customers._kind if isinstance(customers, Result) else _tables.kind_of(customers)
        result = cls(made.frame(about["lang"]), {**known, **about}, kind)
        object.__setattr__(result, "_made", made)
        return result

    @classmethod
    def _make(cls, table: Any, names: Sequence[Name], about: Mapping[str, Any]) -> Any:
        raise NotImplementedError

    @property
    def _graded(self) -> Any:
        """What the core worked out; made again where the result was read from JSON."""
        if not hasattr(self, "_made"):
            names = [(role, role) for role in self._roles if role in self.columns]
            object.__setattr__(self, "_made", self._make(self._frame, names, self.about))
        return self._made

    def explain(self, customer: int | str, *, lang: Lang | None = None) -> _core.Working:
        """Why this customer has this label, step by step.

        Args:
            customer: The id.
            lang: "en" or "zh"; the language of the result unless told otherwise.

        Raises:
            UnknownName: There is no such customer.
        """
        working: _core.Working = self._graded.explain(customer, lang or self.about["lang"])
        return working
