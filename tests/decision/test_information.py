"""Studies, events and portfolios, through Python."""

import json
import pickle
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import patronage as pt
from patronage.decision import (
    DecisionTable,
    SampleInformation,
    chance,
    decide,
    efficient_frontier,
    pay,
    perfect_information,
    portfolio,
    rounded,
    study,
)
from patronage.errors import DataWarning, InvalidParameter, InvalidTree, UnknownName


@pytest.fixture
def sheds():
    payoffs = {
        "large": {"favourable": 200_000, "unfavourable": -180_000},
        "small": {"favourable": 100_000, "unfavourable": -20_000},
        "none": {"favourable": 0, "unfavourable": 0},
    }
    return DecisionTable(payoffs, probabilities={"favourable": ".5", "unfavourable": "#"})


SURVEY = {"favourable": {"good": ".7", "bad": ".3"}, "unfavourable": {"good": ".2", "bad": ".8"}}


def test_the_survey_as_the_book_prints_it(sheds):
    """Heizer & Render, module A: posteriors .78 and .27; 106,400, 2,400 and 49,200."""
    survey = study(sheds, SURVEY, cost=10_000, rounding=2, labels=("survey", "no survey"))
    assert survey.exact()["net"] == 49_000
    assert survey.exact(rounded=True)["net"] == 49_200
    assert survey.rounded()["evsi"] == 19_200
    good, bad = survey.signals(rounded=True).values()
    assert (good.posterior["favourable"], bad.posterior["favourable"]) == (0.78, 0.27)
    assert (good.values["large"] - 10_000, bad.values["small"] - 10_000) == (106_400, 2_400)
    tree = survey.tree(rounded=True)
    assert tree.emv == 49_200
    assert tree.choice == ("survey",)
    assert survey.tree().emv_exact == 49_000
    assert "svg" in survey.tree().svg()
    for lang, word in (("en", "posterior"), ("zh", "后验概率")):
        text = str(survey.explain(lang=lang))
        assert word in text
        # Each multiplication, exact and as the book has it.
        assert "(0.5)(0.7) + (0.5)(0.2) = 0.45" in text
        assert "(7/9)(200,000) + (2/9)(−180,000)" in text
        assert "(0.78)(200,000) + (0.22)(−180,000) = +116,400" in text
        assert "31.67 %" in text


def test_the_table_of_a_study(sheds):
    survey = study(sheds, pd.DataFrame(SURVEY).T, rounding=2)
    given = ["signal", "state", "prior", "likelihood"]
    assert survey.columns == [*given, "joint", "marginal", "posterior", "rounded_marginal", "rounded_posterior"]
    assert survey.fractions("posterior") == [Fraction(7, 9), Fraction(2, 9), Fraction(3, 11), Fraction(8, 11)]
    assert survey.fractions("joint") == [Fraction(x) for x in (".35", ".1", ".15", ".4")]
    assert SampleInformation.from_json(survey.to_json()) == survey
    assert pickle.loads(pickle.dumps(survey)) == survey
    with pytest.raises(UnknownName, match="posterior"):
        survey.fractions("anterior")
    with pytest.raises(InvalidParameter, match="rounding"):
        study(sheds, SURVEY).rounded()


def test_floats_give_floats(sheds):
    likelihood = {state: {signal: float(p) for signal, p in row.items()} for state, row in SURVEY.items()}
    survey = study(sheds, likelihood, cost=10_000)
    assert survey.net == pytest.approx(49_000, rel=1e-14)
    assert survey.exact()["net"] is None
    assert survey.signals()["good"].exact is None


def test_costs(sheds):
    given = {a: {s: -x for s, x in row.items()} for a, row in PAYOFFS.items()}
    costs = DecisionTable(given, probabilities=[".5", ".5"])
    survey = study(costs, SURVEY, cost=10_000, sense="cost")
    assert (survey.evsi, survey.net, survey.net_gain) == (19_000, -49_000, 9_000)
    assert survey.tree().emv == -49_000


PAYOFFS = {
    "large": {"favourable": 200_000, "unfavourable": -180_000},
    "small": {"favourable": 100_000, "unfavourable": -20_000},
    "none": {"favourable": 0, "unfavourable": 0},
}


