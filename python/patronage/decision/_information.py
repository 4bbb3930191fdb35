"""What information is worth: studies, perfect information, rounded posteriors."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from patronage import _core
from patronage._result import Result
from patronage.decision._answer import Pair, Solved, TreeAnswer, fraction
from patronage.decision._table import DecisionTable, _cells, _in_order
from patronage.decision._tree import Number
from patronage.errors import DataWarning, InvalidParameter, UnknownName

#: Chance nodes of a solved tree: the name of some, a node by its number, or several of these.
Nodes: TypeAlias = str | int | Iterable[str | int]


class Signal(NamedTuple):
    """One signal of a study, and the decision after it."""

    #: Its name.
    name: str
    #: How likely it is.
    probability: float
    #: The probability of each state after it; None for a signal that cannot come.
    posterior: dict[str, float] | None
    #: The expected value of each alternative after it, the study not paid.
    values: dict[str, float] | None
    #: The best of them.
    value: float | None
    #: The alternatives that have it: several if they tie.
    choice: tuple[str, ...]
    #: Probability, posterior, values and value as fractions where the study is exact: else None.
    exact: SignalFractions | None


class SignalFractions(NamedTuple):
    """The numbers of a signal as fractions."""

    probability: Fraction
    posterior: dict[str, Fraction] | None
    values: dict[str, Fraction] | None
    value: Fraction | None


class Incoherence(NamedTuple):
    """A prior that given posteriors contradict: by the law of total probability both numbers are the same."""

    state: str
    #: The probability before the study, as given.
    prior: float
    #: Σ P(signal) × P(state | signal).
    recombined: float


class SampleInformation(Solved):
    """What a study tells and what it is worth, a row a signal and state: Bayes' table.

    Columns: `signal`, `state`, `prior`, `likelihood` (P(signal | state)), `joint` (prior × likelihood), `marginal`
    (P(signal), the sum of the joint probabilities), `posterior` (joint / marginal; null for a signal that cannot
    come), and with a rounding `rounded_marginal` and `rounded_posterior`.
    """

    __slots__ = ()

    @classmethod
    def _assumed(cls, made: _core.StudyAnswer) -> Mapping[str, Any]:
        sense, cost, rounding, labels = made.about()
        return {"sense": sense, "cost": cost[1] or cost[0], "rounding": rounding, "labels": list(labels)}

    @classmethod
    def _read(cls, text: str) -> _core.StudyAnswer:
        return _core.StudyAnswer.from_json(text)

    def _chain(self, part: int, *, rounded: bool = False) -> Pair | None:
        chain = self._made.chain(rounded)
        pair: Pair | None = None if chain is None else chain[part]
        return pair

    @property
    def emv(self) -> float:
        """The expected value without the study."""
        return float(self._made.emv()[0])

    @property
    def ev_with_sample_information(self) -> float:
        """EVwSI: Σ P(signal) × the best expected value after it, the study not paid."""
        return float(self._made.chain(False)[0][0])

    @property
    def net(self) -> float:
        """The same after the study has been paid."""
        return float(self._made.chain(False)[1][0])

    @property
    def evsi(self) -> float:
        """The expected value of sample information: EVwSI − EMV (for costs EMV − EVwSI)."""
        return float(self._made.chain(False)[2][0])

    @property
    def net_gain(self) -> float:
        """EVSI less what the study costs (ENGS)."""
        return float(self._made.chain(False)[3][0])

    @property
    def efficiency(self) -> float | None:
        """EVSI / EVPI; None where perfect information is worth nothing."""
        pair = self._chain(4)
        return None if pair is None else pair[0]

    @property
    def ev_with_perfect_information(self) -> float:
        """EVwPI: the expected value if the state were known before the first decision."""
        return float(self._made.ev_with_perfect_information()[0])

    @property
    def evpi(self) -> float:
        """The expected value of perfect information."""
        return float(self._made.evpi()[0])

    def exact(self, *, rounded: bool = False) -> dict[str, Fraction | None]:
        """All these values as fractions, by their names; None in a float answer.

        Args:
            rounded: Those of the chain with rounded P(signal) and posteriors, as a book computes.

        Raises:
            InvalidParameter: `rounded` where the study has no rounding.
        """
        chain = self._rounded_chain(rounded)
        names = ("ev_with_sample_information", "net", "evsi", "net_gain", "efficiency")
        values = {name: None if pair is None else fraction(pair[1]) for name, pair in zip(names, chain, strict=True)}
        made = self._made
        given = {
            "emv": made.emv(),
            "evpi": made.evpi(),
            "ev_with_perfect_information": made.ev_with_perfect_information(),
        }
        return values | {name: fraction(pair[1]) for name, pair in given.items()}

    def rounded(self) -> dict[str, float | None]:
        """EVwSI, net, EVSI, net gain and efficiency of the chain with rounded probabilities.

        Raises:
            InvalidParameter: The study has no rounding.
        """
        chain = self._rounded_chain(True)
        names = ("ev_with_sample_information", "net", "evsi", "net_gain", "efficiency")
        return {name: None if pair is None else float(pair[0]) for name, pair in zip(names, chain, strict=True)}

    def _rounded_chain(self, rounded: bool) -> Any:
        chain = self._made.chain(rounded)
        if chain is None:
            raise InvalidParameter(
                "rounded = True is not possible; expected a study with a rounding, such as rounding=2"
            )
        return chain

    def signals(self, *, rounded: bool = False) -> dict[str, Signal]:
        """Each signal by its name, with the decision after it.

        Args:
            rounded: With rounded P(signal) and posteriors.
        """
        self._rounded_chain(rounded)
        states, names = self._made.states(), self._made.alternatives()
        return {row[0]: _signal(row, states, names) for row in self._made.signals(rounded)}

    @property
    def is_worth_its_cost(self) -> bool:
        """Whether EVSI > cost."""
        return self.net_gain > 0

    @property
    def incoherent(self) -> list[Incoherence]:
        """The states at which given posteriors contradict the prior."""
        return [Incoherence(state, prior[0], found[0]) for state, prior, found, _ in self._made.incoherent()]

    @property
    def impossible(self) -> list[str]:
        """The signals that cannot come: they have no posteriors and weigh nothing."""
        return list(self._made.impossible())

    def fractions(self, column: str) -> list[Fraction | None]:
        """A column of numbers as fractions; None in a float answer, or where there is no value."""
        return [fraction(text) for text in self._made.fractions(column)]

    def tree(self, *, rounded: bool = False) -> TreeAnswer:
        """The preposterior tree, solved: pay for the study, see its signal, decide; or decide without.

        Args:
            rounded: With rounded P(signal) and posteriors.
        """
        self._rounded_chain(rounded)
        return TreeAnswer._of(self._made.tree(rounded), self._kind)

    def plot(self, ax: Any = None) -> Any:
        """The preposterior tree as textbooks draw it."""
        return self.tree().plot(ax)

    def __repr__(self) -> str:
        worth = f"EVSI {self.evsi:,.10g}, cost {self.about['cost']}, EVPI {self.evpi:,.10g}"
        return f"<SampleInformation: {worth}; {len(self._made.signals(False)):,} signals>"


def study(
    question: DecisionTable | TreeAnswer,
    likelihood: Any = None,
    *,
    posteriors: Mapping[str, Mapping[str, Number]] | None = None,
    probabilities: Mapping[str, Number] | None = None,
    event: Nodes | None = None,
    cost: Number = 0,
    sense: Literal["profit", "cost"] | None = None,
    rounding: int | None = None,
    labels: tuple[str, str] = ("study", "no study"),
) -> SampleInformation:
    """What a study (a survey, a test) before a decision tells, and what it is worth.

    By Bayes' rule P(state | signal) = P(state) P(signal | state) / P(signal); after each signal the alternative with
    the best expected value is chosen (Raiffa & Schlaifer 1961, *Applied Statistical Decision Theory*).

    Args:
        question: A decision table with probabilities (the prior), or a solved tree.
        likelihood: P(signal | state): a dict from state to a dict from signal to probability, or a pandas frame, a
            row a state and a column a signal. "#" is the rest.
        posteriors: Instead of likelihoods P(state | signal), a dict of dicts.
        probabilities: With `posteriors`, P(signal).
        event: For a tree, the chance nodes that the study tells something about: their name, their numbers, or a
            list; they have the same outcomes and probabilities, which are the prior. A tree with one event needs none.
        cost: What the study costs; not negative.
        sense: "profit" (as if None) or "cost", for a table; a solved tree has its own.
        rounding: Beside the exact chain, one in which P(signal) and the posteriors are rounded half up to so many
            decimals, the last of each getting what the others leave of 1: as books compute.
        labels: The two first branches of the preposterior tree.

    Warns:
        DataWarning: Posteriors that contradict the prior; with both numbers.

    Raises:
        InvalidTree: Probabilities that do not sum to 1, states or signals that differ.
        InvalidParameter: A negative cost, a rounding that makes probabilities pass 1.

    Example:
        >>> from patronage.decision import DecisionTable, study
        >>> sheds = DecisionTable({
        ...     "large": {"favourable": 200_000, "unfavourable": -180_000},
        ...     "small": {"favourable": 100_000, "unfavourable": -20_000},
        ...     "none": {"favourable": 0, "unfavourable": 0},
        ... }, probabilities={"favourable": ".5", "unfavourable": "#"})
        >>> survey = study(sheds, {
        ...     "favourable": {"good": ".7", "bad": ".3"}, "unfavourable": {"good": ".2", "bad": ".8"},
        ... }, cost=10_000, rounding=2)
        >>> survey.evsi, survey.net, survey.exact()["efficiency"]
        (19000.0, 49000.0, Fraction(19, 60))
        >>> survey.signals()["good"].exact.posterior["favourable"]
        Fraction(7, 9)
        >>> survey.rounded()["net"]
        49200.0
    """
    if isinstance(question, DecisionTable):
        if event is not None:
            raise InvalidParameter(
                f"event = {event!r} is not possible; expected none: the states of a table are the event"
            )
        signals, given = _evidence(question.states, likelihood, posteriors, probabilities)
        profit = sense or "profit"
        made = _core.StudyAnswer.of_table(question._table, profit, signals, given, cost, rounding, labels)
    elif isinstance(question, TreeAnswer):
        if sense is not None:
            raise InvalidParameter(f"sense = {sense!r} is not possible; expected none: a solved tree has its own")
        nodes = _one_event(question, event)
        states = _core.decision_outcomes(question._made, nodes)
        signals, given = _evidence(states, likelihood, posteriors, probabilities)
        made = _core.StudyAnswer.of_event(question._made, nodes, signals, given, cost, rounding, labels)
    else:
        raise InvalidParameter(f"question = {question!r} is not possible; expected a DecisionTable or a solved tree")
    if contradictions := made.incoherent():
        warnings.warn(" ".join(sentence for *_, sentence in contradictions), DataWarning, stacklevel=2)
    return SampleInformation._of(made, question._kind)


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


def perfect_information(answer: TreeAnswer, event: Nodes | None = None) -> Any:
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


def _evidence(
    states: list[str], likelihood: Any, posteriors: Any, probabilities: Any
) -> tuple[list[str], dict[str, Any]]:
    """The signals, and rows of probabilities in the order of states and signals."""
    if (likelihood is None) == (posteriors is None) or (posteriors is None) != (probabilities is None):
        raise InvalidParameter("give P(signal | state) as likelihood, or posteriors together with probabilities")
    if likelihood is not None:
        names, signals, cells = _cells(likelihood, None)
        width = len(signals)
        rows = {name: cells[i * width : (i + 1) * width] for i, name in enumerate(names)}
        return signals, {"likelihood": _in_order(rows, states), "probabilities": [], "posteriors": []}
    signals = list(probabilities)
    given = zip(signals, _in_order(posteriors, signals), strict=True)
    in_order = [_in_order(row, states, signal) if row else [] for signal, row in given]
    return signals, {"likelihood": None, "probabilities": _in_order(probabilities, signals), "posteriors": in_order}


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


def _signal(row: Any, states: list[str], names: list[str]) -> Signal:
    name, probability, posterior, values, value, best = row

    def named(keys: list[str], pairs: list[Pair] | None, part: int) -> Any:
        if pairs is None:
            return None
        return {key: pair[0] if part == 0 else fraction(pair[1]) for key, pair in zip(keys, pairs, strict=True)}

    exact = None
    if (p := fraction(probability[1])) is not None:
        top = None if value is None else fraction(value[1])
        exact = SignalFractions(p, named(states, posterior, 1), named(names, values, 1), top)
    return Signal(
        name,
        probability[0],
        named(states, posterior, 0),
        named(names, values, 0),
        None if value is None else value[0],
        tuple(best),
        exact,
    )
