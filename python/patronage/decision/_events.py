"""Events of a tree: what it is worth to know or to control them; rounded probabilities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias, overload

import numpy as np

from patronage import _core
from patronage._result import Result
from patronage.decision._answer import TreeAnswer
from patronage.decision._numbers import fraction
from patronage.errors import InvalidParameter, UnknownName

#: Chance nodes of a solved tree: the name of some, a node by its number, or several of these.
Nodes: TypeAlias = str | int | Iterable[str | int]


class Event(NamedTuple):
    """An event of a tree, and what it is worth to know it, or to control it, before the first decision."""

    #: The chance nodes at which it comes out.
    nodes: tuple[int, ...]
    #: Its outcomes, and the probability of each.
    outcomes: dict[str, float]
    #: The expected value of the tree if each outcome is known to come.
    values: dict[str, float]
    #: The best alternatives at the root if each outcome is known to come.
    choices: dict[str, tuple[str, ...]]
    #: The expected value if the outcome is known before the first decision.
    ev_with_perfect_information: float
    #: How much better that is than the EMV.
    evpi: float
    evpi_exact: Fraction | None
    #: How much better the best outcome is than the EMV, and which outcomes have it.
    value_of_control: float
    value_of_control_exact: Fraction | None
    best: tuple[str, ...]
    #: False if elsewhere in the tree the same outcomes have other probabilities, so that other events tell something
    #: about this one.
    independent: bool


class Events(Result):
    """The events of a tree, a row each in its order.

    Columns: `event` (the name of its nodes, or its outcomes), `nodes`, `outcomes`, `ev_with_perfect_information`,
    `evpi`, `value_of_control`, `best` (the outcomes that one would choose), `independent`.
    """

    __slots__ = ()


@overload
def perfect_information(answer: TreeAnswer, event: None = None) -> Events: ...
@overload
def perfect_information(answer: TreeAnswer, event: Nodes) -> Event: ...
def perfect_information(answer: TreeAnswer, event: Nodes | None = None) -> Event | Events:
    """What it is worth to know an event of a tree before the first decision (clairvoyance), or to control it.

    EVPI = Σ P(outcome) × value of the tree in which the outcome is certain − EMV; value of control = value of the
    tree with the best outcome certain − EMV; for costs the other way round (Howard 1966, *Information value theory*).
    The event is taken to be independent of all others.

    Args:
        answer: A solved tree.
        event: Chance nodes with the same outcomes and probabilities, none after another: the name of some, a number,
            or a list of these. None: all events of the tree, chance nodes with the same outcomes and probabilities
            being one event.

    Returns:
        An `Event`, or without `event` a table of `Events`.

    Raises:
        UnknownName: No chance node has that name.
        InvalidTree: The nodes are not one event.

    Example:
        >>> from patronage.decision import chance, decide, pay, perfect_information
        >>> oil = chance({"dry": (".6", 0), "wet": ("#", 500)}, name="oil")
        >>> cost = chance({"low": (".5", pay(-100) >> oil), "high": ("#", pay(-300) >> oil)}, name="cost")
        >>> drill = decide("Drill", {"yes": cost, "no": 0}).solve()
        >>> perfect_information(drill)["evpi"]
        array([ 50., 120.])
        >>> perfect_information(drill, "oil").value_of_control
        300.0
    """
    if event is not None:
        return _event(_core.decision_event(answer._made, _nodes(answer, event)))
    all_events = [_event(row) for row in _core.decision_events(answer._made)]
    names = answer["name"]

    def called(found: Event) -> str:
        own = {names[node] for node in found.nodes}
        return own.pop() if len(own) == 1 and own != {""} else " / ".join(found.outcomes)

    columns = [
        ("event", "text", [called(found) for found in all_events]),
        ("nodes", "ints", [list(found.nodes) for found in all_events]),
        ("outcomes", "texts", [list(found.outcomes) for found in all_events]),
        ("ev_with_perfect_information", "float", np.array([found.ev_with_perfect_information for found in all_events])),
        ("evpi", "float", np.array([found.evpi for found in all_events])),
        ("value_of_control", "float", np.array([found.value_of_control for found in all_events])),
        ("best", "texts", [list(found.best) for found in all_events]),
        ("independent", "bool", np.array([found.independent for found in all_events], bool)),
    ]
    return Events(_core.Frame.from_columns(columns), {"emv": answer.emv, "sense": answer.about["sense"]}, answer._kind)


def rounded(answer: TreeAnswer, decimals: int) -> TreeAnswer:
    """A solved tree with its probabilities rounded as books round them, solved in the same way.

    At each chance event the probabilities are rounded half up; the last gets what the others leave of 1.

    Args:
        answer: A solved tree.
        decimals: From 0 to 15.

    Example:
        >>> from patronage.decision import chance, rounded
        >>> large = chance({"favourable": ("7/9", 190_000), "unfavourable": ("#", -190_000)}).solve()
        >>> round(large.emv, 2), rounded(large, 2).emv
        (105555.56, 106400.0)
    """
    if isinstance(decimals, bool) or not isinstance(decimals, int) or not 0 <= decimals <= 15:
        raise InvalidParameter(f"decimals = {decimals!r} is not possible; expected a number of decimals from 0 to 15")
    return TreeAnswer._of(_core.decision_rounded(answer._made, decimals), answer._kind)


def _one_event(answer: TreeAnswer, event: Nodes | None) -> list[int]:
    if event is not None:
        return _nodes(answer, event)
    found = _core.decision_events(answer._made)
    if len(found) != 1:
        raise InvalidParameter(f"event = None is not possible; expected the name of one of the {len(found)} events")
    return found[0][0]


def _nodes(answer: TreeAnswer, event: Nodes) -> list[int]:
    """The numbers of the chance nodes that are meant."""
    wanted = [event] if isinstance(event, str | int) else list(event)
    names, kinds = answer["name"], answer["kind"]
    found: list[int] = []
    for one in wanted:
        if isinstance(one, str):
            named = [
                i for i, (name, kind) in enumerate(zip(names, kinds, strict=True)) if (name, kind) == (one, "chance")
            ]
            if not named:
                known = ", ".join(dict.fromkeys(n for n, k in zip(names, kinds, strict=True) if k == "chance" and n))
                raise UnknownName(f"chance node '{one}' does not exist; there are {known or 'none with a name'}")
            found += named
        elif 0 <= one < len(answer):
            found.append(one)
        else:
            raise UnknownName(f"node {one} does not exist; there are {len(answer):,}, numbered from 0")
    return found


def _event(row: Sequence[Any]) -> Event:
    nodes, labels, probabilities, values, choices, informed, evpi, best, control, independent = row
    return Event(
        nodes=tuple(nodes),
        outcomes={label: pair[0] for label, pair in zip(labels, probabilities, strict=True)},
        values={label: pair[0] for label, pair in zip(labels, values, strict=True)},
        choices={label: tuple(choice) for label, choice in zip(labels, choices, strict=True)},
        ev_with_perfect_information=informed[0],
        evpi=evpi[0],
        evpi_exact=fraction(evpi[1]),
        value_of_control=control[0],
        value_of_control_exact=fraction(control[1]),
        best=tuple(best),
        independent=independent,
    )
