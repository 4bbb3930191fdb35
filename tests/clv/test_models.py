"""Models as objects: tables in and out, storing, what they say of themselves, and bad input."""

import copy
import json
import pickle

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import patronage as pt
from patronage import errors

COLUMNS = {
    "customer": ["Ann", "Bo", "Cy", "Di"],
    "frequency": [2, 0, 7, 1],
    "recency": [30.43, 0.0, 29.43, 1.71],
    "T": [38.86, 38.86, 38.86, 38.86],
    "monetary_value": [22.35, None, 73.74, 11.77],
}
GIVEN = pt.clv.BGNBD.from_parameters(r=0.243, alpha=4.414, a=0.793, b=2.426)
SPEND = pt.clv.GammaGamma.from_parameters(p=6.25, q=3.74, gamma=15.44)


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        (COLUMNS, dict),
        (pd.DataFrame(COLUMNS), pd.DataFrame),
        (pd.DataFrame(COLUMNS).convert_dtypes(dtype_backend="pyarrow"), pd.DataFrame),
        (pl.DataFrame(COLUMNS), pl.DataFrame),
        (pl.LazyFrame(COLUMNS), pl.DataFrame),
        (pa.table(COLUMNS), pa.Table),
        (pa.RecordBatchReader.from_batches(pa.table(COLUMNS).schema, pa.table(COLUMNS).to_batches(2)), None),
        (duckdb.sql("select * from table_"), duckdb.DuckDBPyRelation)
        if (table_ := pa.table(COLUMNS)) is not None
        else None,
    ],
)
def test_what_comes_in_goes_out(table, kind):
    result = GIVEN.expected_purchases(table, horizon=39)
    assert result["customer"] == COLUMNS["customer"]
    # Hardie's spreadsheet has 1.226 for Ann; the others by high-precision arithmetic.
    exact = [1.226028174767144, 0.1950980520112626, 3.337053274851416, 0.2031869870797540]
    np.testing.assert_allclose(result["expected_purchases"], exact, rtol=1e-13)
    if kind is not None:
        assert isinstance(result.to_frame(), kind)


def test_arrays_do_as_well():
    history = tuple(np.array(COLUMNS[name], dtype=float) for name in ("frequency", "recency", "T", "monetary_value"))
    assert GIVEN.probability_alive(history).columns == ["probability_alive"]
    assert SPEND.expected_spend(history)["expected_spend"].round(2).tolist() == [24.66, 35.22, 71.47, 18.92]
    with pytest.raises(errors.InvalidInput, match="2 arrays"):
        GIVEN.probability_alive(history[:2])


def test_a_horizon_for_each_customer():
    each = GIVEN.expected_purchases(COLUMNS, horizon=[39, 0, 10, 52])["expected_purchases"]
    same = [
        GIVEN.expected_purchases(COLUMNS, horizon=h)["expected_purchases"][i] for i, h in enumerate([39, 0, 10, 52])
    ]
    assert each.tolist() == same
    assert each[1] == 0
    with pytest.raises(errors.InvalidInput, match="'horizon' has 2 rows where 4"):
        GIVEN.expected_purchases(COLUMNS, horizon=[1, 2])


def test_results_say_what_was_asked(cdnow, model, spend):
    about = model.expected_purchases(cdnow, horizon=39).about
    assert about["horizon"] == 39
    assert about["calibration_end"] == "1997-09-30"
    assert about["period"] == "week"
    value = pt.clv.lifetime_value(model, spend, cdnow, horizon=52, discount_rate=0.002)
    assert "effective rate per period" in value.about["discounting"]
    assert type(value).from_json(value.to_json()) == value
    assert pickle.loads(pickle.dumps(value)) == value


@pytest.mark.parametrize("name", ["model", "spend"])
def test_models_are_stored_to_the_bit(name, request, cdnow):
    fitted = request.getfixturevalue(name)
    for again in (type(fitted).from_json(fitted.to_json()), pickle.loads(pickle.dumps(fitted)), copy.deepcopy(fitted)):
        assert again == fitted
        assert again.parameters_ == fitted.parameters_
        assert again.standard_errors_ == fitted.standard_errors_
        assert repr(again) == repr(fitted)
    unfitted = type(fitted)()
    assert type(fitted).from_json(unfitted.to_json()) == unfitted != fitted


def test_corrupt_models_are_refused(model, spend):
    text = model.to_json()
    stored = json.loads(text)
    broken = [
        "{",
        "[]",
        "null",
        text.replace('"version": 1', '"version": 9', 1),
        text.replace("BG/NBD", "Pareto/NBD"),
        spend.to_json(),
        json.dumps({**stored, "more": 1}),
        json.dumps({**stored, "core": {**stored["core"], "covariance": [[1.0], [2.0, 3.0]]}}),
        json.dumps({**stored, "core": {**stored["core"], "model": None}}),
        "[" * 100_000,
    ]
    for bad in broken:
        with pytest.raises(errors.InvalidModel):
            pt.clv.BGNBD.from_json(bad)


