"""What cases expect of decision tables."""
# ruff: noqa: ARG001 -- every check takes the run, its key and what is expected

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from patronage.decision._cases.case import table_of
from patronage.decision._cases.names import Unsupported, cell, pick, state_of
from patronage.decision._cases.run import Run
from patronage.decision._numbers import fraction


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
    answer = this.tree()
    paid, worth = answer.fractions("payoff"), answer.fractions("cumulative")
    root = [i for i, parent in enumerate(answer["parent"]) if parent == 0]
    charged = [i for i in root if paid[i]]
    if len(charged) != 1 or answer["kind"][0] != "decision":
        raise Unsupported("not one amount on the branches of a first decision")
    here = charged[0]
    others = [worth[i] for i in root if i != here]
    best = min(others) if this.case.sense == "cost" else max(others)  # type: ignore[type-var]
    return Fraction(abs(paid[here] + best - worth[here]))  # type: ignore[operator]


def thresholds(this: Run, key: str, expected: Mapping[str, Any]) -> None:
    """How low (`_min`) or high (`_max`) a payoff may be while its alternative stays the best."""
    table, answer = this.table()
    values, p = answer.fractions("EMV"), this.data["table"]["probabilities"]
    for name, value in expected.items():
        alternative, state = cell(table, name.rsplit("_", 1)[0])
        row, column = table.alternatives.index(alternative), table.states.index(state)
        others = [v for other, v in values.items() if other != alternative]
        best = min(others) if this.case.sense == "cost" else max(others)  # type: ignore[type-var]
        paid = Fraction(this.data["table"]["payoffs"][row][column])
        this.value(f"{key}: {name}", value, paid + (best - values[alternative]) / Fraction(p[column]))  # type: ignore[operator]


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
