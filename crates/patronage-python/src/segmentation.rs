//! Segmentation: a table of customers in; scores, tiers and statuses out.

use arrow_array::RecordBatchReader;
use patronage::explain::Label;
use patronage::segmentation as core;
use patronage::segmentation::{
    Concentration, Group, LifeCycle, LifeCycleInput, Metric, Pyramid, PyramidInput, Rfm, RfmInput,
    SegmentMap, SegmentRule, Share, Tier, Tiers,
};
use patronage::transactions::{Id, Labels};
use patronage::{Error, Lang, Result};
use pyo3::prelude::*;

use crate::columns;
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame, stream};
use crate::guard;

/// A table of customers as it was read: the ids, and columns of numbers by role.
struct Table {
    customers: Labels,
    numbers: Vec<Numbers>,
    names: Vec<(String, String)>,
}

struct Numbers {
    values: Vec<f64>,
    whole: bool,
}

impl Table {
    /// Reads the column of ids and the columns of numbers, each given as (role, name).
    fn read(py: Python<'_>, table: &Bound<'_, PyAny>, names: Vec<(String, String)>) -> PyResult<Self> {
        let batches = stream(table)?;
        let schema = batches.schema();
        names.iter().try_for_each(|(_, name)| columns::require(&schema, name)).or_raise(py)?;
        guard::run(py, None, move |watch| {
            let mut ids = columns::Ids::default();
            let mut numbers: Vec<Numbers> =
                names[1..].iter().map(|_| Numbers { values: Vec::new(), whole: true }).collect();
            for batch in batches {
                watch.check()?;
                let batch = batch.map_err(|e| Error::parameter("table", e, "a stream of Arrow batches"))?;
                let customer = &names[0].1;
                ids.extend(&columns::ids(customer, columns::find(&batch, customer)?.as_ref(), ids.rows)?);
                for ((_, name), column) in names[1..].iter().zip(&mut numbers) {
                    let array = columns::find(&batch, name)?;
                    column.whole &= array.data_type().is_integer();
                    column.values.extend_from_slice(&columns::numbers(name, array.as_ref())?);
                }
            }
            Ok(Self { customers: ids.finish(&names[0].1)?, numbers, names })
        })
    }

    /// A column by its role.
    fn column(&self, role: &str) -> Option<&Numbers> {
        let place = self.names[1..].iter().position(|(known, _)| known == role)?;
        self.numbers.get(place)
    }

    /// The values of a column that is always read.
    fn values(&self, role: &str) -> &[f64] {
        self.column(role).map_or(&[], |column| &column.values)
    }

    /// An error of the core with the caller's name of the column in place of its role.
    fn name(&self, mut error: Error) -> Error {
        if let Error::InvalidValue { column, .. }
        | Error::UnequalLength { column, .. }
        | Error::ColumnNeeded { column, .. } = &mut error
            && let Some((_, name)) = self.names.iter().find(|(role, _)| role == column)
        {
            column.clone_from(name);
        }
        error
    }

    /// The ids and the columns as they came in.
    fn columns(&self) -> Columns {
        let first = Columns::default().ids("customer", &self.customers);
        self.names[1..].iter().zip(&self.numbers).fold(first, |columns, ((role, _), column)| {
            if column.whole {
                columns.ints(role, column.values.iter().map(|&value| value as i64))
            } else {
                columns.floats(role, &column.values)
            }
        })
    }
}

/// A customer's id as Python gives it.
#[derive(FromPyObject)]
enum Customer {
    Int(i64),
    Text(String),
}

impl Customer {
    fn id(&self) -> Id<'_> {
        match self {
            Self::Int(id) => Id::Int(*id),
            Self::Text(id) => Id::Text(id),
        }
    }
}

/// Rules of a map: English name, Chinese name, ranges of R, F and M.
pub type Rules = Vec<(String, String, (u8, u8), (u8, u8), (u8, u8))>;

