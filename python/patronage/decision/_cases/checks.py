"""How each thing that a case expects is found: a line a key; nothing is keyed on the name of a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from patronage.decision._cases import information, other, tables, trees
from patronage.decision._cases.case import Case, CaseCheck
from patronage.decision._cases.names import Unsupported
from patronage.decision._cases.printed import printed
from patronage.decision._cases.run import Run, guarded


def run(case: Case) -> list[CaseCheck]:
    """All checks of a case."""
    this = Run(case)
    expect(this, case.data["expected"])
    if "misprint_variant" in case.data:
        guarded(this, "misprint_variant", lambda: tables.misprint(this, case.data["misprint_variant"]))
    if "likelihood" in case.data and case.table is not None:
        guarded(this, "rounded posteriors", lambda: information.book(this))
    printed(this)
    return this.checks


def expect(this: Run, section: Mapping[str, Any]) -> None:
    for key, expected in section.items():
        guarded(this, key, partial(check, this, key, expected))


def check(this: Run, key: str, expected: Any) -> None:
    handler(this, key)(this, key, expected)


def handler(this: Run, key: str) -> Callable[[Run, str, Any], None]:
    if key in HANDLERS:
        return HANDLERS[key]
    if f"{key}_likelihood" in this.data:
        return information.event_test
    for start, found in PREFIXES.items():
        if key.startswith(start):
            return found
    raise Unsupported("no check for this key")


def section(this: Run, _key: str, expected: Mapping[str, Any]) -> None:
    expect(this, expected)


HANDLERS: dict[str, Callable[[Run, str, Any], None]] = {
    "table": section,
    "tree": section,
    **dict.fromkeys(
        ("optimistic", "pessimistic", "hurwicz", "laplace", "minimax_regret", "emv", "eol"), tables.criterion
    ),
    "regret_matrix": tables.regret,
    "ev_with_perfect_information": tables.perfect,
    "evpi": tables.perfect,
    "payoff_thresholds": tables.thresholds,
    "root": trees.root,
    "nodes": trees.nodes,
    "risk_profile_of_optimal_policy": trees.profile,
    "strategies": trees.strategies,
    "textbook_rounded_posteriors": trees.rounded_tree,
    "sample_information": information.sample,
    "vpi": information.event_value,
    "vpc": information.event_value,
    "portfolio": other.projects,
    "emv_play": other.lottery,
    "eu_play": other.utility_of_lottery,
    "u_sure": other.utility_of_sure,
    "choose": other.choice_by_utility,
    "certainty_equivalent_exponential": other.certainty,
}

#: Keys that begin so.
PREFIXES: dict[str, Callable[[Run, str, Any], None]] = {
    "strategy_regions_p_": tables.regions,
    "breakeven_": tables.break_even,
    "present_worth_at_": other.present_worth,
}
