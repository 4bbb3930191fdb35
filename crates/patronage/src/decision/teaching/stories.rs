//! Neutral situations, in two languages.

pub(super) struct Story {
    /// What is decided.
    pub question: [&'static str; 2],
    /// The alternatives, the boldest first and the safe one last.
    pub alternatives: [[&'static str; 4]; 2],
    /// The states, the best first.
    pub states: [[&'static str; 3]; 2],
    /// What may be asked before.
    pub study: [&'static str; 2],
    /// The two signals, the good one first.
    pub signals: [[&'static str; 2]; 2],
}

pub(super) const STORIES: [Story; 4] = [
    Story {
        question: ["A manufacturer chooses the size of a new plant.", "某制造商要决定新工厂的规模。"],
        alternatives: [
            ["large plant", "medium plant", "small plant", "no plant"],
            ["大厂", "中厂", "小厂", "不建"],
        ],
        states: [["high demand", "normal demand", "low demand"], ["需求高", "需求一般", "需求低"]],
        study: ["market survey", "市场调查"],
        signals: [["favourable", "unfavourable"], ["有利", "不利"]],
    },
    Story {
        question: [
            "A shop chooses how much of a seasonal article to order.",
            "某商店要决定一种季节性商品的订货量。",
        ],
        alternatives: [
            ["order much", "order some", "order little", "order none"],
            ["大量订货", "适量订货", "少量订货", "不订货"],
        ],
        states: [["strong season", "average season", "weak season"], ["旺季", "平季", "淡季"]],
        study: ["trend report", "趋势报告"],
        signals: [["positive", "negative"], ["看好", "看淡"]],
    },
    Story {
        question: ["A publisher chooses how to launch a new app.", "某出版商要决定如何推出一款新应用。"],
        alternatives: [
            ["worldwide", "national", "one city", "not at all"],
            ["全球推出", "全国推出", "单城试推", "不推出"],
        ],
        states: [["hit", "fair", "flop"], ["热门", "一般", "冷门"]],
        study: ["user test", "用户测试"],
        signals: [["liked", "disliked"], ["喜欢", "不喜欢"]],
    },
    Story {
        question: ["A farm chooses what to plant on a free field.", "某农场要决定在一块空地上种什么。"],
        alternatives: [["fruit", "vegetables", "grain", "nothing"], ["水果", "蔬菜", "谷物", "不种"]],
        states: [["good year", "fair year", "bad year"], ["丰年", "平年", "歉年"]],
        study: ["long-range forecast", "长期预报"],
        signals: [["mild", "harsh"], ["温和", "恶劣"]],
    },
];