def test_posteriors_that_contradict_the_prior():
    """Hale's pilot (Anderson, Sweeney & Williams): prior .20, but Σ P(signal) posterior = .2016."""
    pilot = {"pilot": {"s1": -100, "s2": 50, "s3": 150}, "sell": {"s1": 100, "s2": 100, "s3": 100}}
    table = DecisionTable(pilot, probabilities=[".2", ".3", ".5"])
    posteriors = {"yes": {"s1": ".09", "s2": ".26", "s3": ".65"}, "no": {"s1": ".45", "s2": ".39", "s3": ".16"}}
    with pytest.warns(DataWarning, match=r"given as 1/5 \(0.2\), and .* is 126/625 \(0.2016\)"):
        agency = study(table, posteriors=posteriors, probabilities={"yes": ".69", "no": ".31"})
    assert agency.exact()["ev_with_sample_information"] == Fraction("101.035")
    assert next((i.state, i.prior, i.recombined) for i in agency.incoherent) == ("s1", 0.2, 0.2016)


def test_a_signal_that_cannot_come(sheds):
    likelihood = {"favourable": {"x": 1, "y": 0, "z": 0}, "unfavourable": {"x": 0, "y": 1, "z": 0}}
    survey = study(sheds, likelihood)
    assert survey.impossible == ["z"]
    assert survey["posterior"][-2:].tolist() != [0, 0]
    assert survey.to_dicts()[-1]["posterior"] is None
    assert (survey.signals()["z"].posterior, survey.signals()["z"].value) == (None, None)
    assert survey.evsi == survey.evpi == 60_000


def test_refused(sheds):
    with pytest.raises(InvalidTree, match="state 'unfavourable'"):
        study(sheds, {"favourable": {"good": 1}})
    with pytest.raises(InvalidTree, match="sum to"):
        study(sheds, {"favourable": {"good": ".5", "bad": ".6"}, "unfavourable": {"good": 0, "bad": 1}})
    with pytest.raises(InvalidParameter, match="cost = -10000"):
        study(sheds, SURVEY, cost=-10_000)
    with pytest.raises(InvalidParameter, match="likelihood, or posteriors"):
        study(sheds)
    with pytest.raises(InvalidParameter, match="event"):
        study(sheds, SURVEY, event="market")
    with pytest.raises(InvalidParameter, match="solved tree"):
        study(decide("", {"a": 1}), SURVEY)
    with pytest.raises(InvalidParameter, match="decimals"):
        rounded(decide("", {"a": 1}).solve(), -1)


@pytest.fixture
def oil():
    deposit = chance({"dry": (".5", 0), "wet": (".3", 700_000), "soaking": ("#", 1_200_000)}, name="oil")
    costs = {"low": (".2", pay(-150_000) >> deposit), "fair": (".6", pay(-300_000) >> deposit)}
    cost = chance(costs | {"high": ("#", pay(-500_000) >> deposit)}, name="cost")
    return decide("drill", {"yes": cost, "no": 0}).solve()


def test_one_event_of_two(oil):
    """SAS/OR documentation of PROC DTREE: 155,000 for oil, 10,000 for cost."""
    every = perfect_information(oil)
    assert every["event"] == ["cost", "oil"]
    assert every["evpi"].tolist() == [10_000, 155_000]
    event = perfect_information(oil, "oil")
    assert (event.evpi_exact, event.value_of_control_exact, event.best) == (155_000, 750_000, ("soaking",))
    assert event.choices["dry"] == ("no",)
    sounding = {
        "dry": {"no": ".6", "open": ".3", "closed": ".1"},
        "wet": {"no": ".3", "open": ".4", "closed": ".3"},
        "soaking": {"no": ".1", "open": ".4", "closed": ".5"},
    }
    test = study(oil, sounding, event="oil", cost=60_000)
    assert (test.evsi, test.is_worth_its_cost) == (40_100, False)
    assert test.tree().choice == ("no study",)
    assert "0.1" in str(test.explain())
    with pytest.raises(InvalidParameter, match="2 events"):
        study(oil, sounding)
    with pytest.raises(UnknownName, match="there are cost, oil"):
        perfect_information(oil, "gas")
    with pytest.raises(UnknownName, match="numbered from 0"):
        perfect_information(oil, 10_000)
    with pytest.raises(InvalidTree, match="not those of"):
        perfect_information(oil, ["oil", "cost"])


