"""From segments to decisions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from patronage import _core, _tables
from patronage._progress import Progress, reporter
from patronage._result import Result
from patronage.decision._answer import Solved, TreeAnswer
from patronage.decision._drawn import Lang
from patronage.decision._numbers import Number, fraction
from patronage.decision._solving import solve
from patronage.decision._table import read_columns
from patronage.errors import InvalidInput, InvalidParameter, UnknownName

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: A beta distribution by its parameters, or the one that fits the segments.
TargetPrior: TypeAlias = tuple[Number, Number] | Literal["pooled"] | None

#: Sizes of test mailings that are tried where none are given.
_SIZES = 100


class TargetPlan(Solved):
    """Whom to contact, a row a segment in the order given.

    Columns: `segment`, `n`, `responders`, `size` (customers who may be contacted now), `response` (the expected
    response rate), `low` and `high` (its interval: of the posterior, without a prior that of Clopper and Pearson,
    1934), `break_even` (cost / margin), `chance_of_profit` (P(response > break-even); null without a prior),
    `profit_per_contact` (response × margin − cost), `profit` (if the whole segment is contacted), `decision`
    ("contact", "leave" or "either": by itself, without a limit), `contacts` (those of the plan, under its limit),
    `planned_profit`.
    """

    __slots__ = ()

    @classmethod
    def _assumed(cls, made: _core.TargetPlan) -> Mapping[str, Any]:
        prior, limit, level = made.about()
        return {
            "prior": None if prior is None else tuple(part[1] or part[0] for part in prior),
            "budget": limit[1][1] or limit[1][0] if limit and limit[0] == "budget" else None,
            "capacity": limit[1][1] or limit[1][0] if limit and limit[0] == "capacity" else None,
            "level": level,
        }

    @classmethod
    def _read(cls, text: str) -> _core.TargetPlan:
        return _core.TargetPlan.from_json(text)

    @property
    def contacts(self) -> dict[str, float]:
        """The contacts of the plan a segment, without those that are left."""
        pairs = zip(self["segment"], self["contacts"].tolist(), strict=True)
        return {name: count for name, count in pairs if count > 0}

    @property
    def profit(self) -> float:
        """The expected profit of the plan."""
        return float(self._made.totals()[0][0])

    @property
    def profit_exact(self) -> Fraction | None:
        """The same as a fraction; None in a float answer."""
        return fraction(self._made.totals()[0][1])

    @property
    def spent(self) -> float:
        """What the contacts of the plan cost."""
        return float(self._made.totals()[1][0])

    @property
    def shadow_price(self) -> float | None:
        """What a little more of the limit would bring, a unit, if segments could be contacted in part.

        None without a limit.
        """
        price = self._made.totals()[3]
        return None if price is None else float(price[0])

    @property
    def has_ties(self) -> bool:
        """Whether another plan brings as much (for whole segments: and uses as much)."""
        return bool(self._made.totals()[4])

    def fractions(self, column: str) -> list[Fraction | None]:
        """A column of amounts or rates as fractions; None in a float answer."""
        return [fraction(text) for text in self._made.fractions(column)]

    def tree(self, segment: str, *, lang: Lang = "en") -> TreeAnswer:
        """The decision about one customer of a segment as a tree, solved: contact □, response ○.

        Raises:
            UnknownName: There is no such segment.
        """
        place = self._place(segment)
        return solve(self._made.tree(place, lang), self._kind, "profit", None, True, "period", None, None, None)

    def test_mailing(
        self,
        segment: str,
        m: int | Sequence[int] | None = None,
        *,
        cost_per_piece: Number | None = None,
        progress: Progress = None,
    ) -> TestMailing:
        """What it is worth to contact m customers of a segment first, and then decide about the others.

        The number x of responses is beta-binomial, and E[p | x] = (a + x) / (a + b + m) for the posterior Beta(a, b)
        that the counts have left (Schlaifer 1959, *Probability and Statistics for Business Decisions*; Raiffa &
        Schlaifer 1961). The tested customers are part of the segment: their responses bring the margin.

        Args:
            segment: Its name.
            m: Customers to test, from 1 to the size of the segment; or several numbers, of which the best is found;
                None for a hundred sizes from 1 to the segment, at even ratios.
            cost_per_piece: The cost of a contact in the test; None for that of any contact.
            progress: True for a bar, or a callable.

        Raises:
            UnknownName: There is no such segment.
            InvalidParameter: The plan has no prior; a size outside its range; a negative cost.

        Example:
            >>> from patronage.decision import target_segments
            >>> new = {"segment": ["new list"], "mailed": [100], "responders": [3], "size": [20_000]}
            >>> plan = target_segments(new, n="mailed", size="size", margin=40, cost=1.5, prior=(1, 25))
            >>> test = plan.test_mailing("new list")
            >>> plan["decision"][0], test.best["m"], test.best["contact_from"], round(test.best["net_gain"])
            ('leave', 737, 29, 2563)
        """
        place = self._place(segment)
        size = int(self["size"][place])
        if m is None:
            steps = min(_SIZES, size)
            sizes = sorted({round(size ** (k / max(steps - 1, 1))) for k in range(steps)})
        else:
            sizes = [m] if isinstance(m, int) else [int(one) for one in m]
        if any(one < 1 for one in sizes):
            raise InvalidParameter(f"m = {min(sizes)} is not possible; expected from 1 to {size:,} customers")
        made = self._made.test_mailing(place, sizes, cost_per_piece, reporter(progress, "testing"))
        return TestMailing._from(made, segment, self._kind)

    def _place(self, segment: str) -> int:
        names: list[str] = self["segment"]
        if segment not in names:
            raise UnknownName(f"segment '{segment}' does not exist; there are {', '.join(names[:20])}")
        return names.index(segment)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Response rates with their intervals against the break-even line, the best segment on top.

        Beside each the expected profit of contacting it; segments of the plan stand out.
        """
        from patronage.plots import decision as plots

        return plots.targets(self, ax)

    def __repr__(self) -> str:
        return f"<TargetPlan: contact {len(self.contacts):,} of {len(self):,} segments, profit {self.profit:,.10g}>"


