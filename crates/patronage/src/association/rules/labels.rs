//! The names of measures for readers, and what their values mean.

use super::Measure;
use crate::explain::Lang;

impl Measure {
    /// The name as a reader has it: in English, or in Chinese.
    pub fn label(self, lang: Lang) -> String {
        match lang {
            Lang::En => self.name().replace('_', " "),
            Lang::Zh => self.chinese().into(),
        }
    }

    const fn chinese(self) -> &'static str {
        match self {
            Self::Support => "支持度",
            Self::Confidence => "置信度",
            Self::Lift => "提升度",
            Self::Leverage => "杠杆率",
            Self::Conviction => "确信度",
            Self::Coverage => "覆盖度",
            Self::ConsequentSupport => "后项支持度",
            Self::AddedValue => "附加值",
            Self::Certainty => "确定度",
            Self::CertaintyFactor => "确定性因子",
            Self::Zhang => "张氏度量",
            Self::Jaccard => "杰卡德系数",
            Self::Cosine => "余弦",
            Self::Kulczynski => "库尔钦斯基系数",
            Self::ImbalanceRatio => "不平衡比",
            Self::AllConfidence => "全置信度",
            Self::MaxConfidence => "最大置信度",
            Self::Laplace => "拉普拉斯置信度",
            Self::ConfirmedConfidence => "确认置信度",
            Self::CasualSupport => "casual 支持度",
            Self::CasualConfidence => "casual 置信度",
            Self::CausalSupport => "因果支持度",
            Self::CausalConfidence => "因果置信度",
            Self::DifferenceOfConfidence => "置信度差",
            Self::RelativeRisk => "相对风险",
            Self::OddsRatio => "优势比",
            Self::SmoothedOddsRatio => "平滑优势比",
            Self::YuleQ => "尤尔 Q",
            Self::YuleY => "尤尔 Y",
            Self::Phi => "φ 系数",
            Self::Kappa => "κ 系数",
            Self::CollectiveStrength => "集体强度",
            Self::RelativeLinkage => "相对连锁不平衡",
            Self::VaryingLiaison => "变动联系率",
            Self::Lerman => "勒曼相似度",
            Self::ImplicationIndex => "蕴涵指数",
            Self::Gini => "基尼指数",
            Self::JMeasure => "J 度量",
            Self::MutualInformation => "互信息",
            Self::Lambda => "λ 系数",
            Self::LeastContradiction => "最小矛盾度",
            Self::CounterexampleRate => "反例率",
            Self::Sebag => "塞巴格度量",
            Self::Ralambondrainy => "拉兰邦德雷尼度量",
            Self::RulePowerFactor => "规则强度因子",
            Self::Importance => "重要性",
            Self::BinaryImportance => "二进重要性",
            Self::ChiSquared => "χ² 统计量",
            Self::ChiSquaredPValue => "χ² 检验 p 值",
            Self::YatesChiSquared => "耶茨校正 χ²",
            Self::YatesPValue => "耶茨校正 p 值",
            Self::GStatistic => "G 统计量",
            Self::GPValue => "G 检验 p 值",
            Self::FisherPValue => "费希尔精确检验 p 值",
            Self::FisherPValueLess => "费希尔精确检验 p 值（偏少）",
            Self::HyperConfidence => "超置信度",
            Self::HyperLift => "超提升度",
            Self::StandardisedLift => "标准化提升度",
            Self::Improvement => "改进度",
            Self::ConfidenceBoost => "置信度增益",
            Self::LiftIncrease => "提升度增益",
        }
    }

    /// What the value means, for measures whose value says it at once.
    pub(super) fn meaning(self, lang: Lang) -> Option<&'static str> {
        Some(match self {
            Self::Jaccard => lang.pick(
                "The share of the baskets with X or Y that hold both.",
                "含有 X 或 Y 的购物篮中，同时含有两者的比例。",
            ),
            Self::Zhang => lang.pick(
                "From −1 (never together) over 0 (independent) to 1 (always together).",
                "从 −1（从不同时出现）经 0（相互独立）到 1（总是同时出现）。",
            ),
            Self::FisherPValue | Self::ChiSquaredPValue | Self::YatesPValue | Self::GPValue => lang.pick(
                "If X and Y were independent, chance would give a table as striking as this with this probability.",
                "若 X 与 Y 相互独立，仅凭偶然得到同样显著的结果的概率。",
            ),
            Self::Improvement | Self::ConfidenceBoost | Self::LiftIncrease => lang.pick(
                "Compared with the best rule from a part of X.",
                "与由 X 的真子集得出的最佳规则相比。",
            ),
            Self::RelativeRisk => lang.pick(
                "How many times as often Y comes with X as without.",
                "有 X 时出现 Y 的频率是没有 X 时的多少倍。",
            ),
            _ => return None,
        })
    }
}
