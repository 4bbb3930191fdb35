//! The mistakes that are recognised: a name, and a sentence in two languages.

use crate::explain::Lang;

macro_rules! mistakes {
    ($($variant:ident, $name:literal, $en:literal, $zh:literal;)+) => {
        /// A typical mistake.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Mistake {
            $(#[doc = $en] $variant,)+
        }

        impl Mistake {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name, such as "likelihood as posterior".
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// It as a sentence.
            pub fn to_text(self, lang: Lang) -> &'static str {
                match self { $(Self::$variant => lang.pick($en, $zh),)+ }
            }
        }
    };
}

mistakes! {
    LikelihoodAsPosterior, "likelihood as posterior",
        "The likelihood P(signal | state) was used as if it were the posterior P(state | signal).",
        "把似然 P(信号 | 状态) 当作后验概率 P(状态 | 信号)。";
    NotUpdated, "not updated",
        "The prior was used after the signal, too: it was not updated.",
        "得到信号后仍使用先验概率，没有修正。";
    JointAsPosterior, "joint as posterior",
        "The joint probability was not divided by P(signal).",
        "联合概率没有除以信号概率 P(信号)。";
    FeeForgotten, "fee forgotten", "What is paid on the way (a fee, a cost) was forgotten.", "忘记了途中的费用（成本）。";
    FeeTwice, "fee counted twice", "What is paid on the way (a fee, a cost) was counted twice.", "途中的费用（成本）被重复计算。";
    FeeSign, "fee with the wrong sign", "What is paid on the way was taken with the wrong sign.", "途中的费用符号弄反了。";
    NetForGross, "net for gross", "The cost of the study was subtracted already.", "已经减去了研究的成本。";
    WrongSign, "wrong sign", "The sign is wrong.", "符号错误。";
    RowsForColumns, "rows instead of columns",
        "The regret was taken from the best payoff of the row; it is taken from the best of the column (the state).",
        "后悔值按行（方案）的最优值计算，应按列（状态）的最优值计算。";
    WrongSense, "wrong sense", "Best and worst were mistaken: max instead of min, or min instead of max.", "最大与最小弄反了。";
    NotSubtracted, "not subtracted", "The best EMV was not subtracted.", "没有减去最优期望值（EMV）。";
    WrongAct, "wrong act", "The value of another alternative than the best was subtracted.", "减去的不是最优方案的期望值。";
    Averaged, "averages", "A plain average was taken: as if all states were equally likely.", "取了简单平均：相当于各状态等可能。";
    Weighted, "probabilities", "Probabilities were used: this criterion knows none.", "使用了概率，而该准则不用概率。";
    NotDivided, "not divided", "The sum was not divided by the number of states.", "总和没有除以状态数。";
    ChanceMaximised, "chance maximised",
        "At a chance event the best outcome was chosen; nobody chooses there: outcomes are averaged.",
        "在机会点上选了最好的结果；机会点应取期望值。";
    DecisionAveraged, "decision averaged",
        "At a decision the alternatives were averaged; the best one is chosen.",
        "在决策点上对各方案取了平均；应选最优方案。";
    CoefficientReversed, "coefficient reversed", "α and 1 − α were exchanged.", "α 与 1 − α 弄反了。";
    SecondBest, "second best", "This is the second best.", "这是次优方案。";
    ToGoForCumulative, "to go for cumulative",
        "What was received on the way was left out: this is the value still to go.",
        "没有计入途中已得的收支：这是后续价值。";
    CumulativeForToGo, "cumulative for to go",
        "What was received on the way was counted in: this is the cumulative value.",
        "计入了途中已得的收支：这是累计价值。";
    Inverted, "inverted", "The quotient is upside down.", "分子与分母颠倒了。";
    NetEfficiency, "net efficiency", "The net gain was divided instead of the EVSI.", "应以 EVSI 作分子，而非净收益。";
    PerfectForSample, "perfect for sample", "This is the value of perfect information.", "这是完全信息的价值。";
    AnotherCriterion, "another criterion", "This is what another criterion says.", "这是另一准则的结果。";
}
