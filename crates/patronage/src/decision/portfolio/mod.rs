//! Several decisions, one purse: the best set of options under a budget, exactly.
//!
//! The multiple-choice knapsack problem (Kellerer, Pferschy & Pisinger 2004, *Knapsack Problems*, ch. 11): of each
//! project at most one option is taken, and together they may use no more than the budget.
//!
//! ```
//! use patronage::decision::{Portfolio, Project};
//! let bids = |budget| {
//!     Portfolio::new([
//!         Project::new("A", [("high", 1.into(), "29.4".into()), ("low", 1.into(), "37.2".into())]),
//!         Project::new("B", [("high", 1.into(), "31.6".into()), ("low", 1.into(), "17.6".into())]),
//!     ])
//!     .budget(budget)
//!     .solve(&patronage::watch::Unwatched)
//! };
//! let one = bids(1)?;
//! assert_eq!((one.value.to_string(), one.chosen), ("186/5".to_string(), vec![Some(1), None]));
//! // A second bid would bring 31.6 more.
//! assert_eq!(one.shadow_price.to_string(), "158/5");
//! assert_eq!(bids(2)?.value.to_string(), "344/5");
//! # Ok::<(), patronage::Error>(())
//! ```

mod bound;
mod frontier;
mod relaxed;

use bound::Bounds;

use super::exact::Exact;
use super::number::{Number, Value};
use super::scalar::Scalar;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// A project with its options, of which at most one is taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// Label, resource used (not negative) and value of each option. Taking none uses nothing and brings nothing.
    pub options: Vec<(String, Number, Number)>,
}

impl Project {
    /// A project from label, resource and value of each option.
    pub fn new<L: Into<String>>(
        name: impl Into<String>,
        options: impl IntoIterator<Item = (L, Number, Number)>,
    ) -> Self {
        let options = options.into_iter().map(|(label, resource, value)| (label.into(), resource, value));
        Self { name: name.into(), options: options.collect() }
    }
}

/// Projects that draw on one budget.
///
/// | option | default |
/// |---|---|
/// | `budget` | none: each project takes its best option |
#[derive(Debug, Clone)]
pub struct Portfolio {
    projects: Vec<Project>,
    budget: Option<Number>,
}

/// The best set of options.
#[derive(Debug, Clone, PartialEq)]
pub struct PortfolioAnswer {
    /// The option taken (by place) of each project; `None` for a project that is left.
    pub chosen: Vec<Option<usize>>,
    /// What they bring in all.
    pub value: Value,
    /// What they use in all: the least that brings this value.
    pub used: Value,
    /// Whether another set brings as much and uses as much.
    pub has_ties: bool,
    /// What a little more of the budget would bring, a unit, if options could be taken in part (the dual price of
    /// the linear relaxation, from above); 0 where more would bring nothing.
    pub shadow_price: Value,
}

impl Portfolio {
    /// Projects, without a budget.
    pub fn new(projects: impl IntoIterator<Item = Project>) -> Self {
        Self { projects: projects.into_iter().collect(), budget: None }
    }

    /// With a budget, which is not negative.
    #[must_use]
    pub fn budget(mut self, budget: impl Into<Number>) -> Self {
        self.budget = Some(budget.into());
        self
    }

    /// The projects.
    pub fn projects(&self) -> &[Project] {
        &self.projects
    }

    /// The best set of options, exactly: the efficient sets of more and more projects (Nemhauser & Ullmann 1969),
    /// without those that the linear relaxation of the other projects rules out (Dyer, Riha & Walker 1995).
    /// Projects whose choice is nearly certain come first.
    pub fn solve(&self, watch: &dyn Watch) -> Result<PortfolioAnswer> {
        if self.is_exact()? { self.best::<Exact>(watch) } else { self.best::<f64>(watch) }
    }

    /// The efficient sets up to the budget, as resource used and value, both rising: what each smaller budget brings.
    pub fn frontier(&self, watch: &dyn Watch) -> Result<Vec<(Value, Value)>> {
        if self.is_exact()? { self.efficient::<Exact>(watch) } else { self.efficient::<f64>(watch) }
    }

