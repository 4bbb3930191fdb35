"""Fixtures that every room shares."""

import os
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import pytest
from hypothesis import settings

mpl.use("Agg")
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("random", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """The path of a file of the shared data; skips where it is absent, except in CI, where it fails."""

    def find(name: str) -> Path:
        path = Path(os.environ.get("PATRONAGE_SHARED", ROOT.parent / "shared")) / name
        if not path.exists():
            reason = f"{path} is not there (set PATRONAGE_SHARED to its folder)"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        return path

    return find