def test_the_same_outcomes_with_other_probabilities_are_not_independent():
    def gas(p):
        return chance({"gas": (p, 100), "none": ("#", -100)})

    test = chance(
        {"good": (".5", decide("", {"dig": gas(".9"), "sell": 0})), "bad": ("#", {"dig": gas(".2"), "sell": 0})}
    )
    answer = decide("", {"test": test, "dig": gas(".55")}).solve()
    assert (
        perfect_information(answer)["independent"].tolist()
        == [True, False, False, False][: len(perfect_information(answer))]
    )


@given(st.data())
def test_laws(data):
    """EVPI ≥ EVSI ≥ 0, EVPI = least EOL, a perfect signal is worth the EVPI, a useless one nothing."""
    states, signals = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    row = lambda n: st.lists(st.integers(0, 5), min_size=n, max_size=n).filter(any)  # noqa: E731
    shares = lambda weights: [Fraction(w, sum(weights)) for w in weights]  # noqa: E731
    names = [f"state {i}" for i in range(states)]
    payoffs = data.draw(
        st.lists(st.lists(st.integers(-50, 50), min_size=states, max_size=states), min_size=1, max_size=3)
    )
    prior = shares(data.draw(row(states)))
    cells = {str(i): dict(zip(names, line, strict=True)) for i, line in enumerate(payoffs)}
    table = DecisionTable(cells, probabilities=prior)
    likelihood = {name: dict(enumerate_text(shares(data.draw(row(signals))))) for name in names}
    found = study(table, likelihood)
    evsi, evpi = found.exact()["evsi"], found.exact()["evpi"]
    assert 0 <= evsi <= evpi == table.solve().criteria["EOL"].exact
    # By hand: for each signal the best sum of prior × likelihood × payoff.
    by_hand = sum(
        max(sum(prior[t] * likelihood[names[t]][s] * line[t] for t in range(states)) for line in payoffs)
        for s in likelihood[names[0]]
    )
    assert found.exact()["ev_with_sample_information"] == by_hand
    perfect = study(table, {name: {other: int(name == other) for other in names} for name in names})
    assert perfect.exact()["evsi"] == evpi
    assert study(table, dict.fromkeys(names, likelihood[names[0]])).evsi == 0
    # The order of states, signals and alternatives does not matter.
    turned = {name: dict(reversed(likelihood[name].items())) for name in reversed(names)}
    again = DecisionTable({a: dict(reversed(r.items())) for a, r in reversed(cells.items())}, probabilities=prior[::-1])
    assert study(again, turned).exact() == found.exact()


def enumerate_text(values):
    return ((f"signal {i}", value) for i, value in enumerate(values))


def test_portfolio_of_trees():
    def bid(p, gain, loss):
        return chance({"win": (p, gain), "lose": ("#", loss)}).solve()

    bids = {
        "A": {"high": (1, bid(".3", 105, -3)), "low": (1, bid(".6", 64, "-3"))},
        "B": {"high": (1, bid(".4", 82, -2))},
    }
    best = portfolio(bids, budget=1)
    assert best.choice == {"A": "low", "B": None}
    assert (best.value_exact, best.shadow_price_exact) == (Fraction("37.2"), Fraction("31.6"))
    assert best.to_dicts()[1] == {"project": "B", "choice": None, "resource": 0.0, "value": 0.0}
    every = portfolio(bids)
    assert (every.value, every.used, every.shadow_price) == (68.8, 2, 0)
    frontier = efficient_frontier(bids)
    assert list(zip(frontier["resource"], frontier["value"], strict=True)) == [(0, 0), (1, 37.2), (2, 68.8)]
    assert pt.decision.EfficientFrontier.from_json(frontier.to_json()) == frontier
    assert frontier.plot().get_xlabel() == "Budget"
    assert pt.decision.PortfolioAnswer.from_json(best.to_json()) == best
    with pytest.raises(InvalidParameter, match="budget"):
        portfolio(bids, budget=-1)
    with pytest.raises(InvalidParameter, match="option 'x' of project 'A'"):
        portfolio({"A": {"x": 3}})


def test_events_as_json(oil):
    every = perfect_information(oil)
    assert json.loads(every.to_json())["patronage"] == "Events"
