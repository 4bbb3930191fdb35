"""Pareto/NBD with covariates that change over time: brute force, laws, logs and tables, bad input."""

import math
import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import patronage as pt
from patronage.clv import CovariatePaths, TimeVaryingParetoNBD, covariate_paths

BASE = {"r": 0.9, "alpha": 6.0, "s": 0.8, "beta": 12.0}


def double_integral(model, gap, a, d, bought, x, silent, ahead, step=0.05):
    """Log-likelihood, P(alive) and purchases expected ahead, as means over λ and μ by sums in ln λ and ln μ.

    Pieces of length `gap` with e^(γx) = `a` and e^(δz) = `d`; the first `silent` lie before the last purchase, the next
    before T = the start of piece `ahead`. `bought` is Σ γ x(tⱼ).
    """

    def axis(shape, rate, more):
        low = math.log(shape / rate) - 60 / min(shape, math.sqrt(shape))
        high = math.log((shape + more + 60 * math.sqrt(shape + more) + 90) / rate)
        y = np.arange(low, high, step)
        return np.exp(y), shape * (y + math.log(rate)) - rate * np.exp(y) - math.lgamma(shape)

    (lam, log_lam), (mu, log_mu) = axis(model["r"], model["alpha"], x), axis(model["s"], model["beta"], 0)
    lam, mu = lam[:, None], mu[None, :]
    weight = np.exp(log_lam[:, None] + log_mu[None, :] + x * np.log(lam) + bought)
    bought_by, left_by, gone, later = 0.0, 0.0, 0.0, 0.0
    for k in range(ahead):
        if k >= silent:
            rate = lam * a[k] + mu * d[k]
            stays = np.exp(-lam * bought_by - mu * left_by)
            gone = gone + mu * d[k] * stays * -np.expm1(-rate * gap[k]) / rate
        bought_by, left_by = bought_by + a[k] * gap[k], left_by + d[k] * gap[k]
    stays, now = np.exp(-lam * bought_by - mu * left_by), left_by
    for k in range(ahead, len(gap)):
        later = later + lam * a[k] * np.exp(-mu * (left_by - now)) * -np.expm1(-mu * d[k] * gap[k]) / (mu * d[k])
        left_by += d[k] * gap[k]
    staying, all_of_it = (weight * stays).sum(), (weight * (stays + gone)).sum()
    return math.log(all_of_it * step**2), staying / all_of_it, (weight * stays * later).sum() / all_of_it


@settings(max_examples=10, deadline=None)
@given(
    st.tuples(*[st.floats(0.4, 3.0)] * 2), st.tuples(*[st.floats(2.0, 30.0)] * 2), st.floats(-1, 1), st.floats(-1, 1),
    st.lists(st.tuples(st.floats(-1.5, 1.5), st.floats(0, 1), st.integers(0, 5)), min_size=4, max_size=8),
    st.integers(1, 3),
)  # fmt: skip
def test_answers_are_means_over_all_rates(shapes, scales, gamma, delta, weeks, ahead):
    base = {"r": shapes[0], "alpha": scales[0], "s": shapes[1], "beta": scales[1]}
    model = TimeVaryingParetoNBD.from_parameters(**base, purchase={"x": gamma}, dropout={"z": delta})
    watched = len(weeks) - ahead
    n = [n if k < watched else 0 for k, (_, _, n) in enumerate(weeks)]
    silent = max((k + 1 for k in range(watched) if n[k]), default=0)
    # Her last purchase is at the end of a week, where a piece ends.
    table = {
        "customer": [7] * len(weeks), "frequency": [sum(n)] * len(weeks), "recency": [float(silent)] * len(weeks),
        "T": [float(watched)] * len(weeks), "start": np.arange(len(weeks)) * 1.0,
        "end": np.arange(len(weeks)) + 1.0, "purchases": n, "x": [x for x, _, _ in weeks],
        "z": [z for _, z, _ in weeks],
    }  # fmt: skip
    paths = CovariatePaths.from_table(table, covariates=["x", "z"])
    expected = double_integral(
        base, [1.0] * len(weeks), [math.exp(gamma * x) for x, _, _ in weeks],
        [math.exp(delta * z) for _, z, _ in weeks], sum(gamma * x * k for (x, _, _), k in zip(weeks, n, strict=True)),
        sum(n), silent, watched,
    )  # fmt: skip
    found = (
        model.log_likelihood(paths)["log_likelihood"][0],
        model.probability_alive(paths)["probability_alive"][0],
        model.expected_purchases(paths, horizon=ahead)["expected_purchases"][0],
    )
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-11)


