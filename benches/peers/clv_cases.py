"""Customer lifetime value: fits, predictions, resampling; held against exact maximum-likelihood fits where known."""

from __future__ import annotations

from case import Case

#: The CDNOW sample of the package lifetimes: times in weeks, rounded to two decimals.
_SAMPLE = """
import numpy as np
from lifetimes.datasets import load_cdnow_summary
frame = load_cdnow_summary(index_col=[0])
x, tx, T = (frame[name].to_numpy(dtype=float) for name in ("frequency", "recency", "T"))
"""

#: All 23,570 customers of CDNOW, calibrated to the end of September 1997, in weeks.
_MASTER = """
import os, pathlib, numpy as np, pandas as pd
shared = pathlib.Path(os.environ.get("PATRONAGE_SHARED", "../shared"))
log = pd.read_csv(shared / "data/cdnow_master.csv.gz")
date = next(name for name in log.columns if "date" in name.lower())
who = log.columns[0]
log["day"] = pd.to_datetime(log[date].astype(str), format="mixed")
log = log[log.day <= "1997-09-30"]
days = log.groupby(who).day
frame = pd.DataFrame({"frequency": days.nunique() - 1, "first": days.min(), "last": days.max()})
x = frame.frequency.to_numpy(dtype=float)
tx = (frame["last"] - frame["first"]).dt.days.to_numpy() / 7
T = (pd.Timestamp("1997-09-30") - frame["first"]).dt.days.to_numpy() / 7
"""

#: A million customers who behave as BG/NBD says with CDNOW's parameters, watched for up to 39 weeks, to the day.
_MILLION = """
import numpy as np
rng = np.random.default_rng(39)
n = 1_000_000
T = rng.integers(27 * 7, 39 * 7 + 1, n) / 7
rate = rng.gamma(0.243, 1 / 4.414, n)
leave = rng.beta(0.793, 2.426, n)
x, tx, now = np.zeros(n), np.zeros(n), np.zeros(n)
going = np.flatnonzero(rate > 1e-9)
while len(going):
    now[going] += rng.exponential(1 / rate[going])
    day = np.ceil(now[going] * 7) / 7
    going, day = going[day <= T[going]], day[day <= T[going]]
    new = day > tx[going]
    x[going] += new
    tx[going] = day
    going = going[rng.random(len(going)) > leave[going]]
"""

_DATA = {
    "sample": ("CDNOW sample, 2,357 customers", _SAMPLE),
    "master": ("CDNOW, 23,570 customers", _MASTER),
    "million": ("1,000,000 simulated customers", _MILLION),
}

_OURS = (
    "import patronage as pt\ntable = {'frequency': x, 'recency': tx, 'T': T}\nfew = (x[:1000], tx[:1000], T[:1000])\n"
)

_PYMC = """
import logging, warnings, pandas as pd
logging.disable(logging.WARNING)
warnings.simplefilter("ignore")
from pymc_marketing import clv
def data(n):
    return pd.DataFrame({"customer_id": range(n), "frequency": x[:n], "recency": tx[:n], "T": T[:n]})
"""


def _fit(ours: str, lifetimes: str, pymc: str | None, where: str, answer: str | None, times: dict[str, float]) -> Case:
    title, setup = _DATA[where]
    calls = {
        "patronage": (
            _OURS,
            f"pt.clv.{ours}().fit(few)",
            f"model = pt.clv.{ours}().fit(table)",
            "[round(v, 3) for v in model.parameters_.values()]",
        ),
        "lifetimes": (
            f"from lifetimes import {lifetimes} as Fitter\n",
            "Fitter().fit(x[:1000], tx[:1000], T[:1000])",
            "model = Fitter().fit(x, tx, T)",
            "[round(float(v), 3) for v in model.params_]",
        ),
    }
    if pymc is not None:
        # Its priors move the estimate; the time includes compiling, which every fit does.
        names = "('r', 'alpha', 'a', 'b')" if pymc == "BetaGeoModel" else "('r', 'alpha', 's', 'beta')"
        calls["pymc-marketing MAP"] = (
            _PYMC,
            "",
            f"model = clv.{pymc}(data=data(len(x)))\nmodel.fit(method='map', progressbar=False)",
            f"[round(float(np.ravel(np.asarray(model.fit_result[k]))[0]), 3) for k in {names}], 'with its priors'",
        )
    return Case(f"{ours}, maximum likelihood with standard errors: {title}", setup, calls, answer, times=times)


_PREDICT = {
    "BGNBD": ("BetaGeoFitter", "r=0.243, alpha=4.414, a=0.793, b=2.426", "('r', 'alpha', 'a', 'b')", 0.15),
    "ParetoNBD": ("ParetoNBDFitter", "r=0.553, alpha=10.578, s=0.606, beta=11.669", "('r', 'alpha', 's', 'beta')", 0.1),
}


