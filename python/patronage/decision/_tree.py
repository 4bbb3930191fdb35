"""Trees as literals: `decide`, `chance`, `pay`, dicts and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from patronage import _core
from patronage._progress import Progress
from patronage.decision._answer import TreeAnswer
from patronage.decision._drawn import Drawn
from patronage.decision._numbers import Number
from patronage.decision._solving import By, Compounding, Sense, solve
from patronage.decision._stored import Tree
from patronage.decision._utility import Utility
from patronage.errors import InvalidParameter, InvalidTree

if TYPE_CHECKING:
    from patronage.decision._parametric import ParametricTree

#: What may stand where a node is wanted: a node, a dict of alternatives, or what is received at a leaf.
Branch: TypeAlias = "Node | Mapping[str, Any] | Number"


class Node(Drawn):
    """A node of a decision tree and everything below it; made by `decide`, `chance` and `pay`.

    Nodes are frozen and may be used in several places of a tree, each of which is a copy.
    """

    __slots__ = ("_kind", "_name")

    _kind: str
    _name: str

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a node is frozen; '{name}' cannot be set")

    def build(self) -> Tree:
        """The checked tree, to be stored or exchanged; the errors are those of `solve`."""
        return Tree._of(_core.Tree.of(self))

    def _to_draw(self) -> _core.Tree:
        return _core.Tree.of(self)

    def solve(
        self,
        *,
        sense: Sense = "profit",
        discount_rate: Number | None = None,
        exact: bool = True,
        compounding: Compounding = "period",
        by: By = None,
        utility: Utility | None = None,
        progress: Progress = None,
    ) -> TreeAnswer:
        """Finds the best choice at every decision, from the ends of the tree back to its root.

        Args:
            sense: "profit" if more is better, "cost" if less is.
            discount_rate: Rate a period: a payoff at time t counts as payoff / (1 + rate)ᵗ. Exact with a rate such
                as ".11" and whole periods. None does not discount.
            exact: Answer in fractions where all numbers are exact; False computes in floats.
            compounding: "period": a payoff at time t counts as payoff / (1 + rate)ᵗ; "continuous": as
                payoff · e^(−rate · t), in floats.
            by: The measure that is decided by, or a dict of measures and weights: what a unit of each is worth. The
                others are carried along; the rate discounts only what is decided by. None stands for "payoff".
            utility: Decides by expected utility instead of by expected value; see `Utility`.
            progress: True for a bar, or a callable.

        Raises:
            InvalidTree: Probabilities that do not sum to 1 or are no probabilities, payoffs that are no finite
                numbers, no alternatives, a circle; the message names the node.
            InvalidParameter: A rate of −1 or less, or for a tree without times.
            LimitExceeded: More than 5 million nodes, or fractions of more than 4,096 bits.

        Example:
            >>> from patronage.decision import decide, chance, pay
            >>> launch = decide("Launch", {
            ...     "now": chance({"success": (".55", 29_000_000), "failure": ("#", 8_500_000)}),
            ...     "after a test": pay(-1_400_000) >> chance({
            ...         "success": (".75", pay(29_000_000, at=1)), "failure": ("#", pay(8_500_000, at=1))})})
            >>> answer = launch.solve(discount_rate=".11")
            >>> answer.choice, round(answer.emv, 2), answer.emv_exact
            (('after a test',), 20109009.01, Fraction(2232100000, 111))
        """
        return solve(self, "dict", sense, discount_rate, exact, compounding, by, utility, progress)

    def with_parameters(self, values: Mapping[str, Number] | None = None, /, **parameters: Number) -> ParametricTree:
        """The tree with values for the names in its numbers: "p", "1-p", "-20000 - fee".

        Args:
            values: The base value of each parameter, by name; keywords do as well.
            **parameters: The same.

        Raises:
            UnknownName: A name in the tree without a value.
            InvalidParameter: A name that is none, or that the tree does not use; a value that is no number.
            InvalidTree: Expressions that cannot be read; whatever `solve` refuses at the base values.

        Example:
            >>> from patronage.decision import chance, decide
            >>> game = chance({"win": ("p", "prize"), "lose": ("1-p", -20)})
            >>> bet = decide("Bet", {"play": game, "pass": 0}).with_parameters(p=".1", prize=100)
            >>> bet.solve().choice, bet.solve(prize=300).emv
            (('pass',), 12.0)
        """
        from patronage.decision._parametric import ParametricTree

        given = [*(values or {}).items(), *parameters.items()]
        return ParametricTree._of(_core.ParametricTree.of(self, given))


class _Branching(Node):
    __slots__ = ("_branches",)

    _branches: dict[str, Any]

    def __init__(self, kind: str, name: str, branches: Mapping[str, Any]) -> None:
        if not isinstance(branches, Mapping):
            raise InvalidTree(
                f"{kind} '{name}': its branches are a {type(branches).__name__}; give a dict from label to branch"
            )
        object.__setattr__(self, "_kind", kind)
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_branches", dict(branches))

    def __repr__(self) -> str:
        return f"<{self._kind} {self._name!r}: {len(self._branches):,} branches>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_Branching, (self._kind, self._name, self._branches))


class _Payment(Node):
    __slots__ = ("_amount", "_at", "_further", "_then")

    _amount: Number
    _at: float | None
    _further: dict[str, Number]
    _then: Any

    def __init__(self, amount: Number, at: float | None, then: Any, further: Mapping[str, Number]) -> None:
        object.__setattr__(self, "_kind", "pay")
        object.__setattr__(self, "_name", "")
        object.__setattr__(self, "_amount", amount)
        object.__setattr__(self, "_at", None if at is None else float(at))
        object.__setattr__(self, "_then", then)
        object.__setattr__(self, "_further", dict(further))

    def __rshift__(self, then: Branch) -> Node:
        if self._then is not None:
            raise InvalidTree("two payments on one branch; add them up, or put a node between them")
        return _Payment(self._amount, self._at, then, self._further)

    def __repr__(self) -> str:
        at = "" if self._at is None else f", at={self._at:g}"
        further = "".join(f", {name}={amount!r}" for name, amount in self._further.items())
        return f"pay({self._amount!r}{at}{further})" + (" >> …" if self._then is not None else "")

    def __reduce__(self) -> tuple[Any, ...]:
        return (_Payment, (self._amount, self._at, self._then, self._further))


def decide(name: str, alternatives: Mapping[str, Branch]) -> Node:
    """A decision □ between alternatives.

    Args:
        name: What is decided; may be empty.
        alternatives: From the label of each alternative to what follows: a node, a number (what is received), or a
            dict (a further decision, without a name).

    Example:
        >>> from patronage.decision import decide
        >>> decide("Tea or coffee", {"tea": 3, "coffee": "5/2"}).solve().choice
        ('tea',)
    """
    if not isinstance(name, str):
        raise InvalidParameter(f"name = {name!r} is not possible; expected what is decided, as text")
    return _Branching("decision", name, alternatives)


def chance(outcomes: Mapping[str, tuple[Number, Branch]], *, name: str = "") -> Node:
    """A chance event ○.

    Args:
        outcomes: From the label of each outcome to its probability and what follows; "#" as a probability is what
            the others leave, shared equally by all marked so.
        name: What happens; may be empty.

    Example:
        >>> from patronage.decision import chance
        >>> chance({"six": ("1/6", 30), "any other": ("#", -3)}).solve().emv_exact
        Fraction(5, 2)
    """
    return _Branching("chance", name, outcomes)


def pay(amount: Number, *, at: float | None = None, **further: Number) -> _Payment:
    """A payment: at the end of a branch, or on a branch with `pay(amount) >> what_follows`.

    Args:
        amount: What is received; negative for what is paid, where payoffs are profits.
        at: Periods (years, say) from the start of the tree, for discounting. Without it the payment falls when the
            branch before it does, or at the start.
        **further: What is received of further measures, by name: `pay(100, hours=8)`; any name by
            `pay(100, **{"man hours": 8})`. They are carried along unless `solve(by=…)` decides by them.

    Example:
        >>> from patronage.decision import chance, decide, pay
        >>> film = pay(-5_000) >> chance({"flop": (".3", 200_000), "hit": ("#", 1_000_000)})
        >>> decide("Contract", {"film": film, "television": 700_000}).solve().emv
        755000.0
    """
    return _Payment(amount, at, None, further)
