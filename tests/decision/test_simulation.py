"""Monte Carlo over the parameters of a tree, beside closed forms, scipy and a simulation by hand in NumPy."""

import math
import pickle

import numpy as np
import polars as pl
import pytest
from scipy import stats

from patronage import errors
from patronage.decision import (
    Beta,
    Discrete,
    Gamma,
    LogNormal,
    Normal,
    Pert,
    Triangular,
    Uniform,
    chance,
    decide,
    pay,
)

N = 200_000


def bet(prize=100):
    game = chance({"win": ("p", prize), "lose": ("#", -100)})
    return decide("Bet", {"play": game, "pass": 0}).with_parameters(p=".5")


def near(value, error, expected):
    assert error > 0
    assert abs(value - expected) < 5 * error


@pytest.mark.parametrize(
    ("of", "frozen"),
    [
        (Beta(8, 12), stats.beta(8, 12)),
        (Uniform(2, 9), stats.uniform(2, 7)),
        (Triangular(1, 2, 7), stats.triang(1 / 6, 1, 6)),
        (Triangular(1, 1, 7), stats.triang(0, 1, 6)),
        (Pert(0, 3, 12), stats.beta(2, 4, 0, 12)),
        (Normal(5, 2), stats.norm(5, 2)),
        (LogNormal(0.3, 0.5), stats.lognorm(0.5, scale=math.exp(0.3))),
        (Gamma(2.5, 4), stats.gamma(2.5, scale=4)),
    ],
)
def test_distributions(of, frozen):
    """The samples are those of the distribution: Kolmogorov and Smirnov's distance, and the mean."""
    found = decide("", {"x": "x"}).with_parameters(x=1).simulate({"x": of}, samples=N, seed=3)
    assert stats.kstest(found.values, frozen.cdf).pvalue > 1e-4
    near(found.emv, found.emv_standard_error, frozen.mean())
    assert found.emv_standard_error == pytest.approx(found.values.std(ddof=1) / math.sqrt(N), rel=1e-9)
    assert found.emv == pytest.approx(found.values.mean(), rel=1e-12)
    shares = (0, 0.05, 0.5, 0.999, 1)
    assert list(found.quantiles(shares).values()) == np.quantile(found.values, shares).tolist()


def test_discrete():
    of = Discrete([1, 5, 9], [0.2, 0.5, 0.3])
    values = decide("", {"x": "x"}).with_parameters(x=1).simulate({"x": of}, samples=N, seed=3).values
    counts = [(values == x).sum() for x in of.values]
    assert sum(counts) == N
    assert stats.chisquare(counts, np.multiply(of.probabilities, N)).pvalue > 1e-4


def test_a_choice_between_two():
    """Play if p > ½, of a uniform p: E max(200 p − 100, 0) = 25; knowing p is all there is to know."""
    found = bet().simulate({"p": Uniform(0, 1)}, samples=N, seed=1)
    near(found.evpi, found.evpi_standard_error, 25)
    near(found.ev_with_perfect_information, found.evpi_standard_error, 25)
    p = found.evppi("p")
    assert p.method == "lines"
    assert p.value == pytest.approx(found.evpi, rel=1e-9)
    assert found["p_optimal"].sum() == pytest.approx(1)
    near(found["p_optimal"][0], math.sqrt(0.25 / N), 0.5)


def test_partial_information_in_closed_form():
    """200 p − 100 + fee with a Beta p and a normal fee: each EVPPI is an integral that scipy does."""
    game = chance({"win": ("p", "100 + fee"), "lose": ("#", "-100 + fee")})
    tree = decide("Bet", {"play": game, "pass": 0}).with_parameters(p=".5", fee=0)
    found = tree.simulate({"p": Beta(8, 12), "fee": Normal(15, 30)}, samples=N, seed=11)
    beta = stats.beta(8, 12)
    mean = 200 * 0.4 - 100 + 15  # of playing: −5, so one does not
    assert (found.choice, mean) == ("pass", -5)
    for name, worth in (
        ("p", beta.expect(lambda p: max(200 * p - 85, 0))),
        ("fee", stats.norm(15, 30).expect(lambda fee: max(fee - 20, 0))),
    ):
        lines = found.evppi(name)
        assert lines.method == "lines"
        near(lines.value, lines.standard_error, worth)
    both = beta.expect(lambda p: stats.norm(200 * p - 85, 30).expect(lambda x: max(x, 0)))
    near(found.evpi, found.evpi_standard_error, both)
    # The same draws as if they had been brought: sorted into blocks.
    rng = np.random.default_rng(5)
    brought = tree.simulate(samples={"p": rng.beta(8, 12, N), "fee": rng.normal(15, 30, N)})
    for name in ("p", "fee"):
        blocks = brought.evppi(name)
        assert blocks.method == "blocks"
        assert blocks.value == pytest.approx(found.evppi(name).value, rel=0.05)
    assert brought.about["seed"] is None