def _predict(ours: str) -> Case:
    lifetimes, given, _, seconds = _PREDICT[ours]
    return Case(
        f"{ours}, P(alive) and purchases expected in 39 weeks: {_DATA['million'][0]}",
        _MILLION,
        {
            "patronage": (
                _OURS + f"model = pt.clv.{ours}.from_parameters({given})\n",
                "model.probability_alive(few), model.expected_purchases(few, horizon=39)",
                "alive = model.probability_alive(table)\nexpected = model.expected_purchases(table, horizon=39)",
                "round(float(alive['probability_alive'].mean()), 6), "
                "round(float(expected['expected_purchases'].mean()), 6)",
            ),
            "lifetimes": (
                f"import pandas as pd\nfrom lifetimes import {lifetimes} as Fitter\n"
                f"model = Fitter()\nmodel.params_ = pd.Series(dict({given}))\n",
                "model.conditional_probability_alive(x[:9], tx[:9], T[:9])",
                "alive = model.conditional_probability_alive(x, tx, T)\n"
                "expected = model.conditional_expected_number_of_purchases_up_to_time(39, x, tx, T)",
                "round(float(np.mean(alive)), 6), round(float(np.mean(expected)), 6)",
            ),
        },
        seconds=seconds,
    )


BOOTSTRAP = Case(
    "BG/NBD, 200 bootstrap refits: CDNOW sample",
    _SAMPLE,
    {
        "patronage": (
            _OURS + "model = pt.clv.BGNBD().fit(table)\n",
            "model.bootstrap(table, repeats=2, seed=1)",
            "draws = model.bootstrap(table, repeats=200, seed=1)",
            "[round(float(np.std(draws[k])), 2) for k in ('r', 'alpha', 'a', 'b')], 'standard deviations'",
        ),
        "lifetimes, by hand": (
            "from lifetimes import BetaGeoFitter\nrng = np.random.default_rng(1)\n",
            "",
            "found = []\nfor _ in range(200):\n"
            "    i = rng.integers(0, len(x), len(x))\n"
            "    found.append(BetaGeoFitter().fit(x[i], tx[i], T[i]).params_)\n",
            "[round(float(v), 2) for v in np.std(found, axis=0)], 'standard deviations'",
        ),
    },
    seconds=0.2,
)

NUTS = Case(
    "Pareto/NBD, NUTS, 4 chains of 1,000 draws after 1,000 of tuning: CDNOW sample",
    _SAMPLE,
    {
        "patronage": (
            _OURS,
            "",
            "posterior = pt.clv.ParetoNBD().posterior(table, chains=4, draws=1000, warmup=1000, seed=1)",
            "[round(float(np.mean(posterior[k])), 2) for k in ('r', 'alpha', 's', 'beta')]",
        ),
        "pymc-marketing": (
            _PYMC,
            "",
            "model = clv.ParetoNBDModel(data=data(len(x)))\n"
            "model.fit(method='mcmc', draws=1000, tune=1000, chains=4, cores=1, progressbar=False, random_seed=1)",
            "[round(float(model.fit_result[k].mean()), 2) for k in ('r', 'alpha', 's', 'beta')], 'with its priors'",
        ),
    },
    times={"pymc-marketing": 20},
)

#: Exact fits (Newton on a likelihood of 32 digits, for the master file in doubles), to three decimals.
EXACT = {
    "bgnbd_sample": "[0.243, 4.414, 0.793, 2.426]",
    "bgnbd_master": "[0.252, 4.789, 0.723, 2.161]",
    "pareto_sample": "[0.553, 10.578, 0.606, 11.668]",
    "pareto_master": "[0.597, 11.586, 0.522, 8.828]",
}

CASES = {
    "bgnbd_sample": _fit("BGNBD", "BetaGeoFitter", "BetaGeoModel", "sample", EXACT["bgnbd_sample"], {"lifetimes": 100}),
    "bgnbd_master": _fit("BGNBD", "BetaGeoFitter", None, "master", EXACT["bgnbd_master"], {"lifetimes": 40}),
    "bgnbd_million": _fit("BGNBD", "BetaGeoFitter", None, "million", None, {"lifetimes": 80}),
    "pareto_sample": _fit(
        "ParetoNBD",
        "ParetoNBDFitter",
        "ParetoNBDModel",
        "sample",
        EXACT["pareto_sample"],
        {"lifetimes": 60, "pymc-marketing MAP": 900},
    ),
    "pareto_master": _fit("ParetoNBD", "ParetoNBDFitter", None, "master", EXACT["pareto_master"], {"lifetimes": 50}),
    "pareto_million": _fit("ParetoNBD", "ParetoNBDFitter", None, "million", None, {"lifetimes": 150}),
    "bgnbd_predict": _predict("BGNBD"),
    "pareto_predict": _predict("ParetoNBD"),
    "clv_bootstrap": BOOTSTRAP,
    "clv_nuts": NUTS,
}
