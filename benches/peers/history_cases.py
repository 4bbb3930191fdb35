"""A log to its purchase history: each tool's own way to frequency, recency, T and the mean repeat spend."""

from __future__ import annotations

from case import Case

#: The purchases of 740,000 customers over two years, in the order of time, in whole cents; Arrow, Polars and pandas
#: share the columns. Rates and lifetimes differ from customer to customer; one in a hundred lines is a second one of
#: its customer and day.
_SIMULATED = """
import numpy as np
def simulated(customers, days, seed):
    random = np.random.default_rng(seed)
    first = random.integers(0, days, customers)
    active = np.minimum(random.exponential(days, customers), days - first)
    repeats = random.poisson(random.gamma(0.75, 1.0, customers) * active * 0.0415)
    who = np.repeat(np.arange(customers), repeats + 1)
    day = first[who] + (random.random(len(who)) * (active[who] + 1)).astype(np.int64)
    day[np.concatenate([[0], np.cumsum(repeats + 1)[:-1]])] = first
    again = random.integers(0, len(who), len(who) // 100)
    who, day = np.concatenate([who, who[again]]), np.concatenate([day, day[again]])
    order = np.argsort(day, kind="stable")
    ids = random.permutation(customers) + 100_000
    return ids[who[order]], (day[order] + 9_862).astype(np.int32), random.integers(99, 20_000, len(who)) / 100
who, day, paid = simulated({customers}, 730, 1)
"""

_CDNOW = """
import csv, gzip, os
import numpy as np
with gzip.open(os.path.join(os.environ["PATRONAGE_SHARED"], "data", "cdnow_master.csv.gz"), "rt") as file:
    rows = list(csv.DictReader(file))
who = np.array([int(row["customer_id"]) for row in rows])
day = np.array([row["date"] for row in rows], dtype="datetime64[D]").astype(np.int32)
paid = np.array([float(row["amount"]) for row in rows])
del rows
"""

#: A small log beside, to warm up on.
_FRAMES = """
import pyarrow as pa
def table(rows):
    days = pa.array(day[:rows]).cast(pa.date32())
    return pa.table({"who": pa.array(who[:rows]), "day": days, "paid": pa.array(paid[:rows])})
log, few = table(len(who)), table(1000)
end = day.max()
"""

_TEXTS = """
def texts(table):
    names = [f"customer-{n:07d}" for n in table["who"].to_pylist()]
    return table.set_column(0, "who", pa.array(names, pa.large_string()))
log, few = texts(log), texts(few)
"""

_POLARS = "import polars as pl\nlog, few = pl.from_arrow(log), pl.from_arrow(few)\n"
_PANDAS = (
    "import pandas as pd\n"
    "def frame(rows):\n"
    "    when = day[:rows].astype('datetime64[D]').astype('datetime64[us]')\n"
    "    return pd.DataFrame({'who': who[:rows], 'day': when, 'paid': paid[:rows]})\n"
    "log, few = frame(len(who)), frame(1000)\n"
    "end = pd.Timestamp(np.datetime64(int(end), 'D'))\n"
)
#: Of each tool the same: customers, repeat purchases, days of recency and T, mean repeat spend added up.
_OURS = (
    "history['frequency'].size, int(history['frequency'].sum()), int(history['recency'].sum()), "
    "int(history['T'].sum()), round(float(np.nansum(history['monetary_value'])), 2)"
)
_THEIRS = (
    "len(h['x']), int(h['x'].sum()), int(h['t'].sum()), int(h['T'].sum()), "
    "round(float(np.nansum(np.asarray(h['m'], dtype=float))), 2)"
)
_ROLES = "customer='who', time='day', amount='paid'"


def _ours(setup: str, call: str) -> tuple[str, str, str, str]:
    return (f"import patronage as pt\n{setup}", call.format(log="few"), f"history = {call.format(log='log')}", _OURS)


_DIRECT = f"pt.purchase_history({{log}}, {_ROLES}, period='day')"
_LOG = f"pt.TransactionLog({{log}}, {_ROLES}).purchase_history(period='day')"