def world(customers=300, weeks=40, seed=1):
    """A log of days, covariates by customer and week with ten weeks ahead, and what they were made with."""
    random = np.random.default_rng(seed)
    first = np.datetime64("2023-01-02")
    rows, known = [], []
    sale = (np.arange(weeks + 10) % 6 == 0) * 1.0
    for customer in range(customers):
        contact = (random.random(weeks + 10) < 0.3) * 1.0
        buys = np.repeat(random.gamma(1.2) / 5 * np.exp(0.9 * sale + 0.4 * contact), 7)[: 7 * weeks] / 7
        leaves = np.repeat(random.gamma(1.1) / 20 * np.exp(-0.8 * contact), 7)[: 7 * weeks] / 7
        begin = int(random.integers(0, 60))
        gone = np.flatnonzero(random.random(7 * weeks)[begin:] < leaves[begin:])
        end = begin + gone[0] if len(gone) else 7 * weeks
        days = np.flatnonzero(random.random(7 * weeks) < buys)
        rows += [(f"c{customer:03}", first + int(day)) for day in [begin, *days[(days > begin) & (days <= end)]]]
        known += [
            (f"c{customer:03}", first + 7 * k, sale[k], contact[k] == 1, customer % 3 == 0) for k in range(weeks + 10)
        ]
    log = pd.DataFrame(rows, columns=["who", "when"])
    return log, pd.DataFrame(known, columns=["customer", "date", "sale", "contact", "member"])


@pytest.fixture(scope="module")
def made():
    return world()


@pytest.fixture(scope="module")
def log(made):
    return pt.TransactionLog(made[0], customer="who", time="when")


@pytest.fixture(scope="module")
def paths(log, made):
    return covariate_paths(log, made[1], names=["sale", "contact", "member"], holdout="2023-08-27")


@pytest.fixture(scope="module")
def model(paths):
    return TimeVaryingParetoNBD(purchase_covariates=["sale", "contact"], dropout_covariates=["contact"]).fit(paths)


def test_histories_are_those_of_the_log(log, paths):
    history = log.purchase_history(period="week", holdout="2023-08-27")
    found = paths.history()
    for name in ("customer", "frequency", "recency", "T", "frequency_holdout"):
        assert list(found[name]) == list(history[name])
    assert found.about["calibration_end"] == "2023-08-27"
    assert sum(paths["purchases"]) == sum(history["frequency"])


def test_each_purchase_counts_with_the_row_of_its_day(made, paths):
    lines, table = made
    days = lines.drop_duplicates().sort_values(["who", "when"])
    repeats = days[days.groupby("who").cumcount() > 0]
    repeats = repeats[repeats["when"] <= "2023-08-27"]
    joined = pd.merge_asof(
        repeats.sort_values("when"), table.sort_values("date"), left_on="when", right_on="date", left_by="who",
        right_by="customer",
    )  # fmt: skip
    joined = joined[joined["who"].isin(set(paths["customer"]))]
    assert joined["sale"].sum() == (paths["purchases"] * paths["sale"]).sum()
    assert joined["contact"].sum() == (paths["purchases"] * paths["contact"]).sum()


def test_the_fit_finds_what_the_world_was_made_with(model):
    assert model.converged_
    assert model.customers_ > 250
    errors = model.standard_errors_
    for name, truth in (("purchase:sale", 0.9), ("purchase:contact", 0.4), ("dropout:contact", -0.8)):
        assert abs(model.parameters_[name] - truth) < 3.5 * errors[name]
        low, high = model.confidence_intervals(0.999)[name]
        assert low < model.parameters_[name] < high
    assert model.aic_ == pytest.approx(14 - 2 * model.log_likelihood_)


