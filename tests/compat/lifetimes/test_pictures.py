"""The pictures: what is drawn is what lifetimes draws, where it still can."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from lifetimes import plotting as theirs
from scipy import stats

import patronage.compat.lifetimes as package
import patronage.compat.lifetimes.plotting as ours
from patronage.compat.lifetimes import utils


def lines(ax):
    return [np.asarray(line.get_xydata(), dtype=float) for line in ax.get_lines()]


def words(ax):
    legend = ax.get_legend()
    texts = [text.get_text() for text in legend.get_texts()] if legend else []
    return ax.get_title(), ax.get_xlabel(), ax.get_ylabel(), texts


def same(name, *arguments, **options):
    """Both pictures, after a look at the words and the lines."""
    plt.figure()
    expected = getattr(theirs, name)(*arguments, **options)
    plt.figure()
    found = getattr(ours, name)(*arguments, **options)
    assert isinstance(found, plt.Axes)
    assert words(found) == words(expected)
    for mine, other in zip(lines(found), lines(expected), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-5)
    return found, expected


@pytest.fixture(scope="module")
def holdout(cdnow_log):
    return utils.calibration_and_holdout_data(
        cdnow_log, "customer", "date", "1997-09-30", freq_multiplier=7, monetary_value_col="amount"
    )


@pytest.mark.parametrize("kind", ["frequency_cal", "recency_cal", "T_cal", "time_since_last_purchase"])
def test_holdout(bgf, holdout, kind):
    found, _ = same("plot_calibration_purchases_vs_holdout_purchases", bgf, holdout, kind=kind, n=5)
    assert len(lines(found)[0]) == 5
    with pytest.raises(ValueError, match="kind = 'x' is not possible"):
        ours.plot_calibration_purchases_vs_holdout_purchases(bgf, holdout, kind="x")


def test_matrices(bgf):
    for name, options in [
        ("plot_frequency_recency_matrix", {"T": 3, "max_frequency": 5, "max_recency": 9}),
        ("plot_frequency_recency_matrix", {"max_frequency": 4, "max_recency": 4, "title": "t", "xlabel": "x"}),
        ("plot_probability_alive_matrix", {"max_frequency": 5, "max_recency": 9, "cmap": "viridis", "ylabel": "y"}),
        ("plot_probability_alive_matrix", {}),
    ]:
        found, expected = same(name, bgf, **options)
        (mine,), (other,) = found.get_images(), expected.get_images()
        np.testing.assert_allclose(mine.get_array(), other.get_array(), rtol=1e-9)
        assert mine.get_cmap().name == other.get_cmap().name
        assert found.get_aspect() == expected.get_aspect()
        assert len(found.figure.axes) == 2  # with its bar


def test_matrix_of_all_data(bgf):
    ax = ours.plot_frequency_recency_matrix(bgf)
    assert ax.get_images()[0].get_array().shape == (39, 30)
    assert ax.get_title().startswith("Expected Number of Future Purchases for 1 Unit of Time,")


@pytest.mark.parametrize("options", [{}, {"set_index_date": True}, {"xlabel": "x", "ylabel": "y", "title": "t"}])
@pytest.mark.parametrize("name", ["plot_cumulative_transactions", "plot_incremental_transactions"])
def test_tracking(bgf, cdnow_log, name, options):
    log = cdnow_log[cdnow_log["customer"] < 300]
    same(name, bgf, log, "date", "customer", 120, 60, **options)
    ax = plt.figure().subplots()
    assert getattr(ours, name)(bgf, log, "date", "customer", 20, 9, ax=ax, color=["k", "b"]) is ax


def test_tracking_by_weeks(bgf, cdnow_log):
    same("plot_cumulative_transactions", bgf, cdnow_log, "date", "customer", 77, 39, freq="W", xlabel="week")


def test_expected_purchases(bgf):
    """lifetimes fails on Matplotlib since 3.8."""
    ax = plt.figure().subplots()
    assert ours.plot_expected_repeat_purchases(bgf, ax=ax, label="CDNOW", color="g", lw=3) is ax
    seen, ahead = ax.get_lines()
    assert (seen.get_color(), ahead.get_color(), ahead.get_linestyle(), ahead.get_linewidth()) == ("g", "g", "--", 3)
    assert [seen.get_xdata()[0], seen.get_xdata()[-1], ahead.get_xdata()[-1]] == pytest.approx([0, 38.86, 58.29])
    for line in (seen, ahead):
        expected = bgf.expected_number_of_purchases_up_to_time(line.get_xdata())
        np.testing.assert_allclose(line.get_ydata(), expected)
    assert words(ax)[3] == ["CDNOW"]
    assert ours.plot_expected_repeat_purchases(bgf, ax=ax).get_legend() is not None
    assert ours.plot_expected_repeat_purchases(bgf, ax=plt.figure().subplots()).get_legend() is None


def test_history(bgf, log):
    """lifetimes fails on pandas since 3."""
    mine = log[log["id"] == 2]
    ax = ours.plot_history_alive(bgf, 300, mine, "date", lw=2)
    (line,) = ax.get_lines()
    path = utils.calculate_alive_path(bgf, mine, "date", 300)
    np.testing.assert_array_equal(line.get_ydata(), path)
    assert line.get_linewidth() == 2
    assert len(ax.collections[0].get_segments()) == mine["date"].nunique()
    assert words(ax)[3] == ["P_alive", "purchases"]
    assert ax.get_ylim() == (0, 1)
    given_ax = plt.figure().subplots()
    later = pd.Timestamp("2014-06-01")
    ax = ours.plot_history_alive(bgf, 300, mine, "date", start_date=later, ax=given_ax)
    assert ax is given_ax
    assert plt.matplotlib.dates.num2date(ax.get_xlim()[0]).date() == later.date()


@pytest.mark.parametrize(
    ("name", "law"),
    [
        ("plot_transaction_rate_heterogeneity", lambda r, alpha, a, b: stats.gamma(r, scale=1 / alpha)),
        ("plot_dropout_rate_heterogeneity", lambda r, alpha, a, b: stats.beta(a, b)),
    ],
)
@pytest.mark.parametrize("parameters", [(0.243, 4.414, 0.793, 2.426), (5.0, 2.0, 30.0, 4.0), (400.0, 9.0, 0.05, 0.02)])
def test_heterogeneity(name, law, parameters):
    """SciPy's densities up to its quantile of 0.99."""
    fitter = package.BetaGeoFitter()
    fitter.params_ = dict(zip(("r", "alpha", "a", "b"), parameters, strict=True))
    found = getattr(ours, name)(fitter, color="k")
    expected = law(*parameters)
    x, y = found.get_lines()[0].get_xdata(), found.get_lines()[0].get_ydata()
    assert x[-1] == pytest.approx(expected.ppf(0.99), rel=1e-4)
    np.testing.assert_allclose(y[1:-1], expected.pdf(x[1:-1]), rtol=1e-9)
    assert found.get_title() == f"mean: {expected.mean():.3f}, var: {expected.var():.3f}"
    assert found.figure.get_suptitle().startswith("Heterogeneity in")
    other = getattr(theirs, name)(fitter)
    assert words(found)[:3] == words(other)[:3]
    assert getattr(ours, name)(fitter, suptitle="s").figure.get_suptitle() == "s"


