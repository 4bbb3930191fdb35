"""What is refused, and what is told."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import patronage as pt
import patronage.compat.lifetimes as ours
from patronage.compat.lifetimes import datasets, utils

from .models import given

FREQUENCY = np.array([0, 0, 0, 0, 1, 1, 2, 3, 3, 5, 8, 14])
RECENCY = np.array([0, 0, 0, 0, 3, 20, 9, 30, 12, 36, 20, 37.0])
T = np.full(12, 39.0)


def changed(column, place, value):
    column = column.astype(float)
    column[place] = value
    return column


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ((FREQUENCY, changed(RECENCY, 5, 40), T), "column 'recency': is larger than T.* row 5"),
        ((FREQUENCY, changed(RECENCY, 5, -1), T), "column 'recency'.* row 5"),
        ((FREQUENCY, changed(RECENCY, 2, 3), T), "column 'recency': is positive although frequency is 0.* row 2"),
        # lifetimes cuts 1.5 down to 1, and NaN to whatever the processor makes of it.
        ((changed(FREQUENCY, 4, 1.5), RECENCY, T), "column 'frequency': is not a whole number.* row 4"),
        ((changed(FREQUENCY, 4, np.nan), RECENCY, T), "column 'frequency'.* row 4"),
        ((FREQUENCY, RECENCY, changed(T, 7, np.inf)), "column 'T'.* row 7"),
        ((FREQUENCY, RECENCY[:3], T), "one shape"),
        ((FREQUENCY, RECENCY, ["x"] * 12), "not numbers"),
        (([], [], []), "(?i)customer|row|empty"),
        (([0, 0], [0, 0], [5, 6]), "repeat purchase"),
    ],
)
def test_impossible_histories(columns, problem):
    for penalty in (0.0, 0.1):
        fitter = ours.BetaGeoFitter(penalizer_coef=penalty)
        with pytest.raises(ValueError, match=problem):
            fitter.fit(*columns)
        assert not hasattr(fitter, "params_")


@pytest.mark.parametrize("weights", [[1.0], np.full(12, -1.0), np.full(12, np.nan)])
def test_impossible_weights(weights):
    with pytest.raises(ValueError, match="weights"):
        ours.BetaGeoFitter().fit(FREQUENCY, RECENCY, T, weights=weights)


@pytest.mark.parametrize(
    "columns", [([1, 2, 1], [5.0, 0.0, 9.0]), ([1, 2, 1], [5.0, -3.0, 9.0]), ([1, 0, 1], [5.0, 0.0, 9.0])]
)
def test_impossible_spend(columns):
    with pytest.raises(ValueError, match=r"monetary_value: is not positive in 1 row\(s\), first at row 1"):
        ours.GammaGammaFitter().fit(*columns)


def test_before_the_fit():
    for name in ours.__all__[:-1]:
        fitter = getattr(ours, name)()
        assert repr(fitter) == f"<lifetimes.{name}>"
        with pytest.raises(AttributeError):
            fitter.summary  # noqa: B018
    for ask in (
        lambda: ours.BetaGeoFitter().predict(1, 2, 3, 4),
        lambda: ours.BetaGeoFitter().expected_number_of_purchases_up_to_time(1),
        lambda: ours.GammaGammaFitter().conditional_expected_average_profit(1, 2),
    ):
        with pytest.raises(ValueError, match=r"has not been fit yet\. Please call the \.fit method first"):
            ask()


def test_questions():
    fitter = given(ours, "BetaGeoFitter")
    # Repeat purchases at recency 0 have an answer, that of an ever shorter time.
    soon = fitter.conditional_probability_alive(2, 1e-12, 39.0)
    np.testing.assert_allclose(fitter.conditional_probability_alive(2, 0, 39.0), soon, rtol=1e-9)
    # In this model the recency of a customer without repeat purchases says nothing.
    assert fitter.predict(5, 0, 7, 39) == fitter.predict(5, 0, 0, 39)
    one = pd.Series([1, 2], index=["a", "b"])
    with pytest.raises(pt.errors.InvalidInput, match="different indexes"):
        fitter.predict(5, one, one.set_axis(["b", "a"]), 39)
    for bad in ((-1, 2, 3, 39), (np.inf, 2, 3, 39), (5, 2.5, 3, 39), (5, 2, 40, 39)):
        with pytest.raises(ValueError, match=r"horizon|frequency|recency"):
            fitter.predict(*bad)


@pytest.mark.parametrize("name", ["ModifiedBetaGeoFitter", "ParetoNBDFitter"])
def test_customers_who_cannot_be(name):
    with pytest.raises(ValueError, match="is positive although frequency is 0"):
        given(ours, name).conditional_probability_alive(0, 7, 39)


def test_repeat_purchases_at_once():
    """They can be fitted, as in lifetimes."""
    recency = RECENCY.copy()
    recency[4] = 0
    near = recency.copy()
    near[4] = 1e-9
    found, expected = (ours.BetaGeoFitter().fit(FREQUENCY, t_x, T) for t_x in (recency, near))
    pd.testing.assert_series_equal(found.params_, expected.params_, rtol=1e-6)
    assert found.data["recency"][4] == 0


def test_fits_that_find_no_maximum(monkeypatch):
    """Flat ones warn; all others raise what lifetimes raises."""
    fit = pt.clv.BGNBD.fit

    def stalled(self, *arguments, **options):
        fit(self, *arguments, **options)
        self._summary |= {"converged": False, "ending": "stalled: no step led further up"}
        return self

    monkeypatch.setattr(pt.clv.BGNBD, "fit", stalled)
    with pytest.raises(utils.ConvergenceError, match="did not converge: stalled"):
        ours.BetaGeoFitter().fit(FREQUENCY, RECENCY, T)
    assert issubclass(utils.ConvergenceError, ValueError)
    assert issubclass(utils.ConvergenceError, pt.errors.NotConverged)


def test_q_constraint():
    """Heavy-tailed spend: lifetimes puts q on 1, where the mean is just as infinite."""
    rng = np.random.default_rng(5)
    x = rng.integers(1, 6, 500)
    money = rng.gamma(2 * x, 1 / x) * 5 / rng.gamma(0.7, 1, 500)
    fitter = ours.GammaGammaFitter().fit(x, money)
    assert fitter.params_["q"] < 1
    with pytest.raises(
        pt.errors.NotConverged, match=r"maximum is at q = 0\.\d+: the mean of all customers' spend is inf"
    ):
        ours.GammaGammaFitter().fit(x, money, q_constraint=True)


def test_correlated_spend_is_told():
    x = np.repeat(np.arange(1, 11), 20)
    money = 10.0 * x * np.random.default_rng(1).gamma(5, 0.2, len(x))
    with pytest.warns(pt.errors.DataWarning, match="correlated") as told:
        ours.GammaGammaFitter().fit(x, money)
    assert told[0].filename == __file__


def test_data_sets():
    import lifetimes.datasets as theirs

    for name in theirs.__all__:
        pd.testing.assert_frame_equal(getattr(datasets, name)(), getattr(theirs, name)())
    with pytest.raises(FileNotFoundError, match=r"it has CDNOW_master\.txt, "):
        datasets.load_dataset("cdnow.txt")


def in_a_process(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_without_lifetimes_and_what_it_needs():
    """Only pandas is needed, and only in what takes or returns its frames."""
    code = (
        "import sys\n"
        "for name in ('lifetimes', 'scipy', 'autograd', 'dill', 'matplotlib'): sys.modules[name] = None\n"
        "from patronage.compat.lifetimes import BetaGeoFitter, datasets, generate_data, plotting, utils\n"
        "fitter = BetaGeoFitter().fit([0, 1, 3, 1, 7, 2], [0, 3, 20, 30, 33, 8.], [39] * 6)\n"
        "print(len(fitter.params_))\n"
    )
    assert in_a_process(code) == "4\n"
    code = (
        "import importlib.util as util; util.find_spec = lambda name: None\n"
        "from patronage.compat.lifetimes import datasets\n"
        "try: datasets.load_donations()\n"
        "except FileNotFoundError as e: print(e)"
    )
    assert "pip install --no-deps lifetimes" in in_a_process(code)
    code = (
        "import sys; sys.modules['pandas'] = None\n"
        "from patronage.compat.lifetimes import BetaGeoFitter\n"
        "try: BetaGeoFitter().fit([0, 1, 3], [0, 3, 20.], [39] * 3)\n"
        "except ImportError as e: print(e)"
    )
    assert "pip install patronage[compat]" in in_a_process(code)
