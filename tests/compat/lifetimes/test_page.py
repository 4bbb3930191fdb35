"""The page for those who come from lifetimes: its code runs, and says the same with lifetimes."""

import re
import warnings
from pathlib import Path

import pandas as pd

PAGE = (Path(__file__).parents[3] / "docs" / "coming-from" / "lifetimes.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_code_runs(capsys):
    here: dict = {}
    for block in BLOCKS:
        exec(block, here)
    told = capsys.readouterr().out
    assert "se(coef)" in told
    assert "BGNBD(r=" in told


def test_only_the_import_changes():
    told = []
    for module in ("lifetimes", "patronage.compat.lifetimes"):
        here: dict = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(BLOCKS[0].replace("patronage.compat.lifetimes", module), here)
            exec(BLOCKS[1], here)
        told.append([here["summary"], here["bgf"].summary, here["ggf"].summary, here["expected"].to_frame()])
    for theirs, ours in zip(*told, strict=True):
        pd.testing.assert_frame_equal(ours, theirs, rtol=1e-4)
