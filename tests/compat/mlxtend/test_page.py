"""The page for those who come from mlxtend: its code runs, and says the same with mlxtend."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[3] / "docs" / "coming-from" / "mlxtend.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_code_runs(capsys):
    here: dict = {}
    for block in BLOCKS:
        exec(block, here)
    assert "Of the 3 baskets with beer" in capsys.readouterr().out


def test_only_the_import_changes(capsys):
    told = []
    for module in ("mlxtend.frequent_patterns", "patronage.compat.mlxtend"):
        here: dict = {}
        exec(BLOCKS[0].replace("patronage.compat.mlxtend", module), here)
        exec(BLOCKS[1].replace("use_colnames=True)", "use_colnames=True).sort_values('support', kind='stable')"), here)
        told.append({(x, y): c for x, y, c in here["rules"][["antecedents", "consequents", "lift"]].to_numpy()})
    assert told[0] == told[1] != {}