def test_strategies_by_hand():
    """A tree of three decisions beside every strategy written out in NumPy."""
    dig = chance({"gas": ("g", "r"), "none": ("#", -300)})
    drill = chance({"gas": ("q", "r"), "none": ("#", -300)})
    test = pay(-50) >> chance({"good": ("t", {"dig": drill, "sell": 500}), "bad": ("1-t", {"dig": -200, "sell": "s"})})
    tree = decide("Plot", {"test": test, "dig": dig, "sell": 400}).with_parameters(
        g=".4", q=".7", t=".5", r=1500, s=300
    )
    rng = np.random.default_rng(2)
    x = {"g": rng.uniform(0, 1, N), "q": rng.uniform(0, 1, N), "t": rng.beta(2, 2, N), "r": rng.normal(1500, 300, N)}
    found = tree.simulate(samples=pl.DataFrame(x))
    drilled, dug = x["q"] * x["r"] - (1 - x["q"]) * 300, x["g"] * x["r"] - (1 - x["g"]) * 300
    good = {"dig": drilled, "sell": np.full(N, 500.0)}
    bad = {"dig": -200.0, "sell": 300.0}
    hand = [x["t"] * good[a] + (1 - x["t"]) * bad[b] - 50 for a in good for b in bad] + [dug, np.full(N, 400.0)]
    assert found["mean"].tolist() == pytest.approx([v.mean() for v in hand], rel=1e-12)
    assert found["standard_error"].tolist() == pytest.approx([v.std(ddof=1) / N**0.5 for v in hand], rel=1e-6, abs=1e-9)
    best = np.max(hand, axis=0)
    assert found["p_optimal"].tolist() == pytest.approx([(v == best).mean() for v in hand], abs=1e-4)
    assert found.values == pytest.approx(best, rel=1e-12)
    assert found.evpi == pytest.approx(best.mean() - max(v.mean() for v in hand), rel=1e-9)
    assert found["strategy"][1] == "Plot: “test”; after test → good: “dig”; after test → bad: “sell”"
    assert found.about["rows"] == "strategies"
    few = tree.simulate(samples=x, max_strategies=3)
    assert few["alternative"] == ["test", "dig", "sell"]
    assert few.about["rows"] == "alternatives"
    assert few.values == pytest.approx(best, rel=1e-12)
    after = x["t"] * np.maximum(drilled, 500) + (1 - x["t"]) * 300 - 50
    assert few["mean"].tolist() == pytest.approx([after.mean(), dug.mean(), 400], rel=1e-12)
    assert "too many strategies" in few.explain().to_text()


def test_costs():
    """The least cost: E min(x, 3) of a uniform x from 0 to 10 is 0.3·1.5 + 0.7·3 = 2.55."""
    tree = decide("", {"do": "x", "buy": 3}).with_parameters(x=1)
    found = tree.simulate({"x": Uniform(0, 10)}, samples=N, seed=4, sense="cost")
    assert found.choice == "buy"
    near(found.ev_with_perfect_information, found.evpi_standard_error, 2.55)
    near(found.evpi, found.evpi_standard_error, 0.45)
    x = found.evppi("x")
    assert x.value == pytest.approx(found.evpi, rel=1e-9)
    assert type(found).from_json(found.to_json()) == found


def test_the_same_seed_the_same_samples():
    ask = {"p": Beta(8, 12)}
    one, other = bet().simulate(ask, samples=10_001, seed=7), bet().simulate(ask, samples=10_001, seed=7)
    assert one.values.tobytes() == other.values.tobytes()
    assert one == other
    assert one == pickle.loads(pickle.dumps(one))
    # More samples begin with the same ones: each chunk has a stream of its own.
    more = bet().simulate(ask, samples=50_000, seed=7)
    assert more.values[:8192].tobytes() == one.values[:8192].tobytes()
    assert not np.array_equal(bet().simulate(ask, samples=10_001, seed=8).values, one.values)


