//! The sizes of baskets, and those that are out of the ordinary.

use std::sync::Arc;

use super::Baskets;
use crate::error::Result;
use crate::watch::Unwatched;

/// The largest size that is ordinary among the sizes of baskets.
///
/// Tukey's outer fence (Exploratory Data Analysis, 1977, chapter 2: "far out") on the logarithms of the sizes,
/// which are skewed to the right: a size s is out if ln s > ln Q₃ + 3 (ln Q₃ − ln Q₁), that is, if
/// s · Q₁³ > Q₃⁴, which is decided in integers. The quartiles are those of the baskets that hold something: the
/// ⌈n/4⌉-th and the ⌈3n/4⌉-th smallest size (definition 1 of Hyndman and Fan, 1996). Where both are equal, Q₃ + 1
/// stands for Q₃, as whole numbers cannot tell a smaller spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SizeFence {
    /// The lower quartile of the sizes.
    pub lower_quartile: u64,
    /// The upper quartile.
    pub upper_quartile: u64,
    /// The largest size that is not out.
    pub largest: u64,
}

impl SizeFence {
    /// The fence, given how many baskets have each size; nothing if all are empty.
    fn of(counts: &[u64]) -> Option<Self> {
        let held: u64 = counts.iter().skip(1).sum();
        let quartile = |quarters: u64| {
            let (rank, mut seen) = ((held * quarters).div_ceil(4), 0);
            let reached = (0..).zip(counts).skip(1).find(|&(_, count)| {
                seen += count;
                seen >= rank
            });
            reached.map(|(size, _): (u64, _)| size)
        };
        let (lower_quartile, upper_quartile) = (quartile(1)?, quartile(3)?);
        let upper = u128::from(upper_quartile.max(lower_quartile + 1));
        // Beyond 128 bits no basket of this library is as large as the fence.
        let fence = upper.checked_pow(4).map_or(u128::MAX, |upper| {
            u128::from(lower_quartile).checked_pow(3).map_or(u128::MAX, |lower| upper / lower.max(1))
        });
        let largest = u64::try_from(fence).unwrap_or(u64::MAX);
        Some(Self { lower_quartile, upper_quartile, largest })
    }
}

impl Baskets {
    /// The largest size that is ordinary among these baskets; nothing if all are empty.
    ///
    /// ```
    /// use patronage::transactions::Baskets;
    /// let mut lists = vec![vec![1, 2, 3]; 30];
    /// lists.push((0..100).collect());
    /// let baskets = Baskets::from_lists(lists)?;
    /// let fence = baskets.size_fence().ok_or(patronage::Error::Cancelled)?;
    /// assert_eq!((fence.lower_quartile, fence.upper_quartile, fence.largest), (3, 3, 9)); // 4⁴ / 3³
    /// assert_eq!(baskets.larger_than(fence.largest), [30]);
    /// assert_eq!(baskets.without_larger_than(fence.largest)?.len(), 30);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn size_fence(&self) -> Option<SizeFence> {
        // No basket holds more items than there are.
        let mut counts = vec![0; self.labels.len() + 1];
        self.iter().for_each(|basket| counts[basket.len()] += 1);
        SizeFence::of(&counts)
    }

    /// Where the baskets stand that hold more items than this.
    pub fn larger_than(&self, size: u64) -> Vec<u32> {
        (0..).zip(self.iter()).filter(|(_, basket)| basket.len() as u64 > size).map(|(b, _)| b).collect()
    }

    /// The baskets that hold at most so many items, in their order. Items keep their codes, and
    /// [`Baskets::repeated`] tells of all that were read.
    pub fn without_larger_than(&self, size: u64) -> Result<Self> {
        let kept: Vec<u32> = (0..)
            .zip(self.iter())
            .filter(|(_, basket)| basket.len() as u64 <= size)
            .map(|(b, _)| b)
            .collect();
        let (mut offsets, mut codes) = (vec![0], Vec::new());
        for &basket in &kept {
            codes.extend_from_slice(self.basket(basket as usize));
            offsets.push(codes.len() as u64);
        }
        let packed = Self::pack(offsets, codes, Arc::clone(&self.labels), &Unwatched)?;
        Ok(Self {
            ids: self.ids.as_ref().map(|ids| ids.take(&kept)),
            ancestors: self.ancestors.clone(),
            repeated: self.repeated,
            ..packed
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The rule as it is written, with the logarithms; sizes within rounding of the fence may go either way.
        #[test]
        fn the_fence_is_the_rule_on_logarithms(
            mut sizes in prop::collection::vec(1_u64..500, 1..60),
            empty in 0_u64..9,
            s in 1_u64..20_000,
        ) {
            sizes.sort_unstable();
            let mut counts = vec![0; 500];
            counts[0] = empty;
            sizes.iter().for_each(|&size| counts[size as usize] += 1);
            let n = sizes.len() as f64;
            let quartile = |p: f64| sizes[(n * p).ceil() as usize - 1] as f64;
            let (q1, q3) = (quartile(0.25), quartile(0.75));
            let q3 = if q1 == q3 { q3 + 1.0 } else { q3 };
            let excess = (s as f64).ln() - q3.ln() - 3.0 * (q3.ln() - q1.ln());
            prop_assume!(excess.abs() > 1e-9);
            prop_assert_eq!(s > SizeFence::of(&counts).unwrap().largest, excess > 0.0);
        }
    }

    #[test]
    fn of_nothing() {
        assert_eq!(Baskets::from_lists([Vec::<i64>::new()]).unwrap().size_fence(), None);
        assert_eq!(SizeFence::of(&[]), None);
    }
}
