"""What cases expect of portfolios, present worth and lotteries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from patronage.decision._answer import TreeAnswer
from patronage.decision._cases.names import Unsupported
from patronage.decision._cases.run import Run
from patronage.decision._numbers import Number
from patronage.decision._portfolio import portfolio
from patronage.decision._tree import Node, chance, decide, pay
from patronage.decision._utility import Utility


def projects(this: Run, key: str, expected: Mapping[str, Any]) -> None:
    """A portfolio of the branches `<project> <option>` of the first decision.

    Each uses one unit of a resource of which there is `one` or enough for `both` or `all`; a branch that ends at once
    with nothing is to do nothing.
    """
    answer = this.tree()
    worth, given = answer.fractions("cumulative"), {}  # type: ignore[var-annotated]
    for i, (parent, label, kind) in enumerate(zip(answer["parent"], answer["branch"], answer["kind"], strict=True)):
        if parent == 0 and not (kind == "leaf" and worth[i] == 0):
            project, _, option = label.partition(" ")
            given.setdefault(project, {})[option] = (1, worth[i])
    for name, wanted in expected.items():
        budget = {"one": 1, "both": 2, "two": 2, "all": len(given)}.get(name.split("_")[0])
        if budget is None:
            raise Unsupported(f"how many projects are allowed by {name}?")
        found = portfolio(given, budget=budget)
        chosen = [f"{project} {option}" for project, option in found.choice.items() if option is not None]
        this.equal(f"{key}: {name} choice", wanted["choice"], chosen)
        this.value(f"{key}: {name}", wanted["ev"], found.value_exact)


def present_worth(this: Run, key: str, expected: Sequence[Any]) -> None:
    """Growing yearly flows after an investment, for each state of the table, as a tree with times."""
    flows = this.data["cash_flows"]
    growth, rate, paid_first = (Fraction(str(flows[name])) for name in ("growth", "rate", "investment"))
    for i, (first, value) in enumerate(zip(flows["first_year"], expected, strict=True)):
        tree: Any = 0
        for year in range(int(flows["years"]), 0, -1):
            paid = Fraction(first) * (1 + growth) ** (year - 1)
            tree = chance({f"year {year}": (1, pay(paid, at=year) >> tree)})
        found = tree.solve(discount_rate=rate).emv_exact + paid_first
        this.value(f"{key}[{i}]", value, found)


def certainty(this: Run, key: str, expected: Mapping[str, Any]) -> None:
    """The certainty equivalents of alternatives of the first decision by exponential utility, and the best one."""
    if this.case.tree is None:
        raise Unsupported("the case has no tree")
    utility = Utility.exponential(expected["risk_tolerance"])
    answer = this.case.tree.solve(sense=this.case.sense, discount_rate=this.data.get("discount_rate"), utility=utility)
    rows = zip(answer["parent"], answer["branch"], strict=True)
    places = {label.lower(): i for i, (parent, label) in enumerate(rows) if parent == 0}
    for name, wanted in expected.items():
        if name == "decision":
            this.equal(f"{key}: decision", [wanted], list(answer.choice))
        elif name != "risk_tolerance":
            this.value(f"{key}: {name}", wanted, answer.certainty_equivalent_at(places[name.lower()]))


def _by_points(this: Run, root: Node | Number) -> TreeAnswer:
    """The lottery or the sure amount, by the utilities that the case gives at some amounts."""
    return decide("", {"": root}).solve(utility=Utility.table(dict(this.data["utility_points"])))


def _lottery_of(this: Run) -> Node:
    return chance({str(i): (p, payoff) for i, (payoff, p) in enumerate(this.data["lottery"])})


def lottery(this: Run, key: str, expected: Any) -> None:
    this.value(key, expected, _lottery_of(this).solve().emv_exact)


def utility_of_lottery(this: Run, key: str, expected: Any) -> None:
    this.value(key, expected, _by_points(this, _lottery_of(this)).expected_utility)


def utility_of_sure(this: Run, key: str, expected: Any) -> None:
    this.value(key, expected, _by_points(this, this.data["sure"]).expected_utility)


def choice_by_utility(this: Run, key: str, expected: str) -> None:
    choices = {"play": _lottery_of(this), "sure": this.data["sure"]}
    answer = decide("", choices).solve(utility=Utility.table(dict(this.data["utility_points"])))
    this.equal(key, [expected], list(answer.choice))
