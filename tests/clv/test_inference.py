"""Tests, priors, covariates, intervals and draws, from Python: beside brute force by SciPy, and for bad input."""

import copy
import json
import pickle

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats
from scipy.special import betaln, gammaln

import patronage as pt
from patronage import errors

HISTORY = {
    "frequency": [0, 0, 0, 0, 1, 1, 2, 3, 3, 5, 8, 14, 1, 2, 0, 0, 4, 6],
    "recency": [0, 0, 0, 0, 3, 20, 9, 30, 12, 36, 20, 37, 2, 11, 0, 0, 33, 25],
    "T": [39, 38, 37, 36, 39, 38, 37, 36, 39, 38, 37, 38, 30, 31, 32, 33, 34, 35],
    "member": [0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1],
    "age": [23, 41, 35, 62, 28, 51, 33, 45, 19, 38, 44, 57, 29, 31, 48, 26, 53, 40],
}
FIRM = {"r": (1.0, 0.8), "alpha": (8.0, 0.8), "a": (1.0, 0.8), "b": (3.0, 0.8)}


def log_likelihood(theta, history, purchase=(), dropout=()):
    """BG/NBD with covariates, from the paper's formula (Fader, Hardie & Lee 2005, eq. 6) in NumPy."""
    x, tx, T = (np.array(history[name], dtype=float) for name in ("frequency", "recency", "T"))
    r, alpha, a, b = np.exp(theta[:4])
    up = sum((g * np.array(history[n]) for g, n in zip(theta[4:], purchase, strict=False)), np.zeros(len(x)))
    down = sum((g * np.array(history[n]) for g, n in zip(theta[4 + len(purchase) :], dropout, strict=True)), 0 * x)
    alpha, a, b = alpha * np.exp(-up), a * np.exp(down), b * np.exp(down)
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    alive = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + T)
    gone = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + tx)
    return np.sum(common + np.where(x > 0, np.logaddexp(alive, gone), alive))


def log_prior(theta, priors):
    return sum(stats.norm.logpdf(t, np.log(m), s) for t, (m, s) in zip(theta, priors.values(), strict=False))


def largest(value, start):
    """By two methods of SciPy, one after the other."""
    found = optimize.minimize(
        lambda t: -value(t), start, method="Nelder-Mead", options={"maxiter": 40_000, "xatol": 1e-9}
    )
    return optimize.minimize(lambda t: -value(t), found.x, method="BFGS", options={"gtol": 1e-8})


def test_priors_beside_brute_force():
    model = pt.clv.BGNBD(priors=FIRM).fit(HISTORY)
    best = largest(lambda t: log_likelihood(t, HISTORY) + log_prior(t, FIRM), np.zeros(4))
    np.testing.assert_allclose(list(model.parameters_.values()), np.exp(best.x), rtol=1e-5)
    assert model.log_likelihood_ + model.log_prior_ == pytest.approx(-best.fun, abs=1e-9)
    assert model.estimate_ == "maximum a posteriori"
    assert model.aic_ is None
    assert model.bic_ is None
    assert "maximum a posteriori" in model._repr_html_()
    plain = pt.clv.BGNBD().fit(HISTORY)
    assert plain.log_prior_ is None
    assert plain.estimate_ == "maximum likelihood"
    assert plain.log_likelihood_ >= model.log_likelihood_


def test_covariates_beside_brute_force():
    priors = FIRM | {"dropout:member": (0.0, 1.0)}
    model = pt.clv.BGNBD(priors=priors, purchase_covariates=["member", "age"], dropout_covariates=["member"])
    model.fit(HISTORY)

    def value(theta):
        theta = np.array([*theta[:5], theta[5] / 10, theta[6]])
        prior = log_prior(theta[:4], FIRM) + stats.norm.logpdf(theta[6])
        return log_likelihood(theta, HISTORY, ("member", "age"), ("member",)) + prior

    best = largest(value, np.zeros(7))
    expected = [*np.exp(best.x[:4]), best.x[4], best.x[5] / 10, best.x[6]]
    names = ["r", "alpha", "a", "b", "purchase:member", "purchase:age", "dropout:member"]
    assert list(model.parameters_) == names
    np.testing.assert_allclose(list(model.parameters_.values()), expected, rtol=2e-4, atol=1e-5)
    assert model.log_likelihood_ + model.log_prior_ == pytest.approx(-best.fun, abs=1e-7)


