"""What a solved tree says about risk: profiles, strategies, dominance, certainty equivalents."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from patronage import _core
from patronage._result import Result
from patronage.decision._numbers import Number, fraction
from patronage.decision._utility import Utility

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class RiskProfile(Result):
    """A row an amount that a policy may bring, from the least to the most.

    Columns: `payoff`, `probability`; in a cumulative profile that of this amount or less.
    """

    __slots__ = ("_exact", "_made")

    _exact: list[tuple[str | None, str | None]]
    _made: _core.RiskProfile

    @classmethod
    def _of(cls, made: _core.RiskProfile, sense: str, exact: bool, kind: str) -> RiskProfile:
        frame, fractions = made.frame()
        profile = cls(frame, {"exact": exact, "sense": sense}, kind)
        object.__setattr__(profile, "_exact", fractions)
        object.__setattr__(profile, "_made", made)
        return profile

    def _core_profile(self) -> _core.RiskProfile:
        made: _core.RiskProfile | None = getattr(self, "_made", None)
        if made is None:  # read from JSON, in floats
            amounts, p = self["payoff"].tolist(), self["probability"].tolist()
            made = _core.RiskProfile(amounts, p, self.about.get("sense", "profit"))
            object.__setattr__(self, "_made", made)
        return made

    def fractions(self) -> list[tuple[Fraction | None, Fraction | None]]:
        """Payoff and probability of each row as fractions; None in a float answer, or in one read from JSON."""
        exact = getattr(self, "_exact", [(None, None)] * len(self))
        return [(fraction(payoff), fraction(p)) for payoff, p in exact]

    @property
    def mean(self) -> float:
        """The expected amount."""
        return self._core_profile().mean()[0]

    @property
    def standard_deviation(self) -> float:
        """The root of the expected squared distance from the mean."""
        return math.sqrt(self._core_profile().variance()[0])

    def cumulative(self) -> RiskProfile:
        """The probability of each amount or less."""
        frame, fractions = self._core_profile().cumulative()
        profile = RiskProfile(frame, {**self.about, "cumulative": True}, self._kind)
        object.__setattr__(profile, "_exact", fractions)
        # Its questions are answered by the profile that it was added up from.
        object.__setattr__(profile, "_made", self._core_profile())
        return profile

    def value_at_risk(self, level: Number) -> float:
        """The amount that a share of the cases does not surpass, in the bad direction.

        Of profits the least amount x with P(X ≤ x) ≥ level, of costs the largest with P(X ≥ x) ≥ level.

        Args:
            level: The share of the cases, such as ".05".
        """
        return self._core_profile().value_at_risk(level)[0]

    def cvar(self, level: Number) -> float:
        """The mean of the worst share of the cases: conditional value at risk (Rockafellar and Uryasev 2002).

        Of an amount that lies across the border of the share only as much counts as belongs to it.

        Args:
            level: The share of the cases, above 0 and up to 1; at 1 it is the mean.

        Example:
            >>> from patronage.decision import chance
            >>> profile = chance({"good": (".4", 60), "fair": (".5", 10), "bad": ("#", -40)}).solve().risk_profile()
            >>> profile.cvar(".2"), profile.mean, profile.cumulative()["probability"].tolist()
            (-15.0, 25.0, [0.1, 0.6, 1.0])
        """
        return self._core_profile().cvar(level)[0]

    def certainty_equivalent(self, utility: Utility) -> float:
        """The certain amount that is worth as much as the whole lottery."""
        return self._core_profile().certainty_equivalent(utility._kind, list(utility._parameters))[0]

    def dominates(self, other: RiskProfile) -> Literal["first", "second"] | None:
        """Whether this profile is better for whole classes of people (Hadar and Russell 1969).

        "first": for all who prefer more to less; "second": for all who also avoid risk; None: for neither, or the
        profiles are equal. Costs are judged as losses.
        """
        found: Literal["first", "second"] | None = self._core_profile().dominates(other._core_profile())
        return found

    def plot(self, ax: Axes | None = None) -> Axes:
        """A stem an amount, as high as it is likely."""
        from patronage.plots import decision as plots

        return plots.risk_profile(self, ax)


class Strategies(Result):
    """A row a strategy: one alternative at every decision that it comes to.

    Columns: `strategy` (in words), `choices` (the alternatives, in the order of the tree), `value` (expected),
    `certainty_equivalent` (where a utility decides), `best` (whether none is better).
    """

    __slots__ = ("_exact", "_profiles")

    _exact: list[str | None]
    _profiles: list[_core.RiskProfile]

    def fractions(self) -> list[Fraction | None]:
        """The expected values as fractions; None in a float answer, or in one read from JSON."""
        return [fraction(text) for text in getattr(self, "_exact", [None] * len(self))]

    def risk_profile(self, row: int) -> RiskProfile:
        """What the strategy of a row may bring; not of strategies that were read from JSON."""
        return RiskProfile._of(self._profiles[row], self.about["sense"], self.about["exact"], self._kind)


class DominanceTable(Result):
    """A row a pair of alternatives of which one dominates the other.

    Columns: `better`, `worse`, `order` ("first": for all who prefer more to less; "second": for all who also avoid
    risk).
    """

    __slots__ = ()


class ToleranceRegions(Result):
    """A row a region of risk tolerances R with the same best alternatives, from the least R to the largest.

    Columns: `from`, `to` (null for the last, which has no end), `best`.
    """

    __slots__ = ()

    def break_even(self) -> list[float]:
        """The risk tolerances at which the best alternative changes."""
        return [float(value) for value in self["from"][1:]]


class Measures(Result):
    """A row a node: what is expected of each measure if the best choices are followed, not discounted.

    Columns: `node`, `branch`, and for each measure `…_to_go` (what is still to come) and `…_cumulative` (that and
    what was received on the way).
    """

    __slots__ = ()


class RiskMethods:
    """The part of a solved tree that is about risk."""

    __slots__ = ()

    _made: Any
    _kind: str
    about: Any

    @property
    def certainty_equivalent(self) -> float | None:
        """The amount that is worth as much for certain as the whole tree; None where no utility decides."""
        pair = _core.tree_certainty(self._made, 0)[0]
        return None if pair is None else pair[0]

    @property
    def expected_utility(self) -> float | None:
        """The expected utility of the tree; None where no utility decides, or beyond the range of floats."""
        pair = _core.tree_certainty(self._made, 0)[1]
        return None if pair is None else pair[0]

    @property
    def risk_premium(self) -> float | None:
        """What one would give to be rid of the risk: EMV less certainty equivalent, for costs the other way round."""
        pair = _core.tree_certainty(self._made, 0)[2]
        return None if pair is None else pair[0]

    def certainty_equivalent_at(self, node: int) -> float | None:
        """The certainty equivalent of a node, what was received on the way included."""
        pair = _core.tree_certainty(self._made, node)[0]
        return None if pair is None else pair[0]

    def measures(self) -> Measures:
        """What is expected of each measure at each node if the best choices are followed.

        Example:
            >>> from patronage.decision import decide, pay
            >>> answer = decide("", {"large": pay(100, hours=8), "small": pay(70, hours=2)}).solve(
            ...     by={"payoff": 1, "hours": -6})
            >>> answer.choice, answer.emv, answer.measures()["hours_cumulative"].tolist()
            (('small',), 58.0, [2.0, 8.0, 2.0])
        """
        return Measures(_core.tree_measures(self._made), {}, self._kind)

    def strategies(self, *, limit: int = 1_000, lang: Literal["en", "zh"] = "en") -> Strategies:
        """All strategies of a small tree, each with its value.

        Args:
            limit: The most that are listed.
            lang: Language of the few words that are not the tree's own.

        Raises:
            LimitExceeded: There are more; the message says how many.

        Example:
            >>> from patronage.decision import chance, decide
            >>> dig = chance({"gas": (".7", 25), "none": ("#", -3)})
            >>> test = chance({"good": (".5", {"sell": 6, "dig": dig}), "bad": ("#", {"sell": 6, "dig": dig})})
            >>> found = decide("Plot", {"test": test, "sell": 8}).solve().strategies()
            >>> for strategy, value in zip(found["strategy"], found["value"]):
            ...     print(strategy, round(float(value), 1))
            Plot: “test”; after test → good: “sell”; after test → bad: “sell” 6.0
            Plot: “test”; after test → good: “sell”; after test → bad: “dig” 11.3
            Plot: “test”; after test → good: “dig”; after test → bad: “sell” 11.3
            Plot: “test”; after test → good: “dig”; after test → bad: “dig” 16.6
            Plot: “sell” 8.0
        """
        frame, exact, profiles = _core.tree_strategies(self._made, limit, lang)
        found = Strategies(
            frame, {"sense": self.about["sense"], "exact": self.about["exact"], "lang": lang}, self._kind
        )
        object.__setattr__(found, "_exact", exact)
        object.__setattr__(found, "_profiles", profiles)
        return found

    def dominance(self) -> DominanceTable:
        """Which alternatives of the root dominate which others, each followed by the best choices after it.

        Example:
            >>> from patronage.decision import chance, decide
            >>> risky = chance({"up": ("1/2", 20), "down": ("#", 0)})
            >>> decide("", {"sure": 10, "risky": risky}).solve().dominance().to_dicts()
            [{'better': 'sure', 'worse': 'risky', 'order': 'second'}]
        """
        return DominanceTable(_core.tree_dominance(self._made), {"sense": self.about["sense"]}, self._kind)

    def tolerance_regions(self) -> ToleranceRegions:
        """The best alternatives of the root for every risk tolerance R > 0 of an exponential utility 1 − e^(−x/R).

        The break-even tolerances are the crossings of exponential sums, each bracketed and halved to the last bit.

        Raises:
            LimitExceeded: More than 10,000 strategies, or 200 that are not dominated.

        Example:
            >>> from patronage.decision import chance, decide
            >>> game = chance({"win": ("1/2", 20), "lose": ("#", -10)})
            >>> regions = decide("", {"play": game, "do not play": 0}).solve().tolerance_regions()
            >>> regions["best"], [round(r, 4) for r in regions.break_even()]
            ([['do not play'], ['play']], [20.7809])
        """
        frame = _core.tree_tolerance_regions(self._made)
        return ToleranceRegions(frame, {"sense": self.about["sense"], "utility": "exponential"}, self._kind)

    def risk_profile(self, node: int = 0) -> RiskProfile:
        """What the best choices may bring, and how likely each amount is.

        Where alternatives tie, the first is followed.

        Args:
            node: For those who have come to a node: what it brings in all, what was received on the way included.

        Raises:
            LimitExceeded: Fractions of more than 4,096 bits; solve with `exact=False`.
        """
        made = _core.tree_risk_profile(self._made, node)
        return RiskProfile._of(made, self.about["sense"], self.about["exact"], self._kind)
