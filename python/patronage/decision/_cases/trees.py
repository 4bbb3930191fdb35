"""What cases expect of decision trees."""
# ruff: noqa: ARG001 -- every check takes the run, its key and what is expected

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from patronage.decision._answer import TreeAnswer
from patronage.decision._cases.case import node_of
from patronage.decision._cases.run import Run
from patronage.decision._events import rounded


def root(this: Run, key: str, expected: Any) -> None:
    this.value("EMV of the tree", expected, this.tree().emv_exact)


def nodes(this: Run, key: str, expected: Mapping[str, Any]) -> None:
    nodes_of(this, this.tree(), expected, "")


def nodes_of(this: Run, answer: TreeAnswer, expected: Mapping[str, Any], before: str) -> None:
    names, parents, labels, kinds = (answer[column] for column in ("name", "parent", "branch", "kind"))
    columns = {name: answer.fractions(name) for name in ("probability", "payoff", "to_go", "cumulative")}
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
