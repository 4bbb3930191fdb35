"""The beta-geometric family from Python: exact truths, regular purchases, and how its models are told apart."""

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import patronage as pt
from patronage import errors

KINDS = {"BG/NBD": pt.clv.BGNBD, "MBG/NBD": pt.clv.MBGNBD, "BG/CNBD-k": pt.clv.BGCNBD, "MBG/CNBD-k": pt.clv.MBGCNBD}
ANN = {"frequency": [9], "recency": [36.0], "T": [41.0]}


@pytest.fixture
def reference(shared):
    return json.loads(shared("reference/clv.json").read_text())


@pytest.fixture
def grocery(shared):
    """1,525 grocery customers of 2006, in weeks, with the sum of the logarithms of the times between purchases."""
    log = pd.read_csv(shared("data/grocery_elog.csv.gz"), parse_dates=["date"])
    end = pd.Timestamp("2006-12-31")
    rows = []
    for customer, dates in log[log["date"] <= end].groupby(log.columns[0])["date"]:
        days = sorted(set(dates))
        gaps = [(after - before).days / 7 for before, after in pairwise(days)]
        rows.append((customer, len(gaps), sum(gaps), (end - days[0]).days / 7, np.log(gaps).sum()))
    return pd.DataFrame(rows, columns=["customer", "frequency", "recency", "T", "litt"])


def test_a_log_knows_the_times_between_purchases(shared, grocery):
    log = pt.TransactionLog(pd.read_csv(shared("data/grocery_elog.csv.gz")), customer="customer_id", time="date")
    history = log.purchase_history(as_of="2006-12-31", litt=True)
    expected = grocery.sort_values("customer")
    np.testing.assert_array_equal(history["customer"], expected["customer"])
    np.testing.assert_array_equal(history["frequency"], expected["frequency"])
    np.testing.assert_allclose(history["litt"], expected["litt"], atol=1e-12)
    assert "litt" not in log.purchase_history().to_pandas()
    with pytest.raises(errors.InvalidParameter, match="litt = 'yes' is not possible"):
        log.purchase_history(litt="yes")
    assert pt.clv.MBGCNBD().fit(history).k_ == pt.clv.MBGCNBD().fit(grocery).k_ == 2


def test_truths_per_customer(reference):
    cases = [case for case in reference["per_customer"] if case["model"] in KINDS]
    assert len(cases) >= 35
    for case in cases:
        model = KINDS[case["model"]].from_parameters(**{name: float(p) for name, p in case["params"].items()})
        history = {"frequency": [case["x"]], "recency": [float(case["t_x"])], "T": [float(case["T"])]}
        truth = {name: float(value) for name, value in case["truth"].items()}
        answers = [
            (model.log_likelihood(history)["log_likelihood"], truth["ll"]),
            (model.probability_alive(history)["probability_alive"], truth["palive"]),
            (
                model.expected_purchases(history, horizon=float(case["horizon_t"]))["expected_purchases"],
                truth["cet"],
            ),
        ]
        for found, expected in answers:
            np.testing.assert_allclose(found[0], expected, rtol=1e-11, err_msg=str(case))


def test_truths_of_regular_purchases(reference):
    for case in reference["more_truth"]["cnbd_k"]:
        model = KINDS[case["model"]].from_parameters(
            **dict(zip(("r", "alpha", "a", "b"), case["params"], strict=True)), k=case["k"]
        )
        history = {"frequency": [case["x"]], "recency": [float(case["tx"])], "T": [float(case["T"])]}
        alive = model.probability_alive(history)["probability_alive"][0]
        np.testing.assert_allclose(alive, float(case["palive"]), rtol=1e-11)
        # Five times that add up to 20 cannot have logarithms that add up to 8.
        if case["x"] != 5:
            found = model.log_likelihood({**history, "litt": [float(case["litt"])]})["log_likelihood"][0]
            np.testing.assert_allclose(found, float(case["ll"]), rtol=1e-11)


def test_exact_fits(reference, grocery):
    for kind in ("BG/NBD", "MBG/NBD"):
        exact = next(f for f in reference["exact_mle"] if (f["model"], f["dataset"]) == (kind, "grocery"))
        model = KINDS[kind]().fit(grocery)
        np.testing.assert_allclose(list(model.parameters_.values()), [float(p) for p in exact["params"]], rtol=1e-9)
        np.testing.assert_allclose(
            list(model.standard_errors_.values()), [float(e) for e in exact["std_err"]], rtol=1e-8
        )
        assert model.log_likelihood_ == pytest.approx(float(exact["loglik"]), rel=1e-12)


