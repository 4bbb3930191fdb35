"""Itemsets and rules, Python to Python; one thread each, as RAYON_NUM_THREADS says to rusket and to us."""

from __future__ import annotations

from case import Case
from fimi import SHARED, expected

_ONE_THREAD = f"""
import os
os.environ["RAYON_NUM_THREADS"] = "1"
shared = {str(SHARED)!r}
"""
_TEN_LISTS = [[1, 2], [1, 2], [1], [1, 2, 3], [2], [2, 3], [1], [3], [1, 2], [2]]


def _lists(name: str) -> str:
    return (
        _ONE_THREAD
        + f"import gzip\nwith gzip.open(f'{{shared}}/data/{name}.dat.gz') as file:\n"
        + "    lists = [[int(item) for item in line.split()] for line in file]\n"
        + f"few = {_TEN_LISTS}\n"
    )


_OURS = "import patronage as pt\npt_few = pt.Baskets.from_lists(few)\n"


def _from_lists(name: str, count: int, *, times: float, apriori: bool = False) -> Case:
    """Lists of integers in, sets out: as pyfim and efficient-apriori work."""
    calls = {
        "patronage": (
            _OURS,
            "pt.frequent_itemsets(few, min_support=5)",
            f"sets = pt.frequent_itemsets(lists, min_support={count})",
            "len(sets)",
        ),
        "patronage, to a table": (
            _OURS,
            "pt.frequent_itemsets(few, min_support=5).to_frame()",
            f"sets = pt.frequent_itemsets(lists, min_support={count}).to_frame()",
            "len(sets['count'])",
        ),
    }
    for algorithm in ("fpgrowth", "eclat"):
        calls[f"pyfim {algorithm}"] = (
            "import fim\n",
            f"fim.{algorithm}(few, target='s', supp=-5, report='a')",
            f"sets = fim.{algorithm}(lists, target='s', supp=-{count}, report='a')",
            "len(sets)",
        )
    if apriori:
        calls["efficient-apriori"] = (
            "from efficient_apriori import apriori\n",
            "apriori(few, min_support=0.5, min_confidence=1)",
            f"sets, _ = apriori(lists, min_support={count - 0.5} / len(lists), min_confidence=1, max_length=99)",
            "sum(map(len, sets.values()))",
        )
    pyfim = dict.fromkeys(("pyfim fpgrowth", "pyfim eclat"), times)
    return Case(
        f"Lists to itemsets: {name} @{count}",
        _lists(name),
        calls,
        answer=_known(name, count),
        times={**pyfim, "efficient-apriori": 100},
        memory=dict.fromkeys(pyfim, 5),
    )


def _from_baskets(name: str, count: int, *, times: float, mlxtend: bool = False) -> Case:
    """The table that each tool works on is made before: mining alone."""
    share = f"min_support={count - 0.5} / len(lists)"
    calls = {
        "patronage": (
            _OURS + "baskets = pt.Baskets.from_lists(lists)\n",
            "pt.frequent_itemsets(pt_few, min_support=5)",
            f"sets = pt.frequent_itemsets(baskets, min_support={count})",
            "len(sets)",
        ),
        "rusket FPGrowth": (
            f"import rusket\nminer = rusket.FPGrowth.from_transactions(lists, {share})\n",
            "rusket.FPGrowth.from_transactions(few, min_support=0.5).mine()",
            "sets = miner.mine()",
            "len(sets)",
        ),
    }
    if mlxtend:
        calls["mlxtend fpgrowth"] = (
            "import pandas as pd\nfrom mlxtend.frequent_patterns import fpgrowth\n"
            "from mlxtend.preprocessing import TransactionEncoder\ncoder = TransactionEncoder()\n"
            "cells = coder.fit_transform(lists, sparse=True)\n"
            "onehot = pd.DataFrame.sparse.from_spmatrix(cells, columns=[str(item) for item in coder.columns_])\n",
            "",
            f"sets = fpgrowth(onehot, {share})",
            "len(sets)",
        )
    return Case(
        f"Baskets to itemsets: {name} @{count}",
        _lists(name),
        calls,
        answer=_known(name, count),
        times={"rusket FPGrowth": times, "mlxtend fpgrowth": 100},
        memory={"rusket FPGrowth": 4},
    )