_BY_POLARS = (
    _POLARS
    + """
def history(t):
    c = pl.col
    days = t.lazy().group_by("who", "day").agg(c("paid").sum())
    h = days.group_by("who").agg(
        (pl.len() - 1).alias("x"), c("day").min().alias("first"), c("day").max().alias("last"),
        c("paid").sum().alias("total"), c("paid").min_by("day").alias("begin"))
    return h.select("who", "x", (c("last") - c("first")).dt.total_days().alias("t"),
        (pl.lit(int(end)).cast(pl.Date) - c("first")).dt.total_days().alias("T"),
        pl.when(c("x") > 0).then((c("total") - c("begin")) / c("x")).alias("m")).collect()
""",
    "history(few)",
    "h = history(log)",
    _THEIRS.replace("h['m']", "h['m'].to_numpy()"),
)
_BY_DUCKDB = (
    """
import duckdb
def history(name):
    return duckdb.sql(f'''
        with days as (select who, day, sum(paid) paid from {name} group by all)
        select who, count(*) - 1 x, max(day) - min(day) t, date '1970-01-01' + {end}::int - min(day) T_,
            (sum(paid) - arg_min(paid, day)) / nullif(count(*) - 1, 0) m
        from days group by who''').fetchnumpy()
""",
    "history('few')",
    "h = history('log')",
    _THEIRS.replace("h['T']", "h['T_']").replace("np.nansum(np.asarray(h['m'], dtype=float))", "h['m'].sum()"),
)
_BY_PANDAS = (
    _PANDAS
    + """
def history(t):
    days = t.groupby(["who", "day"], sort=True)["paid"].sum().reset_index()
    g = days.groupby("who")
    h = g.agg(first=("day", "first"), last=("day", "last"), n=("day", "size"), total=("paid", "sum"),
        begin=("paid", "first"))
    x = h.n - 1
    return pd.DataFrame({"x": x, "t": (h["last"] - h["first"]).dt.days, "T": (end - h["first"]).dt.days,
        "m": ((h.total - h.begin) / x).where(x > 0)})
""",
    "history(few)",
    "h = history(log)",
    _THEIRS,
)
_BY_LIFETIMES = (
    _PANDAS + "from lifetimes.utils import summary_data_from_transaction_data as summary\n",
    "summary(few, 'who', 'day', 'paid', observation_period_end=end)",
    "h = summary(log, 'who', 'day', 'paid', observation_period_end=end)",
    "len(h), int(h['frequency'].sum()), int(h['recency'].sum()), int(h['T'].sum()), "
    "round(float(h['monetary_value'].sum()), 2)",
)


def _case(title: str, setup: str) -> Case:
    return Case(
        title,
        setup + _FRAMES,
        {
            "patronage": _ours(_POLARS, _DIRECT),
            "patronage, from pandas": _ours(_PANDAS, _DIRECT),
            "patronage, TransactionLog": _ours(_POLARS, _LOG),
            "polars": _BY_POLARS,
            "duckdb": _BY_DUCKDB,
            "pandas": _BY_PANDAS,
            "lifetimes": _BY_LIFETIMES,
        },
        times={"polars": 5, "duckdb": 5, "lifetimes": 20},
        memory={"polars": 2, "duckdb": 2},
    )


_LARGE = _SIMULATED.replace("{customers}", "740_000")
_STRINGS = _LARGE + _FRAMES + _TEXTS

CASES = {
    "history": _case("Log to purchase history: 7 million lines of 740,000 customers, ids integers", _LARGE),
    "history-cdnow": _case("Log to purchase history: the CDNOW master, 69,659 lines of 23,570 customers", _CDNOW),
    "history-texts": Case(
        "Log to purchase history: 7 million lines of 740,000 customers, ids strings",
        _STRINGS,
        {
            "patronage": _ours(_POLARS, _DIRECT),
            "patronage, TransactionLog": _ours(_POLARS, _LOG),
            "polars": _BY_POLARS,
            "duckdb": _BY_DUCKDB,
        },
        times={"polars": 5, "duckdb": 5},
        memory={"polars": 2, "duckdb": 2},
    ),
}
