"""Every truth of the shared reference `clv.json`, through the Python face.

Truths are closed forms at 50 digits, checked there against an independent integral; fits are Newton's at 32 digits.
"""

import json
import math

import numpy as np
import pandas as pd
import pytest

import patronage as pt

#: The goal for answers about a customer; for estimates; for standard errors.
ANSWER, ESTIMATE, ERROR = 1e-11, 1e-9, 1e-8
#: Below this a true value may come back as 0, with a finite logarithm.
UNDERFLOW = 1e-300

MODELS = {
    "NBD": pt.clv.NBD,
    "Pareto/NBD": pt.clv.ParetoNBD,
    "BG/NBD": pt.clv.BGNBD,
    "MBG/NBD": pt.clv.MBGNBD,
    "BG/CNBD-k": pt.clv.BGCNBD,
    "MBG/CNBD-k": pt.clv.MBGCNBD,
    "GGompertz/NBD": pt.clv.GGompertzNBD,
    "BG/BB": pt.clv.BGBB,
    "sBG": pt.clv.ShiftedBetaGeometric,
    "Gamma-Gamma": pt.clv.GammaGamma,
}


@pytest.fixture(scope="module")
def reference(shared):
    return json.loads((shared("reference/clv.json")).read_text())


def close(found, expected, tolerance=ANSWER):
    expected = float(expected)
    if abs(expected) < UNDERFLOW:
        return found == pytest.approx(0, abs=UNDERFLOW)
    return found == pytest.approx(expected, rel=tolerance, abs=0)


def one(x, recency, age):
    return ([float(x)], [float(recency)], [float(age)])


def given(name, values, **options):
    model = MODELS[name]
    names = {
        "Pareto/NBD": ("r", "alpha", "s", "beta"),
        "GGompertz/NBD": ("r", "alpha", "b", "s", "beta"),
        "BG/BB": ("alpha", "beta", "gamma", "delta"),
        "sBG": ("alpha", "beta"),
        "Gamma-Gamma": ("p", "q", "gamma"),
    }.get(name, ("r", "alpha", "a", "b"))
    return model.from_parameters(**dict(zip(names, map(float, values), strict=True)), **options)


def only(result):
    """The one value of the last column."""
    values = result[result.columns[-1]]
    assert len(values) == 1
    return values[0]


def test_every_customer(reference):
    cases = reference["per_customer"]
    assert len(cases) >= 77
    for case in cases:
        told = f"{case['id']} {case['model']} {case['tag']}"
        model = given(case["model"], case["params"].values())
        customer = one(case["x"], case["t_x"], case["T"])
        truth = case["truth"]
        assert close(only(model.log_likelihood(customer)), truth["ll"]), told
        assert close(only(model.probability_alive(customer)), truth["palive"]), told
        assert math.isfinite(only(model.log_probability_alive(customer))), told
        assert close(only(model.expected_purchases(customer, horizon=case["horizon_t"])), truth["cet"]), told
        if "dert" in truth:
            rate = case["delta_continuous"]
            assert close(only(model.discounted_expected_purchases(customer, discount_rate=rate)), truth["dert"]), told


@pytest.mark.parametrize(("prefix", "name"), [("bgnbd", "BG/NBD"), ("pnbd", "Pareto/NBD")])
def test_expectations_and_distributions(reference, prefix, name):
    truths = reference["more_truth"]
    for case in truths[f"{prefix}_expectation"]:
        assert close(given(name, case["params"]).expectation(case["t"]), case["value"])
    for case in truths[f"{prefix}_pmf"]:
        assert close(given(name, case["params"]).distribution(case["t"], most=case["n"])[-1], case["value"])
    for case in truths[f"{prefix}_conditional_pmf"]:
        customer = one(case["x"], case["tx"], case["T"])
        found = given(name, case["params"]).purchase_distribution(customer, horizon=case["t"], most=case["n"])
        assert close(only(found), case["value"])


def test_discounted_purchases_of_bgnbd(reference):
    for case in reference["more_truth"]["bgnbd_dert_continuous"]:
        customer = one(case["x"], case["tx"], case["T"])
        model = given("BG/NBD", case["params"])
        assert close(only(model.discounted_expected_purchases(customer, discount_rate=case["delta"])), case["value"])


def test_gamma_gompertz(reference):
    for case in reference["more_truth"]["ggompertz_nbd"]:
        model = given("GGompertz/NBD", case["params_r_alpha_b_s_beta"])
        customer = one(case["x"], case["tx"], case["T"])
        assert close(only(model.log_likelihood(customer)), case["ll"])
        assert close(only(model.probability_alive(customer)), case["palive"])
        assert close(only(model.expected_purchases(customer, horizon=case["t"])), case["cet"])


def test_regular_purchases(reference):
    for case in reference["more_truth"]["cnbd_k"]:
        model = given(case["model"], case["params"], k=case["k"])
        x, recency, age, litt = (float(case[name]) for name in ("x", "tx", "T", "litt"))
        columns = {"frequency": [x], "recency": [recency], "T": [age]}
        assert close(only(model.probability_alive(columns)), case["palive"])
        columns["litt"] = [litt]
        if x and litt > x * math.log(recency / x) + 1e-6:
            # No five times that add up to 20 have logarithms that add up to 8: the case is about the formula alone.
            with pytest.raises(pt.errors.InvalidInput, match="litt"):
                model.log_likelihood(columns)
        else:
            assert close(only(model.log_likelihood(columns)), case["ll"])


