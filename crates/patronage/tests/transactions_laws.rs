//! Laws of the entrance hall, and every table against a second, plain implementation.

use std::collections::{BTreeMap, BTreeSet};

use patronage::transactions::{
    Batch, Duplicates, IdColumn, Line, LogReader, Missing, Period, Policy, Returns, TimeColumn,
    TransactionLog,
};
use patronage::watch::Unwatched;
use patronage::{Error, Result};
use proptest::prelude::*;

type Row = (i64, i32, i32, i64);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    // customer, day, cents (some of them returns), order
    prop::collection::vec((0i64..6, 0i32..120, -300i32..2000, 0i64..9), 1..60)
}

fn read(rows: &[Row], policy: Policy) -> Result<TransactionLog> {
    TransactionLog::from_lines(
        rows.iter().map(|&(customer, day, cents, order)| {
            Line::new(customer, day, f64::from(cents) / 100.0).order(order).item(order % 3)
        }),
        policy,
    )
}

/// The rows that count: no customer who only returned.
fn kept(rows: &[Row], as_of: i32) -> BTreeMap<i64, Vec<Row>> {
    let mut by_customer: BTreeMap<i64, Vec<Row>> = BTreeMap::new();
    for &row in rows.iter().filter(|r| r.1 <= as_of) {
        by_customer.entry(row.0).or_default().push(row);
    }
    by_customer.retain(|_, rows| rows.iter().any(|r| r.2 >= 0));
    by_customer
}

proptest! {
    #[test]
    fn customers_equal_a_plain_count(rows in rows(), as_of in 0i32..130) {
        let expected = kept(&rows, as_of);
        let log = match read(&rows, Policy::default()) {
            Ok(log) => log,
            Err(error) => {
                let only_returns = rows.iter().all(|r| r.2 < 0);
                prop_assert!(only_returns, "{}", error);
                return Ok(());
            }
        };
        let table = log.customers(Some(as_of));
        prop_assert_eq!(table.customer.len(), expected.len());
        for (i, (customer, rows)) in expected.iter().enumerate() {
            let bought: Vec<&Row> = rows.iter().filter(|r| r.2 >= 0).collect();
            let days: BTreeSet<i32> = bought.iter().map(|r| r.1).collect();
            let orders: BTreeSet<i64> = bought.iter().map(|r| r.3).collect();
            let cents: i32 = rows.iter().map(|r| r.2).sum();
            prop_assert_eq!(table.customer.get(i as u32).unwrap().to_string(), customer.to_string());
            prop_assert_eq!(table.first[i], *days.first().unwrap());
            prop_assert_eq!(table.recency[i], as_of - days.last().unwrap());
            prop_assert_eq!(table.frequency[i], orders.len() as u64);
            prop_assert_eq!(table.purchase_days[i], days.len() as u64);
            prop_assert!((table.monetary.as_ref().unwrap()[i] - f64::from(cents) / 100.0).abs() < 1e-9);
        }
    }

    #[test]
    fn row_order_and_batches_do_not_matter(
        (rows, shuffled) in rows().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
        cut in 0usize..60,
    ) {
        let Ok(log) = read(&rows, Policy::default()) else { return Ok(()) };
        let other = read(&shuffled, Policy::default()).unwrap();
        let mut batched = LogReader::default();
        let cut = cut.min(rows.len());
        for part in [&rows[..cut], &rows[cut..]] {
            let customers: Vec<i64> = part.iter().map(|r| r.0).collect();
            let days: Vec<i32> = part.iter().map(|r| r.1).collect();
            let amounts: Vec<f64> = part.iter().map(|r| f64::from(r.2) / 100.0).collect();
            let orders: Vec<i64> = part.iter().map(|r| r.3).collect();
            batched.push_batch(&Batch {
                customer: IdColumn::Ints(&customers),
                time: TimeColumn::Days(&days),
                amount: Some(amounts.as_slice().into()),
                order: Some(IdColumn::Ints(&orders)),
                item: None,
                quantity: None,
            }, &Unwatched).unwrap();
        }
        let batched = batched.finish().unwrap();
        for log2 in [&other, &batched] {
            let show = |log: &TransactionLog| format!("{:?}", (
                log.customers(None),
                log.purchase_history(Period::Week, None, None).ok(),
                log.cohorts(Period::Month, None).unwrap(),
            ));
            prop_assert_eq!(show(&log), show(log2));
        }
    }

    #[test]
    fn cohorts_add_up_to_the_log(rows in rows(), period in prop::sample::select(vec![
        Period::Day, Period::Week, Period::Month, Period::Quarter, Period::Year])) {
        let Ok(log) = read(&rows, Policy { returns: Returns::Drop, ..Policy::default() }) else { return Ok(()) };
        let cohorts = log.cohorts(period, None).unwrap();
        prop_assert_eq!(cohorts.sizes.iter().sum::<u64>(), log.intake().customers);
        let cells = || cohorts.cells.iter().flatten();
        let revenue: f64 = cells().map(|c| c.revenue).sum();
        prop_assert!((revenue - log.intake().total.unwrap()).abs() < 1e-9);
        prop_assert_eq!(cells().map(|c| c.orders).sum::<u64>(), log.intake().orders);
        for (cohort, (cells, &size)) in cohorts.cells.iter().zip(&cohorts.sizes).enumerate() {
            prop_assert_eq!(cells.len(), cohorts.sizes.len() - cohort);
            prop_assert_eq!(cells[0].customers, size);
            prop_assert!(cells.iter().all(|c| c.customers <= size));
        }
    }
}

