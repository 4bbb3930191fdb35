"""The report: whole, self-contained, and safe whatever the data say."""

import html.parser

import numpy as np
import polars as pl
import pytest

import patronage as pt
from patronage import cli
from patronage.report import Report

HOSTILE = [
    "<script>alert(1)</script>",
    '"onload="alert(1)',
    "javascript:alert(1)",
    "\u202eevil",
    "a & b",
    "$x_1$",
    "{{7*7}}",
]


class Page(html.parser.HTMLParser):
    """Collects the tags, the attributes and the text of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text.append(data)


def shop(customers=60, lines=3000, names=("beer", "milk", "bread", "tea"), seed=3):
    random = np.random.default_rng(seed)
    who = random.integers(0, customers, lines)
    day = np.datetime64("2023-01-01") + (random.beta(1, 1.5, lines) * 500).astype(int)
    return {
        "who": [f"c{w}" for w in who],
        "when": day,
        "paid": np.round(random.gamma(2, 10, lines), 2),
        "bill": [f"{w}-{d}" for w, d in zip(who, day, strict=True)],
        "what": [names[i] for i in random.integers(0, len(names), lines)],
    }


ROLES = {"customer": "who", "time": "when", "amount": "paid", "order": "bill", "item": "what"}


@pytest.fixture(scope="module")
def page():
    return Report(pt.TransactionLog(shop(), **ROLES), title="Our customers").html()


def test_every_section_is_there_with_its_picture(page):
    seen = Page(page)
    assert [v for k, v in seen.attributes if k == "id"] == [
        "headline", "intake", "segments", "pyramid", "retention", "baskets", "worth", "lapsing", "method",
    ]  # fmt: skip
    assert "Not shown" not in page
    assert seen.tags.count("img") >= 6
    assert seen.tags.count("table") >= 6


def test_it_is_self_contained(page):
    seen = Page(page)
    assert not {"script", "link", "iframe", "object"} & set(seen.tags)
    for name, value in seen.attributes:
        assert not name.startswith("on")
        if name in ("src", "href"):
            assert value.startswith(("data:image/svg+xml;base64,", "#"))


def test_hostile_names_do_no_harm():
    table = shop(names=HOSTILE)
    table["who"] = [HOSTILE[hash(w) % len(HOSTILE)] + w for w in table["who"]]
    page = Report(pt.TransactionLog(table, **ROLES), title=HOSTILE[0], source=HOSTILE[1]).html()
    seen = Page(page)
    assert "script" not in seen.tags
    assert not any(name.startswith("on") for name, _ in seen.attributes)
    assert "49" not in [t.strip() for t in seen.text]
    assert any("<script>alert(1)</script>" in t for t in seen.text), "shown as text"


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        (("customer", "time"), 3000),
        (("customer", "time", "amount"), 3000),
        (("customer", "time", "amount"), 1),
        (("customer", "time", "amount", "order", "item"), 1),
        (("customer", "time", "amount", "order", "item"), 0),
        (("customer", "time", "item"), 5),
    ],
)
def test_what_the_data_cannot_support_is_said(columns, rows):
    table = pl.DataFrame(shop()).head(rows)
    page = Report(pt.TransactionLog(table, **{role: ROLES[role] for role in columns})).html()
    assert page.count("<section") == 9
    assert "nan" not in [t.strip().lower() for t in Page(page).text]


def test_the_command_writes_a_report_of_a_file(tmp_path, capsys):
    source, target = tmp_path / "orders.csv", tmp_path / "report.html"
    pl.DataFrame(shop()).write_csv(source)
    call = ["report", str(source), "--customer", "who", "--time", "when", "--amount", "paid", "-o", str(target)]
    assert cli.main(call) == 0
    out = capsys.readouterr()
    assert str(target) in out.out
    assert "section 1 of 9" in out.err
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert cli.main(call) == 2, "it does not overwrite"
    assert "there already" in capsys.readouterr().err
    assert cli.main([*call, "--overwrite", "--quiet"]) == 0
    assert capsys.readouterr().err == ""
    assert sorted(p.name for p in tmp_path.iterdir()) == ["orders.csv", "report.html"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("--customer", "whom"), "who, when, paid"),
        (("--time", "what"), "column 'what'"),
        (("--time", "bill"), "--time-format"),
        (("--amount", "what"), "cannot be read"),
        (("-o", "no/such/folder/report.html"), "folder that exists"),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path, capsys, change, said):
    source = tmp_path / "orders.csv"
    pl.DataFrame(shop(lines=50)).write_csv(source)
    call = ["report", str(source), "--customer", "who", "--time", "when", "--amount", "paid"]
    call += ["-o", str(tmp_path / "report.html"), *change]
    assert cli.main(call) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "report.html").exists()


def test_the_command_without_a_file(capsys):
    assert cli.main(["report"]) == 2
    assert "--customer" in capsys.readouterr().err


def test_rules_of_chance_and_repetitions_are_left_out():
    """Crisps go with beer whatever else is bought; the rest is tossed."""
    random = np.random.default_rng(11)
    rows = []
    for order in range(400):
        items = {"bread", "milk", "tea"} if order % 9 == 0 else set()
        items |= {name for name in ("bread", "milk", "tea") if random.random() < 0.5}
        items |= {"beer"} if order % 3 == 0 else {"rum"}
        items |= {"crisps"} if random.random() < (0.9 if "beer" in items else 0.1) else set()
        rows += [(f"c{order % 50}", np.datetime64("2024-01-01") + order % 300, 1.0, order, name) for name in items]
    table = dict(
        zip(("who", "when", "paid", "bill", "what"), map(list, zip(*sorted(rows, key=str), strict=True)), strict=True)
    )
    report = Report(pt.TransactionLog(table, **ROLES))
    evidence = report.evidence
    found, sure, told = evidence.found_rules, evidence.sure_rules, evidence.rules
    assert len(found) > len(sure) > len(told) > 0
    sides = [(set(x), y) for x, y in zip(told["antecedent"], told["consequent"], strict=True)]
    assert ({"beer"}, ["crisps"]) in sides
    assert not any(x > {"beer"} and y == ["crisps"] for x, y in sides)
    page = " ".join(" ".join(Page(report.html()).text).split())
    assert (
        f"Candidates examined: {found.about['n_examined']}; frequent and sure enough: {len(found)}. Left out because "
        f"they may be chance: {len(found) - len(sure)}; because they say no more than a shorter rule: "
        f"{len(sure) - len(told)}. Told here: {len(told)}."
    ) in page
