"""What cases expect of portfolios, present worth and lotteries."""
# ruff: noqa: ARG001 -- every check takes the run, its key and what is expected

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from patronage.decision._cases.names import Unsupported
from patronage.decision._cases.run import Run
from patronage.decision._portfolio import portfolio
from patronage.decision._tree import chance, pay


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


def lottery(this: Run, key: str, expected: Any) -> None:
    outcomes = {str(i): (p, payoff) for i, (payoff, p) in enumerate(this.data["lottery"])}
    this.value(key, expected, chance(outcomes).solve().emv_exact)


def utility(this: Run, key: str, expected: Any) -> None:
    raise Unsupported("utilities are not part of the library yet")