@pytest.mark.parametrize("kind", ["BG/CNBD-k", "MBG/CNBD-k"])
def test_the_regularity_of_groceries(reference, grocery, kind):
    """BTYDplus 1.2.0 chooses k = 2 as well, and stops 1e-6 short of the maximum."""
    theirs = next(fit for fit in reference["peer_fits"] if fit["model"] == f"{kind} (k chosen = 2)")
    model = KINDS[kind]().fit(grocery)
    assert (model.k, model.k_) == (None, theirs["params"][0]) == (None, 2)
    np.testing.assert_allclose(list(model.parameters_.values()), theirs["params"][1:], rtol=2e-4)
    assert theirs["loglik"] - 1e-9 <= model.log_likelihood_ <= theirs["loglik"] + 1e-4
    asked = KINDS[kind](k=2).fit(grocery)
    assert asked.parameters_ == model.parameters_
    assert asked.log_likelihood(grocery)["log_likelihood"].sum() == pytest.approx(model.log_likelihood_, rel=1e-12)
    again = type(model).from_json(model.to_json())
    assert (again, again.k, again.k_) == (model, None, 2)
    assert repr(asked).startswith(f"{type(model).__name__}(k=2, r=")
    # With one stage it is the irregular model, which needs no times between purchases.
    one = KINDS[kind](k=1).fit(grocery.drop(columns="litt"))
    plain = KINDS[kind.replace("CNBD-k", "NBD")]().fit(grocery)
    assert (one.parameters_, one.log_likelihood_) == (plain.parameters_, plain.log_likelihood_)


def test_regular_purchases_need_their_times(grocery):
    with pytest.raises(errors.ColumnNotFound, match="litt"):
        pt.clv.MBGCNBD(k=2).fit(grocery.drop(columns="litt"))
    days = grocery.assign(litt=grocery["litt"] + grocery["frequency"] * np.log(7))
    with pytest.raises(errors.InvalidInput, match="'litt': is not the sum of the logarithms"):
        pt.clv.MBGCNBD(k=2).fit(days)


def test_one_purchase_tells_something_where_dropout_is_early():
    once = {"frequency": [0, 0], "recency": [0.0, 0.0], "T": [0.0, 38.86]}
    new, silent = pt.clv.MBGNBD.from_parameters(r=0.525, alpha=6.183, a=0.891, b=1.614).probability_alive(once)[
        "probability_alive"
    ]
    assert new == pytest.approx(1.614 / (0.891 + 1.614), rel=1e-14)
    assert silent < new
    model = pt.clv.BGNBD.from_parameters(r=0.525, alpha=6.183, a=0.891, b=1.614)
    assert model.probability_alive(once)["probability_alive"].tolist() == [1, 1]


def test_the_more_regular_the_more_silence_tells():
    alive = [
        pt.clv.BGCNBD.from_parameters(r=0.8, alpha=3.2 / k, a=0.8, b=2.4, k=k).probability_alive(ANN)[
            "probability_alive"
        ][0]
        for k in range(1, 8)
    ]
    assert all(before > after for before, after in pairwise(alive))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: pt.clv.BGCNBD.from_parameters(r=1, alpha=1, a=1, b=1, k=0),
        lambda: pt.clv.BGCNBD.from_parameters(r=1, alpha=1, a=1, b=1, k=1.5),
        lambda: pt.clv.BGCNBD.from_parameters(r=1, alpha=1, a=1, b=1, k=None),
        lambda: pt.clv.MBGCNBD.from_parameters(r=1, alpha=1, a=1, b=1, k=1001),
        lambda: pt.clv.MBGNBD.from_parameters(r=1, alpha=1, a=0, b=1),
        lambda: pt.clv.MBGCNBD(k=0).fit(ANN),
    ],
)
def test_impossible_models(wrong):
    with pytest.raises(errors.InvalidParameter):
        wrong()
    with pytest.raises(errors.NotFitted):
        _ = pt.clv.BGCNBD(k=2).k_
