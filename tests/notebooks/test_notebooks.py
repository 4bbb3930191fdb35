"""Every notebook runs from top to bottom."""

from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[2] / "docs" / "notebooks").glob("*.md"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path, tmp_path):
    notebook = jupytext.read(path)
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    for cell in notebook.cells:
        if ".plot(" in cell.source:
            shown = [output for output in cell.outputs if "image/png" in output.get("data", {})]
            assert shown, f"no picture is shown by: {cell.source}"


def test_there_are_notebooks():
    assert NOTEBOOKS