def test_predictions_with_covariates_are_those_of_each_customers_own_model():
    base = pt.clv.BGNBD.from_parameters(r=0.9, alpha=6.0, a=0.8, b=2.5)
    model = base.with_covariates(purchase={"member": 0.7}, both={"age": -0.02})
    found = model.expected_purchases(HISTORY, horizon=13)["expected_purchases"]
    for i in range(len(HISTORY["T"])):
        up, down = 0.7 * HISTORY["member"][i] - 0.02 * HISTORY["age"][i], -0.02 * HISTORY["age"][i]
        own = pt.clv.BGNBD.from_parameters(r=0.9, alpha=6.0 * np.exp(-up), a=0.8 * np.exp(down), b=2.5 * np.exp(down))
        row = {name: [HISTORY[name][i]] for name in ("frequency", "recency", "T")}
        assert found[i] == pytest.approx(own.expected_purchases(row, horizon=13)["expected_purchases"][0], rel=1e-12)
    new = model.expectation([4, 52], covariates={"member": 1, "age": 30})
    own = pt.clv.BGNBD.from_parameters(
        r=0.9, alpha=6.0 * np.exp(-0.7 + 0.6), a=0.8 * np.exp(-0.6), b=2.5 * np.exp(-0.6)
    )
    np.testing.assert_allclose(new, own.expectation([4, 52]), rtol=1e-12)
    assert model.distribution(9, covariates={"member": 1, "age": 30}).sum() < 1
    assert len(model.alive_matrix(T=20, most=3, steps=4, covariates={"member": 0, "age": 20})) == 13
    assert model.frequency_check(HISTORY)["expected"].sum() == pytest.approx(18)


def test_tables_with_truth_values_and_weights():
    frame = pd.DataFrame(HISTORY).assign(member=lambda f: f.member.astype(bool), n=2)
    model = pt.clv.BGNBD(priors=FIRM, purchase_covariates=["member"])
    twice = pd.concat([pd.DataFrame(HISTORY)] * 2)
    assert copy.copy(model).fit(frame, weights="n").parameters_ == copy.copy(model).fit(twice).parameters_


def test_likelihood_ratio():
    simpler = pt.clv.BGNBD().fit(HISTORY)
    richer = pt.clv.BGNBD(purchase_covariates=["member"]).fit(HISTORY)
    test = pt.clv.likelihood_ratio_test(simpler, richer)
    statistic = 2 * (richer.log_likelihood_ - simpler.log_likelihood_)
    assert test.statistic == pytest.approx(statistic, rel=1e-12)
    assert test.degrees_of_freedom == 1
    assert test.p_value == pytest.approx(stats.chi2.sf(statistic, 1), rel=1e-12)
    assert "Wilks" in test.about["null"]
    assert pt.clv.LikelihoodRatioTest.from_json(test.to_json()) == test
    with pytest.raises(errors.InvalidParameter, match="special case"):
        pt.clv.likelihood_ratio_test(richer, simpler)
    with pytest.raises(errors.InvalidParameter, match="priors"):
        pt.clv.likelihood_ratio_test(simpler, pt.clv.BGNBD(priors=FIRM, purchase_covariates=["age"]).fit(HISTORY))
    given = pt.clv.BGNBD.from_parameters(r=1, alpha=1, a=1, b=1)
    with pytest.raises(errors.InvalidParameter, match="without a fit"):
        pt.clv.likelihood_ratio_test(given, richer)


