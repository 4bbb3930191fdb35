"""Fits of lifetimes and ours to its own data sets."""

import json
import warnings

import lifetimes
import numpy as np
import pandas as pd
import pytest

import patronage as pt
import patronage.compat.lifetimes as ours


def fit(module, name, columns, donations, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # lifetimes' Nelder-Mead tries negative parameters
        if name == "BetaGeoBetaBinomFitter":
            return getattr(module, name)().fit(*donations, **options)
        return getattr(module, name)().fit(*columns, **options)


@pytest.mark.parametrize(
    "name", ["BetaGeoFitter", "ModifiedBetaGeoFitter", "ParetoNBDFitter", "BetaGeoBetaBinomFitter"]
)
def test_the_same_estimates_in_the_same_frames(name, columns, donations):
    """As near as lifetimes comes to the maximum: 1e-4, or 1e-3 by Nelder and Mead's simplex."""
    expected, found = (fit(module, name, columns, donations) for module in (lifetimes, ours))
    near = {"rtol": 1e-3 if name == "ParetoNBDFitter" else 1e-4}
    pd.testing.assert_series_equal(found.params_, expected.params_, **near)
    pd.testing.assert_frame_equal(found.data, expected.data)
    assert repr(found) == repr(expected)
    if name == "ParetoNBDFitter":
        # lifetimes has no standard errors for this model.
        assert list(found.summary.columns) == ["coef", "se(coef)", "lower 95% bound", "upper 95% bound"]
        assert np.isfinite(found.summary.to_numpy()).all()
        return
    near = {"rtol": 1e-3}
    pd.testing.assert_frame_equal(found.summary, expected.summary, **near)
    pd.testing.assert_series_equal(found.standard_errors_, expected.standard_errors_, **near)
    pd.testing.assert_frame_equal(found.confidence_intervals_, expected.confidence_intervals_, **near)
    np.testing.assert_allclose(np.diag(found.variance_matrix_), np.diag(expected.variance_matrix_), **near)


def test_spend(cdnow, ggf):
    back = cdnow[cdnow["frequency"] > 0]
    expected = lifetimes.GammaGammaFitter().fit(back["frequency"], back["monetary_value"])
    pd.testing.assert_series_equal(ggf.params_, expected.params_, rtol=1e-4)
    pd.testing.assert_frame_equal(ggf.data, expected.data)
    pd.testing.assert_frame_equal(ggf.summary, expected.summary, rtol=1e-3)
    assert repr(ggf) == repr(expected)
    for given in ((cdnow["frequency"], cdnow["monetary_value"]), ()):
        found, theirs = (fitter.conditional_expected_average_profit(*given) for fitter in (ggf, expected))
        pd.testing.assert_series_equal(found, theirs, rtol=1e-4)


EXACT = {
    "BetaGeoFitter": ("BG/NBD", "cdnow_lifetimes_rounded"),
    "ModifiedBetaGeoFitter": ("MBG/NBD", "cdnow_lifetimes_rounded"),
    "ParetoNBDFitter": ("Pareto/NBD", "cdnow_lifetimes_rounded"),
    "BetaGeoBetaBinomFitter": ("BG/BB", "donations"),
    "GammaGammaFitter": ("Gamma-Gamma", "cdnow_lifetimes_summary"),
}


@pytest.mark.parametrize("name", EXACT)
def test_the_exact_maximum(name, shared, columns, donations, ggf):
    """Newton's method on a likelihood of 32 digits: estimates, all covariances, and the log-likelihood of all."""
    fits = json.loads(shared("reference/clv.json").read_text())["exact_mle"]
    exact = next(fit for fit in fits if (fit["model"], fit["dataset"]) == EXACT[name])
    found = ggf if name == "GammaGammaFitter" else fit(ours, name, columns, donations)
    params = np.array(exact["params"], dtype=float)
    np.testing.assert_allclose(found.params_, params, rtol=1e-9)
    np.testing.assert_allclose(found.standard_errors_, np.array(exact["std_err"], dtype=float), rtol=1e-8)
    covariance = np.array(exact["cov_of_log_params"], dtype=float) * np.outer(params, params)
    np.testing.assert_allclose(found.variance_matrix_, covariance, rtol=1e-7)
    assert found._negative_log_likelihood_ == pytest.approx(-float(exact["loglik"]), rel=1e-11)


def test_where_lifetimes_is_wrong(bgf, their_bgf):
    """Its covariances are not symmetric, and its likelihood is an average in another unit of time."""
    theirs, mine = their_bgf.variance_matrix_.to_numpy(), bgf.variance_matrix_.to_numpy()
    assert theirs[0, 1] / theirs[1, 0] == pytest.approx((bgf.params_["alpha"] / bgf.params_["r"]) ** 2, rel=1e-3)
    np.testing.assert_array_equal(mine, mine.T)
    assert their_bgf._negative_log_likelihood_ * 2357 == pytest.approx(589.9, abs=0.1)
    # The published log-likelihood: Fader, Hardie & Lee (2005), table 2.
    assert round(-bgf._negative_log_likelihood_, 1) == -9582.4


@pytest.mark.parametrize(
    "name", ["BetaGeoFitter", "ModifiedBetaGeoFitter", "ParetoNBDFitter", "BetaGeoBetaBinomFitter"]
)
def test_weights_stand_for_rows(name, columns, donations):
    if name == "BetaGeoBetaBinomFitter":
        weighted = ours.BetaGeoBetaBinomFitter().fit(*donations)
        rows = [np.repeat(column, donations[3]) for column in donations[:3]]
    else:
        distinct = pd.concat(columns, axis=1).groupby(["frequency", "recency", "T"]).size().reset_index(name="weights")
        named = [distinct[column] for column in ("frequency", "recency", "T", "weights")]
        weighted = getattr(ours, name)().fit(*named)
        rows = columns
        assert list(weighted.data["weights"]) == list(named[3])
    single = getattr(ours, name)().fit(*rows)
    np.testing.assert_allclose(weighted.params_, single.params_, rtol=1e-12)
    np.testing.assert_allclose(weighted.variance_matrix_, single.variance_matrix_, rtol=1e-9)


def test_options(columns, cdnow, bgf, capsys):
    asked = {"initial_params": [0.1] * 4, "tol": 1e-3, "verbose": True, "index": cdnow.index, "maxiter": 5}
    again = ours.BetaGeoFitter().fit(*columns, **asked)
    assert "converged" in capsys.readouterr().out
    pd.testing.assert_series_equal(again.params_, bgf.params_, check_exact=True)
    pd.testing.assert_index_equal(again.data.index, cdnow.index)
    assert list(bgf.data.index) == list(range(2357))


def test_a_flat_likelihood_warns():
    """lifetimes raises ConvergenceError; here the limit can be used."""
    alike = ([2] * 50, [20.0] * 50, [30.0] * 50)
    with pytest.warns(pt.errors.ConvergenceWarning, match="flat likelihood") as told:
        fitter = ours.BetaGeoFitter().fit(*alike)
    assert told[0].filename == __file__
    assert np.isfinite(fitter.params_).all()
    assert fitter.standard_errors_.isna().all()
