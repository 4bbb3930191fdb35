"""Models in whole periods: BG/BB, shifted beta-geometric, beta-discrete-Weibull, and the Kaplan–Meier curve."""

import copy
import csv
import gzip
import itertools
import json
import math
import pickle

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import patronage as pt
from patronage import errors

REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
BGBB = pt.clv.BGBB.from_parameters(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783)
SBG = pt.clv.ShiftedBetaGeometric.from_parameters(alpha=0.704, beta=1.182)


@pytest.fixture
def reference(shared):
    return json.loads(shared("reference/clv.json").read_text())


@pytest.fixture
def donations(shared):
    with gzip.open(shared("data/donations_bgbb.csv.gz"), "rt") as file:
        rows = list(csv.DictReader(file))
    columns = {"frequency": "x", "recency": "t_x", "T": "n", "donors": "custs"}
    return {name: [int(row[column]) for row in rows] for name, column in columns.items()}


def check_fit(model, reference, name, dataset):
    [exact] = [fit for fit in reference["exact_mle"] if (fit["model"], fit["dataset"]) == (name, dataset)]
    np.testing.assert_allclose(list(model.parameters_.values()), np.array(exact["params"], float), rtol=1e-9)
    np.testing.assert_allclose(list(model.standard_errors_.values()), np.array(exact["std_err"], float), rtol=1e-8)
    assert model.log_likelihood_ == pytest.approx(float(exact["loglik"]), rel=1e-12)


def test_donations(donations, reference):
    model = pt.clv.BGBB().fit(donations, weights="donors")
    check_fit(model, reference, "BG/BB", "donations")
    assert model.customers_ == 11104
    total = 0.0
    for cell in reference["more_truth"]["bgbb_donations_cells"]:
        cell = {name: float(value) for name, value in cell.items() if name != "params"}
        history = {"frequency": [cell["x"]], "recency": [cell["tx"]], "T": [cell["n"]]}
        for truth, answer in {
            "ll": BGBB.log_likelihood(history),
            "palive_now": BGBB.probability_alive(history),
            "palive_next": BGBB.probability_alive(history, horizon=1),
            "cet5": BGBB.expected_purchases(history, horizon=5),
            "dert_d10": BGBB.discounted_expected_purchases(history, discount_rate=math.log(1.1)),
        }.items():
            np.testing.assert_allclose(answer[answer.columns[-1]][0], cell[truth], rtol=1e-11)
        total += cell["custs"] * BGBB.expected_purchases(history, horizon=5)["expected_purchases"][0]
    assert round(float(total), 2) == 12882.27  # at the published parameters
    for case in reference["more_truth"]["bgbb_expectation"]:
        assert BGBB.expectation(case["n"]) == pytest.approx(float(case["value"]), rel=1e-11)


def test_bgbb_is_lifetimes_where_it_is_right(donations):
    from lifetimes import BetaGeoBetaBinomFitter

    other = BetaGeoBetaBinomFitter()
    frame = pd.DataFrame(donations)
    other.fit(frame["frequency"], frame["recency"], frame["T"], frame["donors"])
    model = pt.clv.BGBB.from_parameters(**other.params_.to_dict())
    ahead = other.conditional_expected_number_of_purchases_up_to_time(
        5, frame["frequency"], frame["recency"], frame["T"]
    )
    np.testing.assert_allclose(model.expected_purchases(frame, horizon=5)["expected_purchases"], ahead, rtol=1e-9)
    for m in (0, 1, 6):
        alive = other.conditional_probability_alive(m, frame["frequency"], frame["recency"], frame["T"])
        np.testing.assert_allclose(model.probability_alive(frame, horizon=m)["probability_alive"], alive, rtol=1e-9)


def test_donations_foreseen(donations, shared):
    with gzip.open(shared("data/donations_bgbb_xstar.csv.gz"), "rt") as file:
        given = np.array([float(row["V1"]) for row in csv.DictReader(file)])
    donors = np.array(donations["donors"])
    held = {**donations, "frequency_holdout": given / donors}
    check = BGBB.holdout_check(held, duration=5, and_more=6)
    assert check["customers"].sum() == 22
    assert check.plot().get_title(loc="left")
    expected = BGBB.expected_purchases(donations, horizon=5)["expected_purchases"] @ donors
    # They gave 13,260 times.
    assert expected / given.sum() == pytest.approx(1, abs=0.05)


