"""Decision trees: rollback, exact rollback, building, ten million nodes."""

from __future__ import annotations

from case import Case

#: 112,347 nodes: decisions (2 alternatives) and chance (4 outcomes) in turn, 65,536 leaves; whole payoffs from 0 to 999
#: by a linear congruential generator.
_TREE = """
import time
parent, probability, payoff, level, decision, state = [-1], [None], [0], [0], True, 12345
for depth in range(11):
    below = []
    for above in level:
        for k in range(2 if decision else 4):
            below.append(len(parent))
            parent.append(above)
            probability.append(None if decision else (0.1, 0.2, 0.3, 0.4)[k])
            payoff.append(0)
    level, decision = below, not decision
for leaf in level:
    state = (1103515245 * state + 12345) % 2**31
    payoff[leaf] = state % 1000
branches = [[] for _ in parent]
for i, above in enumerate(parent[1:], 1):
    branches[above].append(i)
def nested(decide, chance, leaf):
    made = [None] * len(parent)
    for i in reversed(range(len(parent))):
        if not branches[i]:
            made[i] = leaf(payoff[i])
        elif probability[branches[i][0]] is None:
            made[i] = decide({str(k): made[b] for k, b in enumerate(branches[i])})
        else:
            made[i] = chance([(probability[b], made[b], str(k)) for k, b in enumerate(branches[i])])
    return made[0]
"""

#: Runs that are too short for the clock are repeated.
_TWENTY = "start = time.process_time()\nfor _ in range(20):\n    {}\ntold = (time.process_time() - start) / 20"

_OURS = (
    "value = [float('nan') if below else float(x) for x, below in zip(payoff, branches)]\n"
    "import numpy as np\nfrom patronage.decision import Tree\n"
    "columns = {'parent': np.array(parent), 'probability': np.array(probability, float),\n"
    "           'value': np.array(value)}\n"
)

_SILVER = """
import json, os, subprocess
given = {"parent": parent, "payoff": [str(x) for x in payoff], "probability": [p and str(p) for p in probability]}
command = ["node", "--stack-size=50000", os.environ["PATRONAGE_SILVER"]]
"""
_SILVER_CALL = (
    "found = json.loads(subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)"
    ".stdout)\ntold = found['rollback']"
)

_DECISION_TOOL = "import decision_tool\nliteral = nested(dict, list, float)\n"

_RECURSION = """
def value(node):
    below = branches[node]
    if not below:
        return payoff[node]
    if probability[below[0]] is None:
        return max(value(b) for b in below)
    return sum(probability[b] * value(b) for b in below)
"""

_VALUE = "round({}, 6)"

ROLLBACK = Case(
    "Decision tree of 112,347 nodes, rollback in floats",
    _TREE,
    {
        "patronage": (
            _OURS + "tree = Tree.from_frame(columns)\n",
            "tree.solve(exact=False)",
            _TWENTY.format("answer = tree.solve(exact=False)"),
            _VALUE.format("answer.emv"),
        ),
        "sd-computations (in fractions)": (_SILVER, "", _SILVER_CALL, _VALUE.format("found['value']")),
        "decision-tool": (
            _DECISION_TOOL + "tree = decision_tool.Tree(literal)\n",
            "",
            "tree.solve()",
            _VALUE.format("tree.mean"),
        ),
        "Python, by recursion": (_RECURSION, "", "answer = value(0)", _VALUE.format("answer")),
    },
    times={"sd-computations (in fractions)": 4000, "decision-tool": 1000},
)

EXACT = Case(
    "The same tree, rollback in fractions",
    _TREE,
    {
        "patronage": (
            _OURS + "columns['probability'] = [p and str(p) for p in probability]\n"
            "columns['value'] = [None if below else str(x) for x, below in zip(payoff, branches)]\n"
            "tree = Tree.from_frame(columns)\n",
            "tree.solve()",
            _TWENTY.format("answer = tree.solve()"),
            f"{_VALUE.format('answer.emv')}",
        ),
        "sd-computations": (_SILVER, "", _SILVER_CALL, _VALUE.format("found['value']")),
        "Python, Fraction by recursion": (
            "from fractions import Fraction\nprobability = [p and Fraction(str(p)) for p in probability]\n"
            + _RECURSION,
            "",
            "answer = value(0)",
            _VALUE.format("float(answer)"),
        ),
    },
    times={"sd-computations": 90},
    seconds=0.015,
)

