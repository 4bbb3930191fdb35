//! Which scores have which name: a table of score ranges, checked when it is built.

mod builtin;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::explain::Label;

/// A segment and a block of cells that belong to it; a range holds its two ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentRule {
    /// The segment. Several rules may name the same one.
    pub segment: Label,
    /// Recency scores from–to.
    pub r: (u8, u8),
    /// Frequency scores from–to.
    pub f: (u8, u8),
    /// Monetary scores from–to.
    pub m: (u8, u8),
}

/// A name for every cell of R, F and M scores: each cell in exactly one segment.
///
/// ```
/// use patronage::segmentation::SegmentMap;
/// let map = SegmentMap::named("rxf10")?;
/// assert_eq!(map.segment(5, 5, 1).map(|s| s.en.as_str()), Some("Champions"));
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct SegmentMap {
    name: String,
    bins: u8,
    rules: Vec<SegmentRule>,
    segments: Vec<Label>,
    /// The segment of each cell, M running fastest.
    cells: Vec<u16>,
}

impl SegmentMap {
    /// A map of one's own for scores from 1 to `bins`. An error names the cells that no rule holds, or more
    /// than one.
    pub fn new(name: &str, bins: u8, rules: Vec<SegmentRule>) -> Result<Self> {
        super::rfm::check_bins(bins)?;
        let refuse = |value: String, expected: &str| Err(Error::parameter("segments", value, expected));
        let mut segments: Vec<Label> = Vec::new();
        let mut holders = vec![Vec::new(); usize::from(bins).pow(3)];
        for rule in &rules {
            for (metric, (from, to)) in [("R", rule.r), ("F", rule.f), ("M", rule.m)] {
                if from < 1 || from > to || to > bins {
                    return refuse(
                        format!("{name}: {metric} {from}–{to} of '{}'", rule.segment.en),
                        &format!("score ranges within 1–{bins}, the smaller score first"),
                    );
                }
            }
            let known = segments.iter().position(|s| s.en == rule.segment.en);
            let segment = known.unwrap_or_else(|| {
                segments.push(rule.segment.clone());
                segments.len() - 1
            });
            for (cell, (r, f, m)) in scores(bins).enumerate() {
                let within = |(from, to): (u8, u8), score| (from..=to).contains(&score);
                if within(rule.r, r) && within(rule.f, f) && within(rule.m, m) {
                    holders[cell].push(segment as u16);
                }
            }
        }
        for (wrong, problem) in [(0, "no segment"), (2, "more than one segment")] {
            let cells = name_cells(bins, |cell| holders[cell].len().min(2) == wrong);
            if !cells.is_empty() {
                let expected = "every cell of scores in exactly one segment";
                return refuse(format!("{name}: {} in {problem}", cells.join(", ")), expected);
            }
        }
        let cells = holders.into_iter().flatten().collect();
        Ok(Self { name: name.into(), bins, rules, segments, cells })
    }

    /// The name of the map.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The scores run from 1 to this.
    pub fn bins(&self) -> u8 {
        self.bins
    }

    /// The table of score ranges.
    pub fn rules(&self) -> &[SegmentRule] {
        &self.rules
    }

    /// The segments, in the order in which the rules first name them.
    pub fn segments(&self) -> &[Label] {
        &self.segments
    }

    /// The segment of a cell; none where a score is not from 1 to `bins`.
    pub fn segment(&self, r: u8, f: u8, m: u8) -> Option<&Label> {
        let valid = [r, f, m].iter().all(|s| (1..=self.bins).contains(s));
        valid.then(|| &self.segments[self.index(r, f, m)])
    }

    /// Whether names do not depend on the monetary score.
    pub fn ignores_monetary(&self) -> bool {
        self.rules.iter().all(|rule| rule.m == (1, self.bins))
    }

