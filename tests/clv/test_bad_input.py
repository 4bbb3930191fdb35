"""What cannot be, for every purchase model: a clear error, or the right answer; never NaN, a hang, or silence."""

import math
import warnings

import numpy as np
import pytest

import patronage as pt
from patronage import errors

clv = pt.clv
#: Every model of customers who buy in continuous time, with parameters near those of CDNOW.
GIVEN = {
    "NBD": clv.NBD.from_parameters(r=0.385, alpha=12.07),
    "ParetoNBD": clv.ParetoNBD.from_parameters(r=0.553, alpha=10.58, s=0.606, beta=11.67),
    "BGNBD": clv.BGNBD.from_parameters(r=0.243, alpha=4.414, a=0.793, b=2.426),
    "MBGNBD": clv.MBGNBD.from_parameters(r=0.525, alpha=6.183, a=0.891, b=1.614),
    "BGCNBD": clv.BGCNBD.from_parameters(r=0.359, alpha=1.129, a=0.523, b=2.785, k=2),
    "MBGCNBD": clv.MBGCNBD.from_parameters(r=1.329, alpha=2.813, a=0.425, b=0.79, k=2),
    "GGompertzNBD": clv.GGompertzNBD.from_parameters(r=0.553, alpha=10.578, b=0.0002, s=0.603, beta=0.0026),
}
every_model = pytest.mark.parametrize("model", GIVEN.values(), ids=GIVEN.keys())


def unfitted(model):
    return type(model)(**model.get_params())


def regular(history):
    """With the column that models of regular purchases need: all times between purchases the same."""
    x, recency, _ = (np.array(column, dtype=float) for column in history)
    gap = np.divide(recency, x, out=np.ones(len(x)), where=x > 0)
    return dict(zip(("frequency", "recency", "T", "litt"), (*history, x * np.log(gap)), strict=True))


def answers(model, history):
    """Every answer about a history."""
    return np.concatenate(
        [
            model.log_likelihood(history)["log_likelihood"],
            model.probability_alive(history)["probability_alive"],
            model.log_probability_alive(history, horizon=10)["log_probability_alive"],
            model.expected_purchases(history, horizon=10)["expected_purchases"],
            model.discounted_expected_purchases(history, discount_rate=0.01)["discounted_expected_purchases"],
            model.purchase_distribution(history, horizon=10, most=2)["2"],
        ]
    )


@every_model
@pytest.mark.parametrize(
    ("history", "problem"),
    [
        (([1], [-1.0], [5.0]), "'recency': is not a finite length of time in 1 row"),
        (([1, 1], [1.0, 6.0], [5.0, 5.0]), "'recency': is larger than T in 1 row.*row 1"),
        (([0], [1.0], [5.0]), "'recency': is positive although frequency is 0"),
        (([1.5], [1.0], [5.0]), "'frequency': is not a whole number"),
        (([-1], [1.0], [5.0]), "'frequency': is not a whole number"),
        (([math.nan], [1.0], [5.0]), "'frequency'"),
        (([1], [math.nan], [5.0]), "'recency'"),
        (([1], [1.0], [math.nan]), "'T'"),
        (([1], [1.0], [math.inf]), "'T'"),
        (([1], [0.0], [5.0]), "'recency': is 0 although there are repeat purchases"),
    ],
)
def test_impossible_histories(model, history, problem):
    for ask in (unfitted(model).fit, model.probability_alive, model.log_likelihood):
        with pytest.raises(errors.InvalidInput, match=problem):
            ask(history)


@every_model
@pytest.mark.parametrize(
    "history",
    [
        ([0], [0.0], [0.0]),
        ([0], [0.0], [1e6]),
        ([100_000], [1.0], [1.0]),
        ([100_000], [0.5], [400.0]),
        ([3], [1e-9], [1e-9]),
        ([1], [1e-12], [5000.0]),
    ],
    ids=["T is 0", "long ago", "10^5 purchases in a day", "10^5 and then silence", "at once", "one at once, then none"],
)
def test_extreme_customers_have_answers(model, history):
    found = answers(model, regular(history))
    assert np.isfinite(found).all(), found
    assert 0 <= found[1] <= 1
    assert (found[3:] >= 0).all()


@every_model
def test_nobody_buys_again(model):
    with pytest.raises(errors.NotEnoughData, match="repeat purchase"):
        unfitted(model).fit(([0] * 9, [0.0] * 9, [30.0] * 9))


@every_model
@pytest.mark.parametrize(
    "history",
    [
        ([5], [20.0], [30.0]),
        ([2] * 50, [20.0] * 50, [30.0] * 50),
        ([100_000, 0, 1], [1.0, 0.0, 0.5], [1.0, 1.0, 1.0]),
        ([1, 0], [1e-9, 0.0], [1e-9, 0.0]),
    ],
    ids=["one customer", "all identical", "10^5 purchases in a day", "no time"],
)
def test_poor_histories_converge_or_say_why_not(model, history):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        fitted = unfitted(model).fit(regular(history))
    assert fitted.converged_ or [w for w in heard if w.category is errors.ConvergenceWarning], fitted.ending_
    assert all(math.isfinite(value) and value > 0 for value in fitted.parameters_.values())
    assert math.isfinite(fitted.log_likelihood_)
    if fitted.converged_:
        assert all(math.isfinite(error) for error in fitted.standard_errors_.values())
    else:
        assert all(math.isnan(error) for error in fitted.standard_errors_.values())


@every_model
def test_impossible_questions(model):
    history = ([1], [1.0], [5.0])
    for wrong in (-1, math.nan, math.inf):
        with pytest.raises(errors.InvalidParameter):
            model.expected_purchases(history, horizon=wrong)
        with pytest.raises(errors.InvalidParameter):
            model.probability_alive(history, horizon=wrong)
    for wrong in (0, -0.1, math.nan, math.inf):
        with pytest.raises(errors.InvalidParameter):
            model.discounted_expected_purchases(history, discount_rate=wrong)


@pytest.mark.parametrize("amount", [0.0, -3.0])
def test_spend_that_is_not_positive(amount):
    with pytest.raises(errors.InvalidInput, match=r"'monetary_value': is not positive .* row 1"):
        clv.GammaGamma().fit({"frequency": [2, 1, 3], "monetary_value": [5.0, amount, 7.0]})
