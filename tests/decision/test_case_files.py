"""Files of worked cases: all of them agree, a further one needs no code, and what is wrong or unknown is said."""

import json
import subprocess
import sys

import pytest

from patronage.decision import load_case
from patronage.decision.cases import main
from patronage.errors import InvalidModel


@pytest.fixture
def path(shared):
    return shared("reference/decision_cases.json")


def test_every_case(path):
    cases = load_case(path)
    assert len(cases) == 27
    checks = [check for case in cases for check in case.check()]
    assert [str(check) for check in checks if check.status == "differ"] == []
    assert [str(check) for check in checks if check.status == "not supported"] == []
    assert len(checks) > 900
    for case in cases:
        assert any(check.case == case.id and check.status == "agree" for check in checks)


def test_the_file_disagrees_when_a_number_is_changed(path):
    """Every exact number that is expected, changed, is noticed: nothing is left unchecked."""
    stored = json.loads(path.read_text("utf8"))

    def numbers(node, at):
        if isinstance(node, dict):
            if "exact" in node:
                yield at
            else:
                for key, value in node.items():
                    yield from numbers(value, (*at, key))
        elif isinstance(node, list):
            for key, value in enumerate(node):
                yield from numbers(value, (*at, key))

    from patronage.decision import Case

    changed = 0
    for case in stored["cases"]:
        for at in list(numbers(case["expected"], ()))[::7]:
            copy = json.loads(json.dumps(case))
            place = copy["expected"]
            for key in at:
                place = place[key]
            place["exact"] = "123457/1000003"
            assert any(check.status == "differ" for check in Case(copy).check()), (case["id"], at)
            changed += 1
    assert changed > 50


def test_the_command(path, tmp_path, capsys):
    assert main([str(path)]) in (0, 2)
    out = capsys.readouterr().out
    assert "agree" in out
    assert "thompson_survey: rounded to 2: EMV of the tree: expected 49200, found 49200" in out
    stored = json.loads(path.read_text("utf8"))
    stored["cases"] = [dict(case, id=f"another {case['id']}") for case in stored["cases"][:3]]
    copy = tmp_path / "cases.json"
    copy.write_text(json.dumps(stored))
    assert main(["-q", str(copy)]) == 0
    stored["cases"][0]["expected"]["tree"]["root"]["exact"] = "18001"
    copy.write_text(json.dumps(stored))
    assert main(["-q", str(copy)]) == 1
    assert "differ" in capsys.readouterr().out
    stored["cases"] = [dict(stored["cases"][1], expected={"serendipity": {"exact": "1"}}, printed=[])]
    copy.write_text(json.dumps(stored))
    assert main(["-q", str(copy)]) == 2
    captured = capsys.readouterr()
    assert "not supported another thompson_lumber: serendipity" in captured.out
    assert "NOT CHECKED (1)" in captured.err
    assert main([str(tmp_path / "none.json")]) == 1


def test_as_a_module(path):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "patronage.decision.cases", "-q", str(path)],
        capture_output=True, text=True, timeout=120, check=False, encoding="utf8",
    )  # fmt: skip
    assert done.returncode in (0, 2), done.stderr
    assert "0 differ" in done.stdout


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "cannot read"),
        ("[" * 100_000, "cannot read"),
        ("[]", "a list"),
        ('{"schema": "other/1", "cases": []}', "other/1"),
        ('{"cases": [{"id": "a"}]}', "case 0"),
        ('{"cases": 3}', "no list"),
        ('{"cases": [{"id": "a", "expected": {}}, {"id": "a", "expected": {}}]}', "two are called"),
    ],
)
def test_files_that_are_none(tmp_path, text, problem):
    path = tmp_path / "cases.json"
    path.write_text(text)
    with pytest.raises(InvalidModel, match=problem):
        load_case(path)
