"""What is bought together."""

from __future__ import annotations

from patronage.association._rules import strongest
from patronage.report.blocks import Points, Section, Table, Text, count, number, picture, share
from patronage.report.evidence import ALPHA, MIN_CONFIDENCE, MIN_SUPPORT, Evidence

#: Rules in the table, and rules told in words.
SHOWN, TOLD = 15, 5


def section(evidence: Evidence) -> Section:
    """The strongest rules, as numbers and in words, without those that may be chance or repeat a shorter one."""
    rules = evidence.rules
    basis = (
        f"As of {evidence.as_of}, {count(rules.about['n_baskets'])} baskets with a known {evidence.item_label}. "
        f"Sought: sets of at most three in at least {share(MIN_SUPPORT, 0)} of the baskets, and rules that hold in at "
        f"least {share(MIN_CONFIDENCE, 0)} of the cases. May be chance: what fails Fisher's exact test at "
        f"{share(ALPHA, 0)}, corrected after Holm for all candidates examined. Says no more than a shorter rule: some "
        "item on the left makes it no surer, or no surer than chance would. Support: the share of all "
        "baskets with both sides. Confidence: of the baskets with the left side, the share with the right side. Lift: "
        "that share against the share among all baskets; above 1 they go together, below 1 they shun each other."
    )
    sifted = Text(_sifted(evidence))
    if not len(rules):
        return Section("baskets", "What is bought together", [sifted], basis, "Baskets")
    order = strongest(rules, None, one_a_set=True)
    words = rules.in_words()
    lefts, rights = rules["antecedent"], rules["consequent"]
    rows = [
        (
            ", ".join(map(str, lefts[i])),
            ", ".join(map(str, rights[i])),
            share(rules["support"][i]),
            share(rules["confidence"][i]),
            number(rules["lift"][i]),
        )
        for i in order[:SHOWN]
    ]
    return Section(
        "baskets",
        "What is bought together",
        [
            Points([words[i] for i in order[:TOLD]]),
            sifted,
            picture("These rules: how frequent, how sure, and how much more than chance", lambda ax: rules.plot(ax)),
            picture(
                "What hangs together: a dot a rule, with arrows from what is bought to what comes with it",
                lambda ax: rules.plot(ax, kind="network", top=SHOWN),
                (8.4, 5.6),
            ),
            Table(
                f"The {min(SHOWN, len(order))} rules with the highest lift",
                ("whoever buys", "also buys", "support", "confidence", "lift"),
                rows,
                texts=2,
            ),
        ],
        basis,
        short="Baskets",
    )


def _sifted(evidence: Evidence) -> str:
    """How many rules were examined, and how many left out."""
    examined = evidence.found_rules.about["n_examined"]
    found, sure, told = len(evidence.found_rules), len(evidence.sure_rules), len(evidence.rules)
    if not found:
        return f"No rule is that frequent and that sure; candidates examined: {count(examined)}."
    return (
        f"Candidates examined: {count(examined)}; frequent and sure enough: {count(found)}. Left out because they may "
        f"be chance: {count(found - sure)}; because they say no more than a shorter rule: {count(sure - told)}. Told "
        f"here: {count(told)}."
    )