def _known(name: str, count: int) -> str | None:
    sets = expected(name, count, "frequent")
    return None if sets is None else str(sets)


_RETAIL = (
    _ONE_THREAD
    + """
import pandas as pd
lines = pd.read_parquet(f"{shared}/data/online_retail.parquet", columns=["InvoiceNo", "StockCode", "Quantity"])
lines = lines.loc[lines.Quantity > 0, ["InvoiceNo", "StockCode"]].reset_index(drop=True)
few, n = lines.head(2000), lines.InvoiceNo.nunique()
"""
)

LONG_TABLE = Case(
    "From a long table to rules: Online Retail, 531,285 rows of text, count 200, confidence 0.5",
    _RETAIL,
    {
        "patronage": (
            "import patronage as pt\ndef rules_of(table, count):\n"
            "    baskets = pt.Baskets.from_table(table, basket='InvoiceNo', item='StockCode')\n"
            "    return pt.frequent_itemsets(baskets, min_support=count).rules(min_confidence=0.5).to_frame()\n",
            "rules_of(few, 5)",
            "rules = rules_of(lines, 200)",
            "len(rules)",
        ),
        "rusket": (
            "import rusket\ndef rules_of(table, share):\n"
            "    miner = rusket.FPGrowth.from_transactions(table, 'InvoiceNo', 'StockCode', min_support=share)\n"
            "    sets = miner.mine()\n"
            "    return rusket.association_rules(sets, num_itemsets=table.InvoiceNo.nunique(), min_threshold=0.5)\n",
            "rules_of(few, 0.05)",
            "rules = rules_of(lines, 199.5 / n)",
            "len(rules)",
        ),
        "mlxtend": (
            "from mlxtend.frequent_patterns import association_rules, fpgrowth\ndef rules_of(table, share):\n"
            "    onehot = pd.crosstab(table.InvoiceNo, table.StockCode).astype(bool)\n"
            "    sets = fpgrowth(onehot, min_support=share, use_colnames=True)\n"
            "    return association_rules(sets, metric='confidence', min_threshold=0.5)\n",
            "rules_of(few, 0.05)",
            "rules = rules_of(lines, 199.5 / n)",
            "len(rules)",
        ),
        "efficient-apriori": (
            "from efficient_apriori import apriori\ndef rules_of(table, share):\n"
            "    lists = table.groupby('InvoiceNo').StockCode.agg(list).tolist()\n"
            "    return apriori(lists, min_support=share, min_confidence=0.5, max_length=99)[1]\n",
            "rules_of(few, 0.05)",
            "rules = rules_of(lines, 199.5 / n)",
            "len(rules)",
        ),
        "pyfim, one item in Y": (
            "import fim\ndef rules_of(table, count):\n"
            "    lists = table.groupby('InvoiceNo').StockCode.agg(list).tolist()\n"
            "    return fim.fpgrowth(lists, target='r', supp=-count, conf=50, report='aC', mode='o')\n",
            "rules_of(few, 5)",
            "rules = rules_of(lines, 200)",
            "len(rules)",
        ),
    },
    # Two of the peers, and a count of all splits with integers.
    answer="996",
    times={"rusket": 15, "mlxtend": 150, "efficient-apriori": 50},
)

INGEST = Case(
    "A long table to baskets: 400,000 baskets of zipf990k, 2.5 million rows of integers",
    _ONE_THREAD
    + """
import gzip, itertools
import numpy as np, pandas as pd
with gzip.open(f"{shared}/data/zipf990k.dat.gz") as file:
    held = [np.array(line.split(), dtype=np.int64) for line in itertools.islice(file, 400_000)]
basket = np.repeat(np.arange(len(held)), [len(items) for items in held])
lines = pd.DataFrame({"basket": basket, "item": np.concatenate(held)})
few = lines.head(1000)
""",
    {
        "patronage": (
            "import patronage as pt\n",
            "pt.Baskets.from_table(few, basket='basket', item='item')",
            "baskets = pt.Baskets.from_table(lines, basket='basket', item='item')",
            "len(baskets)",
        ),
        "rusket": (
            "import rusket\n",
            "rusket.from_transactions_csr(few, 'basket', 'item')",
            "cells, _ = rusket.from_transactions_csr(lines, 'basket', 'item')",
            "cells.shape[0]",
        ),
        "pandas, lists": (
            "",
            "few.groupby('basket')['item'].agg(list)",
            "baskets = lines.groupby('basket')['item'].agg(list)",
            "len(baskets)",
        ),
    },
    answer="400000",
    times={"pandas, lists": 45},
    seconds=0.1,
)

