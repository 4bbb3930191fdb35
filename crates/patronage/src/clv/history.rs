//! What a buy-till-you-die model sees of a customer: how often, how lately, how long.

use std::borrow::Cow;

use rayon::prelude::*;

use super::covariates::Groups;
use super::distinct::{Distinct, merged};
use crate::error::{Error, Result};
use crate::math::ExactSum;
use crate::transactions::PurchaseHistory;
use crate::watch::Watch;

/// One customer's sufficient statistics: x repeat purchases, the last of them at age tₓ, watched until age T.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Customer {
    pub(super) frequency: f64,
    pub(super) recency: f64,
    pub(super) age: f64,
}

impl Customer {
    /// A customer with `frequency` repeat purchases (x), the last `recency` periods after the first purchase
    /// (tₓ), and `age` periods between the first purchase and the end of observation (T).
    ///
    /// ```
    /// use patronage::clv::Customer;
    /// assert!(Customer::new(2.0, 30.43, 38.86).is_ok());
    /// assert!(Customer::new(2.0, 40.0, 38.86).is_err()); // bought after the end of observation
    /// ```
    pub fn new(frequency: f64, recency: f64, age: f64) -> Result<Self> {
        History::new(&[frequency][..], &[recency], &[age])?;
        Ok(Self::trusted([frequency, recency, age]))
    }

    /// A customer from numbers that were checked; −0 becomes 0.
    fn trusted([frequency, recency, age]: [f64; 3]) -> Self {
        Self { frequency: frequency + 0.0, recency: recency + 0.0, age: age + 0.0 }
    }

    /// A customer after the first purchase, of whom nothing more is known.
    pub(super) const NEW: Self = Self { frequency: 0.0, recency: 0.0, age: 0.0 };
}

/// Purchase histories, a row a customer: checked once, so that the models can trust them.
///
/// | column | papers | meaning |
/// |---|---|---|
/// | `frequency` | x | repeat purchases: whole, at least 0 |
/// | `recency` | tₓ | periods from the first to the last purchase; 0 exactly if the frequency is 0 |
/// | `T` | T | periods from the first purchase to the end of observation; at least the recency |
///
/// The period (a day, a week, a month) is the caller's; every rate, horizon and log-likelihood of a model
/// fitted to the history is in the same period.
///
/// ```
/// use patronage::clv::History;
/// let history = History::new(&[2.0, 0.0][..], &[30.43, 0.0], &[38.86, 38.86])?;
/// assert_eq!(history.len(), 2);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct History<'a> {
    frequency: Cow<'a, [f64]>,
    recency: Cow<'a, [f64]>,
    age: Cow<'a, [f64]>,
    weights: Option<Cow<'a, [f64]>>,
    /// What else is known of each customer, by name.
    covariates: Vec<(String, Cow<'a, [f64]>)>,
    litt: Option<&'a [f64]>,
}

/// A value from a customer, her covariates, and what another column has of her.
type Answer<'a> = dyn Fn(Customer, &[f64], Option<f64>) -> Result<f64> + Sync + 'a;

impl<'a> History<'a> {
    /// Checks the columns `frequency`, `recency` and `T`.
    pub fn new(frequency: impl Into<Cow<'a, [f64]>>, recency: &'a [f64], age: &'a [f64]) -> Result<Self> {
        let frequency = frequency.into();
        same_length("recency", frequency.len(), recency.len())?;
        same_length("T", frequency.len(), age.len())?;
        let history = Self {
            frequency,
            recency: recency.into(),
            age: age.into(),
            weights: None,
            covariates: Vec::new(),
            litt: None,
        };
        if !history.is_plain() {
            history.check()?;
        }
        Ok(history)
    }