def test_bgbb_in_pictures(donations):
    check = pt.clv.BGBB().fit(donations, weights="donors").frequency_check(donations, most=6, weights="donors")
    assert check["actual"].tolist()[:2] == [3464, 1091 + 277 + 129 + 78 + 119 + 129]
    # Hardie's spreadsheet, which has more digits than were published, by way of lifetimes' tests.
    np.testing.assert_allclose(check["expected"][[0, 6]], [3454.9, 1253.1], atol=0.05)
    assert check.plot().get_title(loc="left")
    matrix = BGBB.alive_matrix(T=6)
    assert len(matrix) == 1 + 6 * 6
    assert [row["probability_alive"] is None for row in matrix.to_dicts()] == [
        row["frequency"] > row["recency"] for row in matrix.to_dicts()
    ]
    assert matrix.plot().get_title(loc="left")
    assert type(matrix).from_json(matrix.to_json()) == matrix
    for wrong in ({"T": 2.5}, {"T": 0}, {"T": 6, "steps": 40}, {"T": 10**7}):
        with pytest.raises(errors.InvalidParameter):
            BGBB.alive_matrix(**wrong)


@pytest.mark.parametrize(
    ("frequency", "recency", "T", "problem"),
    [
        ([0, 1], [0, 1], [6, 6.5], "'T': is not a whole number of opportunities.* in 1 row.* at row 1; count opportun"),
        ([0, 1], [0, 0.5], [6, 6], "'recency': is not a whole"),
        ([3, 1], [2, 1], [6, 6], "'frequency': is larger than recency.*row 0"),
        ([0, 1], [0, 1], [6, 5], None),
    ],
)
def test_bgbb_wants_whole_opportunities(frequency, recency, T, problem):
    history = (frequency, recency, T)
    if problem is None:
        assert len(BGBB.probability_alive(history)) == 2
        with pytest.raises(errors.InvalidParameter, match=r"horizon = 0\.5 .* whole number of opportunities"):
            BGBB.probability_alive(history, horizon=0.5)
        with pytest.raises(errors.InvalidInput, match="'horizon': is not a whole number"):
            BGBB.expected_purchases(history, horizon=[1, 1.5])
        with pytest.raises(errors.InvalidInput, match="whole number of opportunities"):
            BGBB.expectation(1.5)
        return
    for ask in (pt.clv.BGBB().fit, BGBB.probability_alive):
        with pytest.raises(errors.InvalidInput, match=problem):
            ask(history)


@given(
    st.tuples(*[st.floats(0.05, 20)] * 4), st.integers(0, 8), st.integers(0, 8), st.integers(0, 30), st.integers(1, 25)
)
def test_bgbb_distribution(parameters, x, more, silent, horizon):
    model = pt.clv.BGBB.from_parameters(**dict(zip(("alpha", "beta", "gamma", "delta"), parameters, strict=True)))
    recency = x + more if x else 0
    history = ([x], [recency], [recency + silent])
    table = model.purchase_distribution(history, horizon=horizon, most=horizon)
    p = np.array([table[str(n)][0] for n in range(horizon + 1)])
    assert p.sum() == pytest.approx(1, abs=1e-11)
    mean = model.expected_purchases(history, horizon=horizon)["expected_purchases"][0]
    assert p @ np.arange(horizon + 1) == pytest.approx(mean, rel=1e-9, abs=1e-14)


def test_opportunities_from_a_log(shared):
    frame = pd.read_csv(shared("data/discrete_sim_elog.csv.gz"))
    frame["date"] = pd.to_datetime(frame["date"])
    frame["year"] = frame["date"].dt.year
    log = pt.TransactionLog(frame, customer="customer_id", time="date")
    end = frame["year"].max()
    history = pt.clv.opportunity_history(log, period="year", as_of=f"{end}-12-31", holdout=f"{end - 4}-12-31")
    seen = frame[frame["year"] <= end - 4].groupby("customer_id")["year"]
    expected = pd.DataFrame({"frequency": seen.nunique() - 1, "recency": seen.max() - seen.min()})
    expected["T"] = end - 4 - seen.min()
    expected["frequency_holdout"] = frame[frame["year"] > end - 4].groupby("customer_id")["year"].nunique()
    found = history.to_frame().set_index("customer")
    pd.testing.assert_frame_equal(found, expected.fillna(0).loc[found.index], check_dtype=False, check_names=False)
    assert history.about["duration_holdout"] == 4
    assert history.about["period"] == "year"
    model = pt.clv.BGBB().fit(history)
    assert model.converged_
    check = model.holdout_check(history)
    assert check.about["expected"] == pytest.approx(check.about["actual"], rel=0.05)
    with pytest.raises(errors.InvalidParameter, match="holdout"):
        pt.clv.opportunity_history(log, period="year", holdout="1900-01-01")


