"""What cases expect of studies and of perfect information."""
# ruff: noqa: ARG001 -- every check takes the run, its key and what is expected

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from patronage.decision._cases.names import Unsupported, number, pick, rows
from patronage.decision._cases.run import Run
from patronage.decision._events import perfect_information
from patronage.decision._information import SampleInformation, study
from patronage.errors import InvalidParameter

#: Decimals that books round probabilities to.
DECIMALS = (1, 2, 3, 4)


def sample(this: Run, key: str, expected: Mapping[str, Any]) -> None:
    table = this.table()[0]
    found = study(
        table,
        rows(table.states, this.data["likelihood"]),
        cost=this.data.get("information_cost", "0"),
        sense=this.case.sense,
    )
    exact, signals = found.exact(), found.signals()
    totals = {
        "ev_with_sample_information_gross": exact["ev_with_sample_information"],
        "evsi": exact["evsi"],
        "cost": Fraction(str(found.about["cost"])),
        "ev_with_sample_information_net": exact["net"],
        "ev_without_information": exact["emv"],
        "evpi": exact["evpi"],
        "efficiency": exact["efficiency"],
        "engs_net_gain": exact["net_gain"],
    }
    remember(this.found, found, "")
    for name, value in expected.items():
        if name == "signals":
            for signal in value:
                signal_of(this, signal, signals[signal["signal"]], table.alternatives)
        elif name == "buy_information":
            this.equal(name, value, found.is_worth_its_cost)
        elif name in totals:
            this.value(name, value, totals[name])
        else:
            this.say(name, value, None, "not supported", "no check for this key")


def signal_of(this: Run, expected: Mapping[str, Any], found: Any, alternatives: list[str]) -> None:
    """One signal; `ev_<alternative>` is its value, and `<alternative>` whether it is chosen."""
    name, exact = found.name, found.exact
    for key, value in expected.items():
        if key == "p":
            this.value(f"P({name})", value, exact.probability)
        elif key == "posterior":
            for (state, p), wanted in zip(exact.posterior.items(), value, strict=True):
                this.value(f"P({state} | {name})", wanted, p)
        elif key == "ev_gross":
            for (alternative, worth), wanted in zip(exact.values.items(), value, strict=True):
                this.value(f"EV({alternative} | {name})", wanted, worth)
        elif key == "best":
            this.equal(f"choice after {name}", value, list(found.choice))
        elif key == "value_gross":
            this.value(f"value after {name}", value, exact.value)
        elif key.startswith("ev_"):
            this.value(f"{key} after {name}", value, exact.values[pick(alternatives, key[3:])])
        elif isinstance(value, bool):
            this.equal(f"{key} after {name}", value, pick(alternatives, key) in found.choice)
        elif key != "signal":
            this.say(f"{key} after {name}", value, None, "not supported", "no check for this key of a signal")


def event_test(this: Run, key: str, expected: Mapping[str, Any]) -> None:
    """A test of an event of the tree.

    The file does not say which event: it is one with as many outcomes as the likelihood has rows, and of several the
    one that gives the signals the probabilities that are expected.
    """
    answer, given = this.tree(), this.data[f"{key}_likelihood"]
    wanted = [number(signal["p"]) for signal in expected["signals"]]
    every = perfect_information(answer)
    events = zip(every["nodes"], every["outcomes"], strict=True)
    fitting = [event for event in events if len(event[1]) == len(given["p_signal_given_state"])]
    studies = [study(answer, rows(outcomes, given), event=list(at), cost=expected["cost"]) for at, outcomes in fitting]
    if not studies:
        raise Unsupported("no event of the tree has as many outcomes as the likelihood has rows")
    found = next((s for s in studies if chances(s) == wanted), studies[0])
    alternatives = [label for label, parent in zip(answer["branch"], answer["parent"], strict=True) if parent == 0]
    exact = found.exact()
    totals = {
        "cost": Fraction(str(found.about["cost"])),
        "value_gross": exact["ev_with_sample_information"],
        "evsi": exact["evsi"],
        "net": exact["net"],
    }
    remember(this.found, found, f"{key}: ")
    for name, value in expected.items():
        if name == "signals":
            for signal in value:
                signal_of(this, signal, found.signals()[signal["signal"]], alternatives)
        elif name == "buy":
            this.equal(f"{key}: buy", value, found.is_worth_its_cost)
        elif name in totals:
            this.value(f"{key}: {name}", value, totals[name])
        else:
            this.say(f"{key}: {name}", value, None, "not supported", "no check for this key")


def chances(answer: SampleInformation) -> list[Fraction | None]:
    """P(signal), signal by signal."""
    return [None if signal.exact is None else signal.exact.probability for signal in answer.signals().values()]


def event_value(this: Run, key: str, expected: Mapping[str, Any]) -> None:
    """The value of perfect information on, or of control over, the chance nodes of a name, or whose names begin so."""
    answer = this.tree()
    for name, value in expected.items():
        chances = [n for n, kind in zip(answer["name"], answer["kind"], strict=True) if kind == "chance"]
        named = [n for n in chances if n == name] or [n for n in chances if n.startswith(name)]
        if not named:
            raise Unsupported(f"no chance node is called {name}")
        found = perfect_information(answer, named)
        this.found[f"EV with perfect information on {name}"] = found.ev_with_perfect_information
        this.value(f"{key} {name}", value, found.evpi_exact if key == "vpi" else found.value_of_control_exact)


def book(this: Run) -> None:
    """What a book finds that rounds P(signal) and posteriors."""
    table = this.table()[0]
    cost, given = this.data.get("information_cost", "0"), rows(table.states, this.data["likelihood"])
    for decimals in DECIMALS:
        try:
            found = study(table, given, cost=cost, sense=this.case.sense, rounding=decimals)
        except InvalidParameter:  # so few decimals that the rounded probabilities pass 1
            continue
        remember(this.rounded, found, f"posteriors rounded to {decimals} decimals: ", rounded=True)


def remember(found: dict[str, Any], answer: SampleInformation, before: str, *, rounded: bool = False) -> None:
    """Keeps the values of a study for the printed ones to be looked up."""
    cost = Fraction(str(answer.about["cost"])) * (1 if answer.about["sense"] == "profit" else -1)
    found.update({f"{before}{name}": value for name, value in answer.exact(rounded=rounded).items()})
    for signal in answer.signals(rounded=rounded).values():
        if signal.exact is not None and signal.exact.values is not None:
            for name, worth in signal.exact.values.items():
                found[f"{before}EV({name} | {signal.name})"] = worth
                found[f"{before}EV({name} | {signal.name}) less the cost"] = worth - cost