    /// Whether all rows are possible, in one quick look.
    fn is_plain(&self) -> bool {
        let rows = self.frequency.iter().zip(&*self.recency).zip(&*self.age);
        rows.fold(true, |plain, ((&x, &recency), &age)| {
            let whole = x >= 0.0 && f64::from(x as u32) == x;
            let in_time = recency >= 0.0 && recency <= age && age < f64::INFINITY;
            plain & whole & in_time && ((x > 0.0) == (recency > 0.0))
        })
    }

    /// An error for the first thing that is wrong.
    fn check(&self) -> Result<()> {
        let (frequency, recency, age) = (&*self.frequency, &*self.recency, &*self.age);
        whole_numbers(frequency)?;
        let in_time = |column: &[f64], i: usize| column[i].is_finite() && column[i] >= 0.0;
        refuse(
            "T",
            age.len(),
            |i| !in_time(age, i),
            "is not a finite length of time",
            "give the periods from the first purchase to the end of observation",
        )?;
        refuse(
            "recency",
            recency.len(),
            |i| !in_time(recency, i),
            "is not a finite length of time",
            "give the periods from the first to the last purchase, 0 where there is only one",
        )?;
        refuse(
            "recency",
            recency.len(),
            |i| recency[i] > age[i],
            "is larger than T",
            "both count from the first purchase; leave out purchases after the end of observation",
        )?;
        refuse(
            "recency",
            recency.len(),
            |i| frequency[i] == 0.0 && recency[i] > 0.0,
            "is positive although frequency is 0",
            "recency here is the time from the first to the last purchase, not the time since the last one",
        )?;
        refuse(
            "recency",
            recency.len(),
            |i| frequency[i] > 0.0 && recency[i] == 0.0,
            "is 0 although there are repeat purchases",
            "count several purchases within one day as one",
        )?;
        Ok(())
    }