    /// The number of the segment of a cell whose scores are valid.
    pub(super) fn index(&self, r: u8, f: u8, m: u8) -> usize {
        let bins = usize::from(self.bins);
        let [r, f, m] = [r, f, m].map(|score| usize::from(score) - 1);
        usize::from(self.cells[(r * bins + f) * bins + m])
    }

    /// The rule that holds a cell.
    pub(super) fn rule(&self, r: u8, f: u8, m: u8) -> Option<&SegmentRule> {
        let within = |(from, to): (u8, u8), score| (from..=to).contains(&score);
        self.rules.iter().find(|rule| within(rule.r, r) && within(rule.f, f) && within(rule.m, m))
    }
}

/// All cells, M running fastest.
fn scores(bins: u8) -> impl Iterator<Item = (u8, u8, u8)> {
    (1..=bins).flat_map(move |r| (1..=bins).flat_map(move |f| (1..=bins).map(move |m| (r, f, m))))
}

/// The cells in question, a whole row of monetary scores as one, and not too many of them.
fn name_cells(bins: u8, wrong: impl Fn(usize) -> bool) -> Vec<String> {
    let row = usize::from(bins);
    let mut names = Vec::new();
    for (cell, (r, f, m)) in scores(bins).enumerate() {
        let start = cell - usize::from(m - 1);
        if (start..start + row).all(&wrong) {
            if m == 1 {
                names.push(format!("R{r} F{f}"));
            }
        } else if wrong(cell) {
            names.push(format!("R{r} F{f} M{m}"));
        }
    }
    let shown = 12;
    if names.len() > shown {
        let more = names.len() - shown;
        names.truncate(shown);
        names.push(format!("{more} more"));
    }
    names
}

/// A map as it is stored: its rules. The cells are worked out, and checked, when it is read.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    name: String,
    bins: u8,
    rules: Vec<SegmentRule>,
}

impl From<SegmentMap> for Stored {
    fn from(map: SegmentMap) -> Self {
        Self { name: map.name, bins: map.bins, rules: map.rules }
    }
}

impl TryFrom<Stored> for SegmentMap {
    type Error = Error;
    fn try_from(stored: Stored) -> Result<Self> {
        Self::new(&stored.name, stored.bins, stored.rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(name: &str, r: (u8, u8), f: (u8, u8), m: (u8, u8)) -> SegmentRule {
        SegmentRule { segment: name.into(), r, f, m }
    }

    #[test]
    fn a_map_with_holes_says_which() {
        let rules = vec![rule("old", (1, 1), (1, 2), (1, 2)), rule("new", (2, 2), (1, 1), (2, 2))];
        let error = SegmentMap::new("mine", 2, rules).unwrap_err().to_string();
        assert!(error.contains("R2 F1 M1, R2 F2 in no segment"), "{error}");
    }

    #[test]
    fn a_map_that_overlaps_says_where() {
        let rules = vec![rule("a", (1, 2), (1, 2), (1, 2)), rule("b", (2, 2), (2, 2), (1, 2))];
        let error = SegmentMap::new("mine", 2, rules).unwrap_err().to_string();
        assert!(error.contains("R2 F2 in more than one segment"), "{error}");
    }

    #[test]
    fn ranges_outside_the_bins_are_refused() {
        for range in [(0, 2), (1, 3), (2, 1)] {
            assert!(SegmentMap::new("mine", 2, vec![rule("a", range, (1, 2), (1, 2))]).is_err());
        }
        assert!(SegmentMap::new("mine", 11, vec![]).is_err());
    }

    #[test]
    fn stored_as_rules() {
        let map = SegmentMap::named("rxf10").unwrap();
        let json = serde_json::to_string(&map).unwrap();
        assert!(!json.contains("cells"));
        assert_eq!(serde_json::from_str::<SegmentMap>(&json).unwrap(), map);
        assert!(serde_json::from_str::<SegmentMap>(r#"{"name":"x","bins":2,"rules":[]}"#).is_err());
    }
}
