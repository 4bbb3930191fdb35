"""What information is worth: studies, perfect information, rounded posteriors."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from patronage import _core
from patronage.decision._answer import Solved, TreeAnswer
from patronage.decision._drawn import Lang
from patronage.decision._events import Nodes, _one_event
from patronage.decision._numbers import Number, Pair, fraction
from patronage.decision._table import DecisionTable, _cells, _in_order
from patronage.decision._teaching import Answers, Marking, written
from patronage.errors import DataWarning, InvalidParameter


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

    def check(self, answers: Answers, *, rounding: int | None = None, lang: Lang = "en") -> Marking:
        """Marks a student's answers, and recognises typical mistakes by what they would give.

        Args:
            answers: Numbers and names by item: "emv", "ev_with_sample_information", "net", "evsi", "net_gain",
                "efficiency", "ev_with_perfect_information", "evpi"; by signal "probability", "value" (after it) and
                "choice"; by signal and state "joint" and "posterior"; by signal and alternative "values".
            rounding: Numbers that follow from P(signal) and posteriors of so many decimals are right by the book;
                None takes the rounding of the study.
            lang: The language of the remarks.

        Raises:
            UnknownName: There is no such item.
            InvalidParameter: An answer that is no number.

        Example:
            >>> from patronage.decision import DecisionTable, study
            >>> payoffs = {"build": {"good": 60, "bad": -30}, "wait": {"good": 0, "bad": 0}}
            >>> table = DecisionTable(payoffs, probabilities=[".5", ".5"])
            >>> survey = study(table, {"good": {"yes": ".8", "no": ".2"}, "bad": {"yes": ".4", "no": ".6"}}, cost=1)
            >>> marking = survey.check({"posterior": {"yes": {"good": ".8", "bad": ".33"}}})
            >>> marking["mark"], marking.mistakes
            (['wrong', 'rounded'], {'posterior, yes, good': ['likelihood as posterior']})
        """
        return Marking._of(self._made.check(written(answers), rounding), lang)

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
            raise InvalidParameter(f"event = {event!r} is not possible; expected none for a table")
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
        return signals, {
            "likelihood": _in_order(rows, states, "the likelihood P(signal | state)"),
            "probabilities": [],
            "posteriors": [],
        }
    signals = list(probabilities)
    given = zip(signals, _in_order(posteriors, signals), strict=True)
    in_order = [_in_order(row, states, f"signal '{signal}'") if row else [] for signal, row in given]
    return signals, {"likelihood": None, "probabilities": _in_order(probabilities, signals), "posteriors": in_order}


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