/// A segment map by its name, or by name, bins and rules.
#[derive(FromPyObject)]
pub enum Segments {
    Named(String),
    Own(String, u8, Rules),
}

impl Segments {
    fn build(self) -> Result<SegmentMap> {
        match self {
            Self::Named(name) => SegmentMap::named(&name),
            Self::Own(name, bins, rules) => {
                let rule = |(en, zh, r, f, m): (String, String, _, _, _)| SegmentRule {
                    segment: Label::new(en, zh),
                    r,
                    f,
                    m,
                };
                SegmentMap::new(&name, bins, rules.into_iter().map(rule).collect())
            }
        }
    }
}

/// The rules of a map once it is checked, and the number of bins.
#[pyfunction]
pub fn segment_rules(py: Python<'_>, segments: Segments) -> PyResult<(u8, Rules)> {
    let map = segments.build().or_raise(py)?;
    let rule =
        |rule: &SegmentRule| (rule.segment.en.clone(), rule.segment.zh.clone(), rule.r, rule.f, rule.m);
    Ok((map.bins(), map.rules().iter().map(rule).collect()))
}

/// What groups of customers amount to, as columns; `value` is the name of what was summed.
fn groups<'a>(
    first: &str,
    value: &str,
    groups: impl Iterator<Item = &'a Group> + Clone,
    lang: Lang,
) -> Columns {
    let figures = |figure: fn(&Group) -> Option<f64>| -> Vec<f64> {
        groups.clone().map(|group| figure(group).unwrap_or(f64::NAN)).collect()
    };
    let columns = Columns::default()
        .texts(first, groups.clone().map(|group| group.label.get(lang)))
        .ints("customers", groups.clone().map(|group| group.customers as i64))
        .floats("share_of_customers", &figures(|group| group.share_of_customers));
    if groups.clone().all(|group| group.value.is_none()) {
        return columns;
    }
    columns
        .floats(value, &figures(|group| group.value))
        .floats(&format!("share_of_{value}"), &figures(|group| group.share_of_value))
}

fn optional<T>(items: &[T], value: impl Fn(&T) -> Option<f64>) -> Vec<f64> {
    items.iter().map(|item| value(item).unwrap_or(f64::NAN)).collect()
}

/// Customers with their RFM scores.
#[pyclass(frozen, module = "patronage._core")]
pub struct RfmScores {
    table: Table,
    scores: core::RfmScores,
}

#[pymethods]
impl RfmScores {
    #[new]
    #[pyo3(signature = (table, names, bins, method, ties, segments))]
    fn new(
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        names: Vec<(String, String)>,
        bins: i64,
        method: &str,
        ties: &str,
        segments: Option<Segments>,
    ) -> PyResult<Self> {
        let bins = u8::try_from(bins)
            .map_err(|_| Error::parameter("bins", bins, "a whole number from 2 to 10"))
            .or_raise(py)?;
        let rfm = Rfm::new()
            .bins(bins)
            .method(method.parse().or_raise(py)?)
            .ties(ties.parse().or_raise(py)?)
            .segments(segments.map(Segments::build).transpose().or_raise(py)?);
        let table = Table::read(py, table, names)?;
        guard::run(py, None, move |watch| {
            let input = RfmInput {
                customers: &table.customers,
                recency: table.values("recency"),
                frequency: table.values("frequency"),
                monetary: table.values("monetary"),
            };
            let scores = rfm.run(&input, watch).map_err(|error| table.name(error))?;
            Ok(Self { table, scores })
        })
    }

    /// A row a customer.
    fn frame(&self, py: Python<'_>, lang: &str) -> PyResult<Frame> {
        let lang = language(py, lang)?;
        let cells: Vec<String> = self.scores.cells().collect();
        let scores = |metric| self.scores.scores(metric).iter().map(|&score| i64::from(score));
        let columns = self
            .table
            .columns()
            .ints("r", scores(Metric::Recency))
            .ints("f", scores(Metric::Frequency))
            .ints("m", scores(Metric::Monetary))
            .texts("cell", cells.iter().map(String::as_str));
        let segments = (0..cells.len()).filter_map(|row| self.scores.segment(row));
        match self.scores.settings().map() {
            Some(_) => columns.texts("segment", segments.map(|segment| segment.get(lang))),
            None => columns,
        }
        .frame(py)
    }

