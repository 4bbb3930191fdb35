"""How each thing that a case expects is found: a line a key, in `HANDLERS`; nothing is keyed on a case's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from patronage.decision._answer import TreeAnswer, fraction
from patronage.decision._cases import Case, CaseCheck, Status, node_of, table_of
from patronage.decision._information import SampleInformation, perfect_information, rounded, study
from patronage.decision._portfolio import portfolio
from patronage.decision._printed import printed
from patronage.decision._table import DecisionTable, TableAnswer
from patronage.decision._tree import Node, chance, pay
from patronage.errors import InvalidParameter, PatronageError

#: Decimals that books round probabilities to.
DECIMALS = (1, 2, 3, 4)


class Unsupported(Exception):
    """Something that a case expects and that this reader cannot find."""


class Run:
    """The checks of one case, and all values that were found on the way."""

    def __init__(self, case: Case) -> None:
        self.case, self.data = case, case.data
        self.checks: list[CaseCheck] = []
        #: What was found, by what it is: the printed values are looked up here.
        self.found: dict[str, Any] = {}
        #: The same with probabilities rounded to some decimals.
        self.rounded: dict[str, Any] = {}

    def say(self, what: str, expected: Any, found: Any, status: Status, note: str = "") -> None:
        self.checks.append(CaseCheck(self.case.id, what, expected, found, status, note))

    def equal(self, what: str, expected: Any, found: Any) -> None:
        """Compares names, lists and truths."""
        self.say(what, expected, found, "agree" if expected == found else "differ")

    def value(self, what: str, expected: Any, found: Any) -> None:
        """Compares numbers: as fractions where there are any, and floats to the last bit but a few."""
        self.found[what] = found
        wanted = number(expected)
        exact = isinstance(wanted, Fraction) and isinstance(found, Fraction)
        same = wanted == found if exact else found is not None and near(float(wanted), float(found))
        self.say(what, wanted, found, "agree" if same else "differ")

    def table(self) -> tuple[DecisionTable, TableAnswer]:
        if self.case.table is None:
            raise Unsupported("the case has no table")
        alpha = self.data.get("hurwicz_alpha")
        section = self.data["expected"].get("table", self.data["expected"])
        alpha = section.get("hurwicz", {}).get("alpha", alpha)
        return self.case.table, self.case.table.solve(sense=self.case.sense, optimism=alpha)

    def solve(self, tree: Node) -> TreeAnswer:
        return tree.solve(sense=self.case.sense, discount_rate=self.data.get("discount_rate"))

    def tree(self) -> TreeAnswer:
        if self.case.tree is None:
            raise Unsupported("the case has no tree")
        return self.solve(self.case.tree)


def run(case: Case) -> list[CaseCheck]:
    """All checks of a case."""
    this = Run(case)
    expect(this, case.data["expected"])
    if "misprint_variant" in case.data:
        guarded(this, "misprint_variant", lambda: misprint(this, case.data["misprint_variant"]))
    if "likelihood" in case.data and case.table is not None:
        guarded(this, "rounded posteriors", lambda: book(this))
    printed(this)
    return this.checks


def expect(this: Run, section: Mapping[str, Any]) -> None:
    for key, expected in section.items():
        guarded(this, key, lambda key=key, expected=expected: handler(this, key)(this, key, expected))


def guarded(this: Run, what: str, check: Callable[[], None]) -> None:
    """Whatever cannot be found is said, never skipped."""
    try:
        check()
    except Unsupported as reason:
        this.say(what, "…", None, "not supported", str(reason))
    except PatronageError as problem:
        this.say(what, "…", None, "differ", f"{type(problem).__name__}: {problem}")
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as problem:
        this.say(what, "…", None, "not supported", f"cannot be read: {problem!r}")


def handler(this: Run, key: str) -> Callable[[Run, str, Any], None]:
    if key in HANDLERS:
        return HANDLERS[key]
    if f"{key}_likelihood" in this.data:
        return test_of_event
    for start, found in PREFIXES.items():
        if key.startswith(start):
            return found
    raise Unsupported("no check for this key")


# --- Tables


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
    """Probabilities `<one>_vs_<other>` at which two alternatives are worth the same; or the one amount on the way to
    an alternative of the root at which its choice changes."""
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
    return abs(paid[here] + best - worth[here])  # type: ignore[operator]


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


# --- Trees


def root(this: Run, key: str, expected: Any) -> None:
    this.value("EMV of the tree", expected, this.tree().emv_exact)


def nodes(this: Run, key: str, expected: Mapping[str, Any]) -> None:
    nodes_of(this, this.tree(), expected, "")


def nodes_of(this: Run, answer: TreeAnswer, expected: Mapping[str, Any], before: str) -> None:
    names, parents, labels, kinds = (answer[column] for column in ("name", "parent", "branch", "kind"))
    columns = {name: answer.fractions(name) for name in ("probability", "payoff", "to_go", "cumulative")}  # type: ignore[arg-type]
    for name, node in expected.items():
        if name not in names:
            this.say(f"{before}node {name}", "a node", None, "differ")
            continue
        at, what = list(names).index(name), f"{before}{name}"
        below = {labels[i]: i for i, parent in enumerate(parents) if parent == at}
        for key, value in node.items():
            if key in ("to_go", "cumulative"):
                this.value(f"{what} {key}", value, columns[key][at])
            elif key == "kind":
                this.equal(f"{what} kind", value, kinds[at])
            elif key == "p":
                for label, p in value.items():
                    this.value(f"P({label} | {what})", p, columns["probability"][below[label]])
            elif key == "branches":
                for label, worth in value.items():
                    i = below[label]
                    this.value(f"{what} → {label}", worth, columns["payoff"][i] + columns["to_go"][i])  # type: ignore[operator]
            elif key == "chosen":
                this.equal(f"{what} choice", value, [label for label, i in below.items() if answer["best"][i]])
            else:
                this.say(f"{what} {key}", value, None, "not supported", "no check for this key of a node")


def profile(this: Run, key: str, expected: Sequence[Mapping[str, Any]]) -> None:
    profile_of(this, this.tree(), expected, "")


def profile_of(this: Run, answer: TreeAnswer, expected: Sequence[Mapping[str, Any]], before: str) -> None:
    found = answer.risk_profile().fractions()
    this.equal(f"{before}risk profile: number", len(expected), len(found))
    for line, (payoff, p) in zip(expected, found, strict=False):
        this.value(f"{before}risk profile: amount", line["payoff"], payoff)
        this.value(f"{before}P({payoff})", line["p"], p)


def strategies(this: Run, key: str, expected: Mapping[str, Any]) -> None:
    """`<choice>/<choice>/…`: one at each decision that one comes to, in the order of the tree."""
    for name, value in expected.items():
        choices = iter(name.split("/"))
        this.value(f"strategy {name}", value, this.solve(node_of(follow(this.data["tree"], choices))).emv_exact)


def follow(node: Mapping[str, Any], choices: Any) -> Mapping[str, Any]:
    """A tree in which the decisions have been made."""
    if node["type"] == "terminal":
        return node
    branches = node["branches"]
    if node["type"] == "decision":
        choice = next(choices)
        branches = [branch for branch in branches if branch["label"] == choice]
    return {**node, "branches": [{**branch, "node": follow(branch["node"], choices)} for branch in branches]}


def section(this: Run, key: str, expected: Mapping[str, Any]) -> None:
    expect(this, expected)


def rounded_tree(this: Run, key: str, expected: Mapping[str, Any]) -> None:
    """The tree with probabilities of as many decimals as those that are expected have."""
    tree = expected["tree"]
    shares = [Fraction(p) for node in tree["nodes"].values() for p in node.get("p", {}).values()]
    decimals = next(d for d in range(16) if all((p * 10**d).denominator == 1 for p in shares))
    answer, before = rounded(this.tree(), decimals), f"rounded to {decimals}: "
    this.value(f"{before}EMV of the tree", tree["root"], answer.emv_exact)
    nodes_of(this, answer, tree["nodes"], before)
    profile_of(this, answer, tree.get("risk_profile_of_optimal_policy", answer.risk_profile().to_dicts()), before)
    for other in {*tree} - {"root", "nodes", "risk_profile_of_optimal_policy"} | {
        f"{k}" for k in expected if k != "tree"
    }:
        this.say(f"{before}{other}", "…", None, "not supported", "no check for this key")


# --- Information


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


def test_of_event(this: Run, key: str, expected: Mapping[str, Any]) -> None:
    """A test of an event of the tree. The file does not say which: it is one with as many outcomes as the likelihood
    has rows, and of several the one that gives the signals the probabilities that are expected."""
    answer, given = this.tree(), this.data[f"{key}_likelihood"]
    wanted = [number(signal["p"]) for signal in expected["signals"]]
    every = perfect_information(answer)
    fitting = zip(every["nodes"], every["outcomes"], strict=True)
    fitting = [event for event in fitting if len(event[1]) == len(given["p_signal_given_state"])]
    studies = [study(answer, rows(outcomes, given), event=list(at), cost=expected["cost"]) for at, outcomes in fitting]
    if not studies:
        raise Unsupported("no event of the tree has as many outcomes as the likelihood has rows")
    found = next((s for s in studies if [x.exact.probability for x in s.signals().values()] == wanted), studies[0])
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


# --- Several projects, present worth, lotteries


def projects(this: Run, key: str, expected: Mapping[str, Any]) -> None:
    """Branches `<project> <option>` of the first decision, each one unit of a resource of which there is `one` or
    enough for `both` or `all`; a branch that ends at once with nothing is to do nothing."""
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
    flows = {
        name: value if isinstance(value, list) else Fraction(str(value))
        for name, value in this.data["cash_flows"].items()
    }
    for i, (first, value) in enumerate(zip(flows["first_year"], expected, strict=True)):
        tree: Any = 0
        for year in range(int(flows["years"]), 0, -1):
            paid = Fraction(first) * (1 + flows["growth"]) ** (year - 1)
            tree = chance({f"year {year}": (1, pay(paid, at=year) >> tree)})
        found = tree.solve(discount_rate=flows["rate"]).emv_exact + flows["investment"]
        this.value(f"{key}[{i}]", value, found)


def lottery(this: Run, key: str, expected: Any) -> None:
    outcomes = {str(i): (p, payoff) for i, (payoff, p) in enumerate(this.data["lottery"])}
    this.value(key, expected, chance(outcomes).solve().emv_exact)


def utility(this: Run, key: str, expected: Any) -> None:
    raise Unsupported("utilities are not part of the library yet")


HANDLERS: dict[str, Callable[[Run, str, Any], None]] = {
    "table": section,
    "tree": section,
    **dict.fromkeys(("optimistic", "pessimistic", "hurwicz", "laplace", "minimax_regret", "emv", "eol"), criterion),
    "regret_matrix": regret,
    "ev_with_perfect_information": perfect,
    "evpi": perfect,
    "payoff_thresholds": thresholds,
    "root": root,
    "nodes": nodes,
    "risk_profile_of_optimal_policy": profile,
    "strategies": strategies,
    "textbook_rounded_posteriors": rounded_tree,
    "sample_information": sample,
    "vpi": event_value,
    "vpc": event_value,
    "portfolio": projects,
    "emv_play": lottery,
    "eu_play": utility,
    "u_sure": utility,
    "choose": utility,
    "certainty_equivalent_exponential": utility,
}

#: Keys that begin so.
PREFIXES: dict[str, Callable[[Run, str, Any], None]] = {
    "strategy_regions_p_": regions,
    "breakeven_": break_even,
    "present_worth_at_": present_worth,
}


# --- Names and numbers


def number(stored: Any) -> Fraction | float:
    """A number of a case: a fraction if it has one."""
    if isinstance(stored, Mapping):
        return Fraction(stored["exact"]) if "exact" in stored else float(stored["float"])
    return Fraction(str(stored))


def near(a: float, b: float) -> bool:
    """Whether two floats are the same but for the rounding of a few operations."""
    return abs(a - b) <= 1e-12 * max(abs(a), abs(b))


def rows(states: Sequence[str], given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """P(signal | state) by state, the rows of the file being in the order of the states."""
    cells = zip(states, given["p_signal_given_state"], strict=True)
    return {state: dict(zip(given["signals"], row, strict=True)) for state, row in cells}


def pick(names: Sequence[str], short: str) -> str:
    """The name that is the short form, or the one with a word, or words, that begin like it."""
    wanted = short.lower().split("_")
    for name in names:
        if name.lower() == " ".join(wanted):
            return name
    words = {name: re.split(r"\W+", name.lower()) for name in names}
    found = [name for name in names if all(any(w.startswith(part) for w in words[name]) for part in wanted)]
    if len(found) != 1:
        raise Unsupported(f"'{short}' is not clearly one of {', '.join(names)}")
    return found[0]


def state_of(table: DecisionTable, key: str) -> str:
    """The state that `…_p_<state>` names."""
    return pick(table.states, key.rsplit("_p_", 1)[1])


def cell(table: DecisionTable, key: str) -> tuple[str, str]:
    """The alternative and the state that `<alternative>_<state>` names."""
    parts = key.split("_")
    for i in range(1, len(parts)):
        try:
            return pick(table.alternatives, "_".join(parts[:i])), pick(table.states, "_".join(parts[i:]))
        except Unsupported:
            continue
    raise Unsupported(f"'{key}' names no alternative and state")
