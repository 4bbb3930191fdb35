"""CDNOW: estimates as published, and customers as lifetimes 0.11.3 has them."""

import json

import lifetimes
import numpy as np
import pytest

import patronage as pt


def test_bgnbd_as_published(model):
    # Fader, Hardie & Lee (2005), table 2.
    assert model.parameters_ == pytest.approx({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, abs=5e-4)
    assert round(model.log_likelihood_, 1) == -9582.4
    assert model.converged_
    assert model.ending_ == "converged"
    assert model.customers_ == 2357


def test_gamma_gamma_as_published(spend):
    # Fader & Hardie (2013), note 025.
    assert spend.parameters_ == pytest.approx({"p": 6.25, "q": 3.74, "gamma": 15.44}, abs=5e-3)
    assert spend.log_likelihood_ == pytest.approx(-4055.92, abs=5e-3)
    assert spend.customers_ == 946
    assert spend.correlation_ == pytest.approx(0.11, abs=0.01)  # the paper's own figure
    assert spend.set_aside_ == 0


@pytest.mark.parametrize(
    ("name", "dataset"),
    [("BG/NBD", "cdnow_exact_days_over_7"), ("Gamma-Gamma", "cdnow_exact_mean_of_repeat_transactions")],
)
def test_exact_maximum(shared, model, spend, name, dataset):
    """Newton's method on a likelihood of 32 digits."""
    fits = json.loads(shared("reference/clv.json").read_text())["exact_mle"]
    exact = next(fit for fit in fits if fit["model"] == name and fit["dataset"] == dataset)
    found = model if name == "BG/NBD" else spend
    for i, parameter in enumerate(exact["param_names"]):
        assert found.parameters_[parameter] == pytest.approx(float(exact["params"][i]), rel=1e-9)
        assert found.standard_errors_[parameter] == pytest.approx(float(exact["std_err"][i]), rel=1e-8)
    assert found.log_likelihood_ == pytest.approx(float(exact["loglik"]), rel=1e-12)


@pytest.fixture(scope="module")
def fitter(cdnow, model):
    """Lifetimes' predictions at our estimates: both then answer the same question."""
    fitter = lifetimes.BetaGeoFitter()
    fitter.params_ = {name: model.parameters_[name] for name in ("r", "alpha", "a", "b")}
    return fitter


def test_predictions_as_lifetimes(cdnow, model, fitter):
    x, t_x, T = cdnow["frequency"], cdnow["recency"], cdnow["T"]
    for horizon in (1, 39, 200.5):
        expected = fitter.conditional_expected_number_of_purchases_up_to_time(horizon, x, t_x, T)
        found = model.expected_purchases(cdnow, horizon=horizon)["expected_purchases"]
        np.testing.assert_allclose(found, expected, rtol=1e-9)
    alive = model.probability_alive(cdnow)["probability_alive"]
    np.testing.assert_allclose(alive, fitter.conditional_probability_alive(x, t_x, T), rtol=1e-10)
    weeks = np.array([0.5, 4.0, 52.0, 300.0])
    expected = fitter.expected_number_of_purchases_up_to_time(weeks)
    np.testing.assert_allclose(model.expectation(weeks), expected, rtol=1e-9)
    assert model.expectation(52.0) == model.expectation(weeks)[2]
    for n in range(6):
        expected = float(fitter.probability_of_n_purchases_up_to_time(39.0, n))
        new = ([0], [0.0], [0.0])
        found = model.purchase_distribution(new, horizon=39, most=5)[str(n)][0]
        assert found == pytest.approx(expected, rel=1e-9)


def test_the_fit_of_lifetimes_is_near(cdnow, model):
    fitter = lifetimes.BetaGeoFitter().fit(cdnow["frequency"], cdnow["recency"], cdnow["T"])
    for name, value in model.parameters_.items():
        assert value == pytest.approx(fitter.params_[name], rel=1e-4)
        assert model.standard_errors_[name] == pytest.approx(fitter.standard_errors_[name], rel=1e-3)


def test_spend_as_lifetimes(cdnow, spend):
    fitter = lifetimes.GammaGammaFitter()
    p, q, gamma = spend.parameters_.values()
    fitter.params_ = {"p": p, "q": q, "v": gamma}
    x = cdnow["frequency"]
    expected = fitter.conditional_expected_average_profit(x, np.nan_to_num(cdnow["monetary_value"]))
    np.testing.assert_allclose(spend.expected_spend(cdnow)["expected_spend"], expected, rtol=1e-12)


def test_lifetime_value_is_the_discounted_sum(cdnow, model, spend):
    value = pt.clv.lifetime_value(model, spend, cdnow, horizon=3, discount_rate=0.1)
    reached = [model.expected_purchases(cdnow, horizon=k)["expected_purchases"] for k in range(4)]
    sums = sum((reached[k] - reached[k - 1]) / 1.1**k for k in (1, 2, 3))
    expected = sums * spend.expected_spend(cdnow)["expected_spend"]
    np.testing.assert_allclose(value["lifetime_value"], expected, rtol=1e-11)
    np.testing.assert_array_equal(value["expected_purchases"], reached[3])
    assert value["customer"].tolist() == cdnow["customer"].tolist()


def test_holdout(cdnow, model, fitter):
    check = model.holdout_check(cdnow)
    frame = check.to_pandas()
    by_hand = cdnow.to_pandas().assign(group=np.minimum(cdnow["frequency"], 7)).groupby("group")["frequency_holdout"]
    np.testing.assert_allclose(frame["actual"], by_hand.mean())
    np.testing.assert_array_equal(frame["customers"], by_hand.size())
    assert check.about["actual"] == cdnow["frequency_holdout"].sum()
    expected = model.expected_purchases(cdnow, horizon=39)["expected_purchases"]
    assert check.about["expected"] == pytest.approx(expected.sum(), rel=1e-12)
    x, t_x, T = cdnow["frequency"], cdnow["recency"], cdnow["T"]
    theirs = fitter.conditional_expected_number_of_purchases_up_to_time(39, x, t_x, T)
    assert check.about["expected"] == pytest.approx(theirs.sum(), rel=1e-10)


def test_frequencies(cdnow, model):
    check = model.frequency_check(cdnow)
    actual = np.bincount(np.minimum(cdnow["frequency"], 8), minlength=9)
    np.testing.assert_array_equal(check["actual"], actual)
    assert check["expected"].sum() == pytest.approx(2357)
    p = model.parameters_
    never = ((p["alpha"] / (p["alpha"] + cdnow["T"])) ** p["r"]).sum()
    assert check["expected"][0] == pytest.approx(never, rel=1e-12)


def test_weights_equal_duplication(cdnow, model):
    short = cdnow.to_pandas().groupby(["frequency", "recency", "T"], as_index=False).agg(count=("customer", "size"))
    assert len(short) == 1016
    assert pt.clv.BGNBD().fit(short, weights="count") == model
    assert pt.clv.BGNBD().fit(short, weights=short["count"].to_numpy()) == model


def test_the_unit_of_time(cdnow_log, model):
    days = cdnow_log.purchase_history(period="day", as_of="1997-09-30")
    found = pt.clv.BGNBD().fit(days).parameters_
    expected = model.parameters_
    assert found["alpha"] == pytest.approx(7 * expected["alpha"], rel=1e-9)
    assert found["r"] == pytest.approx(expected["r"], rel=1e-9)


def test_dert_tends_to_the_undiscounted(cdnow, model):
    near = model.discounted_expected_purchases(cdnow, discount_rate=0.0027)["discounted_expected_purchases"]
    far = model.discounted_expected_purchases(cdnow, discount_rate=0.01)["discounted_expected_purchases"]
    assert (near > far).all()
    # Customer 1516 of the paper, at our estimates; 70.9065 at the rounded ones (high-precision reference).
    given = pt.clv.BGNBD.from_parameters(r=0.243, alpha=4.414, a=0.793, b=2.426)
    value = given.discounted_expected_purchases(([26], [30.86], [31]), discount_rate=0.0027)
    assert value["discounted_expected_purchases"][0] == pytest.approx(70.906486525558053899, rel=1e-12)