def test_donors(reference):
    truths = reference["more_truth"]
    total = 0.0
    for case in truths["bgbb_donations_cells"]:
        model = given("BG/BB", case["params"])
        customer = one(case["x"], case["tx"], case["n"])
        assert close(only(model.log_likelihood(customer)), case["ll"])
        assert close(only(model.probability_alive(customer)), case["palive_now"])
        assert close(only(model.probability_alive(customer, horizon=1)), case["palive_next"])
        expected = only(model.expected_purchases(customer, horizon=5))
        assert close(expected, case["cet5"])
        discounted = model.discounted_expected_purchases(customer, discount_rate=math.log(1.1))
        assert close(only(discounted), case["dert_d10"])
        total += case["custs"] * expected
    assert close(total, truths["bgbb_total_expected_5yr"])
    case = truths["bgbb_cet_gamma_eq_1"]
    model = given("BG/BB", case["params"])
    customer = one(case["x"], case["tx"], case["n"])
    assert close(only(model.expected_purchases(customer, horizon=case["nstar"])), case["value"])
    for case in truths["bgbb_expectation"]:
        assert close(given("BG/BB", case["params"]).expectation(case["n"]), case["value"])


def test_contracts(reference):
    for case in reference["more_truth"]["sbg"]:
        model = given("sBG", case["params"])
        periods = len(case["survival"]) - 1
        survival = model.survival(np.arange(periods + 1))
        assert np.allclose(survival, [float(v) for v in case["survival"]], rtol=ANSWER, atol=0)
        retention = model.retention(np.arange(1, periods + 1))
        assert np.allclose(retention, [float(v) for v in case["retention"]], rtol=ANSWER, atol=0)
        assert close(model.discounted_expected_lifetime(discount_rate=0.1), case["DEL_d10"])
        for n, value in zip((1, 2, 3, 5, 8), case["DERL_d10_n"], strict=True):
            found = model.discounted_expected_residual_lifetime(periods=n, discount_rate=0.1)
            assert close(found, value), n


def test_spend(reference):
    truths = reference["more_truth"]
    for name, question in (("gg_conditional_mean", "expected_spend"), ("gg_ll", "log_likelihood")):
        for case in truths[name]:
            table = {"frequency": [case["x"]], "monetary_value": [float(case["m"])]}
            assert close(only(getattr(given("Gamma-Gamma", case["params"]), question)(table)), case["value"])
    model = given("Gamma-Gamma", truths["gg_conditional_mean"][0]["params"])
    assert close(model.mean_spend_, truths["gg_population_mean"])


@pytest.fixture(scope="module")
def histories(shared):
    """The data sets of the exact fits."""
    days = pd.read_csv(shared("data/cdnow_sample_cbs_39w.csv.gz"))
    rounded = pd.read_csv(shared("data/cdnow_sample_cbs_39w_rounded.csv.gz"))
    names = ["customer", "frequency", "recency", "T"]
    exact = days.iloc[:, :4].set_axis(names, axis=1)
    exact[["recency", "T"]] /= 7
    summary = rounded.set_axis([*names, "monetary_value"], axis=1)
    lines = pd.read_csv(shared("data/cdnow_sample.csv.gz"))
    log = pt.TransactionLog(lines, customer=lines.columns[0], time="date", amount="amount")
    calibration = log.purchase_history(period="week", as_of="1997-09-30").to_pandas()
    grocery = pd.read_csv(shared("data/grocery_elog.csv.gz"))
    basket = pt.TransactionLog(grocery, customer=grocery.columns[0], time="date")
    donors = pd.read_csv(shared("data/donations_bgbb.csv.gz"))
    return {
        "cdnow_exact_days_over_7": exact,
        "cdnow_lifetimes_rounded": summary,
        "cdnow_lifetimes_summary": summary,
        "cdnow_exact_mean_of_repeat_transactions": calibration,
        "grocery": basket.purchase_history(period="week", as_of="2006-12-31").to_pandas(),
        "donations": donors,
    }


def fitted(case, histories):
    name, dataset = case["model"], case["dataset"]
    if name == "sBG":
        which, years = dataset.split("_years0-")
        counts = {
            "regular": [1000, 631, 468, 382, 326, 289, 262, 241],
            "highend": [1000, 869, 743, 653, 593, 551, 517, 491],
        }[which]
        return MODELS[name]().fit(counts[: int(years) + 1])
    history = histories[dataset]
    if name == "BG/BB":
        donors = {"frequency": history["x"], "recency": history["t_x"], "T": history["n"]}
        return MODELS[name]().fit(donors, weights=history["custs"].to_numpy())
    return MODELS[name]().fit(history)


def test_exact_fits(reference, histories):
    cases = reference["exact_mle"]
    assert len(cases) >= 19
    for case in cases:
        told = f"{case['model']} {case['dataset']}"
        model = fitted(case, histories)
        assert model.converged_, told
        parameters, errors = list(model.parameters_.values()), list(model.standard_errors_.values())
        assert parameters == pytest.approx([float(p) for p in case["params"]], rel=ESTIMATE), told
        if "std_err" in case:
            assert errors == pytest.approx([float(e) for e in case["std_err"]], rel=ERROR), told
        assert model.log_likelihood_ == pytest.approx(float(case["loglik"]), rel=1e-12), told
