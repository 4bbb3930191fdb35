"""Choices under uncertainty: decision tables and decision trees by expected monetary value.

The trees here are drawn from judgement: choices, chances, payoffs. For trees grown from data see
`patronage.segmentation`.

    >>> from patronage.decision import decide, chance
    >>> plant = decide("Plant size", {
    ...     "large":  chance({"favourable": (".4", 100_000), "unfavourable": ("#", -90_000)}),
    ...     "medium": chance({"favourable": (".4",  60_000), "unfavourable": ("#", -10_000)}),
    ...     "small":  chance({"favourable": (".4",  40_000), "unfavourable": ("#",  -5_000)}),
    ...     "none":   0})
    >>> answer = plant.solve()
    >>> answer.emv, answer.choice, answer.evpi
    (18000.0, ('medium',), 22000.0)

| written | read as |
|---|---|
| integers, `Fraction`, `Decimal`, text: ".4", "1/3" | exact: if all numbers are, so is the answer (`emv_exact`) |
| floats | floats; a single one makes the whole answer a float answer, even where it is written 0.4 |
| "#" | the rest of the probability, shared equally by all branches marked so |

Probabilities are never rescaled: they sum to 1 (exactly, or within 1e-9 in floats) or are refused. Ties are returned,
never broken in silence.
"""

from patronage.decision._answer import Policy, TreeAnswer
from patronage.decision._cases import Case, CaseCheck, load_case
from patronage.decision._events import Event, Events, perfect_information, rounded
from patronage.decision._information import Incoherence, SampleInformation, Signal, SignalFractions, study
from patronage.decision._parametric import ParametricTree
from patronage.decision._portfolio import EfficientFrontier, PortfolioAnswer, efficient_frontier, portfolio
from patronage.decision._risk import DominanceTable, Measures, RiskProfile, Strategies, ToleranceRegions
from patronage.decision._sensitivity import Derivatives, OneWay, Spider, Tornado, TwoWay
from patronage.decision._simulation import (
    Beta,
    Discrete,
    Distribution,
    Evppi,
    Gamma,
    LogNormal,
    Normal,
    Pert,
    Simulation,
    Triangular,
    Uniform,
)
from patronage.decision._stored import Paths, Tree
from patronage.decision._table import Criterion, DecisionTable, RegretTable, StrategyRegions, TableAnswer
from patronage.decision._targeting import TargetPlan, TestMailing, target_segments
from patronage.decision._teaching import Exercise, Marking, exercise
from patronage.decision._tree import Node, chance, decide, pay
from patronage.decision._utility import Utility

__all__ = [
    "Beta",
    "Case",
    "CaseCheck",
    "Criterion",
    "DecisionTable",
    "Derivatives",
    "Discrete",
    "Distribution",
    "DominanceTable",
    "EfficientFrontier",
    "Event",
    "Events",
    "Evppi",
    "Exercise",
    "Gamma",
    "Incoherence",
    "LogNormal",
    "Marking",
    "Measures",
    "Node",
    "Normal",
    "OneWay",
    "ParametricTree",
    "Paths",
    "Pert",
    "Policy",
    "PortfolioAnswer",
    "RegretTable",
    "RiskProfile",
    "SampleInformation",
    "Signal",
    "SignalFractions",
    "Simulation",
    "Spider",
    "Strategies",
    "StrategyRegions",
    "TableAnswer",
    "TargetPlan",
    "TestMailing",
    "ToleranceRegions",
    "Tornado",
    "Tree",
    "TreeAnswer",
    "Triangular",
    "TwoWay",
    "Uniform",
    "Utility",
    "chance",
    "decide",
    "efficient_frontier",
    "exercise",
    "load_case",
    "pay",
    "perfect_information",
    "portfolio",
    "rounded",
    "study",
    "target_segments",
]
