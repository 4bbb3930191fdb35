"""Predictions of lifetimes and ours at the same parameters, and the truth where lifetimes has none."""

import json

import lifetimes
import numpy as np
import pandas as pd
import pytest
from lifetimes.utils import _customer_lifetime_value

import patronage.compat.lifetimes as ours

from .models import given

CONTINUOUS = ("BetaGeoFitter", "ModifiedBetaGeoFitter", "ParetoNBDFitter")


def same(found, expected, rtol=1e-9):
    """The same kind of thing, with the same values."""
    assert isinstance(found, type(expected))
    assert np.shape(found) == np.shape(expected)
    if isinstance(expected, pd.Series):
        pd.testing.assert_index_equal(found.index, expected.index)
        assert found.name == expected.name
    np.testing.assert_allclose(found, expected, rtol=rtol)


@pytest.mark.parametrize("name", CONTINUOUS)
def test_purchases(name, columns):
    mine, theirs = given(ours, name), given(lifetimes, name)
    T, x = columns[2], columns[0]
    arrays = [column.to_numpy() for column in columns]
    for asked in [
        (39, *columns),
        (39.0, *arrays),
        (39, 2, 30.43, 38.86),
        (np.array([0.5, 3, 39]), 2, 30.43, 38.86),
        (T / 2, *columns),
        (np.linspace(1, 50, len(x)), *arrays),
        (7, np.array([[0, 1], [2, 3]]), np.array([[0, 1.0], [2, 3]]), 39),
    ]:
        if name == "ParetoNBDFitter" and np.ndim(asked[1]) == 2:
            continue  # lifetimes has NaN
        same(
            mine.conditional_expected_number_of_purchases_up_to_time(*asked),
            theirs.conditional_expected_number_of_purchases_up_to_time(*asked),
        )
        np.testing.assert_array_equal(
            mine.predict(*asked), mine.conditional_expected_number_of_purchases_up_to_time(*asked)
        )
    for asked in (columns, arrays, (2, 30.43, 38.86), (0, 0, 10)):
        same(mine.conditional_probability_alive(*asked), theirs.conditional_probability_alive(*asked))
    for t in (39, np.array([0.5, 3.0, 390.0]), np.array([[1.0, 2.0]])):
        same(mine.expected_number_of_purchases_up_to_time(t), theirs.expected_number_of_purchases_up_to_time(t))


@pytest.mark.parametrize("name", ["BetaGeoFitter", "ModifiedBetaGeoFitter"])
def test_numbers_of_purchases_of_new_customers(name):
    mine, theirs = given(ours, name), given(lifetimes, name)
    times = [1.0, 39.5, 52.0]
    for n in (0, 1, 7):
        each = [mine.probability_of_n_purchases_up_to_time(t, n) for t in times]
        for t, found in zip(times, each, strict=True):
            same(found, theirs.probability_of_n_purchases_up_to_time(t, n))
        np.testing.assert_array_equal(mine.probability_of_n_purchases_up_to_time(np.array(times), n), each)
    # For several times lifetimes adds up what belongs to different ones.
    assert theirs.probability_of_n_purchases_up_to_time(np.array(times), 1)[0] < 0


@pytest.mark.parametrize("name", ["ParetoNBDFitter"])
def test_numbers_of_purchases_of_customers(name, columns):
    mine, theirs = given(ours, name), given(lifetimes, name)
    head = [column.head(50) for column in columns]
    for n in (0, 1, 5):
        for asked in ((2, 30.43, 38.86), head):
            found, expected = (
                fitter.conditional_probability_of_n_purchases_up_to_time(n, 39, *asked) for fitter in (mine, theirs)
            )
            np.testing.assert_allclose(found, expected, rtol=1e-7)
            assert np.shape(found) == np.shape(expected)
    # In no time nobody buys; lifetimes says that this has probability 0.
    assert mine.conditional_probability_of_n_purchases_up_to_time(0, 0, 2, 30.43, 38.86) == 1


