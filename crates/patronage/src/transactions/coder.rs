//! Codes a column of ids, batch by batch: each row its id's place among the ids in their order.

use super::ids::{Dictionary, Id, IdColumn, Labels};
use super::places::places;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// Rows between two looks at the watch.
const STRIDE: usize = 1 << 16;
/// No code.
const NONE: u32 = u32::MAX;

/// Codes the ids of a column; a missing id is an error in the end.
#[derive(Debug, Clone)]
pub(super) struct Coder {
    name: String,
    /// Integers near each other are kept as their distances from `base`: four bytes a row, nothing looked up.
    base: i64,
    distances: Vec<u32>,
    /// All rows, once there was another kind of id.
    coded: Option<Coded>,
    rows: u64,
    missing: u64,
    first_missing: u64,
}

impl Coder {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            base: 0,
            distances: Vec::new(),
            coded: None,
            rows: 0,
            missing: 0,
            first_missing: 0,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// How many rows had no id so far.
    pub(super) fn missing(&self) -> u64 {
        self.missing
    }

    pub(super) fn push(&mut self, column: &IdColumn<'_>, watch: &dyn Watch) -> Result<()> {
        match column {
            IdColumn::Ints(ids) => {
                for ids in ids.chunks(STRIDE) {
                    watch.check()?;
                    self.push_ints(ids, watch)?;
                    self.rows += ids.len() as u64;
                }
            }
            IdColumn::OptionalInts(ids) => {
                let mut present = Vec::with_capacity(ids.len().min(STRIDE));
                for ids in ids.chunks(STRIDE) {
                    watch.check()?;
                    present.clear();
                    present.extend(ids.iter().flatten());
                    self.push_ints(&present, watch)?;
                    self.note_missing(ids.iter().map(Option::is_none));
                }
            }
            IdColumn::Texts(texts) => {
                for texts in texts.chunks(STRIDE) {
                    watch.check()?;
                    self.coded(watch)?.push(texts.iter().copied().flatten())?;
                    self.note_missing(texts.iter().map(Option::is_none));
                }
            }
            IdColumn::Coded { codes, texts } => {
                let mut known = vec![NONE; texts.len()];
                for codes in codes.chunks(STRIDE) {
                    watch.check()?;
                    let text = |code: u32| texts.get(code as usize).copied().flatten();
                    self.coded(watch)?
                        .push_known(codes.iter().filter_map(|&c| Some((c, text(c)?))), &mut known)?;
                    self.note_missing(codes.iter().map(|&c| text(c).is_none()));
                }
            }
        }
        Ok(())
    }

    fn note_missing(&mut self, missing: impl ExactSizeIterator<Item = bool>) {
        let rows = missing.len() as u64;
        for (row, _) in (self.rows..).zip(missing).filter(|&(_, missing)| missing) {
            if self.missing == 0 {
                self.first_missing = row;
            }
            self.missing += 1;
        }
        self.rows += rows;
    }

    fn push_ints(&mut self, ids: &[i64], watch: &dyn Watch) -> Result<()> {
        if self.coded.is_none() && self.push_near(ids) {
            return Ok(());
        }
        self.coded(watch)?.push(ids.iter().copied())
    }

    /// Adds the distances of integers, or nothing if one of them is far.
    fn push_near(&mut self, ids: &[i64]) -> bool {
        if let (Some(&first), true) = (ids.first(), self.distances.is_empty()) {
            // No distance wraps around: base + u32::MAX is an integer too.
            self.base = first.saturating_sub(1 << 31).min(i64::MAX - i64::from(u32::MAX));
        }
        let (base, before, mut far) = (self.base, self.distances.len(), 0);
        self.distances.extend(ids.iter().map(|id| {
            let distance = id.wrapping_sub(base) as u64;
            far |= distance >> 32;
            distance as u32
        }));
        if far > 0 {
            self.distances.truncate(before);
        }
        far == 0
    }

    /// The codes by dictionary; integers that were kept as distances go there.
    fn coded(&mut self, watch: &dyn Watch) -> Result<&mut Coded> {
        let distances = std::mem::take(&mut self.distances);
        let coded = self.coded.get_or_insert_with(|| Coded::new(&self.name));
        for distances in distances.chunks(STRIDE) {
            watch.check()?;
            coded.push(distances.iter().map(|&d| self.base + i64::from(d)))?;
        }
        Ok(coded)
    }

    /// The ids in their order, and the place of each row's among them.
    pub(super) fn finish(mut self, watch: &dyn Watch) -> Result<(Labels, Vec<u32>)> {
        if self.missing > 0 {
            return Err(Error::InvalidValue {
                column: self.name,
                row: self.first_missing,
                count: self.missing,
                problem: "the id is missing".into(),
                mend: "drop these rows or give them an id".into(),
            });
        }
        watch.check()?;
        if let Some(coded) = self.coded {
            return coded.finish(watch);
        }
        let distances = places(&mut self.distances, watch)?;
        let ids = distances.into_iter().map(|d| self.base + i64::from(d)).collect();
        Ok((Labels::Ints(ids), self.distances))
    }
}

/// Rows as their codes in a dictionary.
#[derive(Debug, Clone, Default)]
struct Coded {
    dictionary: Dictionary,
    codes: Vec<u32>,
}

