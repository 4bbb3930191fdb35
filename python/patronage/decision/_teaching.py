"""For teachers: answers marked, and exercises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from patronage import _core
from patronage._result import Result
from patronage.decision._drawn import Lang
from patronage.decision._numbers import fraction
from patronage.errors import InvalidParameter

if TYPE_CHECKING:
    from patronage.decision._answer import TreeAnswer
    from patronage.decision._information import SampleInformation
    from patronage.decision._table import TableAnswer

#: What a student answered: numbers and names by item, nested where an item has parts.
Answers: TypeAlias = Mapping[str, Any]


class Marking(Result):
    """A student's answers, a row an answer.

    Columns: `item`, `given`, `mark` ("right"; "rounded": right to the decimals given; "book": right by a book's chain
    of rounded posteriors; "wrong"), `right` (the right answer), `mistakes` (the names of the mistakes that give just
    this answer: several if they give the same, none if it is not known), `step` (where the working has it), `remark`.

    A mistake is recognised by working out what it would give from the same data, never by a tolerance.
    """

    __slots__ = ()

    @classmethod
    def _of(cls, made: _core.Marking, lang: Lang) -> Marking:
        frame = made.frame(lang)
        marks: list[str] = frame.column("mark")
        about = {"right": sum(mark != "wrong" for mark in marks), "asked": len(marks), "lang": lang}
        return cls(frame, about, "dict")

    @property
    def right(self) -> int:
        """How many answers are right."""
        return int(self.about["right"])

    @property
    def mistakes(self) -> dict[str, list[str]]:
        """The mistakes of each wrong answer."""
        rows = zip(self["item"], self["mark"], self["mistakes"], strict=True)
        return {item: mistakes for item, mark, mistakes in rows if mark == "wrong"}

    def __str__(self) -> str:
        rows = zip(self["item"], self["given"], self["remark"], strict=True)
        return "\n".join(f"{item}: {given}. {remark}" for item, given, remark in rows)

    def _repr_html_(self) -> str:
        from patronage._result import html_table

        about = self.about
        title = f"{about['right']} / {about['asked']}"
        return html_table(self._frame, title, rows=200, columns=["item", "given", "mark", "remark"])


def written(answers: Answers) -> list[tuple[list[str], str]]:
    """Nested answers as paths and texts."""
    if not isinstance(answers, Mapping):
        raise InvalidParameter(f"answers = {answers!r} is not possible; expected a dict such as {{'emv': 18000}}")
    found: list[tuple[list[str], str]] = []
    open_: list[tuple[list[str], Any]] = [([str(key)], value) for key, value in reversed(list(answers.items()))]
    while open_:
        path, value = open_.pop()
        if isinstance(value, Mapping):
            if len(path) > 3:
                raise InvalidParameter(f"the answer to {', '.join(path)} is nested too deeply")
            open_.extend(([*path, str(key)], inner) for key, inner in reversed(list(value.items())))
        else:
            found.append((path, _text(path, value)))
    return found


def _text(path: list[str], value: Any) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) or value is None or (isinstance(value, float) and value != value):
        raise InvalidParameter(f"the answer to {', '.join(path)} is {value!r}; expected a number or a name")
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int | Fraction | Decimal):
        return str(value)
    if isinstance(value, Sequence) and all(isinstance(part, str) for part in value):
        return "|".join(value)
    raise InvalidParameter(f"the answer to {', '.join(path)} is {value!r}; expected a number or a name")


class Exercise:
    """An exercise; made by `exercise`."""

    __slots__ = ("_made", "difficulty", "kind", "lang", "seed")

    kind: str
    seed: int
    difficulty: int
    lang: Lang
    _made: _core.Exercise

    def __init__(self, kind: str, seed: int, difficulty: int, lang: Lang) -> None:
        made = _core.Exercise(kind, seed, difficulty, lang)
        for name, value in zip(
            ("kind", "seed", "difficulty", "lang", "_made"), (kind, seed, difficulty, lang, made), strict=True
        ):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"an Exercise is frozen; '{name}' cannot be set")

    def question(self, lang: Lang | None = None) -> _core.Working:
        """The question with its numbers, in the language of the exercise or in another."""
        return self._in(lang)._made.question()

    def solution(self, lang: Lang | None = None) -> _core.Working:
        """The worked solution: every multiplication in order."""
        return self._in(lang)._made.solution()

    def _in(self, lang: Lang | None) -> Exercise:
        return self if lang in (None, self.lang) else Exercise(self.kind, self.seed, self.difficulty, lang)

    @property
    def answer(self) -> TableAnswer | TreeAnswer | SampleInformation:
        """What the library says: a solved table or tree, or a study."""
        from patronage.decision._answer import TreeAnswer
        from patronage.decision._information import SampleInformation
        from patronage.decision._table import TableAnswer

        table, tree, survey = self._made.solved()
        if table is not None:
            return TableAnswer._of(table, "dict")
        if tree is not None:
            return TreeAnswer._of(tree, "dict")
        return SampleInformation._of(survey, "dict")

    @property
    def answers(self) -> dict[tuple[str, ...], Fraction | tuple[str, ...]]:
        """All that may be asked, as a path such as ("posterior", "favourable", "high demand"), and the exact answer."""
        found: dict[tuple[str, ...], Fraction | tuple[str, ...]] = {}
        for path, value, names in self._made.answers():
            exact = None if value is None else fraction(value[1])
            found[tuple(path)] = tuple(names) if exact is None else exact
        return found

    def check(self, answers: Answers, *, lang: Lang | None = None) -> Marking:
        """Marks a student's answers; see `TableAnswer.check`, `TreeAnswer.check`, `SampleInformation.check`."""
        return Marking._of(self._made.check(written(answers)), lang or self.lang)

    def __repr__(self) -> str:
        return f"<Exercise: {self.kind}, seed {self.seed}, difficulty {self.difficulty}>"

    def _repr_html_(self) -> str:
        return self.question().to_html()


def exercise(
    kind: Literal["table", "tree", "survey"] = "table", *, seed: int = 1, difficulty: int = 1, lang: Lang = "en"
) -> Exercise:
    """An exercise with round numbers and exact answers, the same on every machine.

    The best alternative is the only one, and the criteria (or the ways of reckoning) do not all agree.

    Args:
        kind: "table": criteria, expected values, the value of perfect information; "tree": a tree with fees;
            "survey": posteriors and the value of a study.
        seed: From 0 up; another seed, another exercise.
        difficulty: 1 (easy), 2 or 3: more alternatives and states, a second decision.
        lang: "en" or "zh".

    Raises:
        InvalidParameter: An unknown kind, a difficulty outside 1 to 3, a negative seed.

    Example:
        >>> from patronage.decision import exercise
        >>> task = exercise("survey", seed=7)
        >>> task.check({"evsi": task.answer.evsi})["mark"]
        ['right']
    """
    for name, value in (("seed", seed), ("difficulty", difficulty)):
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**32:
            raise InvalidParameter(f"{name} = {value!r} is not possible; expected a whole number from 0 up")
    return Exercise(kind, seed, difficulty, lang)
