"""Decision tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

from patronage import _core, _tables
from patronage._result import Result, html_table
from patronage.decision._answer import Solved
from patronage.decision._drawn import Lang
from patronage.decision._numbers import Number, fraction
from patronage.decision._teaching import Answers, Marking, written
from patronage.errors import InvalidTree, UnknownName

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Criterion(NamedTuple):
    """What one criterion says."""

    #: The best value.
    value: float
    #: The same as a fraction; None in a float answer.
    exact: Fraction | None
    #: The alternatives that have it: several if they tie.
    choice: tuple[str, ...]


class DecisionTable:
    """Payoffs of alternatives in states of the world, with or without probabilities.

    Args:
        payoffs: A dict from alternative to a dict from state to payoff; or any table, a row an alternative and a
            column a state.
        probabilities: A dict from state to probability, or a list in the order of the states; "#" is the rest.
        alternatives: The column with the names of the alternatives, where `payoffs` is a table; a pandas frame has
            them in its index if this is None.

    Raises:
        InvalidTree: Payoffs that are no finite numbers, states that differ between alternatives, probabilities that
            do not sum to 1; the message says where.
        ColumnNotFound: There is no such column.

    Example:
        >>> from patronage.decision import DecisionTable
        >>> table = DecisionTable({
        ...     "large": {"favourable": 100_000, "unfavourable": -90_000},
        ...     "medium": {"favourable": 60_000, "unfavourable": -10_000},
        ...     "none": {"favourable": 0, "unfavourable": 0},
        ... }, probabilities={"favourable": ".4", "unfavourable": "#"})
        >>> answer = table.solve()
        >>> answer.choice, answer.emv, answer.evpi
        (('medium',), 18000.0, 22000.0)
        >>> answer["maximax"]
        array([100000.,  60000.,      0.])
        >>> answer.criteria["minimax regret"].choice
        ('medium',)
    """

    __slots__ = ("_kind", "_table")

    _kind: str
    _table: _core.DecisionTable

    def __init__(
        self,
        payoffs: Any,
        *,
        probabilities: Mapping[str, Number] | Sequence[Number] | None = None,
        alternatives: str | None = None,
    ) -> None:
        names, states, cells = _cells(payoffs, alternatives)
        given = _in_order(probabilities, states) if isinstance(probabilities, Mapping) else probabilities
        table = _core.DecisionTable(names, states, cells, None if given is None else list(given))
        object.__setattr__(self, "_table", table)
        object.__setattr__(self, "_kind", _tables.kind_of(payoffs))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a DecisionTable is frozen; '{name}' cannot be set")

    @property
    def alternatives(self) -> list[str]:
        """The rows."""
        return self._table.alternatives

    @property
    def states(self) -> list[str]:
        """The columns."""
        return self._table.states

    def solve(self, *, sense: Literal["profit", "cost"] = "profit", optimism: Number | None = None) -> TableAnswer:
        """Applies every criterion.

        Args:
            sense: "profit" if more is better, "cost" if less is.
            optimism: The coefficient α of the Hurwicz criterion, from 0 (only the worst counts) to 1 (only the best);
                None leaves the criterion out.

        Raises:
            InvalidParameter: `optimism` outside 0 to 1.
        """
        return TableAnswer._of(self._table.solve(sense, optimism), self._kind)

    def strategy_regions(self, state: str, *, sense: Literal["profit", "cost"] = "profit") -> StrategyRegions:
        """Which alternative has the best expected value for which probability of a state.

        Break-even points are solved for, not searched. The other states share what is left in proportion to their
        probabilities; with two states no probabilities are needed.

        Args:
            state: The state whose probability varies.
            sense: "profit" if more is better, "cost" if less is.

        Raises:
            UnknownName: There is no such state.
            InvalidTree: More than two states, and no probabilities.

        Example:
            >>> from patronage.decision import DecisionTable
            >>> table = DecisionTable({"build": {"good": 60, "bad": -10}, "wait": {"good": 0, "bad": 0}})
            >>> regions = table.strategy_regions("good")
            >>> regions["best"], regions.break_even()
            ([['wait'], ['build']], [Fraction(1, 7)])
        """
        states = self.states
        if state not in states:
            raise UnknownName(f"state '{state}' does not exist; there are {', '.join(states)}")
        frame, ends, lines = self._table.strategy_regions(states.index(state), sense)
        about: dict[str, Any] = {
            "state": state,
            "sense": sense,
            "lines": dict(zip(self.alternatives, lines, strict=True)),
        }
        about["break_even"] = [start for start, _ in ends[1:]]
        return StrategyRegions(frame, about, self._kind)

    def to_json(self) -> str:
        """The table as JSON, with a version; `from_json` gives it back."""
        return self._table.to_json()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The table that `to_json` wrote."""
        return cls._of(_core.DecisionTable.from_json(text), "dict")

    @classmethod
    def _of(cls, table: _core.DecisionTable, kind: str) -> Self:
        made = cls.__new__(cls)
        object.__setattr__(made, "_table", table)
        object.__setattr__(made, "_kind", kind)
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DecisionTable) and self.to_json() == other.to_json()

    def __reduce__(self) -> tuple[Any, ...]:
        return (_unpickle, (self.to_json(), self._kind))

    def __repr__(self) -> str:
        return f"<DecisionTable: {len(self.alternatives):,} alternatives × {len(self.states):,} states>"

    def _repr_html_(self) -> str:
        return html_table(self._table.frame(), "DecisionTable", rows=50)