@pytest.mark.parametrize("name", CONTINUOUS)
def test_matrix(name, columns):
    mine, theirs = given(ours, name), given(lifetimes, name)
    mine.data = theirs.data = pd.concat(columns, axis=1)
    for limits in ((), (4, 6)):
        found, expected = (fitter.conditional_probability_alive_matrix(*limits) for fitter in (mine, theirs))
        same(found[:, 1:], expected[:, 1:])
        # Without a repeat purchase, recency is 0: lifetimes has values for customers who cannot be.
        np.testing.assert_allclose(found[:, 0], expected[0, 0], rtol=1e-12)


@pytest.mark.parametrize("name", ["BetaGeoBetaBinomFitter"])
def test_donors(name, donations, shared):
    mine, theirs = given(ours, name), given(lifetimes, name)
    x, t_x, n, weights = donations
    mine.data = theirs.data = pd.DataFrame({"frequency": x, "recency": t_x, "n_periods": n, "weights": weights})
    one = np.array([3]), np.array([5]), np.array([6])
    for asked in ((5, x, t_x, n), (5, *one), (np.arange(len(x)), x.to_numpy(), t_x.to_numpy(), n.to_numpy())):
        same(
            mine.conditional_expected_number_of_purchases_up_to_time(*asked),
            theirs.conditional_expected_number_of_purchases_up_to_time(*asked),
        )
        same(mine.conditional_probability_alive(*asked), theirs.conditional_probability_alive(*asked))
    for opportunities in (6, 11):
        found, expected = (f.expected_number_of_transactions_in_first_n_periods(opportunities) for f in (mine, theirs))
        pd.testing.assert_frame_equal(found, expected, rtol=1e-9)
    truth = json.loads(shared("reference/clv.json").read_text())["more_truth"]
    for cell in truth["bgbb_donations_cells"]:
        asked = cell["x"], cell["tx"], cell["n"]
        assert mine.conditional_probability_alive(0, *asked) == pytest.approx(float(cell["palive_now"]), rel=1e-11)
        assert mine.conditional_probability_alive(1, *asked) == pytest.approx(float(cell["palive_next"]), rel=1e-11)
    hole = truth["bgbb_cet_gamma_eq_1"]
    mine.params_ = dict(zip(("alpha", "beta", "gamma", "delta"), hole["params"], strict=True))
    found = mine.conditional_expected_number_of_purchases_up_to_time(hole["nstar"], hole["x"], hole["tx"], hole["n"])
    assert found == pytest.approx(float(hole["value"]), rel=1e-11)


MODELS = {"BG/NBD": "BetaGeoFitter", "MBG/NBD": "ModifiedBetaGeoFitter", "Pareto/NBD": "ParetoNBDFitter"}


@pytest.mark.parametrize("name", CONTINUOUS)
def test_ordinary_and_extreme_customers(name, shared):
    """High-precision evaluation, and what lifetimes makes of the same."""
    cases = json.loads(shared("reference/clv.json").read_text())["per_customer"]
    cases = [case for case in cases if MODELS[case["model"]] == name]
    lost = 0
    for case in cases:
        mine, theirs = getattr(ours, name)(), getattr(lifetimes, name)()
        mine.params_ = theirs.params_ = dict(case["params"])
        horizon, customer = float(case["horizon_t"]), [float(case[column]) for column in ("x", "t_x", "T")]
        alive, expected = float(case["truth"]["palive"]), float(case["truth"]["cet"])
        assert np.ravel(mine.conditional_probability_alive(*customer))[0] == pytest.approx(alive, rel=1e-11, abs=1e-300)
        assert mine.predict(horizon, *customer) == pytest.approx(expected, rel=1e-11, abs=1e-300)
        try:
            with np.errstate(all="ignore"):
                predicted = theirs.conditional_expected_number_of_purchases_up_to_time(horizon, *customer)
        except ZeroDivisionError:
            predicted = np.nan
        lost += predicted != pytest.approx(expected, rel=1e-6, abs=1e-300)
    assert len(cases) > 10
    # NaN or a wrong number where a or s is (near) 1, b = 1, a + b = 1, the horizon tiny, the customer heavy.
    assert lost > 0