_MEASURES = [
    *("support", "coverage", "consequent_support", "confidence", "lift", "leverage", "conviction", "zhang"),
    *("jaccard", "certainty", "kulczynski", "cosine"),
]
RULES = Case(
    "Rules with 12 measures: 277,447 from the 27,532 sets of T10I4D100K @100, confidence 0.8",
    _lists("T10I4D100K"),
    {
        "patronage": (
            _OURS + "sets = pt.frequent_itemsets(lists, min_support=100)\n"
            f"names = {_MEASURES}\ndef rules_of(sets):\n"
            "    rules = sets.rules(min_confidence=0.8, measures=names, sort_by=None)\n"
            "    return [rules[name] for name in names]\n",
            "rules_of(pt.frequent_itemsets(few, min_support=5))",
            "columns = rules_of(sets)",
            "len(columns[0])",
        ),
        "patronage, to a table": (
            _OURS + "sets = pt.frequent_itemsets(lists, min_support=100)\n"
            f"names = {_MEASURES}\ndef rules_of(sets):\n"
            "    return sets.rules(min_confidence=0.8, measures=names, sort_by=None).to_frame()\n",
            "rules_of(pt.frequent_itemsets(few, min_support=5))",
            "table = rules_of(sets)",
            "len(table['lift'])",
        ),
        "rusket": (
            "import rusket\nsets = rusket.FPGrowth.from_transactions(lists, min_support=99.5 / len(lists)).mine()\n",
            "small = rusket.FPGrowth.from_transactions(few, min_support=0.2).mine()\n"
            "rusket.association_rules(small, num_itemsets=len(few))",
            "rules = rusket.association_rules(sets, num_itemsets=len(lists), min_threshold=0.8)",
            "len(rules)",
        ),
        "mlxtend": (
            _OURS + "import pandas as pd\nfrom mlxtend.frequent_patterns import association_rules\n"
            "sets = pt.frequent_itemsets(lists, min_support=100)\n"
            "sets = {'support': sets['count'] / len(lists), 'itemsets': list(map(frozenset, sets['items']))}\n"
            "sets = pd.DataFrame(sets)\n",
            "",
            "rules = association_rules(sets, metric='confidence', min_threshold=0.8)",
            "len(rules)",
        ),
    },
    # Of all splits, with integers.
    answer="277447",
    times={"rusket": 35, "mlxtend": 70},
    # 0.15 millionths of a second a rule.
    seconds=0.15e-6 * 277_447,
)

CASES = {
    "lists-retail": _from_lists("retail", 88, times=2, apriori=True),
    "lists-t10": _from_lists("T10I4D100K", 100, times=2, apriori=True),
    "lists-retail-low": _from_lists("retail", 10, times=5),
    "lists-mushroom": _from_lists("mushroom", 812, times=5),
    "lists-chess": _from_lists("chess", 1600, times=5),
    "lists-chess-low": _from_lists("chess", 1200, times=50),
    "mine-retail": _from_baskets("retail", 88, times=4, mlxtend=True),
    "mine-t10": _from_baskets("T10I4D100K", 100, times=4, mlxtend=True),
    "mine-zipf": _from_baskets("zipf990k", 500, times=4),
    "mine-chess": _from_baskets("chess", 1600, times=10),
    "mine-chess-low": _from_baskets("chess", 1200, times=10),
    "online-retail": LONG_TABLE,
    "ingest": INGEST,
    "rules-12": RULES,
}