class TableAnswer(Solved):
    """What each criterion says of a decision table, a row an alternative.

    Columns: `alternative`, then a column a criterion: `maximax` (the best that can happen) and `maximin` (the worst;
    for costs `minimin` and `minimax`), `hurwicz` (if a coefficient of optimism was given), `laplace` (the mean),
    `minimax_regret` (the largest regret), and with probabilities `emv` (expected monetary value) and `eol` (expected
    opportunity loss).
    """

    __slots__ = ()

    @classmethod
    def _assumed(cls, made: _core.TableAnswer) -> Mapping[str, Any]:
        sense, optimism = made.about()
        return {"sense": sense, "optimism": None if optimism is None else optimism[1] or optimism[0]}

    @classmethod
    def _read(cls, text: str) -> _core.TableAnswer:
        return _core.TableAnswer.from_json(text)

    @property
    def criteria(self) -> dict[str, Criterion]:
        """Each criterion by its name, such as "maximax", "Laplace", "minimax regret" and "EMV"."""
        return {
            name: Criterion(value, fraction(exact), tuple(best)) for name, (value, exact), best, _ in self._made.results
        }

    def fractions(self, criterion: str) -> dict[str, Fraction | None]:
        """The values of a criterion by alternative, as fractions; None in a float answer."""
        values = {name: all_values for name, _, _, all_values in self._made.results}
        _tables.require(list(values), [criterion])
        names = self._made.table.alternatives
        return {name: fraction(exact) for name, (_, exact) in zip(names, values[criterion], strict=True)}

    @property
    def choice(self) -> tuple[str, ...]:
        """The alternatives with the best expected monetary value: several if they tie; () without probabilities."""
        emv = self.criteria.get("EMV")
        return emv.choice if emv else ()

    @property
    def emv(self) -> float | None:
        """The best expected monetary value; None without probabilities."""
        emv = self.criteria.get("EMV")
        return emv.value if emv else None

    @property
    def emv_exact(self) -> Fraction | None:
        """The same as a fraction; None in a float answer, too."""
        emv = self.criteria.get("EMV")
        return emv.exact if emv else None

    @property
    def ev_with_perfect_information(self) -> float | None:
        """The expected value if the state were known before the choice; None without probabilities."""
        pair = self._made.ev_with_perfect_information()
        return None if pair is None else float(pair[0])

    @property
    def evpi(self) -> float | None:
        """The expected value of perfect information, equal to the least EOL; None without probabilities."""
        pair = self._made.evpi()
        return None if pair is None else float(pair[0])

    @property
    def evpi_exact(self) -> Fraction | None:
        """The same as a fraction; None in a float answer, too."""
        pair = self._made.evpi()
        return None if pair is None else fraction(pair[1])

    def check(self, answers: Answers, *, lang: Lang = "en") -> Marking:
        """Marks a student's answers, and recognises typical mistakes by what they would give.

        Args:
            answers: Numbers (as text with the decimals that were written, or as numbers) and names by item: the
                criteria "maximax", "maximin", "hurwicz", "laplace", "minimax_regret", "emv", "eol" (their best value,
                their choice, or a dict from alternative to value), "regret" (a dict of dicts), "choice" (by EMV, or a
                dict by criterion), "ev_with_perfect_information", "evpi".
            lang: The language of the remarks.

        Raises:
            UnknownName: There is no such item.
            InvalidParameter: An answer that is no number.

        Example:
            >>> from patronage.decision import DecisionTable
            >>> payoffs = {"build": {"good": 60, "bad": -10}, "wait": {"good": 0, "bad": 0}}
            >>> answer = DecisionTable(payoffs, probabilities=[".4", "#"]).solve()
            >>> marking = answer.check({"emv": 18, "choice": "build", "evpi": 24})
            >>> marking.right, marking.mistakes
            (2, {'evpi': ['not subtracted', 'wrong act']})
        """
        return Marking._of(self._made.check(written(answers)), lang)

    def regret(self) -> RegretTable:
        """Regrets (opportunity losses): how much better the best alternative of the same state is."""
        return RegretTable(self._made.regret(), self.about, self._kind)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The range of each alternative's payoffs and its expected value (or mean); the best stands out."""
        from patronage.plots import decision as plots

        return plots.table(self, ax)