def test_lifetime_value(cdnow, columns, bgf, ggf):
    """As lifetimes' formula at our parameters, but for the length of a month."""
    money = cdnow["monetary_value"]
    theirs = lifetimes.BetaGeoFitter()
    theirs.params_ = bgf.params_
    theirs.predict = theirs.conditional_expected_number_of_purchases_up_to_time
    spend = ggf.conditional_expected_average_profit(cdnow["frequency"], money)
    # Months are what lifetimes does not have to convert.
    for options in ({"time": 3, "freq": "M"}, {"discount_rate": 0.0, "freq": "M"}):
        found = ggf.customer_lifetime_value(bgf, *columns, money, **options)
        expected = _customer_lifetime_value(theirs, *columns, spend, **options)
        pd.testing.assert_series_equal(found, expected, rtol=1e-9)
    # 30.4375 days, in days, weeks and hours; lifetimes has 30, 4.345 · 7 and 30.
    for freq, month, their_month in (("D", 30.4375, 30.0), ("W", 30.4375 / 7, 4.345), ("H", 730.5, 720.0)):
        undiscounted = {"time": 1, "discount_rate": 0.0, "freq": freq}
        found = ggf.customer_lifetime_value(bgf, *columns, money, **undiscounted)
        np.testing.assert_allclose(found, spend * bgf.predict(month, *columns), rtol=1e-12)
        expected = _customer_lifetime_value(theirs, *columns, spend, **undiscounted)
        np.testing.assert_allclose(expected, spend * bgf.predict(their_month, *columns), rtol=1e-8)
    with pytest.raises(ValueError, match="freq = 'Y' is not possible"):
        ggf.customer_lifetime_value(bgf, *columns, money, freq="Y")


def test_lifetime_value_of_any_model_and_of_arrays(cdnow, columns, bgf, ggf):
    class Constant:
        def predict(self, t, frequency, recency, T):
            return 0.5 * t

    arrays = [column.to_numpy() for column in columns]
    money = cdnow["monetary_value"].to_numpy()
    found = ggf.customer_lifetime_value(Constant(), *arrays, money, time=2, discount_rate=0.1, freq="M")
    spend = ggf.conditional_expected_average_profit(arrays[0], money)
    np.testing.assert_allclose(found, spend * (0.5 / 1.1 + 0.5 / 1.21), rtol=1e-12)
    assert found.name == "clv"


def test_expected_spend(shared):
    for case in json.loads(shared("reference/clv.json").read_text())["more_truth"]["gg_conditional_mean"]:
        fitter = ours.GammaGammaFitter()
        fitter.params_ = dict(zip("pqv", map(float, case["params"]), strict=True))
        found = fitter.conditional_expected_average_profit(case["x"], float(case["m"]))
        assert found == pytest.approx(float(case["value"]), rel=1e-11)


def test_infinite_spend_is_no_negative_value(columns, cdnow, bgf):
    """With q below 1 the mean of all customers' spend is infinite; lifetimes has it negative."""
    mine, theirs = ours.GammaGammaFitter(), lifetimes.GammaGammaFitter()
    mine.params_ = theirs.params_ = {"p": 0.3, "q": 0.5, "v": 10.0}
    assert theirs.conditional_expected_average_profit(0, 0.0) < 0
    assert mine.conditional_expected_average_profit(0, 0.0) == np.inf
    assert mine.conditional_expected_average_profit(1, 20.0) == np.inf
    # From p x + q > 1 on it is finite: p (v + x m)/(p x + q − 1).
    found = mine.conditional_expected_average_profit(2, 20.0)
    assert found == pytest.approx(0.3 * (10 + 40) / (0.6 + 0.5 - 1))
    assert found == pytest.approx(theirs.conditional_expected_average_profit(2, 20.0))
    value = mine.customer_lifetime_value(bgf, *columns, cdnow["monetary_value"])
    assert (value > 0).all()