def test_published_cohorts(reference):
    for name, counts in (("regular", REGULAR), ("highend", HIGH_END)):
        check_fit(pt.clv.ShiftedBetaGeometric().fit(counts), reference, "sBG", f"{name}_years0-7")
        check_fit(pt.clv.ShiftedBetaGeometric().fit(np.array(counts[:5])), reference, "sBG", f"{name}_years0-4")
    for case in reference["more_truth"]["sbg"]:
        model = pt.clv.ShiftedBetaGeometric.from_parameters(
            alpha=float(case["params"][0]), beta=float(case["params"][1])
        )
        np.testing.assert_allclose(model.survival(range(13)), np.array(case["survival"], float), rtol=1e-13)
        np.testing.assert_allclose(model.retention(np.arange(1, 13)), np.array(case["retention"], float), rtol=1e-13)
        life = model.discounted_expected_lifetime(discount_rate=0.1)
        assert life == pytest.approx(float(case["DEL_d10"]), rel=1e-11)
        residual = model.discounted_expected_residual_lifetime([1, 2, 3, 5, 8], discount_rate=0.1)
        np.testing.assert_allclose(residual, np.array(case["DERL_d10_n"], float), rtol=1e-11)


def test_bdw_has_sbg_within():
    """Against scipy's beta functions; and a likelihood that is larger than the simpler model's."""
    from scipy.special import betaln

    for counts in (REGULAR, HIGH_END):
        model = pt.clv.BetaDiscreteWeibull().fit(counts)
        simple = pt.clv.ShiftedBetaGeometric().fit(counts)
        alpha, beta, c = model.parameters_.values()
        t = np.arange(30)
        survival = np.exp(betaln(alpha, beta + t**c) - betaln(alpha, beta))
        np.testing.assert_allclose(model.survival(t), survival, rtol=1e-12)
        np.testing.assert_allclose(model.churn_probability(t[1:]), -np.diff(survival), rtol=1e-10)
        lost = -np.diff(counts)
        by_hand = lost @ np.log(-np.diff(survival[: len(counts)])) + counts[-1] * np.log(survival[len(counts) - 1])
        assert model.log_likelihood_ == pytest.approx(by_hand, rel=1e-12)
        assert model.log_likelihood(counts) == pytest.approx(by_hand, rel=1e-12)
        assert model.log_likelihood_ > simple.log_likelihood_
        one = pt.clv.BetaDiscreteWeibull.from_parameters(**simple.parameters_, c=1)
        assert one.log_likelihood(counts) == pytest.approx(simple.log_likelihood_, rel=1e-13)
        assert model.aic_ == pytest.approx(6 - 2 * by_hand)
        assert model.bic_ == pytest.approx(3 * math.log(1000) - 2 * by_hand)


def customers(cohorts):
    """A row a customer of some cohorts, in any order."""
    duration, churned = [], []
    for counts in cohorts:
        for t, (before, now) in enumerate(itertools.pairwise(counts), start=1):
            duration += [t] * (before - now)
            churned += [True] * (before - now)
        duration += [len(counts) - 1] * counts[-1]
        churned += [False] * counts[-1]
    order = np.random.default_rng(1).permutation(len(duration))
    return {"duration": np.array(duration)[order], "churned": np.array(churned)[order]}