impl Coded {
    fn new(name: &str) -> Self {
        Self { dictionary: Dictionary::new(name), codes: Vec::new() }
    }

    /// Adds ids; one that is equal to the one before is not looked up.
    fn push<'a, I: Into<Id<'a>> + PartialEq + Copy>(&mut self, ids: impl Iterator<Item = I>) -> Result<()> {
        self.codes.reserve(ids.size_hint().0);
        let mut last = None;
        for id in ids {
            let code = match last {
                Some((before, code)) if before == id => code,
                _ => self.dictionary.code_of(id)?,
            };
            last = Some((id, code));
            self.codes.push(code);
        }
        Ok(())
    }

    /// Adds texts by their places in a list; `known` has the code of each place that was met.
    fn push_known<'a>(
        &mut self,
        rows: impl Iterator<Item = (u32, &'a str)>,
        known: &mut [u32],
    ) -> Result<()> {
        for (place, text) in rows {
            let code = &mut known[place as usize];
            if *code == NONE {
                *code = self.dictionary.code_of(text)?;
            }
            self.codes.push(*code);
        }
        Ok(())
    }

    fn finish(mut self, watch: &dyn Watch) -> Result<(Labels, Vec<u32>)> {
        let (labels, place) = self.dictionary.into_sorted();
        for codes in self.codes.chunks_mut(STRIDE) {
            watch.check()?;
            codes.iter_mut().for_each(|code| *code = place[*code as usize]);
        }
        Ok((labels, self.codes))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::watch::Unwatched;

    /// What coding means: the distinct ids in order, and where each row's stands.
    fn plain(ids: &[i64]) -> (Labels, Vec<u32>) {
        let labels: Vec<i64> =
            ids.iter().copied().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        let codes = ids.iter().map(|id| labels.binary_search(id).unwrap() as u32).collect();
        (Labels::Ints(labels), codes)
    }

    fn coded(batches: &[Vec<i64>], optional: bool) -> (Labels, Vec<u32>) {
        let mut coder = Coder::new("item");
        for batch in batches {
            let column = if optional {
                IdColumn::OptionalInts(batch.iter().copied().map(Some).collect())
            } else {
                IdColumn::Ints(batch)
            };
            coder.push(&column, &Unwatched).unwrap();
        }
        coder.finish(&Unwatched).unwrap()
    }

    fn id() -> impl Strategy<Value = i64> {
        prop_oneof![
            -5_i64..5,
            0_i64..100_000,
            Just(i64::MIN),
            Just(i64::MAX),
            (0_u32..3).prop_map(|d| i64::from(u32::MAX) + i64::from(d)),
            (0_u32..3).prop_map(|d| -i64::from(u32::MAX) - i64::from(d)),
            any::<i64>()
        ]
    }

    proptest! {
        #[test]
        fn integers_near_and_far(batches in prop::collection::vec(prop::collection::vec(id(), 0..20), 0..6)) {
            let ids = batches.concat();
            prop_assert_eq!(coded(&batches, false), plain(&ids));
            prop_assert_eq!(coded(&batches, true), plain(&ids));
            let mut sorted = ids;
            sorted.sort_unstable();
            prop_assert_eq!(coded(&[sorted.clone()], false), plain(&sorted));
        }

        #[test]
        fn texts_and_their_codes(rows in prop::collection::vec(0_u32..4, 0..40)) {
            let texts = ["milk", "beer", "cola", "beer"];
            let mut coder = Coder::new("item");
            let mut by_code = coder.clone();
            let column = rows.iter().map(|&r| Some(texts[r as usize])).collect();
            coder.push(&IdColumn::Texts(column), &Unwatched).unwrap();
            let texts = texts.map(Some).to_vec();
            by_code.push(&IdColumn::Coded { codes: rows, texts }, &Unwatched).unwrap();
            prop_assert_eq!(by_code.finish(&Unwatched).unwrap(), coder.finish(&Unwatched).unwrap());
        }
    }

    #[test]
    fn missing_ids_are_counted_over_all_batches() {
        let mut coder = Coder::new("item");
        coder.push(&IdColumn::Ints(&[1, 2]), &Unwatched).unwrap();
        coder.push(&IdColumn::OptionalInts(vec![Some(3), None]), &Unwatched).unwrap();
        coder.push(&IdColumn::OptionalInts(vec![None]), &Unwatched).unwrap();
        assert_eq!(
            coder.finish(&Unwatched).unwrap_err().to_string(),
            "column 'item': the id is missing in 2 row(s), first at row 3; drop these rows or give them an id"
        );
        let mut coded = Coder::new("item");
        let column = IdColumn::Coded { codes: vec![0, 1, 9], texts: vec![Some("a"), None] };
        coded.push(&column, &Unwatched).unwrap();
        assert!(coded.finish(&Unwatched).unwrap_err().to_string().contains("2 row(s), first at row 1"));
    }

    #[test]
    fn integers_and_strings_do_not_mix() {
        let mut coder = Coder::new("item");
        coder.push(&IdColumn::Ints(&[1, 2]), &Unwatched).unwrap();
        let error = coder.push(&IdColumn::Texts(vec![Some("a")]), &Unwatched).unwrap_err();
        assert!(error.to_string().contains("integers and strings mixed"));
    }
}
