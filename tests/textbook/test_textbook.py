"""The course texts' numbers, worked out by hand, in both languages."""

from fractions import Fraction

import numpy as np
import pytest

import patronage as pt

LANGS = ("en", "zh")

#: Support, confidence, lift, leverage, conviction.
RULES = {
    "R1": ("3/5", "3/4", "15/16", "-1/25", "4/5"),
    "R2": ("3/5", "3/4", "15/16", "-1/25", "4/5"),
    "R3": ("2/5", "1", "5/4", "2/25", None),
    "R4": ("2/5", "1/2", "5/4", "2/25", "6/5"),
    "R5": ("2/5", "1/2", "5/4", "2/25", "6/5"),
    "R6": ("2/5", "1", "5/4", "2/25", None),
}


@pytest.mark.parametrize("lang", LANGS)
def test_six_rules(lang):
    example = pt.textbook.supermarket(lang)
    rules = example.rules
    assert len(rules) == 6
    pairs = [(x[0], y[0]) for x, y in zip(rules["antecedent"], rules["consequent"], strict=True)]
    for number, expected in RULES.items():
        row = pairs.index(example.numbers[number])
        for measure, value in zip(("support", "confidence", "lift", "leverage", "conviction"), expected, strict=True):
            found = rules[measure][row]
            assert np.isinf(found) if value is None else found == pytest.approx(float(Fraction(value)), abs=1e-15)
    beer_diapers = example.rules.explain(example.numbers["R1"], lang=lang).to_text()
    assert "15 / 16 = 0.9375" in beer_diapers
    assert "15/16" in example.note


def test_items_in_both_languages():
    english, chinese = (pt.textbook.supermarket(lang).lists for lang in LANGS)
    assert list(english) == list(chinese) == ["T1", "T2", "T3", "T4", "T5"]
    assert chinese["T1"] == ("啤酒", "尿布", "婴儿爽身粉", "面包", "雨伞")
    assert english["T1"] == ("beer", "diapers", "baby powder", "bread", "umbrella")
    assert pt.textbook.supermarket().itemsets["count"].tolist() == [4, 4, 3, 2, 2, 2, 2]


@pytest.mark.parametrize("lang", LANGS)
def test_southern_hospital(lang):
    example = pt.textbook.southern_hospital(lang)
    answer = example.tree.solve()
    plants = list(example.payoffs)
    assert answer.choice == (plants[1],)
    assert (answer.emv_exact, answer.evpi_exact) == (18_000, 22_000)
    table = example.table.solve()
    assert table.fractions("EMV") == dict(zip(plants, [-14_000, 18_000, 13_000, 0], strict=True))
    assert (table.evpi_exact, table.ev_with_perfect_information) == (22_000, 40_000)
    assert (example.misprint.printed, example.misprint.right) == (600_000, 60_000)
    assert "600,000" in example.misprint.note
    assert "(0.4)(60,000) + (0.6)(−10,000) = +18,000" in answer.explain(lang=lang).to_text()


@pytest.mark.parametrize("lang", LANGS)
def test_courier_customer(lang):
    example = pt.textbook.courier_customer(lang)
    assert example.value.value == 180_000
    both = example.value_with_referrals
    assert (both["own_value"][0], both["referral_value"][0], both.value) == (180_000, 180_000, 360_000)
    assert (example.misprint.printed, example.misprint.right) == (360_000, 180_000)


def test_grades():
    chinese = pt.textbook.pyramid("zh")
    assert chinese.tiers.summary()["tier"] == ["重要客户", "次要客户", "普通客户", "小客户"]
    assert chinese.tiers.summary()["customers"].tolist() == [1, 19, 30, 50]
    assert chinese.gold_and_iron.summary()["tier"] == ["黄金层级", "钢铁层级"]
    assert chinese.ladder == ("潜在客户", "首次购买", "重复购买", "忠诚", "成员", "拥护者")
    assert chinese.work == ("获取", "保留", "提升", "挽回")
    assert pt.textbook.pyramid().tiers["tier"][0] == "Important"


@pytest.mark.parametrize("example", ["supermarket", "southern_hospital", "courier_customer", "pyramid"])
def test_other_languages_are_refused(example):
    with pytest.raises(pt.errors.InvalidParameter, match="'en' or 'zh'"):
        getattr(pt.textbook, example)("fr")