class TestMailing(Result):
    """What test mailings of several sizes are worth, a row a size.

    Columns: `m` (customers tested), `contact_from` (contact the others if at least so many respond; null if no number
    is enough), `evsi` (the value of the information for the whole segment: N (E max(0, margin E[p | x] − cost) −
    max(0, margin E[p] − cost))), `test_cost`, `value` (m (margin E[p] − cost of a piece) + (N − m) E max(0, margin
    E[p | x] − cost)), `net_gain` (that less the profit without a test).
    `about`: `segment`, `belief` (a, b), `size` N, `margin`, `cost`, `cost_per_piece`, `without` (the profit without a
    test), `evpi`.
    """

    __slots__ = ()
    __test__ = False

    @classmethod
    def _from(cls, made: _core.TestMailing, segment: str, kind: str) -> TestMailing:
        belief, size, (margin, cost, piece), without, evpi, best = made.about()
        about = {"segment": segment, "belief": belief, "size": size, "margin": margin, "cost": cost}
        about |= {"cost_per_piece": piece, "without": without, "evpi": evpi, "best": best}
        return cls(made.frame(), about, kind)

    @property
    def best(self) -> dict[str, Any]:
        """The row with the highest net gain; where that is negative, it is best not to test."""
        row: dict[str, Any] = self.to_dicts()[self.about["best"]]
        return row

    @property
    def evpi(self) -> float:
        """What it would be worth to know the response rate: the ceiling of every EVSI."""
        return float(self.about["evpi"])

    def explain(self, *, lang: Lang = "en") -> _core.Working:
        """The working of the best test.

        Args:
            lang: "en" or "zh".
        """
        about = self.about
        amounts = (about["margin"], about["cost"], about["cost_per_piece"])
        belief = (float(about["belief"][0]), float(about["belief"][1]))
        return _core.TestMailing(belief, about["size"], amounts, [self.best["m"]]).explain(lang)

    def plot(self, ax: Axes | None = None) -> Axes:
        """EVSI and net gain against the size of the test, under the EVPI."""
        from patronage.plots import decision as plots

        return plots.mailing_test(self, ax)


