"""NBD, Pareto/NBD and GGompertz/NBD from Python: the reference, lifetimes beside it, storing, and what is flat."""

import json
import pickle

import numpy as np
import pytest
from lifetimes import ParetoNBDFitter

import patronage as pt
from patronage import errors

MODELS = {"NBD": pt.clv.NBD, "Pareto/NBD": pt.clv.ParetoNBD}
GIVEN = [
    pt.clv.NBD.from_parameters(r=0.385, alpha=12.072),
    pt.clv.ParetoNBD.from_parameters(r=0.553, alpha=10.578, s=0.606, beta=11.669),
    pt.clv.GGompertzNBD.from_parameters(r=0.5, alpha=10, b=0.05, s=0.6, beta=2),
]


@pytest.fixture
def reference(shared):
    return json.loads(shared("reference/clv.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def pareto(cdnow):
    return pt.clv.ParetoNBD().fit(cdnow)


def row(case):
    return tuple([float(case[name])] for name in ("x", "t_x" if "t_x" in case else "tx", "T"))


def only(result):
    (value,) = result[result.columns[-1]]
    return value


@pytest.mark.parametrize("name", MODELS)
def test_exact_fits(name, cdnow, reference):
    model = MODELS[name]().fit(cdnow)
    exact = next(e for e in reference["exact_mle"] if (e["model"], e["dataset"]) == (name, "cdnow_exact_days_over_7"))
    assert model.converged_
    np.testing.assert_allclose(list(model.parameters_.values()), [float(p) for p in exact["params"]], rtol=1e-9)
    np.testing.assert_allclose(list(model.standard_errors_.values()), [float(e) for e in exact["std_err"]], rtol=1e-8)
    assert model.log_likelihood_ == pytest.approx(float(exact["loglik"]), rel=1e-12)


def test_truths_per_customer(reference):
    cases = [case for case in reference["per_customer"] if case["model"] == "Pareto/NBD"]
    assert len(cases) > 30
    for case in cases:
        model, history, truth = pt.clv.ParetoNBD.from_parameters(**case["params"]), row(case), case["truth"]
        answers = {
            "ll": model.log_likelihood(history),
            "palive": model.probability_alive(history),
            "cet": model.expected_purchases(history, horizon=case["horizon_t"]),
            "dert": model.discounted_expected_purchases(history, discount_rate=case["delta_continuous"]),
        }
        for name, answer in answers.items():
            np.testing.assert_allclose(only(answer), float(truth[name]), rtol=1e-11, err_msg=f"{case['id']} {name}")
        assert np.isfinite(only(model.log_probability_alive(history)))


def test_truths_with_a_growing_hazard(reference):
    for case in reference["more_truth"]["ggompertz_nbd"]:
        names = ("r", "alpha", "b", "s", "beta")
        parameters = dict(zip(names, map(float, case["params_r_alpha_b_s_beta"]), strict=True))
        model = pt.clv.GGompertzNBD.from_parameters(**parameters)
        np.testing.assert_allclose(only(model.log_likelihood(row(case))), float(case["ll"]), rtol=1e-11)
        np.testing.assert_allclose(only(model.probability_alive(row(case))), float(case["palive"]), rtol=1e-11)
        expected = model.expected_purchases(row(case), horizon=float(case["t"]))
        np.testing.assert_allclose(only(expected), float(case["cet"]), rtol=1e-11)


def test_beside_lifetimes(cdnow, pareto):
    """Its Nelder–Mead search stops within 3e-4 of the maximum; its answers for ordinary customers are right."""
    columns = [np.asarray(cdnow[name], dtype=float) for name in ("frequency", "recency", "T")]
    peer = ParetoNBDFitter().fit(*columns)
    np.testing.assert_allclose(list(pareto.parameters_.values()), peer.params_.to_numpy(), rtol=1e-3)
    given = pt.clv.ParetoNBD.from_parameters(**{name: float(value) for name, value in peer.params_.items()})
    ours = given.probability_alive(cdnow)["probability_alive"]
    np.testing.assert_allclose(ours, peer.conditional_probability_alive(*columns), rtol=1e-9)
    ours = given.expected_purchases(cdnow, horizon=39)["expected_purchases"]
    theirs = peer.conditional_expected_number_of_purchases_up_to_time(39, *columns)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_what_is_flat_is_named(cdnow, pareto):
    with pytest.warns(errors.ConvergenceWarning, match="the Pareto/NBD model"):
        model = pt.clv.GGompertzNBD().fit(cdnow)
    assert not model.converged_
    assert "b → 0" in model.ending_
    assert model.log_likelihood_ == pytest.approx(pareto.log_likelihood_, abs=1e-3)
    assert pt.clv.GGompertzNBD.from_json(model.to_json()) == model


@pytest.mark.parametrize("model", GIVEN, ids=lambda model: type(model).__name__)
def test_answers_hang_together(model, cdnow):
    again = pickle.loads(pickle.dumps(type(model).from_json(model.to_json())))
    assert again == model
    now = model.log_probability_alive(cdnow)["log_probability_alive"]
    ahead = model.log_probability_alive(cdnow, horizon=20)["log_probability_alive"]
    assert (now <= 0).all()
    assert (ahead <= now).all()
    history = ([2, 0, 7], [30.0, 0.0, 20.0], [38.0, 20.0, 39.0])
    table = model.purchase_distribution(history, horizon=10, most=120)
    shares = np.array([table[str(n)] for n in range(121)])
    np.testing.assert_allclose(shares.sum(axis=0), 1, rtol=1e-10)
    mean = (shares * np.arange(121)[:, None]).sum(axis=0)
    np.testing.assert_allclose(mean, model.expected_purchases(history, horizon=10)["expected_purchases"], rtol=1e-9)
    assert model.distribution(10.0, most=3).shape == (4,)


def test_holdout_and_frequency_checks(cdnow, pareto):
    check = pareto.frequency_check(cdnow)
    assert sum(check["expected"]) == pytest.approx(2357)
    holdout = pareto.holdout_check(cdnow)
    assert holdout.about["actual"] == 1882  # as in the summary of these customers in BTYD
    expected = pareto.expected_purchases(cdnow, horizon=39)["expected_purchases"]
    assert holdout.about["expected"] == pytest.approx(sum(expected))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: pt.clv.NBD.from_parameters(r=0, alpha=1),
        lambda: pt.clv.ParetoNBD.from_parameters(r=1, alpha=1, s=-1, beta=1),
        lambda: pt.clv.GGompertzNBD.from_parameters(r=1, alpha=1, b=np.inf, s=1, beta=1),
        lambda: GIVEN[1].discounted_expected_purchases(([1], [2.0], [3.0]), discount_rate=-1),
    ],
)
def test_impossible_parameters(wrong):
    with pytest.raises(errors.InvalidParameter):
        wrong()