fn line(customer: Option<i64>, amount: f64) -> Line<'static> {
    Line { customer: customer.map(Into::into), ..Line::new(0, 3, amount) }
}

#[test]
fn what_is_set_aside_is_counted() {
    let policy = Policy { missing: Missing::Drop, duplicates: Duplicates::Drop, returns: Returns::Net };
    let lines = [
        line(Some(1), 5.0),
        line(None, 5.0),
        line(Some(1), f64::NAN),
        line(Some(1), 5.0),
        line(Some(1), -2.0),
        line(Some(2), -1.0),
    ];
    let log = TransactionLog::from_lines(lines, policy).unwrap();
    let intake = log.intake();
    assert_eq!((intake.rows_read, intake.rows_kept, intake.total), (6, 2, Some(3.0)));
    let told: Vec<(String, u64, u64)> =
        intake.entries.iter().map(|e| (format!("{:?}", e.reason), e.rows, e.first_row)).collect();
    let expected = [
        ("MissingCustomer", 1, 1),
        ("MissingAmount", 1, 2),
        ("Return", 2, 4),
        ("Duplicate", 1, 3),
        ("ReturnWithoutPurchase", 1, 5),
    ];
    assert_eq!(told, expected.map(|(reason, rows, first)| (reason.to_string(), rows, first)));
}

#[test]
fn what_is_refused_names_column_row_count_and_mend() {
    let refused = |lines: Vec<Line<'static>>, policy| {
        TransactionLog::from_lines(lines, policy).unwrap_err().to_string()
    };
    let text = refused(vec![line(Some(1), 1.0), line(None, 1.0), line(None, 1.0)], Policy::default());
    assert!(text.contains("'customer'") && text.contains("2 row(s), first at row 1"), "{text}");
    assert!(text.contains("missing=\"drop\""), "{text}");
    let text = refused(vec![line(Some(1), f64::INFINITY)], Policy::default());
    assert!(text.contains("'amount'") && text.contains("infinite"), "{text}");
    let text = refused(vec![line(Some(1), -1.0)], Policy { returns: Returns::Error, ..Policy::default() });
    assert!(text.contains("returns=\"net\""), "{text}");
    let text = refused(vec![line(Some(1), -1.0), line(Some(2), -1.0)], Policy::default());
    assert!(text.contains("all 2 rows kept are returns"), "{text}");
    let late = Line { time: Some(i64::MAX), ..line(Some(1), 1.0) };
    assert!(refused(vec![late], Policy::default()).contains("'time'"));
}

#[test]
fn an_empty_log_is_no_error_until_something_is_asked_of_it() {
    let log = TransactionLog::from_lines([], Policy::default()).unwrap();
    assert_eq!(log.customers(None).customer.len(), 0);
    assert!(log.cohorts(Period::Month, None).unwrap().cells.is_empty());
    assert!(matches!(log.purchase_history(Period::Week, None, None), Err(Error::NotEnoughData { .. })));
}
