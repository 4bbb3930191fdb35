"""Pictures of decision trees: nothing overlaps, nothing runs out; other tools' languages hold any label."""

import itertools
import re
import unicodedata
import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from patronage.decision import DecisionTable, chance, decide, pay
from patronage.errors import InvalidParameter

ODD = [
    "quotes \" and ' and `",
    "<b>&amp;</b> <script>alert(1)</script>",
    "line\nbreak\r\ttab\u2028x",
    "市场需求旺盛，价格上涨",
    "party 🎉🎉🎉 👩‍👩‍👧",
    "سوق ملائم جدا",
    "\u202eturned\u202c",
    "back\\slash \\end{x} $x$ 50% #1 a_b ^ ~ {",
    "a|b; c --> d]) %% end",
    "W" * 60,
    "长" * 10_000,
    "e\u0301" * 60,
    "",
    "\x00\x07\ufffe",
]


def hospital(words=("large", "medium", "small", "none"), name="Plant size", good="favourable", bad="unfavourable"):
    def plant(gain, loss):
        return chance({good: (".4", gain), bad: ("#", loss)})

    payoffs = [plant(100_000, -90_000), plant(60_000, -10_000), plant(40_000, -5_000), 0]
    return decide(name, dict(zip(words, payoffs, strict=True)))


def stages(depth, width):
    def below(level):
        if level == 0:
            return 1
        labels = [f"branch {i}" for i in range(width)]
        if level % 2:
            return decide(f"level {level}", {label: pay(i) >> below(level - 1) for i, label in enumerate(labels)})
        return chance({label: ("#", below(level - 1)) for label in labels})

    return below(depth)


