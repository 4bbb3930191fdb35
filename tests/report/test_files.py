"""A user's own file: CSV and Parquet, and what can be wrong with it."""

import datetime as dt

import polars as pl
import pytest

from patronage.errors import ColumnNotFound, InvalidInput, InvalidParameter
from patronage.report import files

ROLES = {"ids": ["who"], "time": "when", "numbers": ["paid"]}


@pytest.fixture
def csv(tmp_path):
    def write(text, name="orders.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_ids_stay_as_they_are_written(csv):
    table = files.read(csv("who,when,paid,more\n007,2024-01-31,1.5,x\n7,2024-02-01,2,y\n"), **ROLES)
    assert table.columns == ["who", "when", "paid"]
    assert table["who"].to_list() == ["007", "7"]
    assert table["paid"].to_list() == [1.5, 2.0]


def test_parquet(tmp_path):
    path = tmp_path / "orders.parquet"
    frame = pl.DataFrame({"who": [1], "when": [dt.date(2024, 1, 1)], "paid": [1.0], "more": [2]})
    frame.write_parquet(path)
    assert files.read(path, **ROLES).equals(frame.drop("more"))


def test_other_separators_and_ways_to_write_a_time(csv):
    path = csv("who;when;paid\na;31/12/2023 10:00;1\n")
    table = files.read(path, **ROLES, separator=";", time_format="%d/%m/%Y %H:%M")
    assert table["when"].to_list() == [dt.datetime(2023, 12, 31, 10)]
    with pytest.raises(InvalidInput):
        files.read(path, **ROLES, separator=";", time_format="%Y")


def test_columns_that_are_not_there(csv):
    with pytest.raises(ColumnNotFound, match="who, when, paid"):
        files.read(csv("who,when,paid\n"), ids=["whom"], time="when", numbers=["paid"])


@pytest.mark.parametrize(
    ("text", "name", "error"),
    [
        ("who,when,paid\na,2024-01-01,much\n", "orders.csv", InvalidInput),
        ("", "orders.csv", InvalidInput),
        ("not a parquet file", "orders.parquet", InvalidInput),
        ("who,when,paid\n", "orders.docx", InvalidParameter),
    ],
)
def test_files_that_cannot_be_read(csv, text, name, error):
    with pytest.raises(error, match=name.partition(".")[0]):
        files.read(csv(text, name), **ROLES)


def test_no_file(tmp_path):
    with pytest.raises(InvalidParameter, match="no file"):
        files.read(tmp_path / "orders.csv", **ROLES)
