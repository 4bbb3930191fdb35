"""The README does what it says."""

import re
from pathlib import Path

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_quickstart_runs_as_written(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.S)
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    exec(compile(code, "README.md", "exec"), {})
    said = capsys.readouterr().out
    assert "1,469,307 rows read" in said
    assert "Champions" in said


def test_the_example_in_rust_is_one_that_runs():
    (code,) = re.findall(r"```rust\n(.*?)```", README, flags=re.S)
    crate = (Path(__file__).resolve().parents[2] / "crates/patronage/src/lib.rs").read_text(encoding="utf-8")
    assert "".join(f"//! {line}".rstrip() + "\n" for line in code.splitlines()) in crate


def test_every_dependency_of_the_core_crate_is_named():
    import tomllib

    manifest = tomllib.loads((Path(__file__).resolve().parents[2] / "crates/patronage/Cargo.toml").read_text())
    section = README.partition("## For Rust")[2].partition("\n## ")[0]
    assert [name for name in manifest["dependencies"] if f"`{name}`" not in section] == []