BUILD = Case(
    "The same tree, built and solved",
    _TREE,
    {
        "patronage, from columns": (
            _OURS,
            "",
            "answer = Tree.from_frame(columns).solve(exact=False)",
            _VALUE.format("answer.emv"),
        ),
        "patronage, from literals": (
            "from patronage.decision import chance, decide\n"
            "outcomes = lambda branches: chance({label: (p, below) for p, below, label in branches})\n"
            "root = nested(lambda d: decide('', d), outcomes, float)\n",
            "",
            "answer = root.solve(exact=False)",
            _VALUE.format("answer.emv"),
        ),
        "decision-tool": (
            _DECISION_TOOL,
            "",
            "tree = decision_tool.Tree(literal)\ntree.solve()",
            _VALUE.format("tree.mean"),
        ),
    },
    times={"decision-tool": 20},
)

#: Ten million nodes, three branches each, decisions and chance in turn.
_MILLIONS = """
import numpy as np
n = 10_000_000
parent = (np.arange(n) + 2) // 3 - 1
probability = np.full(n, np.nan)
start, width, chance = 1, 3, False
while start < n:
    stop = min(start + width, n)
    if chance:
        probability[start:stop] = np.resize([0.2, 0.3, 0.5], stop - start)
    start, width, chance = start + width, width * 3, not chance
value = np.random.default_rng(7).integers(0, 1000, n).astype(float)
value[: (n - 1) // 3] = np.nan
"""

MILLIONS = Case(
    "Decision tree of 10,000,000 nodes, rollback in floats",
    _MILLIONS,
    {
        "patronage": (
            "from patronage.decision import Tree\n"
            "tree = Tree.from_frame({'parent': parent, 'probability': probability, 'value': value})\n",
            "",
            "answer = tree.solve(exact=False)",
            "round(answer.emv, 4)",
        ),
        "NumPy, level by level": (
            "value = np.nan_to_num(value)\nends = [(3**d - 1) // 2 for d in range(20)]\ninner = (n - 1) // 3\n",
            "",
            "for d in reversed(range(19)):\n"
            "    first, last = ends[d], min(ends[d + 1], inner)\n"
            "    if first < last:\n"
            "        below = value[3 * first + 1 : 3 * last + 1].reshape(-1, 3)\n"
            "        value[first:last] = below @ [0.2, 0.3, 0.5] if d % 2 else below.max(axis=1)\n",
            "round(float(value[0]), 4)",
        ),
    },
    seconds=0.1,
)

MILLIONS_BUILD = Case(
    "The same ten million nodes, built from columns",
    _MILLIONS,
    {
        "patronage": (
            "from patronage.decision import Tree\n",
            "",
            "tree = Tree.from_frame({'parent': parent, 'probability': probability, 'value': value})",
            "len(tree), f'{tree.nbytes / len(tree):.0f} bytes a node'",
        ),
    },
)

#: The shale gas plot of 16 nodes with five uncertain numbers, in the same 2²⁰ samples for all.
_SAMPLES = """
import numpy as np
rng = np.random.default_rng(1)
ends = {"p": (.5, .9), "gas": (1500, 3500), "dig": (200, 400), "price": (600, 1000), "good": (.75, 1)}
samples = {name: rng.uniform(*pair, 2**20) for name, pair in ends.items()}
"""

SIMULATION = Case(
    "Decision tree of 16 nodes in 1,048,576 samples of its parameters: solved in each, EVPI over all strategies",
    _SAMPLES,
    {
        "patronage": (
            "from patronage.decision import chance, decide, pay\n"
            "dig = lambda p: pay('-dig') >> chance({'gas': (p, 'gas'), 'none': ('#', 0)})\n"
            "late = lambda p, price: decide('', {'sell': price, 'dig': dig(p)})\n"
            "test = chance({'negative': ('.28', late('1/4', 600)), 'positive': ('#', late('good', 1000))})\n"
            "tree = decide('plot', {'sell': 'price', 'dig': dig('p'), 'test': pay(-50) >> test}).with_parameters(\n"
            "    p='.7', gas=2500, dig=300, price=800, good='7/8')\n",
            "",
            "found = tree.simulate(samples=samples)",
            "round(found.evpi, 6)",
        ),
        "NumPy, by hand": (
            "",
            "",
            "p, gas, dig, price, good = samples.values()\n"
            "after = [[600, gas / 4 - dig], [1000, good * gas - dig]]\n"
            "test = [.28 * low + .72 * high - 50 for low in after[0] for high in after[1]]\n"
            "values = [price, p * gas - dig, *test]\n"
            "evpi = np.maximum.reduce(np.broadcast_arrays(*values)).mean() - max(np.mean(x) for x in values)",
            "round(float(evpi), 6)",
        ),
    },
    seconds=0.05,
)

CASES = {
    "decision_tree": ROLLBACK,
    "decision_exact": EXACT,
    "decision_build": BUILD,
    "decision_millions": MILLIONS,
    "decision_millions_build": MILLIONS_BUILD,
    "decision_simulation": SIMULATION,
}
