"""Trees as pictures and as text that other tools draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from patronage import _core

Lang: TypeAlias = Literal["en", "zh"]
Values: TypeAlias = Literal["cumulative", "to_go"]


class Drawn:
    """What can be drawn: a tree as it was written, or with its answer."""

    __slots__ = ()

    def _to_draw(self) -> _core.Tree | _core.TreeAnswer:
        raise NotImplementedError

    def svg(
        self,
        *,
        lang: Lang = "en",
        values: Values = "cumulative",
        numbered: bool = False,
        legend: bool = False,
        max_leaves: int = 200,
        standalone: bool = True,
    ) -> str:
        """The tree as textbooks draw it: □ decisions, ○ chance, △ ends, payoffs and probabilities on the branches.

        An answer has its values at the nodes, the best branches bold and the others cut by two strokes.

        Args:
            lang: "en" or "zh": the language of the few words that are not the tree's own.
            values: "cumulative" counts what was received on the way, "to_go" does not.
            numbered: Numbers in the nodes, from left to right.
            legend: Says below the picture what its signs mean.
            max_leaves: Rows that are drawn before the tree is folded, the best branches last. What is folded says how
                many nodes it hides. At most 10,000.
            standalone: A file with colours for light and dark; False for an element in a page, whose colour it takes.

        Example:
            >>> from patronage.decision import decide
            >>> decide("Drink", {"tea": 3, "coffee": 2}).svg(legend=True).count("<text")
            8
        """
        return self._to_draw().draw("svg", lang, values, numbered, legend, max_leaves, standalone)

    def to_dot(
        self, *, lang: Lang = "en", values: Values = "cumulative", numbered: bool = False, max_leaves: int = 200
    ) -> str:
        r"""The tree in the DOT language of Graphviz; the arguments are those of `svg`.

        Example:
            >>> from patronage.decision import decide
            >>> print(decide("Drink", {"tea": 3, "coffee": 2}).solve().to_dot())
            digraph decision_tree {
              rankdir=LR;
              node [fontname="sans-serif"];
              edge [fontname="sans-serif", arrowhead=none];
              n0 [shape=box, label="Drink\n3"];
              n1 [shape=plaintext, label="△ 3"];
              n2 [shape=plaintext, label="△ 2"];
              n0 -> n1 [label="tea", penwidth=3, style=bold];
              n0 -> n2 [label="coffee", dir=both, arrowtail=teetee];
            }
        """
        return self._to_draw().draw("dot", lang, values, numbered, False, max_leaves, False)

    def to_mermaid(
        self, *, lang: Lang = "en", values: Values = "cumulative", numbered: bool = False, max_leaves: int = 200
    ) -> str:
        """The tree as a Mermaid flowchart, for Markdown; the arguments are those of `svg`.

        Example:
            >>> from patronage.decision import decide
            >>> print(decide("Drink", {"tea": 3, "coffee": 2}).solve().to_mermaid())
            flowchart LR
              n0["Drink<br>3"]
              n1>"3"]
              n2>"2"]
              n0 ===|"tea"| n1
              n0 -.-|"coffee"| n2
        """
        return self._to_draw().draw("mermaid", lang, values, numbered, False, max_leaves, False)

    def to_tikz(
        self, *, lang: Lang = "en", values: Values = "cumulative", numbered: bool = False, max_leaves: int = 200
    ) -> str:
        r"""The tree as a `tikzpicture` for LaTeX with the package tikz; Chinese needs ctex, too.

        The arguments are those of `svg`.

        Example:
            >>> from patronage.decision import decide
            >>> print(decide("Drink", {"tea": 3}).to_tikz().splitlines()[0])
            \begin{tikzpicture}[x=0.75pt, y=-0.75pt, every node/.style={inner sep=0pt, font=\small}]
        """
        return self._to_draw().draw("tikz", lang, values, numbered, False, max_leaves, False)

    def _repr_html_(self) -> str:
        drawing = self.svg(standalone=False, max_leaves=60)
        return f"<div class='patronage' style='overflow-x:auto'>{drawing}</div>"