def test_polars_and_pandas_agree(log, made, paths, model):
    polars = covariate_paths(
        pt.TransactionLog(pl.from_pandas(made[0]), customer="who", time="when"), pl.from_pandas(made[1]),
        names=["sale", "contact", "member"], holdout="2023-08-27",
    )  # fmt: skip
    assert isinstance(polars.to_frame(), pl.DataFrame)
    assert isinstance(paths.to_frame(), pd.DataFrame)
    again = TimeVaryingParetoNBD(purchase_covariates=["sale", "contact"], dropout_covariates=["contact"]).fit(polars)
    assert again == model
    shuffled = covariate_paths(
        log, made[1].sample(frac=1, random_state=3), names=["sale", "contact", "member"], holdout="2023-08-27"
    )
    assert shuffled == paths


def test_a_calendar_for_all_is_one_for_each(log, made):
    table = made[1]
    calendar = table[table["customer"] == "c000"][["date", "sale"]]
    common = covariate_paths(log, calendar, names=["sale"], customer=None, holdout="2023-08-27")
    each = covariate_paths(log, table, names=["sale"], holdout="2023-08-27")
    assert common.to_dicts() == each.to_dicts()


def test_constant_covariates_are_those_of_pareto_nbd(log, made, paths):
    """The same fit and the same answers, whether a covariate that stays as it is comes with paths or a history."""
    history = log.purchase_history(period="week", holdout="2023-08-27").to_pandas()
    history["member"] = history["customer"].str[1:].astype(int) % 3 == 0
    plain = pt.clv.ParetoNBD(purchase_covariates=["member"], dropout_covariates=["member"]).fit(history)
    along = TimeVaryingParetoNBD(purchase_covariates=["member"], dropout_covariates=["member"]).fit(paths)
    for name, value in plain.parameters_.items():
        assert along.parameters_[name] == pytest.approx(value, rel=1e-9)
        assert along.standard_errors_[name] == pytest.approx(plain.standard_errors_[name], rel=1e-8)
    answers = [
        (model.probability_alive(source, horizon=2)["probability_alive"],
         model.expected_purchases(source, horizon=5)["expected_purchases"])
        for model, source in ((plain, history), (along, paths))
    ]  # fmt: skip
    np.testing.assert_allclose(answers[1], answers[0], rtol=1e-9)
    base = {name: value for name, value in plain.parameters_.items() if ":" not in name}
    both = {process: {"member": plain.parameters_[f"{process}:member"]} for process in ("purchase", "dropout")}
    given = TimeVaryingParetoNBD.from_parameters(**base, **both)
    held = given.discounted_expected_purchases(paths, discount_rate=0.002, covariates={"member": 1})
    members = plain.discounted_expected_purchases(history, discount_rate=0.002)["discounted_expected_purchases"]
    is_member = history["member"].to_numpy()
    np.testing.assert_allclose(held["discounted_expected_purchases"][is_member], members[is_member], rtol=1e-9)


def test_new_customers():
    model = TimeVaryingParetoNBD.from_parameters(**BASE, purchase={"sale": 0.0})
    expected = pt.clv.ParetoNBD.from_parameters(**BASE).expectation([1, 2, 3, 4])
    np.testing.assert_allclose(model.expectation({"sale": [1, 0, 0, 1]}), expected, rtol=1e-12)
    sale = TimeVaryingParetoNBD.from_parameters(**BASE, purchase={"sale": math.log(2)})
    rises = np.diff(sale.expectation({"sale": [1, 0, 0, 1]}), prepend=0)
    np.testing.assert_allclose(rises / np.diff(expected, prepend=0), [2, 1, 1, 2], rtol=1e-10)


def test_nested_models_are_tested(paths, model):
    simpler = TimeVaryingParetoNBD(purchase_covariates=["sale", "contact"]).fit(paths)
    test = pt.clv.likelihood_ratio_test(simpler, model)
    assert test.degrees_of_freedom == 1
    assert test.statistic == pytest.approx(2 * (model.log_likelihood_ - simpler.log_likelihood_))


def test_models_and_paths_come_back(paths, model):
    assert TimeVaryingParetoNBD.from_json(model.to_json()) == model
    assert pickle.loads(pickle.dumps(model)) == model
    again = pickle.loads(pickle.dumps(paths))
    assert again == paths
    assert model.expected_purchases(again, horizon=4) == model.expected_purchases(paths, horizon=4)
    with pytest.raises(pt.errors.InvalidModel, match="version"):
        TimeVaryingParetoNBD.from_json(model.to_json().replace('"version": 1', '"version": 2', 1))