def test_before_the_fit():
    model = pt.clv.BGNBD()
    assert repr(model) == "BGNBD()"
    assert "not fitted" in model._repr_html_()
    for ask in (lambda: model.parameters_, lambda: model.probability_alive(COLUMNS)):
        with pytest.raises(errors.NotFitted, match="not fitted yet"):
            ask()
    assert GIVEN.converged_ is None
    assert GIVEN.standard_errors_ is None
    assert GIVEN.log_likelihood_ is None


def test_the_summary(model):
    html = model._repr_html_()
    assert "0.242595" in html
    assert "0.01256" in html
    assert "2,357 customers" in html
    assert repr(model) == "BGNBD(r=0.2426, alpha=4.414, a=0.7929, b=2.426)"
    np.testing.assert_allclose(np.sqrt(np.diag(model.covariance_)), list(model.standard_errors_.values()))
    np.testing.assert_array_equal(model.covariance_, model.covariance_.T)
    assert model.aic_ == pytest.approx(2 * 4 + 2 * 9582.429206674)
    assert model.bic_ == pytest.approx(4 * np.log(2357) + 2 * 9582.429206674)
    assert (model.curvature_ < 0).all()
    assert model.gradient_norm_ < 1e-6


def changed(**columns):
    return {**COLUMNS, **columns}


@pytest.mark.parametrize(
    ("history", "problem"),
    [
        (changed(frequency=[2, 0, 7.5, 1]), "column 'frequency': is not a whole number .* in 1 row.* at row 2"),
        (changed(frequency=[-1, 0, 7, 1]), "column 'frequency'.*row 0"),
        (changed(frequency=[2, 0, None, 1]), "column 'frequency'.*row 2"),
        (changed(recency=[40.0, 0, 1, 1]), "column 'recency': is larger than T"),
        (changed(recency=[-1.0, 0, 1, 1]), "column 'recency': is not a finite"),
        (changed(recency=[1.0, 3, 1, 1]), "column 'recency': is positive although frequency is 0"),
        (changed(recency=[1.0, 0, 0, 0]), "column 'recency': is 0 although .* in 2 row"),
        (changed(T=[np.inf, 39, 39, 39]), "column 'T': is not a finite"),
        (changed(T=[np.nan, 39, 39, np.nan]), "column 'T': is not a finite .* in 2 row"),
        (changed(T=["a", "b", "c", "d"]), "column 'T': type .* where numbers are expected"),
        (changed(customer=["Ann", None, "Cy", "Di"]), "column 'customer'.*row 1"),
    ],
)
def test_impossible_histories(history, problem):
    for ask in (pt.clv.BGNBD().fit, GIVEN.probability_alive):
        with pytest.raises(errors.InvalidInput, match=problem):
            ask(history)


def test_absent_columns():
    without = {name: values for name, values in COLUMNS.items() if name != "T"}
    with pytest.raises(errors.ColumnNotFound, match="'T' is not in the table"):
        pt.clv.BGNBD().fit(without)
    with pytest.raises(errors.ColumnNotFound, match="monetary_value"):
        pt.clv.GammaGamma().fit({name: COLUMNS[name] for name in ("frequency", "recency", "T")})
    with pytest.raises(errors.InvalidInput, match="no table"):
        pt.clv.BGNBD().fit(42)
    with pytest.raises(errors.InvalidInput, match="rows"):
        pt.clv.BGNBD().fit(COLUMNS, weights=[1.0])
    with pytest.raises(errors.InvalidInput, match="weights"):
        pt.clv.BGNBD().fit(COLUMNS, weights=[1, 2, -1, 1])


def test_too_little():
    nobody = ([0, 0], [0.0, 0.0], [5.0, 6.0])
    with pytest.raises(errors.NotEnoughData, match="repeat purchase"):
        pt.clv.BGNBD().fit(nobody)
    with pytest.raises(errors.NotEnoughData):
        pt.clv.BGNBD().fit(([], [], []))
    with pytest.raises(errors.NotEnoughData):
        pt.clv.GammaGamma().fit({"frequency": [2], "monetary_value": [3.0]})
    # No rows to answer for: no rows of answers.
    assert len(GIVEN.probability_alive(([], [], []))) == 0


def test_a_flat_likelihood_is_named():
    alike = ([2] * 50, [20.0] * 50, [30.0] * 50)
    with pytest.warns(errors.ConvergenceWarning, match="flat likelihood"):
        model = pt.clv.BGNBD().fit(alike)
    assert model.converged_ is False
    assert model.covariance_ is None
    assert all(np.isnan(error) for error in model.standard_errors_.values())
    assert all(np.isfinite(value) for value in model.parameters_.values())
    assert "undefined" in model._repr_html_()
    assert pt.clv.BGNBD.from_json(model.to_json()) == model
    with pytest.raises(errors.NotConverged):
        pt.clv.BGNBD().fit(alike, strict=True)


