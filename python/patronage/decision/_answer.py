"""What a solved tree says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Self

from patronage import _core, _tables
from patronage._result import Result
from patronage.decision._drawn import Drawn, Lang, Values
from patronage.decision._numbers import fraction
from patronage.decision._risk import RiskMethods
from patronage.decision._teaching import Answers, Marking, written
from patronage.errors import InvalidModel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patronage.decision._stored import Tree


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose names are all different: of two with one name neither may win in silence."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"'{twice[:60]}' stands there twice")
    return members


class Solved(Result):
    """A result that keeps what the core worked out, and is stored as its question."""

    __slots__ = ("_made", "_table")

    _made: Any
    _table: _core.Frame | None

    @classmethod
    def _of(cls, made: Any, kind: str) -> Self:
        result = cls.__new__(cls)
        parts = {"_about": MappingProxyType(dict(cls._assumed(made))), "_kind": kind, "_made": made, "_table": None}
        for name, value in parts.items():
            object.__setattr__(result, name, value)
        return result

    @property
    def _frame(self) -> _core.Frame:  # type: ignore[override]
        """The table, made when somebody looks: of a large tree it takes longer than the answer."""
        if self._table is None:
            object.__setattr__(self, "_table", self._made.frame())
        frame: _core.Frame = self._table  # type: ignore[assignment]
        return frame

    @classmethod
    def _assumed(cls, made: Any) -> Mapping[str, Any]:
        raise NotImplementedError

    @classmethod
    def _read(cls, text: str) -> Any:
        raise NotImplementedError

    def explain(self, *, lang: Lang = "en") -> _core.Working:
        """The working: every multiplication in order, the choices, the value of perfect information.

        Args:
            lang: "en" or "zh".
        """
        working: _core.Working = self._made.explain(lang)
        return working

    def to_json(self) -> str:
        """The question as JSON, with a version; `from_json` solves it again."""
        head = {"patronage": type(self).__name__, "version": self._version, "kind": self._kind}
        return f'{json.dumps(head)[:-1]}, "answer": {self._made.to_json()}}}'

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The answer that `to_json` wrote."""
        try:
            stored = json.loads(text, object_pairs_hook=_distinct)
            name, version, kind = stored["patronage"], stored["version"], stored["kind"]
            answer = json.dumps(stored["answer"], ensure_ascii=False)
        except (ValueError, KeyError, TypeError, RecursionError) as problem:
            raise InvalidModel(f"cannot read the stored {cls.__name__}: {problem}") from problem
        if name != cls.__name__:
            raise InvalidModel(f"cannot read the stored result: it is a {name}, not a {cls.__name__}")
        if version != cls._version:
            raise InvalidModel(
                f"cannot read the stored {name}: its version is {version}, this library reads {cls._version}"
            )
        return cls._of(cls._read(answer), kind if kind in _tables.KINDS else "arrow")


