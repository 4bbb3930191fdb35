"""The same names with the same arguments, in the same order, with the same defaults."""

import inspect
from importlib import import_module

import lifetimes
import lifetimes.datasets
import lifetimes.fitters
import lifetimes.generate_data
import lifetimes.plotting
import lifetimes.utils
import pytest

import patronage.compat.lifetimes as ours
from patronage.compat.lifetimes.fitters import BaseFitter

FITTERS = [name for name in lifetimes.__all__ if name.endswith("Fitter")]
FUNCTIONS = [
    *[("utils", name) for name in [*lifetimes.utils.__all__, "_find_first_transactions", "_customer_lifetime_value"]],
    *[("plotting", name) for name in lifetimes.plotting.__all__],
    *[("datasets", name) for name in [*lifetimes.datasets.__all__, "load_dataset"]],
    *[("generate_data", name) for name in dir(lifetimes.generate_data) if "_model" in name],
]


def parameters(function):
    return [(p.name, p.kind, p.default) for p in inspect.signature(function).parameters.values()]


def test_the_names_of_the_package():
    assert set(lifetimes.__all__) <= set(ours.__all__)
    assert ours.__version__ == lifetimes.__version__
    assert len(FITTERS) == 5
    assert len(FUNCTIONS) == 4 + 2 + 10 + 5 + 5


@pytest.mark.parametrize(("module", "name"), FUNCTIONS)
def test_functions(module, name):
    mine = import_module(f"patronage.compat.lifetimes.{module}")
    found, expected = getattr(mine, name), getattr(getattr(lifetimes, module), name)
    assert parameters(found) == parameters(expected)


@pytest.mark.parametrize("name", FITTERS)
def test_methods(name):
    found, expected = getattr(ours, name), getattr(lifetimes, name)
    assert parameters(found) == parameters(expected)
    methods = [method for method in dir(expected) if not method.startswith("_") and callable(getattr(expected, method))]
    assert {"fit", "save_model", "load_model"} < set(methods)
    for method in methods:
        assert parameters(getattr(found, method)) == parameters(getattr(expected, method)), method
    assert isinstance(found.summary, property)
    assert issubclass(found, BaseFitter)


def test_modules_of_the_fitters():
    from patronage.compat.lifetimes.fitters import beta_geo_fitter, gamma_gamma_fitter, modified_beta_geo_fitter

    assert beta_geo_fitter.BetaGeoFitter is ours.BetaGeoFitter
    assert gamma_gamma_fitter.GammaGammaFitter is ours.GammaGammaFitter
    # As in lifetimes, one is the other's child.
    assert issubclass(modified_beta_geo_fitter.ModifiedBetaGeoFitter, ours.BetaGeoFitter)