def test_priors_pull(paths, model):
    strong = TimeVaryingParetoNBD(purchase_covariates=["sale"], priors={"purchase:sale": (0.0, 0.01)}).fit(paths)
    assert abs(strong.parameters_["purchase:sale"]) < 0.1 < model.parameters_["purchase:sale"]
    assert strong.estimate_ == "maximum a posteriori"


def test_missing_time_ahead_is_named(paths, model):
    assert (model.expected_purchases(paths, horizon=14)["expected_purchases"] > 0).all()
    with pytest.raises(pt.errors.InvalidInput, match=r"'c000' are not known from 2023-12-18 on.*row 0"):
        model.expected_purchases(paths, horizon=17)
    with pytest.raises(pt.errors.InvalidParameter, match="horizon"):
        model.probability_alive(paths, horizon=-1)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda t: t[t["customer"] != "c005"], "customer 'c005'"),
        (lambda t: t.drop(t[(t["customer"] == "c005") & (t["date"] == "2023-06-05")].index), "'c005' leave a gap"),
        (lambda t: pd.concat([t, t[t["customer"] == "c005"].iloc[[20]]]), "'c005' overlap at 2023-05-2"),
        (lambda t: t[t["date"] < "2023-08-21"], "are missing from 2023-08-21 to 2023-08-27 in 300 row"),
        (lambda t: t.assign(sale=t["sale"].where(t.index != 3)), "column 'sale'.*first at row 3"),
        (lambda t: t.assign(date=t["date"].where(t.index != 3)), "column 'date'.*first at row 3"),
        (lambda t: t.rename(columns={"sale": "promotion"}), "column 'sale'"),
        (lambda t: t.assign(sale="yes"), "indicator"),
    ],
)
def test_bad_covariates_are_refused(log, made, spoil, message):
    with pytest.raises(pt.errors.PatronageError, match=message):
        covariate_paths(log, spoil(made[1]), names=["sale"], holdout="2023-08-27")


def test_calendar_months_begin_on_their_first_day(log):
    months = pd.DataFrame({"date": pd.date_range("2023-01-01", "2023-12-01", freq="MS"), "sale": np.arange(12) % 2})
    paths = covariate_paths(log, months, names=["sale"], customer=None, every="month", holdout="2023-08-27")
    lengths = (paths["end"] - paths["start"])[1:8] * 7
    assert set(lengths.round().astype(int)) <= {28, 30, 31}
    months.loc[4, "date"] += pd.Timedelta(days=1)
    with pytest.raises(pt.errors.InvalidInput, match=r"first day of a calendar period.*first at row 4"):
        covariate_paths(log, months, names=["sale"], customer=None, every="month")


def table(**changes):
    columns = {
        "customer": [1, 1, 1, 2], "frequency": [3, 3, 3, 0], "recency": [2.5, 2.5, 2.5, 0.0], "T": [3.0, 3.0, 3.0, 1.5],
        "start": [0.0, 1.0, 2.0, 0.0], "end": [1.0, 2.0, 4.0, 2.0], "purchases": [1, 0, 2, 0],
        "z": [0.0, 1.0, 0.0, 1.0],
    }  # fmt: skip
    return columns | changes


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"start": [0.0, 1.5, 2.0, 0.0]}, "'start': leaves a gap.*row 1"),
        ({"start": [0.0, 0.5, 2.0, 0.0]}, "'start': overlaps.*row 1"),
        ({"start": [0.5, 1.0, 2.0, 0.0]}, "'start': of a customer's first interval is not 0"),
        ({"end": [1.0, 2.0, 2.8, 2.0]}, "'end': of the last interval lies before T"),
        ({"end": [1.0, 2.0, math.inf, 2.0]}, "'end': is not a finite"),
        ({"purchases": [1, 0, 1, 0]}, "'purchases': do not add up"),
        ({"purchases": [1.5, 0, 1.5, 0]}, "'purchases': is not a whole number"),
        ({"purchases": [1, 2, 0, 0]}, "'recency': is not in the last interval with a purchase"),
        ({"z": [0.0, math.nan, 0.0, 1.0]}, "'z': is not a finite.*row 1"),
        ({"T": [3.0, 3.0, 3.5, 1.5]}, "'T': is not that of the row before.*row 2"),
        ({"customer": [1, 2, 1, 2]}, "'customer'|'frequency'"),
        ({"frequency": [-1, -1, -1, 0]}, "'frequency'"),
        ({"recency": [9.0, 9.0, 9.0, 0.0]}, "'recency': is larger than T"),
    ],
)
def test_bad_intervals_are_refused(changes, message):
    CovariatePaths.from_table(table(), covariates=["z"])
    with pytest.raises(pt.errors.InvalidInput, match=message):
        CovariatePaths.from_table(table(**changes), covariates=["z"])