def target_segments(
    frame: Any,
    segment: str = "segment",
    n: str = "n",
    responders: str = "responders",
    size: str | None = None,
    *,
    margin: str | Number,
    cost: str | Number,
    budget: Number | None = None,
    capacity: Number | None = None,
    divisible: bool = False,
    prior: TargetPrior = None,
    level: float = 0.95,
    progress: Progress = None,
) -> TargetPlan:
    """One decision a segment: contact it if response rate × margin > cost.

    That is above the break-even response cost / margin. Segments may come from anywhere: RFM, a tree grown from data,
    a judgement. Text and integers are exact, floats are floats, as everywhere in this room.

    Args:
        frame: Any table, a row a segment.
        segment: The column of names.
        n: The column of customers who were contacted.
        responders: The column of those who responded.
        size: The column of customers who may be contacted now; None for as many as `n`.
        margin: What a response brings, above 0: a number, or the name of a column.
        cost: What a contact costs, from 0 up: a number, or the name of a column. (Text that is no column's name is
            read as a number.)
        budget: Money for contacts: the best set of segments by the exact knapsack (see `portfolio`).
        capacity: Contacts, instead of money.
        divisible: Whether a part of a segment may be contacted: then the best by profit a unit come first, and one
            segment may be contacted in part.
        prior: What is believed of response rates before the counts: None takes the observed rate as it is; (a, b) a
            beta distribution, as if a responders and b others had been seen; "pooled" the one that fits the segments
            best (empirical Bayes: maximum likelihood of the beta-binomial distribution; in floats).
        level: The probability of the intervals of response rates.
        progress: True for a bar, or a callable.

    Raises:
        InvalidInput: Counts that are none, more responders than customers, nobody contacted (without a prior), a
            segment that is there twice, margins or costs outside their range; with column, row and number of rows.
        ColumnNotFound: There is no such column.
        InvalidParameter: A limit, prior or level outside its range; budget and capacity at once.
        NotConverged: No prior can be fitted, as the rates differ no more than by chance.
        LimitExceeded: Too many sets of whole segments; let them be divisible.

    Example:
        RFM segments and the responses of a campaign, a row a customer, in pandas::

            rows = rfm.to_frame().merge(campaign, on="customer_id")
            frame = rows.groupby("segment").agg(mailed=("mailed", "sum"), responders=("responded", "sum")).reset_index()

        >>> from patronage.decision import target_segments
        >>> frame = {"segment": ["champions", "loyal", "lost"], "mailed": [2_000, 5_000, 4_000],
        ...          "responders": [120, 200, 40]}
        >>> plan = target_segments(frame, n="mailed", margin=40, cost="1.5")
        >>> plan["decision"], plan.profit, plan.fractions("break_even")[0]
        (['contact', 'contact', 'leave'], 2300.0, Fraction(3, 80))
        >>> target_segments(frame, n="mailed", margin=40, cost="1.5", budget=5_000).contacts
        {'champions': 2000.0}
    """
    kind = _tables.kind_of(frame)
    names = _tables.column_names(frame)
    wanted = [segment, n, responders] + ([size] if size is not None else [])
    if names is not None:
        _tables.require(names, wanted)
    try:
        columns = read_columns(frame, kind)
    except TypeError:
        raise InvalidInput(f"a {type(frame).__qualname__} is no table that can be read; give a row a segment") from None
    _tables.require(list(columns), wanted)
    rows = len(columns[segment])
    for column in wanted:
        if len(columns[column]) != rows:
            raise InvalidInput(f"column '{column}' has {len(columns[column])} rows where {rows} were expected")
    missing = [i for i, name in enumerate(columns[segment]) if name is None or name != name or name == ""]
    if missing:
        raise InvalidInput(
            f"column '{segment}': no name in {len(missing)} row(s), first at row {missing[0]}; name each segment"
        )
    cells = zip(
        [str(name) for name in columns[segment]],
        columns[n],
        columns[responders],
        [None] * rows if size is None else columns[size],
        _amounts(columns, margin, rows),
        _amounts(columns, cost, rows),
        strict=True,
    )
    given = [(*row[:3], math.nan if size is not None and row[3] is None else row[3], *row[4:]) for row in cells]
    users = {"segment": segment, "n": n, "responders": responders, "size": size or n}
    users |= {"margin": str(margin) if _is_column(columns, margin) else "margin"}
    users |= {"cost": str(cost) if _is_column(columns, cost) else "cost"}
    if isinstance(prior, tuple | list) and len(prior) != 2:
        raise InvalidParameter(f"prior = {prior!r} is not possible; expected None, two numbers (a, b), or 'pooled'")
    believed = tuple(prior) if isinstance(prior, list) else prior
    made = _core.TargetPlan.solve(
        given, believed, budget, capacity, divisible, level, users, reporter(progress, "choosing")
    )
    return TargetPlan._of(made, kind)


def _is_column(columns: Mapping[str, Any], given: Any) -> bool:
    return isinstance(given, str) and given in columns


def _amounts(columns: Mapping[str, list[Any]], given: Any, rows: int) -> list[Any]:
    """A column by its name, or a number for every row."""
    return list(columns[given]) if _is_column(columns, given) else [given] * rows
