"""Monte Carlo over the parameters of a decision tree: distributions, and what a simulation found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, TypeAlias

import numpy as np

from patronage._result import Result
from patronage.decision._sensitivity import Asked
from patronage.errors import InvalidParameter

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: A kind of distribution, its numbers, and the probabilities of a discrete one.
Shape: TypeAlias = tuple[str, list[float], list[float]]


class Distribution:
    """What is believed about a parameter; one of the classes below."""

    __slots__ = ()

    _kinds: ClassVar[dict[str, type[Distribution]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        Distribution._kinds[cls.__name__] = cls

    def _shape(self) -> Shape:
        return type(self).__name__, [float(x) for x in astuple(self)], []  # type: ignore[call-overload]

    def _stored(self) -> dict[str, Any]:
        kind, numbers, probabilities = self._shape()
        return {kind: [numbers, probabilities] if probabilities else numbers}


@dataclass(frozen=True)
class Beta(Distribution):
    """With density ∝ x^(a−1) (1−x)^(b−1) from 0 to 1: after a − 1 successes and b − 1 failures, say."""

    a: float
    b: float


@dataclass(frozen=True)
class Uniform(Distribution):
    """All values between two ends alike."""

    low: float
    high: float


@dataclass(frozen=True)
class Triangular(Distribution):
    """Rising to the mode and falling from it in straight lines."""

    low: float
    mode: float
    high: float


@dataclass(frozen=True)
class Pert(Distribution):
    """A beta distribution between two ends with mean (low + 4 mode + high) / 6 (Malcolm and others 1959)."""

    low: float
    mode: float
    high: float


@dataclass(frozen=True)
class Normal(Distribution):
    """The normal distribution, by mean and standard deviation."""

    mean: float
    sd: float


@dataclass(frozen=True)
class LogNormal(Distribution):
    """e to the power of a normal variable: mu and sigma are mean and standard deviation of the logarithm."""

    mu: float
    sigma: float


@dataclass(frozen=True)
class Gamma(Distribution):
    """With density ∝ x^(shape−1) e^(−x/scale); the mean is shape · scale."""

    shape: float
    scale: float


@dataclass(frozen=True)
class Discrete(Distribution):
    """One of some values."""

    values: Sequence[float]
    probabilities: Sequence[float]

    def _shape(self) -> Shape:
        return "Discrete", [float(x) for x in self.values], [float(p) for p in self.probabilities]


def shape_of(name: str, given: Any) -> Shape:
    """A distribution as the core takes it, also one that was stored."""
    if isinstance(given, Distribution):
        return given._shape()
    if isinstance(given, Mapping) and len(given) == 1:
        ((kind, numbers),) = given.items()
        if kind in Distribution._kinds:
            return Distribution._kinds[kind](*numbers)._shape()
    raise InvalidParameter(f"{name} = {given!r} is not possible; expected a distribution such as Beta(8, 12)")


def arrays_of(table: Any) -> list[tuple[str, Any]]:
    """The columns of given samples, copied: what becomes of the table later does not matter."""
    if isinstance(table, Mapping):
        columns = dict(table)
    elif isinstance(table, Result):
        columns = {name: table[name] for name in table._frame.names}
    else:
        import narwhals.stable.v2 as nw

        try:
            frame = nw.from_native(table)
        except TypeError:
            raise InvalidParameter(f"samples = {table!r} is not possible; expected a number or a table") from None
        if isinstance(frame, nw.LazyFrame):
            frame = frame.collect()
        columns = {name: frame[name].to_numpy() for name in frame.columns}
    arrays = []
    for name, values in columns.items():
        try:
            array = np.array(values, dtype=np.float64, order="C")
        except (TypeError, ValueError):
            raise InvalidParameter(f"samples of '{name}' are not possible; expected numbers") from None
        if array.ndim != 1:
            raise InvalidParameter(f"samples of '{name}' have {array.ndim} dimensions; expected a number a sample")
        arrays.append((str(name), array))
    return arrays


class Evppi(NamedTuple):
    """The expected value of perfect information on one parameter."""

    parameter: str
    value: float
    standard_error: float
    #: "lines" or "blocks"; see `Simulation.evppi`.
    method: Literal["lines", "blocks"]


class Simulation(Asked):
    """A row a strategy, in the samples of a simulation.

    Columns: `strategy` (in words), `alternative` (of the root; empty if the root is no decision), `mean` (the
    expected value if the strategy is fixed before the parameters are known), `standard_error` (of the mean, by Monte
    Carlo), `p_optimal` (the share of the samples in which no strategy is better; where several tie it counts for
    each), `best`.

    `about`: `samples`, `seed` (None where samples were given), `rows`: "strategies", or "alternatives" where there
    are too many strategies to tell apart; then each alternative is followed by the best choices in knowledge of the
    parameters, and the value of information is that of knowing them before the first choice only.
    """

    __slots__ = ()

    def _best(self) -> int:
        return int(np.flatnonzero(self["best"])[0])

    @property
    def emv(self) -> float:
        """The expected value of the best strategy, chosen before the parameters are known."""
        return float(self["mean"][self._best()])

    @property
    def emv_standard_error(self) -> float:
        """Its Monte-Carlo standard error."""
        return float(self["standard_error"][self._best()])

    @property
    def choice(self) -> str:
        """The alternative of the root with which the best strategy begins."""
        return str(self["alternative"][self._best()])

    @property
    def ev_with_perfect_information(self) -> float:
        """The expected value if the parameters were known before the choice: the mean of `values`."""
        return float(self._made.informed()[0][0])

    @property
    def evpi(self) -> float:
        """What it would be worth to know all parameters before the choice (Raiffa & Schlaifer 1961)."""
        return float(self._made.informed()[1][0])

    @property
    def evpi_standard_error(self) -> float:
        """Its Monte-Carlo standard error."""
        return float(self._made.informed()[1][1])

    @property
    def values(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The value of the tree in each sample, solved for its parameters."""
        values: np.ndarray[Any, np.dtype[np.float64]] = self._made.values()
        return values

    def quantiles(self, shares: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95)) -> dict[float, float]:
        """The amounts that a share of `values` does not surpass, by linear interpolation."""
        return dict(zip(shares, self._made.quantiles(list(shares)), strict=True))

    def evppi(self, parameter: str) -> Evppi:
        """What it would be worth to know one parameter before the choice, the others as uncertain as they are.

        E[max over strategies of E(value | parameter)] − max over strategies of E(value), from the same samples.
        "lines": where every strategy is linear in each parameter and they are independent, its expected value given
        one of them is a line through its value at the means of the others; only the one parameter is sampled.
        "blocks": otherwise the samples are sorted by the parameter and cut into n^0.4 blocks, and the mean of a block
        stands for the expected value there (Strong & Oakley 2013, *Medical Decision Making* 33); that is slightly
        too large, the more so the fewer samples there are, and the standard error is that between blocks only.

        Raises:
            UnknownName: The parameter does not exist, or is not uncertain.
        """
        value, error, method = self._made.evppi(parameter)
        return Evppi(parameter, value, error, method)

    def plot(self, ax: Axes | None = None, *, bins: int = 60) -> Axes:
        """How the value of the tree is distributed over the samples, and the expected values."""
        from patronage.plots import sensitivity as plots

        return plots.simulation(self, ax, bins=bins)
