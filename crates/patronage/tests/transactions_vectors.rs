//! The shared vectors: one log and its customers, which the Python tests read too.

#![allow(clippy::unwrap_used)]

use patronage::transactions::calendar::{date, parse_day};
use patronage::transactions::{Line, Policy, TransactionLog};

fn table(name: &str) -> Vec<csv::StringRecord> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/");
    csv::Reader::from_path(format!("{path}{name}")).unwrap().records().map(Result::unwrap).collect()
}

#[test]
fn rust_gives_the_stored_customers() {
    let rows = table("log.csv");
    let lines = rows.iter().map(|row| {
        let order: i64 = row[3].parse().unwrap();
        Line::new(&row[0], parse_day(&row[1]).unwrap(), row[2].parse().unwrap()).order(order)
    });
    let found = TransactionLog::from_lines(lines, Policy::default()).unwrap().customers(None);
    let stored = table("customers.csv");
    assert_eq!(found.customer.len(), stored.len());
    for (i, row) in stored.iter().enumerate() {
        assert_eq!(found.customer.get(i as u32).unwrap().to_string(), row[0]);
        assert_eq!(date(found.first[i]).to_string(), row[1]);
        assert_eq!(date(found.last[i]).to_string(), row[2]);
        assert_eq!(found.recency[i].to_string(), row[3]);
        assert_eq!(found.frequency[i].to_string(), row[4]);
        assert_eq!(found.monetary.as_ref().unwrap()[i], row[5].parse::<f64>().unwrap());
        assert_eq!(found.purchase_days[i].to_string(), row[6]);
        assert_eq!(found.tenure[i].to_string(), row[7]);
    }
}
