//! Sorts packed lines: dealt out by customer into buckets that fit the cache, then counted out within each.

use super::packed::Packed;
use crate::error::Result;
use crate::watch::Watch;

/// Lines between two looks at the watch.
const STRIDE: usize = 1 << 16;
/// Lines that a bucket should hold, and how many buckets there are at most: as many as can be written to at a time.
const BUCKET: usize = 1 << 12;
const BUCKETS: usize = 1 << 11;
/// Lines up to which a bucket of ids far from each other is sorted by comparison.
const COMPARED: usize = 1 << 18;
/// A bucket is counted out if it has no more possible customers than so many a line.
const CUSTOMERS_A_LINE: usize = 4;

/// Sorts lines, and returns them as they were: in place, each line would have to wait for the one before.
pub(super) fn sort(lines: &mut Vec<Packed>, watch: &dyn Watch) -> Result<Vec<Packed>> {
    let mut dealt = zeros(lines.len());
    let buckets = deal(lines, &mut dealt, watch)?;
    order(&mut dealt, &buckets, watch)?;
    Ok(std::mem::replace(lines, dealt))
}

/// Where each bucket of customers ends, and which customers it has.
struct Buckets {
    ends: Vec<usize>,
    least: u32,
    shift: u32,
}

impl Buckets {
    fn of(&self, line: Packed) -> usize {
        (u64::from(line.customer() - self.least) >> self.shift) as usize
    }
}

/// Brings the lines of each bucket together.
fn deal(lines: &[Packed], out: &mut [Packed], watch: &dyn Watch) -> Result<Buckets> {
    let (least, most) = lines
        .iter()
        .fold((u32::MAX, 0), |(least, most), line| (line.customer().min(least), line.customer().max(most)));
    let range = u64::from(most.saturating_sub(least));
    let wanted = (lines.len() / BUCKET).clamp(1, BUCKETS) as u64;
    // 2³² customers in one bucket at most.
    let shift = (0..32).find(|&shift| range >> shift < wanted).unwrap_or(32);
    let mut buckets = Buckets { ends: vec![0; (range >> shift) as usize + 1], least, shift };
    let mut heads = std::mem::take(&mut buckets.ends);
    for lines in lines.chunks(STRIDE) {
        watch.check()?;
        lines.iter().for_each(|&line| heads[buckets.of(line)] += 1);
    }
    let mut sum = 0;
    for head in &mut heads {
        sum += std::mem::replace(head, sum);
    }
    for lines in lines.chunks(STRIDE) {
        watch.check()?;
        for &line in lines {
            let head = &mut heads[buckets.of(line)];
            out[*head] = line;
            *head += 1;
        }
    }
    // Each head stands where its bucket ends.
    Ok(Buckets { ends: heads, ..buckets })
}

/// Sorts the lines of each bucket.
fn order(lines: &mut [Packed], buckets: &Buckets, watch: &dyn Watch) -> Result<()> {
    let (mut start, mut counts, mut spare) = (0, Vec::new(), Vec::new());
    for &end in &buckets.ends {
        watch.check()?;
        let lines = &mut lines[start..end];
        start = end;
        let Some(&first) = lines.first() else { continue };
        let (range, first) = (1_usize << buckets.shift, (buckets.of(first) as u64) << buckets.shift);
        let wide = range > lines.len().saturating_mul(CUSTOMERS_A_LINE);
        if !wide {
            counted(lines, buckets.least + first as u32, range, &mut counts, &mut spare);
        } else if lines.len() <= COMPARED {
            lines.sort_unstable();
        } else {
            // The ids are crowded in a small part of their range.
            let mut dealt = zeros(lines.len());
            let buckets = deal(lines, &mut dealt, watch)?;
            lines.copy_from_slice(&dealt);
            order(lines, &buckets, watch)?;
        }
    }
    Ok(())
}

/// Zeros as they come from the system: they are not written.
fn zeros(length: usize) -> Vec<Packed> {
    vec![0_u128; length].into_iter().map(Packed).collect()
}

/// Sorts lines of customers between `from` and `from + range`.
fn counted(lines: &mut [Packed], from: u32, range: usize, counts: &mut Vec<usize>, spare: &mut Vec<Packed>) {
    counts.clear();
    counts.resize(range + 1, 0);
    lines.iter().for_each(|line| counts[(line.customer() - from) as usize + 1] += 1);
    for i in 1..counts.len() {
        counts[i] += counts[i - 1];
    }
    spare.clear();
    spare.extend_from_slice(lines);
    for &line in &*spare {
        let place = &mut counts[(line.customer() - from) as usize];
        lines[*place] = line;
        *place += 1;
    }
    let mut start = 0;
    for &end in &counts[..range] {
        let of_customer = &mut lines[start..end];
        if !of_customer.is_sorted() {
            of_customer.sort_unstable();
        }
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::watch::Unwatched;

    fn customer() -> impl Strategy<Value = u32> {
        prop_oneof![0_u32..50, 1_000_000_u32..1_000_050, any::<u32>(), Just(u32::MAX), Just(0)]
    }

    proptest! {
        #[test]
        fn as_any_sort(lines in prop::collection::vec((customer(), -30_i32..30, 0_u8..9), 0..300), many in any::<bool>()) {
            // As they are, and as many as fill several buckets.
            let copies = if many { 200 } else { 1 };
            let lines: Vec<Packed> = (0..copies)
                .flat_map(|copy| lines.iter().map(move |&(customer, day, amount)| {
                    Packed::line(customer.wrapping_add(copy * 7919), day, amount.into())
                }))
                .collect();
            let mut plain = lines.clone();
            plain.sort_unstable();
            let mut lines = lines;
            sort(&mut lines, &Unwatched).unwrap();
            prop_assert_eq!(lines, plain);
        }
    }

    #[test]
    fn crowded_ids_beside_one_far_away() {
        let far = Packed::line(u32::MAX, 1, 1.0);
        let mut lines: Vec<Packed> = (0..700_000_u32)
            .map(|i| Packed::line(i.wrapping_mul(2_654_435_761) >> 14, (i % 700) as i32, 1.0))
            .chain([far])
            .collect();
        let mut plain = lines.clone();
        plain.sort_unstable();
        sort(&mut lines, &Unwatched).unwrap();
        assert!(lines == plain);
    }

    #[test]
    fn packed_and_unpacked() {
        for (customer, day) in [(0, -719_162), (u32::MAX, 2_932_896), (7, 0), (7, -1)] {
            let line = Packed::line(customer, day, -0.0);
            assert_eq!((line.customer(), line.day(), line.what()), (customer, day, Ok(0.0)));
            let place = Packed::place(customer, day, 12_345);
            assert_eq!((place.customer(), place.day(), place.what()), (customer, day, Err(12_345)));
            assert_eq!(place.with_customer(3).day(), day);
            assert!(place.key() == line.key() && Packed::line(customer, day - 1, 9.0) < line);
        }
    }
}