    /// A row a segment; none without a map.
    fn summary(&self, py: Python<'_>, lang: &str) -> PyResult<Option<Frame>> {
        let lang = language(py, lang)?;
        let Some(lines) = self.scores.summary().or_raise(py)? else { return Ok(None) };
        groups("segment", "monetary", lines.iter().map(|line| &line.group), lang)
            .floats("mean_recency", &optional(&lines, |line| line.mean_recency))
            .floats("mean_frequency", &optional(&lines, |line| line.mean_frequency))
            .floats("mean_monetary", &optional(&lines, |line| line.mean_monetary))
            .frame(py)
            .map(Some)
    }

    /// A row a metric and score.
    fn thresholds(&self, py: Python<'_>) -> PyResult<Frame> {
        let bands = self.scores.thresholds();
        Columns::default()
            .texts("metric", bands.iter().map(|band| band.metric.name()))
            .ints("score", bands.iter().map(|band| band.score.into()))
            .ints("customers", bands.iter().map(|band| band.customers as i64))
            .floats("lowest", &optional(&bands, |band| band.lowest))
            .floats("highest", &optional(&bands, |band| band.highest))
            .frame(py)
    }

    /// A row a cell of recency × frequency.
    fn grid(&self, py: Python<'_>) -> PyResult<Frame> {
        let cells = self.scores.grid().or_raise(py)?;
        Columns::default()
            .ints("r", cells.iter().map(|cell| cell.r.into()))
            .ints("f", cells.iter().map(|cell| cell.f.into()))
            .ints("customers", cells.iter().map(|cell| cell.customers as i64))
            .floats("monetary", &cells.iter().map(|cell| cell.monetary).collect::<Vec<_>>())
            .frame(py)
    }

    fn explain(&self, py: Python<'_>, customer: Customer, lang: &str) -> PyResult<Working> {
        self.scores.explain(customer.id(), language(py, lang)?).or_raise(py).map(Working)
    }
}

/// Tiers by name of the preset, or as English name, Chinese name and share.
#[derive(FromPyObject)]
enum TierNames {
    Named(String),
    Own(Vec<(String, String, String)>),
}

impl TierNames {
    fn build(self) -> Result<Tiers> {
        match self {
            Self::Named(name) => Tiers::named(&name),
            Self::Own(tiers) => {
                let tier = |(en, zh, share): (String, String, String)| {
                    Ok(Tier { label: Label::new(en, zh), share: share.parse::<Share>()? })
                };
                Tiers::new("own", tiers.into_iter().map(tier).collect::<Result<_>>()?)
            }
        }
    }
}

/// Customers with their tiers.
#[pyclass(frozen, module = "patronage._core")]
pub struct PyramidTiers {
    table: Table,
    tiers: core::PyramidTiers,
}

#[pymethods]
impl PyramidTiers {
    #[new]
    #[pyo3(signature = (table, names, by, tiers, negative))]
    fn new(
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        names: Vec<(String, String)>,
        by: &str,
        tiers: TierNames,
        negative: &str,
    ) -> PyResult<Self> {
        let pyramid = Pyramid::new(tiers.build().or_raise(py)?).negative(negative.parse().or_raise(py)?);
        let table = Table::read(py, table, names)?;
        guard::run(py, None, move |watch| {
            let input = PyramidInput { customers: &table.customers, values: table.values("value"), by };
            let tiers = pyramid.run(&input, watch).map_err(|error| table.name(error))?;
            Ok(Self { table, tiers })
        })
    }