@pytest.mark.parametrize("name", ["BetaGeoFitter", "ModifiedBetaGeoFitter", "BetaGeoBetaBinomFitter"])
def test_frequencies(name, columns, donations):
    """The expected numbers themselves, where lifetimes draws random customers, and all whom a row stands for."""
    data = donations if name == "BetaGeoBetaBinomFitter" else columns
    fitter = getattr(package, name)().fit(*data)
    ax = ours.plot_period_transactions(fitter, max_frequency=5, label=["seen", "believed"], title="t")
    assert words(ax) == ("t", "Number of Calibration Period Transactions", "Customers", ["seen", "believed"])
    actual, model = ([bar.get_height() for bar in bars] for bars in ax.containers)
    weights = donations[3] if name == "BetaGeoBetaBinomFitter" else None
    np.testing.assert_array_equal(actual, np.bincount(data[0], weights=weights)[:5])
    if name == "BetaGeoBetaBinomFitter":
        expected = fitter.expected_number_of_transactions_in_first_n_periods(6)["model"][:5]
    else:
        ages = data[2].value_counts()
        expected = [
            sum(fitter.probability_of_n_purchases_up_to_time(t, n) * customers for t, customers in ages.items())
            for n in range(5)
        ]
    np.testing.assert_allclose(model, expected, rtol=1e-9)