def test_bad_covariates():
    def fit(**covariates):
        return pt.clv.BGNBD(**covariates).fit

    text = HISTORY | {"town": ["Paris", "Rome"] * 9, "same": [1] * 18, "gap": [None, *range(17)]}
    with pytest.raises(errors.InvalidInput, match="make indicator columns"):
        fit(purchase_covariates=["town"])(text)
    with pytest.raises(errors.InvalidInput, match="'same': the covariate is constant"):
        fit(dropout_covariates=["same"])(text)
    with pytest.raises(errors.InvalidInput, match=r"column 'gap'.*row 0"):
        fit(purchase_covariates=["gap"])(text)
    with pytest.raises(errors.ColumnNotFound, match="nowhere"):
        fit(purchase_covariates=["nowhere"])(text)
    other = text | {"other": [3 - 2 * m for m in HISTORY["member"]]}
    with pytest.raises(errors.InvalidInput, match="'other': the covariate is made up of 'member'"):
        fit(purchase_covariates=["member", "other"])(other)
    with pytest.raises(errors.InvalidParameter, match="list of columns' names"):
        fit(purchase_covariates="member")(text)
    with pytest.raises(errors.InvalidParameter, match="each covariate once"):
        fit(purchase_covariates=["member"], both_covariates=["member"])(text)
    model = pt.clv.BGNBD(priors=FIRM, purchase_covariates=["member"]).fit(HISTORY)
    with pytest.raises(errors.ColumnNotFound, match="member"):
        model.expected_purchases({name: HISTORY[name] for name in ("frequency", "recency", "T")}, horizon=3)
    with pytest.raises(errors.InvalidParameter, match="a value for each of member"):
        model.expectation(3)


def test_bad_priors():
    for priors, message in [
        ({"beta": (1, 1)}, "r, alpha, a, b"),
        ({"a": (-1, 1)}, "above 0"),
        ({"a": (1, 0)}, "spread"),
        ({"a": 3}, "median, spread"),
        ([("a", 1, 1)], "median, spread"),
    ]:
        with pytest.raises((errors.InvalidParameter, errors.UnknownName), match=message):
            pt.clv.BGNBD(priors=priors).fit(HISTORY)


def test_stored_with_priors_and_covariates():
    model = pt.clv.BGNBD(priors=FIRM, both_covariates=("member",)).fit(HISTORY)
    again = pt.clv.BGNBD.from_json(model.to_json())
    assert again == model == pickle.loads(pickle.dumps(model))
    assert again.parameters_ == model.parameters_
    assert list(again.both_covariates) == ["member"]
    assert again.expected_purchases(HISTORY, horizon=3) == model.expected_purchases(HISTORY, horizon=3)
    assert again.fit(HISTORY) == model
    # Without settings the stored form is what it always was.
    plain = json.loads(pt.clv.BGNBD().fit(HISTORY).to_json())
    assert plain.keys() == {"patronage", "version", "core"}
    assert not plain["core"].keys() & {"priors", "log_prior"}


def test_gamma_gamma_with_priors():
    spend = {"frequency": [2, 1, 4, 1], "monetary_value": [22.0, 12.0, 30.0, 75.0]}
    model = pt.clv.GammaGamma(priors={"p": (5, 0.5), "q": (3, 0.5), "gamma": (20, 0.5)}).fit(spend)
    assert model.estimate_ == "maximum a posteriori"
    assert model.converged_
    lower, upper = model.confidence_intervals()["p"]
    assert lower < model.parameters_["p"] < upper
    assert pt.clv.GammaGamma.from_json(model.to_json()) == model


def test_intervals():
    model = pt.clv.BGNBD(priors=FIRM, purchase_covariates=["member"]).fit(HISTORY)
    values = model.expected_purchases(HISTORY, horizon=39, interval=0.9)
    assert values.columns == ["expected_purchases", "standard_error", "lower", "upper"]
    np.testing.assert_array_equal(
        values["expected_purchases"], model.expected_purchases(HISTORY, horizon=39)["expected_purchases"]
    )
    # Normal in the logarithm, z = 1.6448536 for 90 %.
    half = 1.6448536269514722 * values["standard_error"] / values["expected_purchases"]
    np.testing.assert_allclose(np.log(values["upper"] / values["lower"]), 2 * half, rtol=1e-10)
    alive = model.probability_alive(HISTORY, interval=0.9)
    certain = np.array(HISTORY["frequency"]) == 0
    assert (alive["standard_error"][certain] == 0).all()
    assert (alive["upper"] <= 1).all()
    assert (alive["upper"][~certain] > alive["lower"][~certain]).all()
    assert len(model.discounted_expected_purchases(HISTORY, discount_rate=0.01, interval=0.5)) == 18
    assert values.plot() is not None
    intervals = model.confidence_intervals(0.9)
    assert intervals["purchase:member"][0] < model.parameters_["purchase:member"] < intervals["purchase:member"][1]
    for bad in (0, 1, 95, float("nan")):
        with pytest.raises(errors.InvalidParameter, match="level"):
            model.expected_purchases(HISTORY, horizon=39, interval=bad)
    with pytest.raises(errors.InvalidParameter, match="fitted"):
        pt.clv.BGNBD.from_parameters(r=1, alpha=1, a=1, b=1).confidence_intervals()