def test_every_form_of_cohorts_is_the_same():
    cohorts = [[40, 31, 22, 18], [50, 35, 29], [7]]
    rows = customers(cohorts)
    grouped = pl.DataFrame(rows).group_by("duration", "churned").len("customers")
    forms = [
        (rows, None),
        (pd.DataFrame(rows), None),
        (pl.DataFrame(rows), None),
        (pa.table({**rows, "churned": rows["churned"].astype(float)}), None),
        (grouped, "customers"),
        (grouped, grouped["customers"].to_numpy()),
        ([np.array(counts) for counts in cohorts], None),
    ]
    model = pt.clv.ShiftedBetaGeometric().fit(cohorts)
    curve = pt.clv.retention_curve(cohorts)
    for form, weights in forms:
        assert pt.clv.ShiftedBetaGeometric().fit(form, weights=weights) == model
        again = pt.clv.retention_curve(form, weights=weights)
        assert again.to_dicts() == curve.to_dicts()
    assert isinstance(pt.clv.retention_curve(pl.DataFrame(rows)).to_frame(), pl.DataFrame)
    one = pd.Series([40, 31, 22])
    assert pt.clv.retention_curve(one) == pt.clv.retention_curve([40, 31, 22])
    assert curve.about["customers"] == 97
    assert model.customers_ == 97


@pytest.mark.parametrize(
    ("cohorts", "problem"),
    [
        ([10, 9, 9.5], "column 'cohort': has more customers than in the period before in 1 row.*row 2"),
        ([[10, 9], [10, 11]], "column 'cohort 1': has more"),
        ([10, math.nan], "column 'cohort': is not a count"),
        ([10, -1], "column 'cohort': is not a count"),
        ({"duration": [1, -1], "churned": [True, True]}, "column 'duration': is not a finite.*row 1"),
        ({"duration": [1, math.nan], "churned": [True, True]}, "column 'duration'"),
        ({"duration": [1, 1], "churned": [True, None]}, "column 'churned': is neither true nor false.*row 1"),
        ({"duration": [1, 1], "churned": [0, 2]}, "column 'churned': is neither"),
        ({"duration": [1, 1]}, "'churned' is not in the table"),
        (["a", "b"], "no numbers"),
        (42, "no table"),
    ],
)
def test_impossible_cohorts(cohorts, problem):
    for ask in (pt.clv.retention_curve, pt.clv.BetaDiscreteWeibull().fit):
        with pytest.raises((errors.InvalidInput, errors.ColumnNotFound), match=problem):
            ask(cohorts)


@pytest.mark.parametrize(
    ("cohorts", "problem"),
    [
        ([10, 10, 10], "customers who left: 0 found"),
        ([10, 5], "periods .* for the 2 parameters of sBG: 1 found"),
        ([], "customers who left"),
        ([[10, 5], []], "counts of cohort 1"),
    ],
)
def test_too_little(cohorts, problem):
    with pytest.raises(errors.NotEnoughData, match=problem):
        pt.clv.ShiftedBetaGeometric().fit(cohorts)


def test_a_flat_likelihood_is_named():
    with pytest.warns(errors.ConvergenceWarning, match="flat likelihood .*geometric lifetime"):
        model = pt.clv.ShiftedBetaGeometric().fit([1024, 512, 256, 128])
    assert model.converged_ is False
    assert model.retention(1) == pytest.approx(0.5, abs=0.01)
    assert np.isnan(model.standard_errors_["alpha"])
    with pytest.raises(errors.NotConverged):
        pt.clv.ShiftedBetaGeometric().fit([1024, 512, 256, 128], strict=True)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: SBG.survival(-1),
        lambda: SBG.survival(0.5),
        lambda: SBG.survival([1, math.nan]),
        lambda: SBG.retention(0),
        lambda: SBG.churn_probability([0, 1]),
        lambda: SBG.discounted_expected_lifetime(discount_rate=-0.1),
        lambda: SBG.discounted_expected_lifetime(discount_rate=math.inf),
        lambda: SBG.discounted_expected_residual_lifetime(0, discount_rate=0.1),
        lambda: pt.clv.ShiftedBetaGeometric.from_parameters(alpha=0, beta=1),
        lambda: pt.clv.BetaDiscreteWeibull.from_parameters(alpha=1, beta=1, c=math.nan),
        lambda: pt.clv.retention_curve(REGULAR, confidence=1),
        lambda: pt.clv.retention_curve(REGULAR, interval="log"),
        lambda: pt.clv.retention_curve(REGULAR).plot(measure="churn"),
        lambda: pt.clv.retention_curve(REGULAR).plot(models=SBG, periods=0),
    ],
)
def test_impossible_questions(wrong):
    with pytest.raises(errors.InvalidParameter):
        wrong()