class TreeAnswer(RiskMethods, Drawn, Solved):
    """A solved decision tree, a row a node from the root on.

    Columns: `node`, `parent`, `kind` ("decision", "chance", "leaf"), `name`, `branch` (the label of the branch that
    leads there), `probability`, `payoff` (on that branch, discounted), `to_go` (what is still expected at the node),
    `cumulative` (that and what was received on the way), `best` (whether the branch is one of the best of its
    decision; null where nobody decides).
    """

    __slots__ = ()

    @classmethod
    def _assumed(cls, made: _core.TreeAnswer) -> Mapping[str, Any]:
        sense, rate, exact, nodes = made.about()
        return {
            "sense": sense,
            "discount_rate": None if rate is None else rate[1] or rate[0],
            "exact": exact and made.emv()[1] is not None,
            "nodes": nodes,
            **_core.tree_options(made),
        }

    @classmethod
    def _read(cls, text: str) -> _core.TreeAnswer:
        return _core.TreeAnswer.from_json(text)

    def __len__(self) -> int:
        return int(self.about["nodes"])

    def _to_draw(self) -> _core.TreeAnswer:
        made: _core.TreeAnswer = self._made
        return made

    @property
    def tree(self) -> Tree:
        """The tree without its answer."""
        from patronage.decision._stored import Tree

        return Tree._of(self._made.tree(), self._kind)

    @property
    def emv(self) -> float:
        """The expected monetary value of the tree under the best choices."""
        return float(self._made.emv()[0])

    @property
    def emv_exact(self) -> Fraction | None:
        """The same as a fraction; None in a float answer."""
        return fraction(self._made.emv()[1])

    @property
    def choice(self) -> tuple[str, ...]:
        """The best alternatives at the root: several if they tie, none if the root is no decision."""
        return tuple(self._made.choice())

    @property
    def evpi(self) -> float:
        """The expected value of perfect information: what it is worth to know before deciding what chance brings.

        Raises:
            InvalidTree: It is defined where one decision faces one event, with the same outcomes and probabilities
                for all alternatives; the message says what stands in the way.
        """
        return float(self._made.evpi()[0])

    @property
    def evpi_exact(self) -> Fraction | None:
        """The same as a fraction; None in a float answer."""
        return fraction(self._made.evpi()[1])

    def fractions(self, column: Literal["probability", "payoff", "to_go", "cumulative"]) -> list[Fraction | None]:
        """A column as fractions, a node each; None in a float answer, or where there is no value.

        Example:
            >>> from patronage.decision import decide
            >>> decide("", {"a": "1/3", "b": ".25"}).solve().fractions("to_go")
            [Fraction(1, 3), Fraction(1, 3), Fraction(1, 4)]
        """
        return [fraction(text) for text in self._made.fractions(column)]

    def check(self, answers: Answers, *, lang: Lang = "en") -> Marking:
        """Marks a student's answers, and recognises typical mistakes by what they would give.

        Args:
            answers: Numbers and names by item: "emv", "choice", "evpi" and "ev_with_perfect_information" (where they
                are defined), "to_go" and "cumulative" (dicts from node, by its name or the label of its branch, to
                value).
            lang: The language of the remarks.

        Raises:
            UnknownName: There is no such item.
            InvalidParameter: An answer that is no number.
            LimitExceeded: More than 10,000 nodes.

        Example:
            >>> from patronage.decision import chance, decide, pay
            >>> film = pay(-5) >> chance({"hit": (".5", 40), "flop": ("#", -20)})
            >>> marking = decide("Film", {"film": film, "none": 0}).solve().check({"emv": 10, "choice": "film"})
            >>> marking.mistakes
            {'emv': ['fee forgotten']}
        """
        return Marking._of(self._made.check(written(answers)), lang)

    def policy(self, *, lang: Lang = "en") -> Policy:
        """What to do at each decision that one comes to by following the best alternatives.

        Example:
            >>> from patronage.decision import decide
            >>> print(decide("Tea or coffee", {"tea": 3, "coffee": 2}).solve().policy())
            Tea or coffee: choose “tea”, worth +3.
        """
        return Policy(self._made.policy(lang), {"lang": lang}, self._kind)

    def plot(self, ax: Axes | None = None, *, values: Values = "cumulative", max_leaves: int = 60) -> Axes:
        """The tree as textbooks draw it."""
        from patronage.plots import decision as plots

        return plots.tree(self, ax, values=values, max_leaves=max_leaves)

    def __repr__(self) -> str:
        rate = self.about["discount_rate"]
        how = self.about["sense"] + ("" if rate is None else f", discounted at {rate}")
        return f"<TreeAnswer: EMV {self.emv:,.10g}, choice {self.choice!r}; {len(self):,} nodes, {how}>"


class Policy(Result):
    """A row a decision that the best choices come to, in the order of the tree.

    Columns: `node`, `decision` (its name), `after` (the branches since the decision before), `choice` (the best
    alternatives, several if they tie), `value`, `instruction` (all that in a sentence).
    """

    __slots__ = ()

    def __str__(self) -> str:
        return "\n".join(self["instruction"])