class StrategyRegions(Result):
    """A row an interval of probabilities in which the same alternatives are best.

    Columns: `from`, `to`, `best` (several alternatives if they tie all through the interval). At its ends the
    alternatives of both intervals are as good.
    """

    __slots__ = ()

    def break_even(self) -> list[Fraction] | list[float]:
        """The probabilities at which the best alternative changes: fractions where the table is exact."""
        exact = [Fraction(point) for point in self.about["break_even"] if point is not None]
        return exact if len(exact) == len(self) - 1 else self["from"][1:].tolist()

    def plot(self, ax: Axes | None = None) -> Axes:
        """The expected value of each alternative against the probability, and where the best one changes."""
        from patronage.plots import decision as plots

        return plots.strategy_regions(self, ax)


class RegretTable(Result):
    """A row an alternative: `alternative`, and its regret in each state, a column a state."""

    __slots__ = ()


def _unpickle(text: str, kind: str) -> DecisionTable:
    return DecisionTable._of(_core.DecisionTable.from_json(text), kind)


def _cells(payoffs: Any, alternatives: str | None) -> tuple[list[str], list[str], list[Any]]:
    """Names of rows, names of columns, payoffs row by row."""
    if isinstance(payoffs, Mapping) and alternatives is None:
        rows = dict(payoffs)
        if not all(isinstance(row, Mapping) for row in rows.values()):
            raise InvalidTree(
                "the decision table: a dict of alternatives holds a dict of payoffs for each; "
                "name the column of alternatives if it is a dict of columns"
            )
        states = list(next(iter(rows.values()), {}))
        return (
            list(rows),
            states,
            [cell for name, row in rows.items() for cell in _in_order(row, states, f"alternative '{name}'")],
        )
    columns, names = _columns(payoffs, alternatives)
    states = list(columns)
    return names, states, [cell for row in zip(*columns.values(), strict=True) for cell in row]


def _columns(table: Any, alternatives: str | None) -> tuple[dict[str, list[Any]], list[str]]:
    """The columns of a table by state, and the names of its rows."""
    kind = _tables.kind_of(table)
    if kind == "pandas" and alternatives is None:
        names = [str(name) for name in table.index]
        return {str(state): table[state].tolist() for state in table.columns}, names
    if alternatives is None:
        raise InvalidTree('the decision table: which column names the alternatives? Give alternatives="…"')
    known = _tables.column_names(table)
    if known is not None:
        _tables.require(known, [alternatives])
    columns = read_columns(table, kind)
    names = [str(name) for name in columns.pop(alternatives)]
    return columns, names


def read_columns(table: Any, kind: str) -> dict[str, list[Any]]:
    """The columns of any table as lists; `kind` is what `_tables.kind_of` says of it."""
    if kind == "dict":
        return {str(name): list(values) for name, values in table.items()}
    if kind == "pandas":
        return {str(name): table[name].tolist() for name in table.columns}
    if isinstance(table, Result):
        return _tables.to_dict(table._frame)
    import narwhals.stable.v2 as nw

    frame = nw.from_native(table)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    return dict(frame.to_dict(as_series=False))


def _in_order(given: Mapping[Any, Any], states: list[str], what: str = "the probabilities") -> list[Any]:
    """The values of a dict in the order of the states."""
    if missing := [state for state in states if state not in given]:
        raise InvalidTree(f"{what}: nothing for state '{missing[0]}'; give each state a value")
    if unknown := [state for state in given if state not in states]:
        raise InvalidTree(f"{what}: state '{unknown[0]}' is not one of {', '.join(states)}; correct its name")
    return [given[state] for state in states]
