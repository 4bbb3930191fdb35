"""What an installation promises: few dependencies, a quick import, one version."""

import importlib.metadata
import subprocess
import sys

import patronage as pt


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    return done.stdout.strip()


def test_base_dependencies_are_numpy_and_narwhals():
    required = [r for r in importlib.metadata.requires("patronage") if "extra ==" not in r]
    assert sorted(r.split(">")[0].split(";")[0].strip() for r in required) == ["narwhals", "numpy"]


def test_import_loads_nothing_heavy():
    heavy = ("pandas", "polars", "pyarrow", "matplotlib", "scipy", "jinja2", "duckdb", "sklearn")
    loaded = run(f"import sys, patronage; print([m for m in {heavy!r} if m in sys.modules])")
    assert loaded == "[]"


def test_one_version():
    assert pt.__version__ == importlib.metadata.version("patronage")


def test_every_public_name_is_there_and_documented():
    for name in pt.__all__:
        value = getattr(pt, name)
        assert isinstance(value, str) or value.__doc__, name
