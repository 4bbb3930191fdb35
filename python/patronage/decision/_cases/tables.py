"""What cases expect of decision tables."""
# ruff: noqa: ARG001 -- every check takes the run, its key and what is expected

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from patronage.decision._cases.case import node_of, table_of
from patronage.decision._cases.names import Unsupported, cell, pick, state_of
from patronage.decision._cases.run import Run
from patronage.decision._numbers import fraction
from patronage.decision._tree import chance, decide


def criterion(this: Run, key: str, expected: Mapping[str, Any]) -> None:
    table, answer = this.table()
    best, worst = ("minimin", "minimax") if this.case.sense == "cost" else ("maximax", "maximin")
    names = {"optimistic": best, "pessimistic": worst, "hurwicz": "Hurwicz", "laplace": "Laplace"}
    name = names.get(key) or {"minimax_regret": "minimax regret", "emv": "EMV", "eol": "EOL"}[key]
    found = answer.criteria[name]
    if "per_alternative" in expected:
        values = answer.fractions(name)
        for alternative, value in zip(table.alternatives, expected["per_alternative"], strict=True):
            this.value(f"{name}[{alternative}]", value, values[alternative])
    if "alpha" in expected:
        this.equal(f"{name} α", str(Fraction(expected["alpha"])), str(Fraction(str(answer.about["optimism"]))))
    this.value(name, expected["value"], found.exact)
    this.equal(f"{name} choice", expected["best"], list(found.choice))


def regret(this: Run, key: str, expected: Sequence[Sequence[Any]]) -> None:
    table, answer = this.table()
    frame = answer.regret()
    for i, alternative in enumerate(table.alternatives):
        for state, value in zip(table.states, expected[i], strict=True):
            this.value(f"regret[{alternative}, {state}]", value, float(frame[state][i]))


def perfect(this: Run, key: str, expected: Any) -> None:
    made = this.table()[1]._made
    this.value(key, expected, fraction((made.evpi() if key == "evpi" else made.ev_with_perfect_information())[1]))


def regions(this: Run, key: str, expected: Sequence[Mapping[str, Any]]) -> None:
    table = this.table()[0]
    found = table.strategy_regions(state_of(table, key), sense=this.case.sense)
    ends = [Fraction(0), *map(Fraction, found.break_even()), Fraction(1)]
    this.equal(f"{key}: number", len(expected), len(found))
    for i, (region, best) in enumerate(zip(expected, found["best"], strict=False)):
        this.value(f"{key}[{i}] from", region["from"], ends[i])
        this.value(f"{key}[{i}] to", region["to"], ends[i + 1])
        this.equal(f"{key}[{i}] choice", region["best"], " / ".join(best))


def break_even(this: Run, key: str, expected: Any) -> None:
    """The probability at which two alternatives tie, `<one>_vs_<other>`; or the amount at which the choice changes."""
    if not isinstance(expected, Mapping) or "exact" in expected or "float" in expected:
        this.value(key, expected, amount(this))
        return
    given, (table, _) = this.data["table"], this.table()
    for pair, value in expected.items():
        rows = [pick(table.alternatives, name) for name in pair.split("_vs_")]
        payoffs = [given["payoffs"][table.alternatives.index(row)] for row in rows]
        two = table_of(given | {"alternatives": rows, "payoffs": payoffs})
        this.value(f"{key}: {pair}", value, two.strategy_regions(state_of(table, key)).break_even()[0])


def amount(this: Run) -> Fraction:
    """The amount on the one branch of the first decision that has one, at which the choice changes."""
    tree, sense = this.data.get("tree", {}), this.case.sense
    branches = tree.get("branches", [])
    charged = [i for i, branch in enumerate(branches) if Fraction(branch.get("payoff", 0))]
    if len(charged) != 1 or tree.get("type") != "decision":
        raise Unsupported("not one amount on the branches of a first decision")
    (here,) = charged
    paid, answer = Fraction(branches[here]["payoff"]), this.tree()
    most = sum(abs(worth) for worth in answer.fractions("cumulative")) + abs(paid) + 1  # type: ignore[arg-type,misc]
    branch = {**branches[here], "payoff": "amount" if paid > 0 else "-amount"}
    asked = node_of({**tree, "branches": [*branches[:here], branch, *branches[here + 1 :]]})
    found = asked.with_parameters(amount=abs(paid)).one_way(
        "amount", low=0, high=most, sense=sense, discount_rate=this.data.get("discount_rate")
    )
    if len(found) != 2:
        raise Unsupported("the choice does not change at one amount")
    return Fraction(found.break_even()[0])


def thresholds(this: Run, key: str, expected: Mapping[str, Any]) -> None:
    """How low (`_min`) or high (`_max`) a payoff may be while its alternative stays the best."""
    table, given = this.table()[0], this.data["table"]
    p, payoffs = given["probabilities"], given["payoffs"]
    # The payoffs together move no expected value further than this.
    reach = sum(abs(Fraction(x)) for row in payoffs for x in row) * 2 / min(Fraction(x) for x in p if Fraction(x)) + 1
    for name, value in expected.items():
        alternative, state = cell(table, name.rsplit("_", 1)[0])
        row, column = table.alternatives.index(alternative), table.states.index(state)
        rows = [list(other) for other in payoffs]
        paid, rows[row][column] = Fraction(rows[row][column]), "x"
        events = [
            chance({s: (chances, x) for s, chances, x in zip(table.states, p, cells, strict=True)}) for cells in rows
        ]
        tree = decide("", dict(zip(table.alternatives, events, strict=True))).with_parameters(x=paid)
        found = tree.one_way("x", low=paid - reach, high=paid + reach, sense=this.case.sense)
        ends = [paid - reach, *found.break_even(), paid + reach]
        here = next(
            (i for i, best in enumerate(found["choice"]) if alternative in best and ends[i] <= paid <= ends[i + 1]),
            None,
        )
        if here is None:
            raise Unsupported(f"{alternative} is not the best")
        this.value(f"{key}: {name}", value, ends[here if name.endswith("_min") else here + 1])


def misprint(this: Run, variant: Mapping[str, Any]) -> None:
    """A table with other payoffs `<alternative>_<state>`, and the `emv_<alternative>` that follow."""
    table, given = this.table()[0], this.data["table"]
    payoffs = [list(row) for row in given["payoffs"]]
    wanted = {key.removeprefix("emv_"): value for key, value in variant.items() if key.startswith("emv_")}
    for key in variant.keys() - {f"emv_{name}" for name in wanted}:
        alternative, state = cell(table, key)
        payoffs[table.alternatives.index(alternative)][table.states.index(state)] = variant[key]
    values = table_of(given | {"payoffs": payoffs}).solve(sense=this.case.sense).fractions("EMV")
    for name, value in wanted.items():
        this.value(f"misprint variant: EMV {name}", value, values[pick(table.alternatives, name)])