    /// Whether all numbers are exact; an error if some cannot be used.
    fn is_exact(&self) -> Result<bool> {
        self.check()?;
        let options = self.projects.iter().flat_map(|project| &project.options);
        let mut numbers = options.flat_map(|(_, resource, value)| [resource, value]).chain(&self.budget);
        Ok(numbers.all(|number| matches!(number, Number::Exact(_))))
    }

    fn check(&self) -> Result<()> {
        let wrong = |node: String, problem: String, mend: &str| {
            Err(Error::InvalidTree { node, problem, mend: mend.into() })
        };
        let finite = |number: &Number| match number {
            Number::Exact(exact) => exact.check().is_ok(),
            Number::Float(float) => float.is_finite(),
            _ => false,
        };
        let negative = |number: &Number| Value::from(number).float < 0.0;
        if let Some(budget) = self.budget.as_ref().filter(|budget| !finite(budget) || negative(budget)) {
            return Err(Error::parameter("budget", budget, "a finite number from 0 up"));
        }
        for Project { name, options } in &self.projects {
            for (label, resource, value) in options {
                let place = format!("option '{label}' of project '{name}'");
                if !finite(resource) || negative(resource) {
                    return wrong(
                        place,
                        format!("it uses {resource}"),
                        "give what it uses as a finite number from 0 up",
                    );
                }
                if !finite(value) {
                    return wrong(place, format!("its value is {value}"), "give a finite number");
                }
            }
        }
        Ok(())
    }

    fn best<S: Scalar>(&self, watch: &dyn Watch) -> Result<PortfolioAnswer> {
        let (projects, budget) = self.numbers::<S>()?;
        let price = relaxed::shadow_price(&relaxed::steps(projects.iter()), &budget)?;
        let certainty = |project: &usize| relaxed::certainty(&projects[*project], price.value().float);
        let mut order: Vec<usize> = (0..projects.len()).collect();
        order.sort_by(|a, b| certainty(b).total_cmp(&certainty(a)));
        let ordered: Vec<_> = order.iter().map(|&project| &projects[project]).collect();
        let bounds = Bounds::new(&ordered, &budget);
        let found = frontier::frontier(&ordered, &budget, Some(bounds), watch)?;
        let mut chosen = vec![None; projects.len()];
        order.iter().zip(found.chosen).for_each(|(&project, option)| chosen[project] = option);
        let (used, value, has_ties) = match found.sets.last() {
            Some(best) => (best.resource.value(), best.value.value(), best.ties),
            None => (S::ZERO.value(), S::ZERO.value(), false),
        };
        Ok(PortfolioAnswer { chosen, value, used, has_ties, shadow_price: price.value() })
    }

    fn efficient<S: Scalar>(&self, watch: &dyn Watch) -> Result<Vec<(Value, Value)>> {
        let (projects, budget) = self.numbers::<S>()?;
        let projects: Vec<_> = projects.iter().collect();
        let found = frontier::frontier(&projects, &budget, None, watch)?;
        Ok(found.sets.iter().map(|set| (set.resource.value(), set.value.value())).collect())
    }

    /// Resource and value of the options, and the budget; without one, what all projects can use.
    #[allow(clippy::type_complexity)]
    fn numbers<S: Scalar>(&self) -> Result<(Vec<Vec<(S, S)>>, S)> {
        let number = |number: &Number| S::from_number(number).unwrap_or(S::ZERO);
        let options =
            |project: &Project| project.options.iter().map(|(_, r, v)| (number(r), number(v))).collect();
        let projects: Vec<Vec<(S, S)>> = self.projects.iter().map(options).collect();
        let budget = match &self.budget {
            Some(budget) => number(budget),
            None => S::total(projects.iter().flatten().map(|(resource, _)| resource))?,
        };
        Ok((projects, budget))
    }
}
