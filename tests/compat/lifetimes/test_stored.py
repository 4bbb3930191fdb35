"""Models as files."""

import copy
import json
import pickle

import lifetimes
import numpy as np
import pandas as pd
import pytest

import patronage as pt
import patronage.compat.lifetimes as ours

ATTRIBUTES = ["params_", "data", "variance_matrix_", "standard_errors_", "confidence_intervals_", "summary"]


def same(again, fitter, names=ATTRIBUTES):
    for name in names:
        found, expected = getattr(again, name), getattr(fitter, name)
        compare = pd.testing.assert_series_equal if isinstance(expected, pd.Series) else pd.testing.assert_frame_equal
        compare(found, expected, check_exact=True)
    assert again._negative_log_likelihood_ == fitter._negative_log_likelihood_
    assert repr(again) == repr(fitter)


@pytest.mark.parametrize("index", [None, range(5, 17), [f"customer {i}" for i in range(12)]])
def test_models_are_stored_to_the_bit(index, tmp_path):
    frequency = [0, 0, 0, 0, 1, 1, 2, 3, 3, 5, 8, 14]
    recency = [0, 0, 0, 0, 3, 20, 9, 30, 12, 36, 20, 37.25]
    fitter = ours.BetaGeoFitter().fit(frequency, recency, [39] * 12, index=index)
    fitter.save_model(tmp_path / "model.json")
    again = ours.BetaGeoFitter()
    again.load_model(tmp_path / "model.json")
    same(again, fitter)
    assert again.predict(39, 2, 30.43, 38.86) == fitter.predict(39, 2, 30.43, 38.86)
    assert json.loads((tmp_path / "model.json").read_text())["version"] == 1
    for copied in (copy.deepcopy(fitter), pickle.loads(pickle.dumps(fitter))):
        same(copied, fitter)


def test_spend_is_stored(ggf, tmp_path):
    ggf.save_model(str(tmp_path / "model.json"))
    again = ours.GammaGammaFitter()
    again.load_model(str(tmp_path / "model.json"))
    same(again, ggf)


def test_without_data(bgf, tmp_path):
    """The attributes are as lifetimes leaves them: None, or what was given."""
    for options, expected in (({}, None), ({"values_to_save": ["gone", None]}, "gone")):
        bgf.save_model(tmp_path / "model.json", save_data=False, save_generate_data_method=False, **options)
        assert (tmp_path / "model.json").stat().st_size < 1000
        again = ours.BetaGeoFitter()
        again.load_model(tmp_path / "model.json")
        assert again.data == expected
        pd.testing.assert_frame_equal(again.summary, bgf.summary, check_exact=True)
    assert len(bgf.data) == 2357
    given = ours.BetaGeoFitter()
    given.params_ = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    given.save_model(tmp_path / "given.json")
    again.load_model(tmp_path / "given.json")
    assert again.params_.to_dict() == given.params_


def test_flat_fits_are_stored(tmp_path):
    with pytest.warns(pt.errors.ConvergenceWarning):
        fitter = ours.BetaGeoFitter().fit([2] * 50, [20.0] * 50, [30.0] * 50)
    fitter.save_model(tmp_path / "model.json")
    again = ours.BetaGeoFitter()
    again.load_model(tmp_path / "model.json")
    same(again, fitter)


def test_files_that_are_refused(bgf, ggf, their_bgf, tmp_path):
    path = tmp_path / "model"
    # What lifetimes writes itself: reading it would run what is in it.
    plain = lifetimes.BetaGeoFitter()
    plain.params_ = their_bgf.params_
    plain.save_model(path)
    with pytest.raises(pt.errors.InvalidModel, match="file of dill, which runs code when it is read"):
        ours.BetaGeoFitter().load_model(path)
    ggf.save_model(path)
    with pytest.raises(pt.errors.InvalidModel, match=r"it is a lifetimes\.GammaGammaFitter"):
        ours.BetaGeoFitter().load_model(path)
    bgf.save_model(path, save_data=False)
    text = path.read_text()
    stored = json.loads(text)
    for bad in (
        "",
        "[]",
        "{" * 100_000,
        "\x00\xff",
        text.replace('"version": 1', '"version": 2'),
        json.dumps({**stored, "params": {"r": 1.0}}),
        json.dumps({**stored, "variance_matrix": [[1.0], [2.0, 3.0]]}),
        json.dumps({**stored, "data": {"frequency": [1]}, "index": None}),
    ):
        path.write_text(bad, encoding="utf-8")
        again = ours.BetaGeoFitter()
        with pytest.raises(pt.errors.InvalidModel):
            again.load_model(path)
        assert not hasattr(again, "params_")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(pt.errors.InvalidModel):
        ours.BetaGeoFitter().load_model(path)
    with pytest.raises(FileNotFoundError):
        ours.BetaGeoFitter().load_model(tmp_path / "nothing")


def test_what_cannot_be_written(tmp_path):
    index = pd.date_range("2024-01-01", periods=12)
    frequency = [0, 0, 0, 0, 1, 1, 2, 3, 3, 5, 8, 14]
    recency = np.array([0, 0, 0, 0, 3, 20, 9, 30, 12, 36, 20, 37.0])
    fitter = ours.BetaGeoFitter().fit(frequency, recency, [39] * 12, index=index)
    with pytest.raises(pt.errors.InvalidInput, match="save_data=False"):
        fitter.save_model(tmp_path / "model.json")
    with pytest.raises(ValueError, match="not been fit yet"):
        ours.BetaGeoFitter().save_model(tmp_path / "model.json")
    assert list(tmp_path.iterdir()) == []
