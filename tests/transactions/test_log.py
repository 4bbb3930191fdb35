"""The entrance hall against pandas and by hand."""

import pickle

import numpy as np
import pytest

import patronage as pt


def small(**options):
    return pt.TransactionLog(
        {
            "who": [1, 1, 2, 1, 2],
            "when": ["2024-01-01", "2024-01-01", "2024-01-15", "2024-02-10", "2024-03-31"],
            "paid": [10.0, 5.0, 20.0, 30.0, -4.0],
            "bill": ["a", "b", "c", "d", "e"],
        },
        customer="who",
        time="when",
        amount="paid",
        order="bill",
        **options,
    )


def test_customers_by_hand():
    table = small().customers()
    assert table.to_frame() == {
        "customer": [1, 2],
        "first": table.to_frame()["first"],
        "last": table.to_frame()["last"],
        "recency": [50, 76],
        "frequency": [3, 1],
        "monetary": [45.0, 16.0],
        "mean_order": [15.0, 16.0],
        "purchase_days": [2, 1],
        "tenure": [90, 76],
        "mean_gap": [40.0, None],
    }
    assert str(table["last"][1]) == "2024-01-15", "a return is no purchase"
    assert table.about["as_of"] == "2024-03-31"


def test_as_of_is_the_end_of_that_day():
    table = small().customers(as_of="2024-01-15")
    assert table["monetary"].tolist() == [15.0, 20.0]
    assert table.about["later_lines"] == 2
    assert small().customers(as_of="2024-01-14")["customer"].tolist() == [1]


def test_a_result_goes_through_json_and_pickle():
    table = small().customers()
    assert type(table).from_json(table.to_json()) == table
    assert pickle.loads(pickle.dumps(table)) == table
    with pytest.raises(pt.errors.InvalidModel, match="version"):
        pt.Result.from_json(table.to_json().replace('"version": 1', '"version": 99'))
    with pytest.raises(pt.errors.InvalidModel):
        pt.Result.from_json("[1, 2]")


def test_a_result_is_frozen():
    with pytest.raises(AttributeError, match="frozen"):
        small().customers().kind = "x"


def test_history_with_holdout_by_hand():
    history = small().purchase_history(period="day", holdout="2024-01-31")
    assert history["frequency"].tolist() == [0, 0]
    assert history["T"].tolist() == [30.0, 16.0]
    assert history["frequency_holdout"].tolist() == [1, 0]
    assert history.about["duration_holdout"] == 60.0
    whole = small().purchase_history(period="week")
    assert whole["frequency"].tolist() == [1, 0]
    assert whole["recency"].tolist() == [40 / 7, 0.0]
    assert whole["monetary_value"][0] == 30.0
    assert np.isnan(whole["monetary_value"][1])


def test_cohort_cells_after_the_end_are_null():
    frame = small().cohorts().to_frame()
    assert frame["size"] == [2, 0, 0]
    assert frame["0"] == [2.0, 0.0, 0.0]
    assert frame["1"] == [1.0, 0.0, None]
    assert frame["2"] == [0.0, None, None]
    assert not small().cohorts().about["last_is_partial"], "March ends with the log"
