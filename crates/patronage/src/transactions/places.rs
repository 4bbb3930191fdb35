//! Of each value, its place among the distinct values: by runs, by a table, or by hashing, as the values allow.

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::watch::Watch;

/// Rows between two looks at the watch.
const STRIDE: usize = 1 << 16;
/// A table with a cell for each possible value is worth its memory up to so many cells a row, and a few more.
const CELLS_A_ROW: usize = 4;
const CELLS_AT_LEAST: usize = 1 << 16;
/// No place.
const NONE: u32 = u32::MAX;

/// Puts in place of each value its place among the distinct values, which are returned in order.
pub(super) fn places(values: &mut [u32], watch: &dyn Watch) -> Result<Vec<u32>> {
    if values.is_sorted() {
        return Ok(by_runs(values));
    }
    watch.check()?;
    let (least, most) = values.iter().fold((NONE, 0), |(least, most), &v| (v.min(least), v.max(most)));
    let cells = (most - least) as usize + 1;
    if cells <= values.len().saturating_mul(CELLS_A_ROW).saturating_add(CELLS_AT_LEAST) {
        by_table(values, least, cells, watch)
    } else {
        by_hashing(values, watch)
    }
}

fn by_runs(values: &mut [u32]) -> Vec<u32> {
    let mut distinct = Vec::new();
    for value in values {
        if distinct.last() != Some(value) {
            distinct.push(*value);
        }
        *value = distinct.len() as u32 - 1;
    }
    distinct
}

fn by_table(values: &mut [u32], least: u32, cells: usize, watch: &dyn Watch) -> Result<Vec<u32>> {
    let mut place = vec![NONE; cells];
    for values in values.chunks(STRIDE) {
        watch.check()?;
        values.iter().for_each(|value| place[(value - least) as usize] = 0);
    }
    let mut distinct = Vec::new();
    for (cell, place) in place.iter_mut().enumerate().filter(|(_, place)| **place != NONE) {
        *place = distinct.len() as u32;
        distinct.push(least + cell as u32);
    }
    for values in values.chunks_mut(STRIDE) {
        watch.check()?;
        values.iter_mut().for_each(|value| *value = place[(*value - least) as usize]);
    }
    Ok(distinct)
}

fn by_hashing(values: &mut [u32], watch: &dyn Watch) -> Result<Vec<u32>> {
    let (mut first, mut distinct) = (FxHashMap::default(), Vec::new());
    for values in values.chunks_mut(STRIDE) {
        watch.check()?;
        for value in values {
            let next = distinct.len() as u32;
            let met = *first.entry(*value).or_insert(next);
            if met == next {
                distinct.push(*value);
            }
            *value = met;
        }
    }
    let mut order: Vec<(u32, u32)> = distinct.into_iter().zip(0..).collect();
    order.sort_unstable();
    let mut place = vec![0; order.len()];
    for (new, &(_, met)) in (0..).zip(&order) {
        place[met as usize] = new;
    }
    for values in values.chunks_mut(STRIDE) {
        watch.check()?;
        values.iter_mut().for_each(|value| *value = place[*value as usize]);
    }
    Ok(order.into_iter().map(|(value, _)| value).collect())
}