def test_lifetimes_that_are_infinite():
    assert SBG.expected_lifetime_ == math.inf
    finite = pt.clv.ShiftedBetaGeometric.from_parameters(alpha=2, beta=3)
    assert finite.expected_lifetime_ == pytest.approx(4)  # (α+β−1)/(α−1)
    assert finite.discounted_expected_lifetime(discount_rate=0) == pytest.approx(4)
    assert SBG.discounted_expected_lifetime(discount_rate=0) == math.inf


def test_models_are_stored_to_the_bit():
    for model in (pt.clv.BetaDiscreteWeibull().fit(HIGH_END), SBG, BGBB):
        for again in (type(model).from_json(model.to_json()), pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
            assert again == model
            assert repr(again) == repr(model)
    with pytest.raises(errors.InvalidModel):
        pt.clv.BetaDiscreteWeibull.from_json(SBG.to_json())
    with pytest.raises(errors.NotFitted):
        pt.clv.ShiftedBetaGeometric().survival(1)
    assert "standard error" in pt.clv.ShiftedBetaGeometric().fit(REGULAR)._repr_html_()


@given(
    st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=60),
    st.sampled_from(["log-log", "plain"]),
)
def test_kaplan_meier_by_hand(rows, interval):
    duration, churned = (np.array(column) for column in zip(*rows, strict=True))
    curve = pt.clv.retention_curve({"duration": duration, "churned": churned}, interval=interval)
    survival, greenwood = 1.0, 0.0
    for row in curve.to_dicts():
        at_risk = int((duration >= row["duration"]).sum())
        left = int(((duration == row["duration"]) & churned).sum())
        survival *= 1 - left / at_risk
        assert (row["at_risk"], row["churned"]) == (at_risk, left)
        assert row["survival"] == pytest.approx(survival, abs=1e-13)
        if survival == 0:
            assert row["standard_error"] is None
            assert row["lower"] is None
            return
        greenwood += left / (at_risk * (at_risk - left))
        error = survival * math.sqrt(greenwood)
        assert row["standard_error"] == pytest.approx(error, abs=1e-13)
        if interval == "plain":
            assert row["upper"] == pytest.approx(survival + 1.959963984540054 * error, abs=1e-12)
        else:
            assert 0 <= row["lower"] <= survival + 1e-15 <= row["upper"] + 2e-15 <= 1 + 2e-15


def test_kaplan_meier_is_lifelines():
    import lifelines

    rng = np.random.default_rng(4)
    rows = {"duration": np.ceil(rng.exponential(6, 400) * 4) / 4, "churned": rng.random(400) < 0.6}
    other = lifelines.KaplanMeierFitter().fit(rows["duration"], rows["churned"], alpha=0.1)
    curve = pt.clv.retention_curve(rows, confidence=0.9)
    np.testing.assert_allclose(curve["survival"], other.survival_function_["KM_estimate"], atol=1e-12)
    there = curve["survival"] > 0
    interval = other.confidence_interval_.to_numpy()[there]
    np.testing.assert_allclose(curve["lower"][there], interval[:, 0], atol=1e-9)
    np.testing.assert_allclose(curve["upper"][there], interval[:, 1], atol=1e-9)
    assert curve.about["median"] == other.median_survival_time_


def test_pictures():
    seen = HIGH_END[:5]
    models = [pt.clv.ShiftedBetaGeometric().fit(seen), pt.clv.BetaDiscreteWeibull().fit(seen)]
    curve = pt.clv.retention_curve(seen)
    pictures = [
        curve.plot(),
        curve.plot(models=models, periods=12),
        curve.plot(models=models[0], measure="retention"),
        pt.clv.retention_curve({"duration": [], "churned": []}).plot(),
    ]
    assert all(ax.get_title(loc="left") for ax in pictures)
    labels = pictures[1].get_legend_handles_labels()[1]
    assert [label for label in labels if "fitted" in label] == ["sBG, fitted", "BdW, fitted"]
    projected = pictures[1].get_lines()[-2].get_ydata()
    assert len(projected) == 13
    assert type(curve).from_json(curve.to_json()) == curve
