"""Customers drawn from the models: do they do what the model says?"""

import lifetimes.generate_data as theirs
import numpy as np
import pandas as pd
import pytest
from scipy import special

import patronage as pt
import patronage.compat.lifetimes as ours
import patronage.compat.lifetimes.generate_data as drawn

from .models import PARAMETERS

NAMES = {
    "BetaGeoFitter": "beta_geometric_nbd_model",
    "ModifiedBetaGeoFitter": "modified_beta_geometric_nbd_model",
    "ParetoNBDFitter": "pareto_nbd_model",
    "BetaGeoBetaBinomFitter": "beta_geometric_beta_binom_model",
}
SIZE = 200_000


def draw(name, t, size=SIZE):
    np.random.seed(7)
    return getattr(drawn, NAMES[name])(t, **PARAMETERS[name], size=size)


def near(found, expected, spread):
    """Within five standard errors of a mean of SIZE customers."""
    return abs(found - expected) < 5 * spread / np.sqrt(SIZE)


@pytest.mark.parametrize("name", NAMES)
def test_frames_as_those_of_lifetimes(name):
    t = 6 if name == "BetaGeoBetaBinomFitter" else 39.0
    found, expected = draw(name, t, 50), getattr(theirs, NAMES[name])(t, **PARAMETERS[name], size=50)
    pd.testing.assert_series_equal(found.dtypes, expected.dtypes)
    assert found.index.name == expected.index.name
    assert found.index.dtype == expected.index.dtype
    assert set(found["alive"]) <= {0.0, 1.0}
    pd.testing.assert_frame_equal(found, draw(name, t, 50))  # the seed decides
    many = getattr(drawn, NAMES[name])(np.array([t, 2 * t, 3 * t]), **PARAMETERS[name], size=2)
    assert many.iloc[:, 2].tolist() == [t, 2 * t]
    with pytest.raises(pt.errors.InvalidParameter, match="size = 4 is not possible for 3 times"):
        getattr(drawn, NAMES[name])(np.array([t, t, t]), **PARAMETERS[name], size=4)


@pytest.mark.parametrize("name", ["BetaGeoFitter", "ModifiedBetaGeoFitter", "ParetoNBDFitter"])
def test_expectations_of_the_papers(name):
    """E[X(t)] by SciPy's hypergeometric function; the probability of no purchase in closed form."""
    t, p = 39.0, PARAMETERS[name]
    customers = draw(name, t)
    r, alpha = p["r"], p["alpha"]
    idle = (alpha / (alpha + t)) ** r
    if name == "ParetoNBDFitter":
        s, beta = p["s"], p["beta"]
        expected = r * beta / (alpha * (s - 1)) * (1 - (beta / (beta + t)) ** (s - 1))
        alive = (beta / (beta + t)) ** s
        assert near(customers["alive"].mean(), alive, np.sqrt(alive * (1 - alive)))
    else:
        a, b, m = p["a"], p["b"], name == "ModifiedBetaGeoFitter"
        hyp = special.hyp2f1(r, b + m, a + b + m - 1, t / (alpha + t))
        expected = (a + b + m - 1) / (a - 1) * (1 - hyp * idle) * (b / (a + b) if m else 1)
        never = a / (a + b) + b / (a + b) * idle if m else idle
        assert near((customers["frequency"] == 0).mean(), never, 0.5)
    assert near(customers["frequency"].mean(), expected, customers["frequency"].std())
    assert (customers["recency"] < t).all()
    assert ((customers["recency"] > 0) == (customers["frequency"] > 0)).all()
    assert near(customers["lambda"].mean(), r / alpha, np.sqrt(r) / alpha)


def test_donors(shared):
    """E[X(n)] and P(alive at n + 1) of Fader, Hardie & Shang (2010)."""
    import json

    customers = draw("BetaGeoBetaBinomFitter", 6)
    cases = json.loads(shared("reference/clv.json").read_text())["more_truth"]["bgbb_expectation"]
    expected = next(float(case["value"]) for case in cases if case["n"] == 6)
    assert near(customers["frequency"].mean(), expected, 2.0)
    p = PARAMETERS["BetaGeoBetaBinomFitter"]
    survives = np.exp(special.betaln(p["gamma"], p["delta"] + 7) - special.betaln(p["gamma"], p["delta"]))
    assert near(customers["alive"].mean(), survives, 0.5)
    assert (customers["recency"] >= customers["frequency"]).all()
    assert (customers["recency"] <= 6).all()


def test_a_fit_finds_the_parameters_again():
    """Within four standard errors; lifetimes' customers, who buy at most once in a unit, are another model's."""
    true = {"r": 0.6, "alpha": 1.5, "a": 0.8, "b": 2.5}
    np.random.seed(3)
    mine = drawn.beta_geometric_nbd_model(40.0, **true, size=4000)
    np.random.seed(3)
    other = theirs.beta_geometric_nbd_model(40.0, **true, size=4000)
    off = {}
    for name, customers in (("mine", mine), ("theirs", other[(other["frequency"] > 0) | (other["recency"] == 0)])):
        fitter = ours.BetaGeoFitter().fit(customers["frequency"], customers["recency"], customers["T"])
        off[name] = ((fitter.params_ - pd.Series(true)) / fitter.standard_errors_).abs().max()
    assert off["mine"] < 4 < off["theirs"]


def test_new_customers_of_a_fit(bgf, columns):
    np.random.seed(1)
    customers = bgf.generate_new_data(size=2357)
    assert customers["T"].tolist() == columns[2].tolist()
    # 2,457 repeat purchases in the data, and as many expected.
    assert customers["frequency"].sum() == pytest.approx(2457, rel=0.15)
    assert len(bgf.generate_new_data()) == 1


def test_logs(bgf):
    """A summary of the log gives back what was drawn, less the purchases of one day."""
    np.random.seed(2)
    log = drawn.beta_geometric_nbd_model_transactional_data(
        100, r=0.25, alpha=4, a=0.8, b=2.5, observation_period_end="2019-01-01", size=2000
    )
    assert list(log.columns) == ["customer_id", "date"]
    assert log["customer_id"].is_monotonic_increasing
    first = log.groupby("customer_id")["date"].min()
    assert (first == pd.Timestamp("2019-01-01") - pd.Timedelta(100, "D")).all()
    assert log["date"].max() <= pd.Timestamp("2019-01-02")
    assert len(first) == 2000
    purchases = len(log) / 2000 - 1
    fitter = ours.BetaGeoFitter()
    fitter.params_ = {"r": 0.25, "alpha": 4, "a": 0.8, "b": 2.5}
    assert purchases == pytest.approx(fitter.expected_number_of_purchases_up_to_time(100), rel=0.2)
