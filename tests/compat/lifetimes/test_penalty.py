"""The penalty of lifetimes: its own derivatives vanish where our fits end."""

import warnings

import lifetimes
import numpy as np
import pytest
from autograd import grad, hessian

import patronage as pt
import patronage.compat.lifetimes as ours


def data(name, columns, donations, cdnow):
    if name == "GammaGammaFitter":
        back = cdnow[cdnow["frequency"] > 0]
        return back["frequency"], back["monetary_value"]
    return donations if name == "BetaGeoBetaBinomFitter" else columns


def squares(fitter, given):
    """What the penalty is on: times are in units of the largest age."""
    timed = "BetaBinom" not in type(fitter).__name__
    unit = {name: np.max(given[2]) if timed and name in ("alpha", "beta") else 1.0 for name in fitter.params_.index}
    return sum((value / unit[name]) ** 2 for name, value in fitter.params_.items())


@pytest.mark.parametrize("coefficient", [0.001, 0.1, 5.0])
@pytest.mark.parametrize(
    "name", ["BetaGeoFitter", "ModifiedBetaGeoFitter", "BetaGeoBetaBinomFitter", "GammaGammaFitter"]
)
def test_the_derivatives_of_lifetimes_vanish(name, coefficient, columns, donations, cdnow):
    given = data(name, columns, donations, cdnow)
    found, fitter = (getattr(module, name)(penalizer_coef=coefficient).fit(*given) for module in (ours, lifetimes))
    np.testing.assert_allclose(found.params_, fitter.params_, rtol=2e-3)
    plain = getattr(ours, name)().fit(*given)
    assert squares(found, given) < squares(plain, given)
    assert found._negative_log_likelihood_ > plain._negative_log_likelihood_

    arguments = [np.asarray(column, dtype=float) for column in given[:3]]
    theta = np.log(found.params_)
    if name in ("BetaGeoFitter", "ModifiedBetaGeoFitter"):
        scale = 1 / arguments[2].max()
        arguments = [arguments[0].astype(int), arguments[1] * scale, arguments[2] * scale]
        theta["alpha"] += np.log(scale)
    if name == "BetaGeoBetaBinomFitter":
        arguments = [column.astype(int) for column in arguments]
    weights = np.asarray(given[3]) if len(given) == 4 else np.ones(len(arguments[0]))
    arguments += [weights, coefficient]
    slope = grad(fitter._negative_log_likelihood)(theta.to_numpy(), *arguments)
    assert np.abs(slope).max() < 1e-9
    bend = hessian(fitter._negative_log_likelihood)(theta.to_numpy(), *arguments)
    errors = found.params_ * np.sqrt(np.diag(np.linalg.inv(bend)) / weights.sum())
    np.testing.assert_allclose(found.standard_errors_, errors, rtol=1e-7)


@pytest.mark.parametrize("name", ["ParetoNBDFitter"])
def test_pareto(name, columns):
    """It adds the penalty to the likelihood of all customers, not of one; its simplex comes near."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        expected = lifetimes.ParetoNBDFitter(penalizer_coef=2.0).fit(*columns, tol=1e-9)
    found = ours.ParetoNBDFitter(penalizer_coef=2.0).fit(*columns)
    np.testing.assert_allclose(found.params_, expected.params_, rtol=1e-3)
    assert squares(found, columns) < squares(ours.ParetoNBDFitter().fit(*columns), columns)


def test_weights(columns):
    x, t_x, T = (column.head(300) for column in columns)
    single = ours.BetaGeoFitter(penalizer_coef=0.01).fit(x, t_x, T)
    double = ours.BetaGeoFitter(penalizer_coef=0.01).fit(x, t_x, T, weights=[2] * 300)
    np.testing.assert_allclose(double.params_, single.params_, rtol=1e-9)


@pytest.mark.parametrize("coefficient", [-0.1, np.nan, np.inf])
def test_impossible_penalties(coefficient, columns):
    with pytest.raises(pt.errors.InvalidParameter, match="penalizer_coef"):
        ours.BetaGeoFitter(penalizer_coef=coefficient).fit(*columns)


def test_a_penalty_ends_flatness():
    few = ([0, 0, 1, 3, 1, 8], [0, 0, 3.1, 12, 20.4, 20], [39] * 6, [3, 1, 2, 2, 1, 1])
    with pytest.warns(pt.errors.ConvergenceWarning, match="a → ∞, b → ∞"):
        ours.BetaGeoFitter().fit(*few)
    fitter = ours.BetaGeoFitter(penalizer_coef=0.01).fit(*few)
    assert (fitter.standard_errors_ < 10 * fitter.params_).all()