    /// The calibration part of a log's purchase history; the period is that history's.
    ///
    /// ```
    /// use patronage::clv::History;
    /// use patronage::transactions::{Line, Period, Policy, TransactionLog};
    /// let lines = [Line::new("Ann", 0, 12.0), Line::new("Ann", 14, 3.0), Line::new("Bob", 7, 5.0)];
    /// let log = TransactionLog::from_lines(lines, Policy::default())?;
    /// let summary = log.purchase_history(Period::Week, None, None)?;
    /// let history = History::of(&summary)?;
    /// assert_eq!(history.len(), 2);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn of(history: &'a PurchaseHistory) -> Result<Self> {
        Self::new(as_floats(&history.frequency), &history.recency, &history.age)
    }

    /// Counts each row as many times as its weight says: a history compressed to its distinct rows fits to the
    /// same bits as the long one.
    pub fn with_weights(mut self, weights: &'a [f64]) -> Result<Self> {
        check_weights(weights, self.len())?;
        self.weights = Some(weights.into());
        Ok(self)
    }

    /// Adds what else is known of each customer: a column of numbers, for models [`WithCovariates`](super::WithCovariates).
    ///
    /// ```
    /// use patronage::clv::History;
    /// let history = History::new(&[2.0, 0.0][..], &[30.43, 0.0], &[38.86, 38.86])?;
    /// assert!(history.clone().with_covariate("member", &[1.0, 0.0]).is_ok());
    /// assert!(history.with_covariate("member", &[1.0, f64::NAN]).is_err());
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn with_covariate(mut self, name: &str, values: &'a [f64]) -> Result<Self> {
        same_length(name, self.len(), values.len())?;
        refuse(
            name,
            values.len(),
            |i| !values[i].is_finite(),
            "is not a finite number",
            "a covariate must be known of every customer: fill it in, or leave the customers out",
        )?;
        if self.covariates.iter().any(|(known, _)| known == name) {
            return Err(Error::parameter("covariate", name, "each name once"));
        }
        self.covariates.push((name.into(), values.into()));
        Ok(self)
    }

    /// Customers by the values of some covariates.
    pub(super) fn groups(&self, names: &[String], watch: &dyn Watch) -> Result<Groups> {
        let columns = names
            .iter()
            .map(|name| {
                let column = self.covariates.iter().find(|(known, _)| known == name);
                column.map(|(_, values)| &**values).ok_or_else(|| Error::ColumnNeeded {
                    column: name.clone(),
                    purpose: "a model with this covariate".into(),
                    mend: "give the column with the history".into(),
                })
            })
            .collect::<Result<Vec<&[f64]>>>()?;
        Groups::of(&columns, self.len(), watch)
    }

    /// Adds the column `litt`: for each customer the sum of the logarithms of the times between purchases, in the
    /// history's periods; 0 without a repeat purchase. Only the likelihood of regular purchases
    /// ([`BgCnbd`](super::BgCnbd), [`MbgCnbd`](super::MbgCnbd)) needs it.
    ///
    /// Of x times that add up to tₓ the logarithms add up to x ln(tₓ/x) at most.
    pub fn with_litt(mut self, litt: &'a [f64]) -> Result<Self> {
        same_length("litt", self.len(), litt.len())?;
        let most = |i: usize| {
            let (x, recency) = (self.frequency[i], self.recency[i]);
            if x == 0.0 { 0.0 } else { x * (recency / x).ln() }
        };
        // A table may have rounded it.
        let above = |i: usize| litt[i] > most(i) + 1e-6 * (1.0 + most(i).abs());
        refuse(
            "litt",
            litt.len(),
            |i| !litt[i].is_finite() || above(i) || (self.frequency[i] == 0.0 && litt[i].abs() > 1e-6),
            "is not the sum of the logarithms of as many times between purchases",
            "add up the natural logarithms of the times between purchases, in periods; 0 where there are none",
        )?;
        self.litt = Some(litt);
        Ok(self)
    }

    pub(super) fn litt(&self) -> Option<&[f64]> {
        self.litt
    }

    /// The sum of `litt` over the customers, whatever their order.
    pub(super) fn total_litt(&self) -> Result<Option<f64>> {
        let Some(litt) = self.litt else { return Ok(None) };
        let mut total = ExactSum::default();
        for (i, &litt) in litt.iter().enumerate() {
            total.add(litt * self.weights.as_ref().map_or(1.0, |weights| weights[i]))?;
        }
        Ok(Some(total.to_f64()))
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.frequency.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.frequency.is_empty()
    }

    /// The columns frequency, recency and T.
    pub(super) fn columns(&self) -> [&[f64]; 3] {
        [&self.frequency, &self.recency, &self.age]
    }

    /// The customers, one a row.
    pub(super) fn rows(&self) -> impl Iterator<Item = Customer> {
        let [frequency, recency, age] = self.columns();
        (0..frequency.len()).map(move |i| Customer::trusted([frequency[i], recency[i], age[i]]))
    }

    pub(super) fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    /// Distinct rows in ascending order, with how many customers each stands for.
    pub(super) fn merged(&self, watch: &dyn Watch) -> Result<Vec<(Customer, f64)>> {
        let merged = merged(self.columns(), self.weights(), watch)?;
        Ok(merged.into_iter().map(|(row, weight)| (Customer::trusted(row), weight)).collect())
    }

    /// Distinct rows of each group, likewise.
    pub(super) fn merged_by(&self, groups: &Groups, watch: &dyn Watch) -> Result<Vec<Vec<(Customer, f64)>>> {
        let Some(group) = groups.column() else { return Ok(vec![self.merged(watch)?]) };
        let [frequency, recency, age] = self.columns();
        let mut by_group = vec![Vec::new(); groups.len()];
        for ([group, x, tx, t], weight) in merged([group, frequency, recency, age], self.weights(), watch)? {
            by_group[group as usize].push((Customer::trusted([x, tx, t]), weight));
        }
        Ok(by_group)
    }

    /// The customers as they were after the first purchase, with the time each was watched as T, and their covariates:
    /// a row for those alike, in ascending order.
    pub(super) fn watched(&self, watch: &dyn Watch) -> Result<History<'static>> {
        let names: Vec<String> = self.covariates.iter().map(|(name, _)| name.clone()).collect();
        let groups = self.groups(&names, watch)?;
        let none = vec![0.0; self.len()];
        let group = groups.column().unwrap_or(&none);
        let merged = merged([&self.age, group], self.weights(), watch)?;
        let covariate = |k: usize| -> Cow<'static, [f64]> {
            merged.iter().map(|([_, group], _)| groups.values(*group)[k]).collect()
        };
        let covariates = names.into_iter().enumerate().map(|(k, name)| (name, covariate(k))).collect();
        let none = vec![0.0; merged.len()];
        Ok(History {
            frequency: none.clone().into(),
            recency: none.into(),
            age: merged.iter().map(|([age, _], _)| *age).collect(),
            weights: Some(merged.iter().map(|(_, weight)| *weight).collect()),
            covariates,
            litt: None,
        })
    }

    /// Distinct frequencies in ascending order, with how many customers have each.
    pub(super) fn frequencies(&self, watch: &dyn Watch) -> Result<Vec<(f64, f64)>> {
        let merged = merged([&self.frequency], self.weights(), watch)?;
        Ok(merged.into_iter().map(|([x], weight)| (x, weight)).collect())
    }

    /// A value a row that does not depend on recency; worked out once for rows that are alike but for that.
    pub(super) fn each_whatever_recency(
        &self,
        watch: &dyn Watch,
        value: &(dyn Fn(Customer) -> f64 + Sync),
    ) -> Result<Vec<f64>> {
        let rows = Distinct::of([&self.frequency, &self.age], watch)?;
        let values = in_parallel(rows.len(), watch, |i| {
            let [x, age] = rows.row(i);
            Ok(value(Customer::trusted([x, 0.0, age])))
        })?;
        Ok(rows.spread(&values))
    }

    /// A value a row, worked out for every row.
    pub(super) fn each_row(
        &self,
        watch: &dyn Watch,
        value: &(dyn Fn(Customer) -> f64 + Sync),
    ) -> Result<Vec<f64>> {
        const CHUNK: usize = 4096;
        let [frequency, recency, age] = self.columns();
        let mut values = vec![0.0; self.len()];
        values.par_chunks_mut(CHUNK).enumerate().try_for_each(|(chunk, values)| {
            watch.check()?;
            for (i, into) in (chunk * CHUNK..).zip(values) {
                *into = value(Customer::trusted([frequency[i], recency[i], age[i]]));
            }
            Ok(())
        })?;
        Ok(values)
    }

    /// A value a row, from the customer, her covariates, and what another column has of her, if there is one; worked
    /// out once for rows that are alike.
    pub(super) fn each(
        &self,
        groups: &Groups,
        other: Option<&[f64]>,
        watch: &dyn Watch,
        value: &Answer<'_>,
    ) -> Result<Vec<f64>> {
        let [x, tx, t] = self.columns();
        let customer = Customer::trusted;
        match (groups.column(), other) {
            (None, None) => spread([x, tx, t], watch, |row| value(customer(row), &[], None)),
            (None, Some(other)) => {
                spread([x, tx, t, other], watch, |[x, tx, t, o]| value(customer([x, tx, t]), &[], Some(o)))
            }
            (Some(group), None) => spread([x, tx, t, group], watch, |[x, tx, t, g]| {
                value(customer([x, tx, t]), groups.values(g), None)
            }),
            (Some(group), Some(other)) => spread([x, tx, t, group, other], watch, |[x, tx, t, g, o]| {
                value(customer([x, tx, t]), groups.values(g), Some(o))
            }),
        }
    }
}

