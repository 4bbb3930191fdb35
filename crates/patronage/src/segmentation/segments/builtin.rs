//! The maps that come with the library, as plain tables.

use super::{SegmentMap, SegmentRule};
use crate::error::{Error, Result};
use crate::explain::Label;

/// English name, Chinese name, and the ranges of the R, F and M scores.
type Row = (&'static str, &'static str, (u8, u8), (u8, u8), (u8, u8));

/// Ten segments from recency × frequency in five bins: the table that most RFM tutorials share.
const RXF10: [Row; 10] = [
    ("Champions", "冠军客户", (5, 5), (4, 5), (1, 5)),
    ("Loyal customers", "忠诚客户", (3, 4), (4, 5), (1, 5)),
    ("Potential loyalists", "潜在忠诚客户", (4, 5), (2, 3), (1, 5)),
    ("New customers", "新客户", (5, 5), (1, 1), (1, 5)),
    ("Promising", "有希望的客户", (4, 4), (1, 1), (1, 5)),
    ("Need attention", "需要关注的客户", (3, 3), (3, 3), (1, 5)),
    ("About to sleep", "即将沉睡的客户", (3, 3), (1, 2), (1, 5)),
    ("Can't lose", "不能失去的客户", (1, 2), (5, 5), (1, 5)),
    ("At risk", "有流失风险的客户", (1, 2), (3, 4), (1, 5)),
    ("Hibernating", "休眠客户", (1, 2), (1, 2), (1, 5)),
];

/// The eight classes of Chinese course texts (八类客户): each of R, F and M above or below the mean.
const MEAN8: [Row; 8] = [
    ("Important: value", "重要价值客户", (2, 2), (2, 2), (2, 2)),
    ("Important: keep", "重要保持客户", (1, 1), (2, 2), (2, 2)),
    ("Important: develop", "重要发展客户", (2, 2), (1, 1), (2, 2)),
    ("Important: win back", "重要挽留客户", (1, 1), (1, 1), (2, 2)),
    ("General: value", "一般价值客户", (2, 2), (2, 2), (1, 1)),
    ("General: keep", "一般保持客户", (1, 1), (2, 2), (1, 1)),
    ("General: develop", "一般发展客户", (2, 2), (1, 1), (1, 1)),
    ("General: win back", "一般挽留客户", (1, 1), (1, 1), (1, 1)),
];

impl SegmentMap {
    /// The names that [`SegmentMap::named`] knows.
    pub const NAMES: [&'static str; 2] = ["rxf10", "mean8"];

    /// A map that comes with the library: `rxf10` (recency × frequency in five bins, ten segments) or `mean8`
    /// (八类客户: R, F and M each above or below the mean, for [`Method::Mean`](super::super::Method::Mean)).
    pub fn named(name: &str) -> Result<Self> {
        let (bins, rows): (u8, &[Row]) = match name {
            "rxf10" => (5, &RXF10),
            "mean8" => (2, &MEAN8),
            _ => {
                return Err(Error::UnknownName {
                    what: "segment map".into(),
                    name: name.into(),
                    mend: format!("there are {}, or build one of your own", Self::NAMES.join(" and ")),
                });
            }
        };
        let rules =
            rows.iter().map(|&(en, zh, r, f, m)| SegmentRule { segment: Label::new(en, zh), r, f, m });
        Self::new(name, bins, rules.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_map_covers_every_cell_once() {
        for name in SegmentMap::NAMES {
            let map = SegmentMap::named(name).unwrap();
            assert_eq!(map.name(), name);
            assert!(map.segments().iter().all(|s| !s.en.is_empty() && !s.zh.is_empty() && s.en != s.zh));
        }
        assert!(SegmentMap::named("rxf11").is_err());
    }

    /// The same table as the regular expressions of the tutorials, matched in their order.
    #[test]
    fn ten_segments_as_the_tutorials_write_them() {
        type Pattern = (fn(u8, u8) -> bool, &'static str);
        let patterns: [Pattern; 10] = [
            (|r, f| (1..=2).contains(&r) && (1..=2).contains(&f), "Hibernating"),
            (|r, f| (1..=2).contains(&r) && (3..=4).contains(&f), "At risk"),
            (|r, f| (1..=2).contains(&r) && f == 5, "Can't lose"),
            (|r, f| r == 3 && (1..=2).contains(&f), "About to sleep"),
            (|r, f| r == 3 && f == 3, "Need attention"),
            (|r, f| (3..=4).contains(&r) && (4..=5).contains(&f), "Loyal customers"),
            (|r, f| r == 4 && f == 1, "Promising"),
            (|r, f| r == 5 && f == 1, "New customers"),
            (|r, f| (4..=5).contains(&r) && (2..=3).contains(&f), "Potential loyalists"),
            (|r, f| r == 5 && (4..=5).contains(&f), "Champions"),
        ];
        let map = SegmentMap::named("rxf10").unwrap();
        assert!(map.ignores_monetary());
        for r in 1..=5 {
            for f in 1..=5 {
                let expected = patterns.iter().find(|(matches, _)| matches(r, f)).unwrap().1;
                assert_eq!(map.segment(r, f, 3).unwrap().en, expected);
            }
        }
        assert_eq!(map.segment(6, 1, 1), None);
        assert_eq!(map.segment(0, 1, 1), None);
    }
}