def em(char, bold):
    """The width of a character in the widest usual font, which Matplotlib brings along."""
    from matplotlib import font_manager, ft2font

    if unicodedata.combining(char) or char == "\u200d":
        return 0.0
    if ord(char) >= 0x1F000:
        return 1.275  # Noto Color Emoji: 2,550 of 2,048 units
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    font = font_manager.get_font(
        font_manager.findfont(font_manager.FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal"))
    )
    if not font.get_char_index(ord(char)):
        return 0.6
    font.set_size(1000, 72)
    return font.load_char(ord(char), flags=ft2font.LoadFlags.NO_HINTING).linearHoriAdvance / 65_536_000


WIDTHS = {}


def width(text, size, bold):
    total = 0.0
    for char in text:
        if (char, bold) not in WIDTHS:
            WIDTHS[char, bold] = em(char, bold)
        total += WIDTHS[char, bold]
    return total * size


def boxes(svg):
    """What is drawn: (what, left, top, right, bottom), and the slanted lines as points on the way."""
    root = ET.fromstring(svg)
    size = tuple(float(x) for x in root.get("viewBox").split())[2:]
    found, slants = [], []
    for element in root:
        tag, get = element.tag.rpartition("}")[2], lambda key, e=element: float(e.get(key))
        if tag == "text":
            text = element.text or "".join(child.tail or "" for child in element)
            if not text.strip():
                continue
            font = float(element.get("font-size", 14))
            wide = width(text, font, element.get("font-weight") == "bold")
            left = get("x") - {None: 0, "start": 0, "end": wide, "middle": wide / 2}[element.get("text-anchor")]
            if element.get("text-anchor") == "middle":
                assert wide < 24  # a number inside its node
                continue
            found.append((text, left, get("y") - 0.76 * font, left + wide, get("y") + 0.21 * font))
        elif tag == "rect":
            found.append(("□", get("x"), get("y"), get("x") + 24, get("y") + 24))
        elif tag == "circle":
            found.append(("○", get("cx") - 12, get("cy") - 12, get("cx") + 12, get("cy") + 12))
        elif tag == "path":
            path = element.get("d")
            if branch := re.fullmatch(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)H([\d.]+)", path):
                x0, y0, x1, y1, x2 = (float(x) for x in branch.groups())
                found.append(("—", x1, y1 - 1.5, x2, y1 + 1.5))
                slants.append([(x0 + (x1 - x0) * k / 40, y0 + (y1 - y0) * k / 40) for k in range(1, 40)])
            elif leaf := re.fullmatch(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)V([\d.]+)Z", path):
                x, _, right, top, bottom = (float(x) for x in leaf.groups())
                found.append(("△", x, top, right, bottom))
    return size, found, slants


def assert_tidy(svg):
    (right, bottom), found, slants = boxes(svg)
    for what, x0, y0, x1, y1 in found:
        assert x0 >= 0, what
        assert y0 >= 0, what
        assert x1 <= right, what
        assert y1 <= bottom, what
    found.sort(key=lambda box: box[1])
    for i, (what, _, y0, x1, y1) in enumerate(found):
        for other, left, top, _, low in itertools.islice(found, i + 1, None):
            if left >= x1 - 0.2:
                break
            assert low <= y0 + 0.2 or top >= y1 - 0.2, (what, other)
    words = [box for box in found if box[0] not in "□○△—"]
    for x, y in itertools.chain.from_iterable(slants):
        for what, x0, y0, x1, y1 in words:
            assert not (x0 < x < x1 and y0 < y < y1), what


labels = st.one_of(st.sampled_from(ODD), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
plain = st.text(st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_categories=["Cc"]), max_size=40)
amounts = st.one_of(st.integers(-(10**12), 10**12), st.fractions(max_denominator=999), st.floats(-1e9, 1e9))


def trees(labels):
    return st.recursive(
        amounts,
        lambda below: st.one_of(
            st.builds(decide, labels, st.dictionaries(labels, below, min_size=1, max_size=4)),
            st.builds(
                lambda outcomes, name: chance({k: ("#", v) for k, v in outcomes.items()}, name=name),
                st.dictionaries(labels, below, min_size=1, max_size=4),
                labels,
            ),
        ),
        max_leaves=15,
    )


@settings(deadline=None)
@given(trees(plain), labels, st.booleans(), st.booleans(), st.integers(1, 12))
@example(hospital(), "Plant", False, False, 200)
@example(stages(4, 3), "", True, True, 12)
def test_nothing_overlaps_or_runs_out(tree, name, numbered, legend, max_leaves):
    tree = decide(name, {"first": tree, "second": pay(-1) >> {"third": 1}})
    for drawn in (tree, tree.solve()):
        for lang in ("en", "zh"):
            assert_tidy(drawn.svg(lang=lang, numbered=numbered, legend=legend, max_leaves=max_leaves))


@pytest.mark.parametrize("label", ODD, ids=range(len(ODD)))
def test_odd_labels_are_only_text(label):
    answer = decide(label, {label: chance({label: ("1/3", 1), "other": ("#", 2)}, name=label), "z": 0}).solve()
    for drawn in (answer, answer.tree):
        svg = drawn.svg(legend=True, numbered=True)
        assert_tidy(svg)
        assert not re.search("<script|[\u202a-\u202e\x00]", svg + drawn._repr_html_())
        for text in (drawn.to_dot(), drawn.to_mermaid(), drawn.to_tikz()):
            assert not re.search("[\u202a-\u202e\x00\x07\r\t\u2028]", text)
            assert len(text) < 20_000
        # Quotes stay in pairs: a line of DOT is one statement, a label of Mermaid has no quote, bracket or bar.
        for line in drawn.to_dot().splitlines():
            assert len(re.findall(r'(?<!\\)(?:\\\\)*"', line)) % 2 == 0
        for line in drawn.to_mermaid().splitlines()[1:]:
            inside = re.search(r'"(.*)"', line)
            assert not re.search(r'["|\[\]`{}\\]', inside.group(1) if inside else "")
        # TikZ: braces pair, apart from those that are printed.
        bare = re.sub(r"\\[{}]", "", drawn.to_tikz())
        assert bare.count("{") == bare.count("}")
        assert bare.count(r"\end{") == 1


def test_the_hospital_as_the_textbook_draws_it():
    answer = hospital().solve()
    svg = answer.svg()
    root = ET.fromstring(svg)
    texts = [element.text for element in root if element.tag.endswith("text")]
    assert {"Plant size", "medium", "(0.4)", "18,000", "−14,000", "60,000"} <= set(texts)
    bold = [e.text for e in root if e.tag.endswith("text") and e.get("font-weight") == "bold"]
    assert "medium" in bold
    assert "large" not in bold
    assert svg.count("<circle") == 3
    assert svg.count("<rect") == 1
    # Three rejected alternatives, each cut by two strokes.
    cuts = [e.get("d") for e in root if e.tag.endswith("path") and e.get("d").count("M") == 2]
    assert len(cuts) == 3
    assert "prefers-color-scheme:dark" in svg
    assert 'fill="currentColor"' in answer._repr_html_()
    assert not re.search(r'(fill|stroke)="(black|white|#000|#fff)', svg)


def test_chinese_and_numbers_on_demand():
    words = ("大型工厂", "中型工厂", "小型工厂", "不建厂")
    answer = hospital(words, "工厂规模", "市场有利", "市场不利").solve()
    svg = answer.svg(lang="zh", numbered=True, legend=True)
    assert all(word in svg for word in ("决策点", "机会点", "结果点", "选定方案", "舍弃方案", *words))
    numbers = re.findall(r'text-anchor="middle" font-size="12">(\d+)<', svg)
    assert sorted(numbers, key=int) == ["1", "2", "3", "4"]
    assert "决策点" not in answer.svg(lang="zh")
    assert_tidy(svg)
    assert "rejected" not in answer.tree.svg(legend=True)


def folds(svg):
    return [int(n.replace(",", "")) for n in re.findall(r"\[\+ ([\d,]+) nodes folded\]", svg)]


@pytest.mark.parametrize(("tree", "nodes"), [(stages(5, 6), 9331), (stages(7, 3), 3280), (stages(13, 2), 16383)])
@pytest.mark.parametrize("max_leaves", [1, 30, 200])
def test_folds_say_what_they_hide(tree, nodes, max_leaves):
    svg = tree.solve().svg(max_leaves=max_leaves)
    drawn = svg.count("<rect") + svg.count("<circle") + len(re.findall(r"V[\d.]+Z", svg))
    assert drawn + sum(folds(svg)) == nodes
    assert svg.count('Z"') + len(folds(svg)) <= max_leaves
    assert_tidy(svg)


def test_wide_nodes_show_the_first_and_the_best():
    answer = decide("Wide", {f"alternative {i}": {"a": i if i != 7_000 else 10**6} for i in range(10_000)}).solve()
    svg = answer.svg(max_leaves=40)
    assert "alternative 7000" in svg
    assert ">9,989 more branches, 19,978 nodes<" in svg
    assert "其余 9,989 个分支，共 19,978 个节点" in answer.svg(max_leaves=40, lang="zh")
    assert_tidy(svg)


def test_the_best_branches_are_folded_last():
    # The best alternative is the last of six, and what it leads to is seen although the others are not.
    tree = decide("Top", {f"a{i}": pay(i) >> stages(3, 4) for i in range(6)})
    svg = tree.solve().svg(max_leaves=24)
    assert svg.count("nodes folded") >= 5
    assert svg.count(">branch 3<") >= 2


def test_a_tree_that_is_not_solved_has_no_choices():
    tree = decide("Film", {"film": pay(-5_000) >> chance({"hit": (".3", 9), "flop": ("#", "1/7")}), "no": 0})
    svg = tree.svg()
    assert "−5,000" in svg
    assert "(0.3)" in svg
    assert ">1/7<" in svg
    assert "#2a9d6a" not in svg
    assert "bold" not in svg
    assert tree.build().svg() == svg == tree.solve().tree.svg()
    for wrong in ({"lang": "fr"}, {"values": "net"}):
        with pytest.raises(InvalidParameter):
            tree.svg(**wrong)


def test_the_same_choices_in_every_language():
    answer = hospital().solve()
    assert 'n0 -> n2 [label="medium", penwidth=3, style=bold];' in answer.to_dot()
    assert answer.to_dot().count("teetee") == 3
    assert 'n0 ===|"medium"| n2' in answer.to_mermaid()
    assert answer.to_mermaid().count("-.-") == 3
    assert r"{\bfseries medium}" in answer.to_tikz()
    assert r"{$-$14,000}" in answer.to_tikz()
    assert 'label="3' in answer.to_dot(numbered=True)


def test_pages_take_their_own_colours():
    answer = hospital().solve()
    table = DecisionTable({"a": {"<x>": 1, "y": 2}, "b": {"<x>": 2, "y": 1}}, probabilities=[".5", ".5"])
    for shown in (hospital(), hospital().build(), answer, answer.explain(), table, table.solve(), answer.policy()):
        html = shown._repr_html_()
        assert not re.search(r"(?<!-)color:|background|fill=\"#|<x>", html)
        assert html.count("<div") == html.count("</div")


def test_every_multiplication_is_shown():
    tree = decide("Bid", {"bid": pay(-5) >> chance({"win": ("1/4", pay(60) >> 7), "lose": ("#", -8)}), "no": 0})
    # (1/4)(60 + 7) + (3/4)(−8) = 10.75, less the fee of 5.
    answer = tree.solve()
    assert answer.emv_exact == Fraction(23, 4)
    for lang in ("en", "zh"):
        working = answer.explain(lang=lang)
        text = working.to_text()
        assert "(0.25)(60 + 7) + (0.75)(−8) = +10.75" in text
        assert text.index("(0.25)") < text.index("max(")
        assert r"\left(0.25\right)\left(60 + 7\right)" in working.to_latex()
        assert r"\left(0.25\right)\left(60 + 7\right)" in working.to_markdown()
        assert "<mn>0.25</mn>" in working.to_html()


@pytest.mark.parametrize("label", ODD, ids=range(len(ODD)))
def test_workings_hold_any_label(label):
    working = decide("d", {label: chance({label: ("1/3", 1), "o": ("#", 2)}), "z": 0}).solve().explain(lang="zh")
    assert "<script" not in working.to_html() + working.to_markdown()
    assert not re.search("[\u202a-\u202e\x00\x07]", working.to_html() + working.to_latex() + working.to_text())
    assert not re.search(r"\[[^\]]*\n\s*\n", working.to_latex())
    ET.fromstring(working.to_html())