/// A value a row, worked out once for rows that are alike.
fn spread<const K: usize>(
    columns: [&[f64]; K],
    watch: &dyn Watch,
    value: impl Fn([f64; K]) -> Result<f64> + Sync,
) -> Result<Vec<f64>> {
    let rows = Distinct::of(columns, watch)?;
    let values = in_parallel(rows.len(), watch, |i| value(rows.row(i)))?;
    Ok(rows.spread(&values))
}

/// `value(0), value(1), …` on the threads of the current pool.
pub(super) fn in_parallel<T: Send>(
    count: usize,
    watch: &dyn Watch,
    value: impl Fn(usize) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    (0..count)
        .into_par_iter()
        .with_min_len(64)
        .map(|i| {
            if i % 64 == 0 {
                watch.check()?;
            }
            value(i)
        })
        .collect()
}

/// Counts as the models read them.
pub(super) fn as_floats(counts: &[u64]) -> Vec<f64> {
    counts.iter().map(|&count| count as f64).collect()
}

pub(super) fn same_length(column: &str, expected: usize, found: usize) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(Error::UnequalLength { column: column.into(), expected, found })
}

/// An error naming the first of the rows that are `bad`, and how many there are.
pub(super) fn refuse(
    column: &str,
    rows: usize,
    bad: impl Fn(usize) -> bool,
    problem: &str,
    mend: &str,
) -> Result<()> {
    let Some(first) = (0..rows).find(|&i| bad(i)) else { return Ok(()) };
    Err(Error::InvalidValue {
        column: column.into(),
        row: first as u64,
        count: (first..rows).filter(|&i| bad(i)).count() as u64,
        problem: problem.into(),
        mend: mend.into(),
    })
}

