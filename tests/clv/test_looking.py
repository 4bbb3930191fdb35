"""What one looks at: tracking, one customer's path, maps, heterogeneity."""

import numpy as np
import pandas as pd
import pytest
from lifetimes import BetaGeoFitter
from lifetimes.datasets import load_dataset
from lifetimes.utils import expected_cumulative_transactions
from scipy import stats

import patronage as pt


def test_tracking_counts_what_the_history_counts(model, cdnow_log, cdnow):
    tracking = model.tracking(cdnow_log, cdnow)
    assert tracking["actual_cumulative"][-1] == cdnow["frequency"].sum() + cdnow["frequency_holdout"].sum()
    assert tracking["end"][-1] == (pd.Timestamp("1998-06-30") - pd.Timestamp("1997-01-01")).days / 7
    assert np.array_equal(np.cumsum(tracking["actual"]), tracking["actual_cumulative"])
    assert np.allclose(np.cumsum(tracking["expected"]), tracking["expected_cumulative"], rtol=1e-12)
    # At the last day the sum of what is expected of each customer since her first purchase.
    age = cdnow["T"] + cdnow.about["duration_holdout"]
    assert tracking["expected_cumulative"][-1] == pytest.approx(model.expectation(age).sum(), rel=1e-12)


def test_tracking_beside_lifetimes(cdnow_log, cdnow):
    """In days, so that both count alike; lifetimes sums the same expectation day by day."""
    frame = load_dataset("CDNOW_sample.txt", header=None, names=["_", "id", "date", "cds", "amount"], sep=r"\s+")
    frame["date"] = pd.to_datetime(frame["date"].astype(str), format="%Y%m%d")
    days = cdnow_log.purchase_history(period="day", as_of="1998-06-30")
    model = pt.clv.BGNBD().fit(days)
    theirs = BetaGeoFitter()
    theirs.params_ = pd.Series(model.parameters_)
    theirs.predict = theirs.conditional_expected_number_of_purchases_up_to_time
    table = expected_cumulative_transactions(
        theirs, frame, "date", "id", t=545, datetime_format=None, freq="D", set_index_date=False
    )
    ours = model.tracking(cdnow_log, days)
    # In lifetimes' row k (from 0) the actual ones end with day k, the expected ones with day k + 1.
    assert np.array_equal(table["actual"].to_numpy()[1:], ours["actual_cumulative"][: len(table) - 1])
    assert np.allclose(table["predicted"], ours["expected_cumulative"][: len(table)], rtol=1e-9)


def test_tracking_needs_a_history_with_dates(model, cdnow_log, cdnow):
    with pytest.raises(pt.errors.InvalidParameter, match=r"log\.purchase_history"):
        model.tracking(cdnow_log, cdnow.to_pandas())


def test_a_path_is_the_history_day_by_day(model, cdnow_log):
    path = model.alive_path(cdnow_log, 157, as_of="1997-09-30")
    last = path.to_pandas().iloc[-1]
    history = cdnow_log.purchase_history(period="week", as_of="1997-09-30").to_pandas()
    known = history[history["customer"] == 157].iloc[0]
    assert (last["frequency"], last["recency"], last["T"]) == (known["frequency"], known["recency"], known["T"])
    alive = model.probability_alive(history[history["customer"] == 157])["probability_alive"]
    assert last["probability_alive"] == alive[0]
    assert path["purchase"].sum() == known["frequency"] + 1
    # On a day of purchase a customer is likelier alive than the day before.
    bought = np.flatnonzero(path["purchase"])[1:]
    assert (path["probability_alive"][bought[1:]] > path["probability_alive"][bought[1:] - 1]).all()
    with pytest.raises(pt.errors.InvalidParameter, match="does not know"):
        model.alive_path(cdnow_log, -1)
    with pytest.raises(pt.errors.InvalidParameter, match="first purchase is later"):
        model.alive_path(cdnow_log, 157, as_of="1996-01-01")


def test_a_map_says_what_the_model_says(model):
    expected = model.expected_purchases_matrix(T=39, horizon=26, most=3, steps=5)
    table = expected.to_dicts()
    ages = np.full(len(table), 39.0)
    again = model.expected_purchases(
        ([row["frequency"] for row in table], [row["recency"] for row in table], ages), horizon=26
    )
    assert np.array_equal(expected["expected_purchases"], again["expected_purchases"])
    assert len(table) == 1 + 3 * 5


def test_heterogeneity_by_scipy():
    found = pt.clv.BGNBD.from_parameters(r=0.7, alpha=4.4, a=0.8, b=2.4).heterogeneity(points=50)
    rate = np.array([t == "purchase rate" for t in found["trait"]])
    gamma, beta = stats.gamma(0.7, scale=1 / 4.4), stats.beta(0.8, 2.4)
    assert np.allclose(found["density"][rate], gamma.pdf(found["value"][rate]), rtol=1e-12)
    assert np.allclose(found["density"][~rate], beta.pdf(found["value"][~rate]), rtol=1e-12)
    told = found.about["traits"]
    assert told["purchase rate"]["standard_deviation"] == pytest.approx(gamma.std(), rel=1e-12)
    assert told["dropout probability"]["mean"] == pytest.approx(beta.mean(), rel=1e-12)


def test_pictures_say_what_they_show(model, cdnow_log, cdnow):
    tracking = model.tracking(cdnow_log, cdnow)
    for kind, column in (("cumulative", "actual_cumulative"), ("incremental", "actual")):
        line = tracking.plot(kind=kind).get_lines()[0]
        shown = line.get_ydata()
        assert np.array_equal(shown, tracking[column][: len(shown)])
    with pytest.raises(pt.errors.InvalidParameter, match="kind"):
        tracking.plot(kind="daily")
    assert "157" in model.alive_path(cdnow_log, 157).plot().get_title(loc="left")
    assert model.heterogeneity().plot(trait="dropout probability").get_xlabel() == "dropout probability"
    with pytest.raises(pt.errors.InvalidParameter, match="trait"):
        model.heterogeneity().plot(trait="height")
    assert "26" in model.expected_purchases_matrix(T=39, horizon=26).plot().get_title(loc="left")


def test_alive_ahead(model, cdnow):
    """P(alive) 26 periods ahead: simulated from the posterior of one customer who is alive."""
    history = ([2.0], [30.43], [38.86])
    p = model.parameters_
    rng = np.random.default_rng(7)
    rate = rng.gamma(p["r"] + 2, 1 / (p["alpha"] + 38.86), 400_000)
    leave = rng.beta(p["a"], p["b"] + 2, 400_000)
    survives = np.exp(-rate * leave * 26).mean()
    now = model.probability_alive(history)["probability_alive"][0]
    ahead = model.probability_alive(history, horizon=26)["probability_alive"][0]
    assert ahead == pytest.approx(now * survives, rel=2e-3)
    log = model.log_probability_alive(history, horizon=26)["log_probability_alive"][0]
    assert log == pytest.approx(np.log(ahead), rel=1e-12)