def test_spend_that_is_not_positive():
    history = changed(monetary_value=[22.35, None, -3.0, 11.77])
    with pytest.raises(errors.InvalidInput, match=r"'monetary_value': is not positive .* row 2"):
        SPEND.expected_spend(history)
    lenient = pt.clv.GammaGamma.from_parameters(p=6.25, q=3.74, gamma=15.44, nonpositive="drop")
    spend = lenient.expected_spend(history)["expected_spend"]
    assert np.isnan(spend).tolist() == [False, False, True, False]
    value = pt.clv.lifetime_value(GIVEN, lenient, history, horizon=52, discount_rate=0.002).to_dicts()
    assert [row["lifetime_value"] is None for row in value] == [False, False, True, False]
    with pytest.raises(errors.InvalidParameter, match="nonpositive"):
        pt.clv.GammaGamma(nonpositive="keep").fit(history)
    many = {"frequency": [1, 2, 3, 1, 2, 5], "monetary_value": [5.0, 9.0, 7.0, 30.0, -1.0, 12.0]}
    with pytest.warns(errors.ConvergenceWarning, match="flat likelihood"):
        assert pt.clv.GammaGamma(nonpositive="drop").fit(many).set_aside_ == 1


def test_correlated_spend_is_warned_of():
    x = np.repeat(np.arange(1, 11), 20)
    rng = np.random.default_rng(1)
    with pytest.warns(errors.DataWarning, match="correlated by"):
        pt.clv.GammaGamma().fit({"frequency": x, "monetary_value": 10.0 * x * rng.gamma(5, 0.2, len(x))})


def test_infinite_spend_is_never_negative():
    model = pt.clv.GammaGamma.from_parameters(p=2, q=0.8, gamma=10)
    assert model.mean_spend_ == np.inf
    assert model.expected_spend(COLUMNS)["expected_spend"].tolist()[1] == np.inf


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: pt.clv.BGNBD.from_parameters(r=-1, alpha=1, a=1, b=1),
        lambda: pt.clv.BGNBD.from_parameters(r=1, alpha=np.nan, a=1, b=1),
        lambda: GIVEN.expected_purchases(COLUMNS, horizon=-1),
        lambda: GIVEN.expected_purchases(COLUMNS, horizon=np.inf),
        lambda: GIVEN.discounted_expected_purchases(COLUMNS, discount_rate=0),
        lambda: GIVEN.expectation(-1),
        lambda: pt.clv.lifetime_value(GIVEN, SPEND, COLUMNS, horizon=0, discount_rate=0.1),
        lambda: pt.clv.lifetime_value(GIVEN, SPEND, COLUMNS, horizon=1, discount_rate=-0.1),
        lambda: GIVEN.frequency_check(COLUMNS, most=100_000),
        lambda: GIVEN.holdout_check(changed(frequency_holdout=[1, 0, 2, 0])),
        lambda: GIVEN.alive_matrix(T=0),
    ],
)
def test_impossible_questions(wrong):
    with pytest.raises(errors.InvalidParameter):
        wrong()


def test_pictures(cdnow, model, spend):
    pictures = [
        model.holdout_check(cdnow).plot(),
        model.frequency_check(cdnow).plot(),
        model.alive_matrix(T=39).plot(),
        model.probability_alive(cdnow).plot(),
        pt.clv.lifetime_value(model, spend, cdnow, horizon=52, discount_rate=0.002).plot(),
        model.probability_alive(([], [], [])).plot(),
    ]
    assert all(ax.get_title(loc="left") for ax in pictures)
    assert len(pictures[1].patches) == 18


def test_scikit_learns_habits():
    """What `sklearn.base.clone` does: the constructor takes what `get_params` gives, as it is."""
    priors = {"a": (0.5, 1.0)}
    model = pt.clv.MBGCNBD(k=2, priors=priors, dropout_covariates=["member"])
    params = model.get_params()
    assert params["k"] == 2
    assert params["priors"] is priors
    assert params["dropout_covariates"] == ["member"]
    again = type(model)(**params)
    assert again.get_params() == params
    assert not again.__sklearn_is_fitted__()
    assert GIVEN.__sklearn_is_fitted__()
    assert again.set_params(k=3) is again
    assert again.k == 3
    with pytest.raises(errors.InvalidParameter, match="shape = 3 is not possible for MBGCNBD; expected k, priors"):
        again.set_params(shape=3)
    assert pt.clv.GammaGamma(nonpositive="drop").get_params()["nonpositive"] == "drop"
