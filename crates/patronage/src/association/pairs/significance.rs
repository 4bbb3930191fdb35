//! Which pairs are more than chance, given how many were weighed.

use rayon::prelude::*;

use super::super::rules::{Correction, Test, check_alpha};
use super::ItemPairs;
use crate::error::Result;
use crate::watch::{Unwatched, Watch};

/// Pairs between two looks at the watch.
const STRIDE: usize = 1 << 10;

impl ItemPairs {
    /// The pairs whose p-value after the correction is at most α.
    ///
    /// Corrected is for all pairs of frequent items, [`ItemPairs::tested`]; those that were not kept, as their lift
    /// or count was not asked for, are taken to have the p-value 1.
    ///
    /// # Errors
    /// α outside (0, 1].
    ///
    /// ```
    /// use patronage::association::{Baskets, Correction, MinePairs, Test};
    /// let lists = (0..20).map(|i| if i < 10 { vec!["cola"] } else { vec!["lemonade"] });
    /// let pairs = MinePairs::new().run(&Baskets::from_lists(lists)?)?;
    /// // One of the 184,756 ways to choose 10 of 20 baskets keeps the two apart.
    /// assert_eq!(pairs.significant(1e-5, Test::FisherLess, Correction::Holm)?.len(), 1);
    /// assert_eq!(pairs.significant(5e-6, Test::FisherLess, Correction::Holm)?.len(), 0);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn significant(&self, alpha: f64, test: Test, correction: Correction) -> Result<Self> {
        self.significant_watched(alpha, test, correction, &Unwatched)
    }

    /// The same, ready to be cancelled.
    ///
    /// # Errors
    /// As [`ItemPairs::significant`]; [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn significant_watched(
        &self,
        alpha: f64,
        test: Test,
        correction: Correction,
        watch: &dyn Watch,
    ) -> Result<Self> {
        check_alpha(alpha)?;
        let p_value = |place: usize| {
            if place.is_multiple_of(STRIDE) {
                watch.check()?;
            }
            let p = self.get(place).map_or(f64::NAN, |pair| pair.measure(test.p_value()));
            Ok(if p.is_nan() { 1.0 } else { p })
        };
        let p_values = (0..self.len()).into_par_iter().map(p_value).collect::<Result<Vec<f64>>>()?;
        // Pairs may have been read from a text in which the number is wrong.
        let adjusted = correction.adjust(&p_values, self.tested.max(self.len() as u64));
        let pairs = self.pairs.iter().zip(adjusted).filter(|(_, p)| *p <= alpha).map(|(&pair, _)| pair);
        Ok(Self { pairs: pairs.collect(), ..self.clone() })
    }
}