def test_flat_likelihoods_are_named():
    random = np.random.default_rng(2)
    weeks, customers = 20, 60
    sale = np.tile([1.0, 0.0, 0.0, 0.0], 5)
    n = random.poisson(0.6 * random.gamma(2, 0.5, (customers, 1)), (customers, weeks)) * (1 - sale).astype(int)
    last = np.array([np.flatnonzero(row)[-1] + 0.9 if row.any() else 0.0 for row in n])
    each = {
        "customer": np.arange(customers),
        "frequency": n.sum(axis=1),
        "recency": last,
        "T": np.full(customers, 20.0),
    }
    rows = {name: np.repeat(column, weeks) for name, column in each.items()}
    start = np.tile(np.arange(weeks) * 1.0, customers)
    rows |= {"start": start, "end": start + 1, "purchases": n.ravel(), "sale": np.tile(sale, customers)}
    paths = CovariatePaths.from_table(rows, covariates=["sale"])
    # Nobody ever bought while there was a sale.
    model = TimeVaryingParetoNBD(purchase_covariates=["sale"])
    with pytest.warns(pt.errors.ConvergenceWarning, match="flat likelihood"):
        model.fit(paths)
    assert model.converged_ is False
    assert "tells some customers apart" in model.ending_ or "nobody drops out" in model.ending_
    assert all(math.isnan(error) for error in model.standard_errors_.values())
    with pytest.raises(pt.errors.NotConverged):
        model.fit(paths, strict=True)


def test_names_of_a_tables_own_are_refused(log, made):
    with pytest.raises(pt.errors.InvalidParameter, match="'start'"):
        CovariatePaths.from_table(table(), covariates=["start"])
    with pytest.raises(pt.errors.InvalidParameter, match="'T'"):
        covariate_paths(log, made[1].rename(columns={"sale": "T"}), names=["T"])
    with pytest.raises(pt.errors.InvalidParameter, match="every"):
        covariate_paths(log, made[1], names=["sale"], every=0)


def test_what_a_model_cannot_do_is_said(paths, model):
    with pytest.raises(pt.errors.PatronageError, match="constant"):
        TimeVaryingParetoNBD(purchase_covariates=["z"]).fit(
            CovariatePaths.from_table(table(z=[1.0] * 4), covariates=["z"])
        )
    with pytest.raises(pt.errors.PatronageError, match="'price' is needed"):
        TimeVaryingParetoNBD(purchase_covariates=["price"]).fit(paths)
    with pytest.raises(pt.errors.PatronageError, match="at least one covariate"):
        TimeVaryingParetoNBD().fit(paths)
    with pytest.raises(pt.errors.InvalidInput, match="covariate_paths"):
        model.expected_purchases(paths.history(), horizon=1)
    nobody = table(frequency=[0] * 4, recency=[0.0] * 4, purchases=[0] * 4)
    nobody = CovariatePaths.from_table(nobody, covariates=["z"])
    with pytest.raises(pt.errors.NotEnoughData, match="repeat"):
        TimeVaryingParetoNBD(purchase_covariates=["z"]).fit(nobody)
    huge = TimeVaryingParetoNBD.from_parameters(**BASE, purchase={"sale": 1e6})
    with pytest.raises(pt.errors.InvalidParameter, match="rates can be worked out"):
        huge.probability_alive(paths)
    with pytest.raises(pt.errors.NotFitted):
        TimeVaryingParetoNBD().log_likelihood(paths)


def test_expectations_have_a_limit():
    model = pt.clv.TimeVaryingParetoNBD.from_parameters(r=0.5, alpha=10, s=0.6, beta=11, purchase={"sale": 0.5})
    assert len(model.expectation({"sale": np.zeros(1000)})) == 1000
    with pytest.raises(pt.errors.InvalidParameter, match="at most 1,000"):
        model.expectation({"sale": np.zeros(1001)})
