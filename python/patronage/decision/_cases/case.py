"""Files of worked cases: read, built, solved, and compared with what they say should come out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

from patronage.decision._table import DecisionTable
from patronage.decision._tree import Node, chance, decide, pay
from patronage.errors import InvalidModel

SCHEMA = "decision-cases/1"

Status: TypeAlias = Literal["agree", "explained", "differ", "not supported"]

#: Nodes below one another that a case may have.
DEPTH = 200


class CaseCheck(NamedTuple):
    """One number or choice of a case, expected and found."""

    #: The id of the case.
    case: str
    #: What was compared.
    what: str
    expected: Any
    found: Any
    #: "explained": a printed value that is not that of exact arithmetic, as the case records.
    status: Status
    note: str = ""

    def __str__(self) -> str:
        note = f" ({self.note})" if self.note else ""
        return f"{self.status:13} {self.case}: {self.what}: expected {self.expected}, found {self.found}{note}"


class Case:
    """A worked case.

    `data` is the case as the file has it; `id` and `title` are its names; `table` and `tree` what it decides on, None
    where it has none.
    """

    __slots__ = ("__dict__", "data")

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    @property
    def id(self) -> str:
        """The name that no other case of the file has."""
        return str(self.data["id"])

    @property
    def title(self) -> str:
        """What it is about."""
        return str(self.data.get("title", self.id))

    @property
    def sense(self) -> Literal["profit", "cost"]:
        """Whether more is better ("profit") or less ("cost")."""
        return "cost" if self.data.get("sense", "max") == "min" else "profit"

    @cached_property
    def table(self) -> DecisionTable | None:
        """The decision table."""
        given = self.data.get("table")
        return None if given is None else table_of(given)

    @cached_property
    def tree(self) -> Node | None:
        """The decision tree, not yet solved."""
        given = self.data.get("tree")
        return None if given is None else node_of(given)

    def check(self) -> list[CaseCheck]:
        """Compares everything that the case expects, and every printed value, with what this library finds.

        What it does not know how to compare is among the checks as "not supported".
        """
        from patronage.decision._cases.checks import run

        return run(self)

    def __repr__(self) -> str:
        return f"<Case {self.id!r}: {self.title}>"


def load_case(path: str | PathLike[str]) -> list[Case]:
    """The worked cases of a JSON file of the schema "decision-cases/1"; of a file with a single case a list of one.

    Numbers are text ("0.4", "1/3") and stay exact. A case has a table, a tree or both, inputs such as a likelihood,
    and what should come out; `Case.check()` compares.

    Args:
        path: The file.

    Raises:
        InvalidModel: The file is no JSON, has another schema, or cases that are none.

    Example:
        >>> import json, pathlib, tempfile
        >>> from patronage.decision import load_case
        >>> table = {"alternatives": ["tea", "coffee"], "states": ["day"], "payoffs": [["3"], ["2"]]}
        >>> tea = {"id": "tea", "table": table,
        ...        "expected": {"laplace": {"value": {"exact": "3"}, "best": ["tea"]}}}
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder, "tea.json")
        ...     _ = path.write_text(json.dumps({"schema": "decision-cases/1", "cases": [tea]}))
        ...     [check.status for check in load_case(path)[0].check()]
        ['agree', 'agree']
    """
    text = Path(path).read_text("utf8")
    try:
        stored = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise InvalidModel(f"cannot read the stored cases: {problem}") from problem
    if not isinstance(stored, Mapping):
        raise InvalidModel(f"cannot read the stored cases: a {type(stored).__name__} instead of an object")
    if "schema" in stored and stored["schema"] != SCHEMA:
        raise InvalidModel(f"cannot read the stored cases: the schema is {stored['schema']!r}, not {SCHEMA!r}")
    cases = stored.get("cases", [stored])
    if not isinstance(cases, list):
        raise InvalidModel("cannot read the stored cases: 'cases' is no list")
    seen: set[str] = set()
    for place, case in enumerate(cases):
        if not isinstance(case, Mapping) or "id" not in case or not isinstance(case.get("expected"), Mapping):
            raise InvalidModel(f"cannot read the stored cases: case {place} has no 'id' or no 'expected'")
        if case["id"] in seen:
            raise InvalidModel(f"cannot read the stored cases: two are called {case['id']!r}")
        seen.add(case["id"])
    return [Case(case) for case in cases]


def table_of(given: Mapping[str, Any]) -> DecisionTable:
    """The table of a case."""
    states = given["states"]
    rows = zip(given["alternatives"], given["payoffs"], strict=True)
    payoffs = {name: dict(zip(states, row, strict=True)) for name, row in rows}
    return DecisionTable(payoffs, probabilities=given.get("probabilities"))


def node_of(given: Mapping[str, Any], depth: int = 0) -> Node:
    """The tree of a case."""
    if depth > DEPTH:
        raise InvalidModel(f"cannot read the stored cases: a tree of more than {DEPTH} nodes below one another")
    if given["type"] == "terminal":
        return pay(given.get("payoff", "0"))
    branches: dict[str, Any] = {}
    for branch in given["branches"]:
        below: Node = node_of(branch["node"], depth + 1)
        if "payoff" in branch or "t" in branch:
            below = pay(branch.get("payoff", "0"), at=branch.get("t")) >> below
        if branch["label"] in branches:
            raise InvalidModel(f"cannot read the stored cases: two branches of a node are called {branch['label']!r}")
        branches[branch["label"]] = (branch["p"], below) if given["type"] == "chance" else below
    if given["type"] == "chance":
        return chance(branches, name=given.get("id", ""))
    return decide(given.get("id", ""), branches)