/// An error unless the column `frequency` has numbers of repeat purchases.
pub(super) fn whole_numbers(frequency: &[f64]) -> Result<()> {
    refuse(
        "frequency",
        frequency.len(),
        |i| !(frequency[i].is_finite() && frequency[i] >= 0.0 && frequency[i].fract() == 0.0),
        "is not a whole number of repeat purchases",
        "count the purchases after the first one; 0 for customers who bought once",
    )
}

pub(super) fn check_weights(weights: &[f64], rows: usize) -> Result<()> {
    same_length("weights", rows, weights.len())?;
    refuse(
        "weights",
        rows,
        |i| !(0.0..=1e15).contains(&weights[i]),
        "is not a count between 0 and 10^15",
        "say how many customers each row stands for",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(frequency: f64, recency: f64, age: f64) -> String {
        Customer::new(frequency, recency, age).unwrap_err().to_string()
    }

    #[test]
    fn impossible_customers_are_refused() {
        assert!(problem(1.5, 1.0, 2.0).contains("'frequency': is not a whole number"));
        assert!(problem(f64::NAN, 1.0, 2.0).contains("'frequency'"));
        assert!(problem(-1.0, 1.0, 2.0).contains("'frequency'"));
        assert!(problem(1.0, -1.0, 2.0).contains("'recency': is not a finite"));
        assert!(problem(1.0, f64::INFINITY, f64::INFINITY).contains("'T': is not a finite"));
        assert!(problem(1.0, 3.0, 2.0).contains("'recency': is larger than T"));
        assert!(problem(0.0, 1.0, 2.0).contains("'recency': is positive although"));
        assert!(problem(1.0, 0.0, 2.0).contains("'recency': is 0 although"));
        assert!(Customer::new(0.0, 0.0, 0.0).is_ok());
    }

    #[test]
    fn the_first_bad_row_and_their_number_are_named() {
        let error = History::new(&[0.0; 4][..], &[0.0, 1.0, 0.0, 2.0], &[5.0; 4]).unwrap_err();
        assert!(error.to_string().contains("in 2 row(s), first at row 1"), "{error}");
        let error = History::new(&[0.0; 4][..], &[0.0; 3], &[5.0; 4]).unwrap_err();
        assert!(matches!(error, Error::UnequalLength { expected: 4, found: 3, .. }));
        let history = History::new(&[0.0; 2][..], &[0.0; 2], &[5.0; 2]).unwrap();
        assert!(history.with_weights(&[1.0, f64::NAN]).is_err());
    }
}
