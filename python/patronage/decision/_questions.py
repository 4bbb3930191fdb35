"""What may be asked of a tree with parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from patronage import _core
from patronage._progress import Progress, reporter
from patronage.decision._numbers import Number
from patronage.decision._sensitivity import Derivatives, OneWay, Spider, Tornado, TwoWay, question
from patronage.decision._simulation import Distribution, Simulation, arrays_of, shape_of
from patronage.decision._solving import By, Sense, options
from patronage.decision._utility import Utility
from patronage.errors import InvalidParameter


class Questions:
    """The part of a tree with parameters that asks what becomes of the decision when they change."""

    __slots__ = ()

    _tree: _core.ParametricTree

    def one_way(
        self,
        parameter: str,
        values: Mapping[str, Number] | None = None,
        /,
        *,
        low: Number,
        high: Number,
        sense: Sense = "profit",
        discount_rate: Number | None = None,
        by: By = None,
        utility: Utility | None = None,
        progress: Progress = None,
        **parameters: Number,
    ) -> OneWay:
        """The best strategies for every value of one parameter from `low` to `high`: exact, not on a grid.

        Rollback over functions: expected values are quotients of polynomials in the parameter with fractions as
        coefficients, and at each decision the range is cut where the best alternative changes. The roots are
        isolated by exact signs (Sturm 1829): break-evens that are fractions come as fractions, the others to the last
        bit of a float. Floats in the tree count as the decimals that they are written with; then all answers are
        floats.

        Args:
            parameter: The one that varies.
            values: Other values for the other parameters; keywords do as well.
            low: Where the range begins.
            high: Where it ends.
            sense: "profit" if more is better, "cost" if less is.
            discount_rate: As in `solve`; whole periods only.
            by: As in `solve`.
            utility: Not possible: sensitivity is by expected value.
            progress: True for a bar, or a callable.
            **parameters: Other values for the other parameters.

        Raises:
            InvalidTree: A probability outside 0 to 1, a sum that is not 1, or a division by nought, anywhere in the
                range; the message names the node and the value.
            InvalidParameter: An empty range; a utility.
            LimitExceeded: More than 10,000 intervals, a degree above 64, or fractions of more than 4,096 bits.

        Example:
            >>> from patronage.decision import chance, decide
            >>> twice = chance({"win": ("p", chance({"win": ("p", 100), "lose": ("#", 0)})), "lose": ("#", 0)})
            >>> found = decide("Bet", {"twice": twice, "sure": "t"}).with_parameters(p=".5", t=50).one_way(
            ...     "p", low=0, high=1)
            >>> found["choice"], found.break_even(), found.emv_exact(".9")
            ([['sure'], ['twice']], [0.7071067811865476], Fraction(81, 1))
        """
        base = self._tree.with_base(merged(values, parameters))
        asked = options(sense, discount_rate, "period", by, utility)
        found = base.one_way(parameter, low, high, asked, reporter(progress, "solving"))
        about = {"parameter": parameter, "low": str(low), "high": str(high), "sense": sense, "exact": found.exact()}
        asking = {"low": low, "high": high, "sense": sense, "discount_rate": discount_rate, "by": by}
        return OneWay._of(found, about, question(base, "one_way", (parameter,), asking))

    def two_way(
        self,
        x: str,
        y: str,
        values: Mapping[str, Number] | None = None,
        /,
        *,
        low: tuple[Number, Number],
        high: tuple[Number, Number],
        steps: int = 101,
        sense: Sense = "profit",
        discount_rate: Number | None = None,
        by: By = None,
        utility: Utility | None = None,
        progress: Progress = None,
        **parameters: Number,
    ) -> TwoWay:
        """The best strategies for two parameters: for each of some values of `x` every value of `y`, as by `one_way`.

        Args:
            x: The parameter that takes `steps` equally distant values, both ends included.
            y: The parameter along which the borders are exact.
            values: Other values for the other parameters; keywords do as well.
            low: Where the ranges of x and y begin.
            high: Where they end.
            steps: How many values of x.
            sense: As in `one_way`, as are the arguments that follow.
            discount_rate: As in `one_way`.
            by: As in `one_way`.
            utility: Not possible.
            progress: True for a bar, or a callable.
            **parameters: Other values for the other parameters.

        Example:
            >>> from patronage.decision import chance, decide
            >>> game = chance({"win": ("p", "prize"), "lose": ("#", -20)})
            >>> bet = decide("Bet", {"play": game, "pass": 0}).with_parameters(p=".5", prize=60)
            >>> bet.two_way("prize", "p", low=(20, 0), high=(80, 1), steps=3).break_even()[1:]
            [(Fraction(50, 1), [Fraction(2, 7)]), (Fraction(80, 1), [Fraction(1, 5)])]
        """
        base = self._tree.with_base(merged(values, parameters))
        asked = options(sense, discount_rate, "period", by, utility)
        found = base.two_way(x, y, _pair("low", low), _pair("high", high), steps, asked, reporter(progress, "solving"))
        about = {"x": x, "y": y, "low": list(low), "high": list(high), "steps": steps, "sense": sense}
        asking = {"low": low, "high": high, "steps": steps, "sense": sense, "discount_rate": discount_rate, "by": by}
        return TwoWay._from(found.frame(), about, found, question(base, "two_way", (x, y), asking))

    def tornado(
        self,
        ranges: Mapping[str, tuple[Number, Number]],
        values: Mapping[str, Number] | None = None,
        /,
        *,
        sense: Sense = "profit",
        discount_rate: Number | None = None,
        by: By = None,
        utility: Utility | None = None,
        progress: Progress = None,
        **parameters: Number,
    ) -> Tornado:
        """The expected value and the choice at both ends of the range of each parameter, the others at their bases.

        The two ends do not tell what happens between them: break-evens there are found as by `one_way`.

        Args:
            ranges: From the name of each parameter to its lower and its upper end.
            values: Other base values; keywords do as well.
            sense: As in `one_way`, as are the arguments that follow.
            discount_rate: As in `one_way`.
            by: As in `one_way`.
            utility: Not possible.
            progress: True for a bar, or a callable.
            **parameters: Other base values.

        Example:
            >>> from patronage.decision import chance, decide
            >>> game = chance({"win": ("p", "prize"), "lose": ("#", -20)})
            >>> bet = decide("Bet", {"play": game, "pass": 0}).with_parameters(p=".5", prize=60)
            >>> found = bet.tornado({"prize": (40, 80), "p": (".1", ".6")})
            >>> found["parameter"], found["swing"].tolist(), found.changes
            (['p', 'prize'], [28.0, 20.0], ['p'])
        """
        base = self._tree.with_base(merged(values, parameters))
        asked = options(sense, discount_rate, "period", by, utility)
        found = base.tornado(_ranges(ranges), asked, reporter(progress, "solving"))
        emv, choice = found.base()
        about = {"emv": emv[1] or emv[0], "choice": choice, "sense": sense}
        asking = {"sense": sense, "discount_rate": discount_rate, "by": by}
        return Tornado._from(found.frame(), about, found, question(base, "tornado", (ranges,), asking))

    def spider(
        self,
        ranges: Mapping[str, tuple[Number, Number]],
        values: Mapping[str, Number] | None = None,
        /,
        *,
        steps: int = 11,
        sense: Sense = "profit",
        discount_rate: Number | None = None,
        by: By = None,
        utility: Utility | None = None,
        progress: Progress = None,
        **parameters: Number,
    ) -> Spider:
        """The expected value at some values of each parameter, the others at their base values.

        Args:
            ranges: From the name of each parameter to its lower and its upper end.
            values: Other base values; keywords do as well.
            steps: How many values of each, equally distant, both ends included.
            sense: As in `solve`, as are the arguments that follow.
            discount_rate: As in `solve`.
            by: As in `solve`.
            utility: Not possible.
            progress: True for a bar, or a callable.
            **parameters: Other base values.

        Example:
            >>> from patronage.decision import decide
            >>> decide("", {"a": "x", "b": 2}).with_parameters(x=1).spider({"x": (0, 4)}, steps=3)["emv"].tolist()
            [2.0, 2.0, 4.0]
        """
        base = self._tree.with_base(merged(values, parameters))
        asked = options(sense, discount_rate, "period", by, utility)
        found = base.spider(_ranges(ranges), steps, asked, reporter(progress, "solving"))
        about = {"steps": steps, "sense": sense}
        asking = {"steps": steps, "sense": sense, "discount_rate": discount_rate, "by": by}
        return Spider._from(found.frame(), about, found, question(base, "spider", (ranges,), asking))

    def derivatives(
        self,
        values: Mapping[str, Number] | None = None,
        /,
        *,
        sense: Sense = "profit",
        discount_rate: Number | None = None,
        by: By = None,
        utility: Utility | None = None,
        **parameters: Number,
    ) -> Derivatives:
        """The derivative of the expected value by each parameter, all at once.

        The adjoint method: one pass over the tree forwards and one backwards (Linnainmaa 1970). Where alternatives
        tie the expected value has a kink; the derivative is that of the first of them.

        Args:
            values: Other base values; keywords do as well.
            sense: As in `one_way`, as are the arguments that follow.
            discount_rate: As in `one_way`.
            by: As in `one_way`.
            utility: Not possible.
            **parameters: Other base values.

        Example:
            >>> from patronage.decision import chance, decide
            >>> game = chance({"win": ("p", "prize"), "lose": ("1-p", -20)})
            >>> decide("Bet", {"play": game, "pass": 0}).with_parameters(p=".5", prize=100).derivatives().exact()
            {'p': Fraction(120, 1), 'prize': Fraction(1, 2)}
        """
        base = self._tree.with_base(merged(values, parameters))
        found = base.derivatives(options(sense, discount_rate, "period", by, utility))
        emv, ties = found.about()
        about = {"emv": emv[1] or emv[0], "has_ties": ties, "sense": sense}
        asking = {"sense": sense, "discount_rate": discount_rate, "by": by}
        return Derivatives._from(found.frame(), about, found, question(base, "derivatives", (), asking))

    def simulate(
        self,
        distributions: Mapping[str, Distribution] | None = None,
        values: Mapping[str, Number] | None = None,
        /,
        *,
        samples: Any = 2**16,
        seed: int = 0,
        max_strategies: int = 256,
        sense: Sense = "profit",
        discount_rate: Number | None = None,
        by: By = None,
        utility: Utility | None = None,
        progress: Progress = None,
        **parameters: Number,
    ) -> Simulation:
        """Monte Carlo: the tree for many samples of its parameters (probabilistic sensitivity analysis).

        Parameters without a distribution keep their base values. The strategies are fixed before the parameters are
        known, and are compared over the same samples. The answer depends on the seed, not on the number of threads.

        Args:
            distributions: From the name of each uncertain parameter to `Beta`, `Uniform`, `Triangular`, `Pert`,
                `Normal`, `LogNormal`, `Gamma` or `Discrete`; they are independent.
            values: Other values for the other parameters; keywords do as well.
            samples: How many are drawn; or the samples themselves, a data frame or a dict of arrays with a column a
                parameter, which may depend on each other. Then no distributions are given.
            seed: The same seed, the same samples.
            max_strategies: The most strategies that are told apart, at most 4,096; of a tree with more the
                alternatives of the root are compared.
            sense: As in `one_way`, as are the arguments that follow.
            discount_rate: As in `one_way`.
            by: As in `one_way`.
            utility: Not possible.
            progress: True for a bar, or a callable.
            **parameters: Other values for the other parameters.

        Raises:
            InvalidTree: Samples in which a probability is not between 0 and 1, or probabilities do not sum to 1: how
                many, and the first.
            InvalidParameter: A distribution that is none.

        Example:
            >>> from patronage.decision import Uniform, chance, decide
            >>> game = chance({"win": ("p", 100), "lose": ("#", -100)})
            >>> bet = decide("Bet", {"play": game, "pass": 0}).with_parameters(p=".5")
            >>> found = bet.simulate({"p": Uniform(0, 1)}, samples=100_000, seed=1)
            >>> abs(found.evpi - 25) < 4 * found.evpi_standard_error  # E max(200 p − 100, 0) = 25
            True
        """
        base = self._tree.with_base(merged(values, parameters))
        asked = options(sense, discount_rate, "period", by, utility)
        drawn = isinstance(samples, int | np.integer) and not isinstance(samples, bool)
        if drawn == (distributions is None):
            raise InvalidParameter(
                "give distributions and a number of samples, or samples of the parameters and no distributions"
            )
        given = None if drawn else arrays_of(samples)
        shapes = [(name, shape_of(name, of)) for name, of in (distributions or {}).items()]
        number, seed, limit = (
            _whole(n, v)
            for n, v in (("samples", samples if drawn else 0), ("seed", seed), ("max_strategies", max_strategies))
        )
        found = base.simulate(shapes, number, seed, given, limit, asked, reporter(progress, "simulating"))
        count, seeded, every = found.about()
        rows = "strategies" if every else "alternatives"
        about = {"samples": count, "seed": seeded, "rows": rows, "sense": sense}
        asking = {
            "samples": number if given is None else dict(given),
            "seed": seed,
            "max_strategies": limit,
            "sense": sense,
            "discount_rate": discount_rate,
            "by": by,
        }
        return Simulation._from(found.frame(), about, found, question(base, "simulate", (distributions,), asking))


def merged(values: Mapping[str, Number] | None, parameters: Mapping[str, Number]) -> list[tuple[str, Number]]:
    return [*(values or {}).items(), *parameters.items()]


def _ranges(ranges: Mapping[str, tuple[Number, Number]]) -> list[tuple[str, Number, Number]]:
    if not ranges:
        raise InvalidParameter("ranges = {} is not possible; expected a lower and an upper end for some parameter")
    found = []
    for name, ends in dict(ranges).items():
        found.append((name, *_pair(name, ends, "a lower and an upper end")))
    return found


def _pair(name: str, given: Any, expected: str = "a number for x and one for y") -> tuple[Number, Number]:
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise InvalidParameter(f"{name} = {given!r} is not possible; expected {expected}")
    return given[0], given[1]


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not 0 <= value < 2**63:
        raise InvalidParameter(f"{name} = {value!r} is not possible; expected a whole number from 0 up")
    return int(value)