    /// A row a customer.
    fn frame(&self, py: Python<'_>, lang: &str) -> PyResult<Frame> {
        let lang = language(py, lang)?;
        let rows = 0..self.table.customers.len();
        self.table
            .columns()
            .texts("tier", rows.filter_map(|row| self.tiers.tier(row)).map(|tier| tier.get(lang)))
            .frame(py)
    }

    /// A row a tier.
    fn summary(&self, py: Python<'_>, lang: &str) -> PyResult<Frame> {
        let lang = language(py, lang)?;
        let lines = self.tiers.summary().or_raise(py)?;
        groups("tier", "value", lines.iter().map(|line| &line.group), lang)
            .floats("planned_share", &optional(&lines, |line| Some(line.planned.to_f64())))
            .ints("last_rank", lines.iter().map(|line| line.end as i64))
            .floats("smallest", &optional(&lines, |line| line.smallest))
            .frame(py)
    }

    fn explain(&self, py: Python<'_>, customer: Customer, lang: &str) -> PyResult<Working> {
        self.tiers.explain(customer.id(), language(py, lang)?).or_raise(py).map(Working)
    }

    /// The Gini coefficient of the values.
    fn gini(&self, py: Python<'_>) -> PyResult<f64> {
        guard::run(py, None, |watch| Concentration::new(self.tiers.values(), watch))
            .map(|spread| spread.gini())
    }

    /// How many of the largest customers hold a share of the value.
    fn customers_holding(&self, py: Python<'_>, share: f64) -> PyResult<usize> {
        guard::run(py, None, |watch| Concentration::new(self.tiers.values(), watch)?.customers_holding(share))
    }
}

/// Customers with their statuses.
#[pyclass(frozen, module = "patronage._core")]
pub struct LifeCycleStatus {
    table: Table,
    status: core::LifeCycleStatus,
}

#[pymethods]
impl LifeCycleStatus {
    #[new]
    #[pyo3(signature = (table, names, lost_after, new_within, active_within, at_risk_within))]
    fn new(
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        names: Vec<(String, String)>,
        lost_after: f64,
        new_within: Option<f64>,
        active_within: Option<f64>,
        at_risk_within: Option<f64>,
    ) -> PyResult<Self> {
        let mut rule = LifeCycle::one_year_rule().lost_after(lost_after);
        if new_within.is_some() {
            rule = rule.new_within(new_within);
        }
        if let Some(days) = active_within {
            rule = rule.active_within(days);
        }
        if let Some(days) = at_risk_within {
            rule = rule.at_risk_within(days);
        }
        let table = Table::read(py, table, names)?;
        guard::run(py, None, move |watch| {
            let values = |role| table.column(role).map(|column| column.values.as_slice());
            let input = LifeCycleInput {
                customers: &table.customers,
                recency: table.values("recency"),
                tenure: values("tenure"),
                monetary: values("monetary"),
            };
            let status = rule.run(&input, watch).map_err(|error| table.name(error))?;
            Ok(Self { table, status })
        })
    }

    /// A row a customer.
    fn frame(&self, py: Python<'_>, lang: &str) -> PyResult<Frame> {
        let lang = language(py, lang)?;
        let labels: Vec<Label> = self.status.statuses().iter().map(|status| status.label()).collect();
        self.table.columns().texts("status", labels.iter().map(|label| label.get(lang))).frame(py)
    }

    /// A row a status.
    fn summary(&self, py: Python<'_>, lang: &str) -> PyResult<Frame> {
        let lang = language(py, lang)?;
        let lines = self.status.summary().or_raise(py)?;
        let conditions = self.status.settings().rules(lang);
        groups("status", "monetary", lines.iter(), lang)
            .texts("condition", conditions.iter().map(|(_, condition)| condition.as_str()))
            .frame(py)
    }

    fn explain(&self, py: Python<'_>, customer: Customer, lang: &str) -> PyResult<Working> {
        self.status.explain(customer.id(), language(py, lang)?).or_raise(py).map(Working)
    }
}