def test_parameters_are_independent():
    """The difference of two uniform parameters is triangular, over many chunks."""
    tree = decide("", {"x": "x - y"}).with_parameters(x=1, y=1)
    values = tree.simulate({"x": Uniform(0, 1), "y": Uniform(0, 1)}, samples=N, seed=0).values
    assert stats.kstest(values, stats.triang(0.5, -1, 2).cdf).pvalue > 1e-4
    assert abs(np.corrcoef(values[:-1], values[1:])[0, 1]) < 5 / math.sqrt(N)
    assert np.unique(values).size == N


def test_quotients_are_not_lines():
    tree = decide("", {"a": "1/x", "b": 1}).with_parameters(x=1)
    found = tree.simulate({"x": Uniform(0.5, 2)}, samples=N, seed=1)
    x = found.evppi("x")
    assert x.method == "blocks"
    # E max(1/x, 1) − max(E 1/x, 1) over 1.5: (ln 2 + 1)/1.5 − max(ln 4/1.5, 1).
    assert x.value == pytest.approx((math.log(2) + 1) / 1.5 - 1, rel=0.01)


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        ({"p": Normal(0.5, 0.2)}, errors.InvalidTree, r"not between 0 and 1 in \d+ of 1000 samples, first in sample"),
        ({"p": Beta(0, 1)}, errors.InvalidParameter, r"p = Beta\(0, 1\) is not possible"),
        ({"p": Uniform(1, 1)}, errors.InvalidParameter, "low below high"),
        ({"p": Triangular(0, 2, 1)}, errors.InvalidParameter, "low ≤ mode ≤ high"),
        ({"p": Normal(0, -1)}, errors.InvalidParameter, "standard deviation"),
        ({"p": LogNormal(math.nan, 1)}, errors.InvalidParameter, "finite mu"),
        ({"p": Gamma(1, math.inf)}, errors.InvalidParameter, "shape and scale"),
        ({"p": Discrete([0, 1], [0.5, 0.4])}, errors.InvalidParameter, "sum to 0.9"),
        ({"p": Discrete([], [])}, errors.InvalidParameter, "a probability for each"),
        ({"q": Beta(1, 1)}, errors.UnknownName, "'q' does not exist"),
        ({"p": 3}, errors.InvalidParameter, "expected a distribution"),
        ({}, errors.InvalidParameter, "a distribution or samples"),
    ],
)
def test_what_is_refused(ask, error, words):
    with pytest.raises(error, match=words):
        bet().simulate(ask, samples=1000)


def test_samples_that_are_refused():
    p = np.full(10, 0.5)
    for given, error, words in (
        ({"p": [0.5, math.nan]}, errors.InvalidInput, "'p'.*1 row"),
        ({"p": p, "q": p}, errors.UnknownName, "'q' does not exist"),
        ({"p": ["a", "b"]}, errors.InvalidParameter, "expected numbers"),
        ({"p": [0.5]}, errors.InvalidParameter, "from 2 to"),
        ({"p": [0.5, 1.5, 0.2, 7]}, errors.InvalidTree, r"in 2 of 4 samples, first in sample 1 \(p = 1.5\)"),
    ):
        with pytest.raises(error, match=words):
            bet().simulate(samples=given)
    with pytest.raises(errors.InvalidParameter, match="no distributions"):
        bet().simulate({"p": Beta(1, 1)}, samples={"p": p})
    with pytest.raises(errors.InvalidParameter, match="seed = -1"):
        bet().simulate({"p": Beta(1, 1)}, seed=-1)
    sums = chance({"a": ("x", 1), "b": ("y", 0)}).with_parameters(x=".5", y=".5")
    with pytest.raises(errors.InvalidTree, match=r"do not sum to 1 in (999|1000) of 1000"):
        sums.simulate({"x": Uniform(0, 0.5)}, samples=1000)


def test_shown():
    found = bet().simulate({"p": Beta(8, 12)}, samples=5_000, seed=1)
    text = found.explain().to_text()
    assert "In 5,000 samples" in text
    assert "±" in text
    assert "样本" in found.explain(lang="zh").to_text()
    assert "<table>" in found._repr_html_()
    assert found.plot(bins=20).get_ylabel() == "samples"