def test_bootstrap(cdnow, model):
    refits = model.bootstrap(cdnow, repeats=100, seed=3)
    assert len(refits) == 100
    assert refits.about["failed"] == refits.about["flat"] == 0
    assert refits == model.bootstrap(cdnow, repeats=100, seed=3)
    assert refits != model.bootstrap(cdnow, repeats=100, seed=4)
    for name, (lower, upper) in refits.confidence_intervals(0.95).items():
        assert lower < model.parameters_[name] < upper
    again = pt.clv.Bootstrap.from_json(refits.to_json())
    values = again.expected_purchases(cdnow, horizon=39)
    np.testing.assert_array_equal(values["customer"], cdnow["customer"])
    # Brute force for one customer: a model for each refit.
    row = {name: [cdnow[name][7]] for name in ("frequency", "recency", "T")}
    each = [
        pt.clv.BGNBD.from_parameters(**{n: refits[n][k] for n in ["r", "alpha", "a", "b"]})
        .expected_purchases(row, horizon=39)["expected_purchases"][0]
        for k in range(100)
    ]  # fmt: skip
    found = [values[name][7] for name in ("expected_purchases", "standard_error", "lower", "upper")]
    np.testing.assert_allclose(found, [np.mean(each), np.std(each, ddof=1), *np.quantile(each, [0.025, 0.975])])
    with pytest.raises(errors.InvalidParameter, match="repeats"):
        model.bootstrap(cdnow, repeats=0)
    with pytest.raises(errors.InvalidParameter, match="the history of the fit"):
        model.bootstrap(HISTORY)


def test_posterior(cdnow, model):
    seen = []
    posterior = pt.clv.BGNBD().posterior(
        cdnow, draws=400, warmup=300, seed=1, progress=lambda d, t: seen.append((d, t))
    )
    assert seen[-1] == (2800, 2800)
    summary = posterior.summary(0.9)
    assert summary["parameter"] == ["r", "alpha", "a", "b"]
    assert (summary["r_hat"] < 1.02).all()
    assert (summary["bulk_effective_size"] > 400).all()
    # With so many customers and so weak priors the posterior is about normal around the estimate.
    errors_ = model.standard_errors_
    for k, (name, value) in enumerate(model.parameters_.items()):
        assert abs(summary["median"][k] - value) < 0.4 * errors_[name]
        assert 0.8 < summary["standard_deviation"][k] / errors_[name] < 1.4
    assert posterior.about["divergences"] == 0
    assert posterior.about["priors"].keys() == {"r", "alpha", "a", "b"}
    again = pt.clv.Posterior.from_json(posterior.to_json())
    assert again == posterior
    values = again.expected_purchases(cdnow, horizon=39)
    assert values["expected_purchases"].sum() == pytest.approx(
        model.expected_purchases(cdnow, horizon=39)["expected_purchases"].sum(), rel=0.02
    )
    for kind in ("density", "trace"):
        assert posterior.plot("a", kind=kind) is not None
    with pytest.raises(errors.InvalidParameter, match="one of"):
        posterior.plot("beta")


def test_posterior_needs_priors_where_the_likelihood_is_flat():
    loyal = ([3, 5, 8, 2], [29, 30, 30, 28], [30] * 4)
    with pytest.raises(errors.NotConverged, match="give priors"):
        pt.clv.BGNBD().posterior(loyal, flat=True)
    assert len(pt.clv.BGNBD().posterior(loyal, draws=50, warmup=50)) == 200
    with pytest.raises(errors.InvalidParameter, match="chains"):
        pt.clv.BGNBD().posterior(loyal, chains=0)
    with pytest.raises(errors.InvalidParameter, match="whole number"):
        pt.clv.BGNBD().posterior(loyal, draws=2.5)
