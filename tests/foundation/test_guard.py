"""The guard: panics, forks, progress."""

import multiprocessing
import os

import pytest

import patronage as pt
from patronage import _core
from patronage.decision import chance, decide

LOG = {"who": [1, 2, 1], "when": ["2024-01-01", "2024-01-02", "2024-02-01"], "paid": [1.0, 2.0, 3.0]}
ROLES = {"customer": "who", "time": "when", "amount": "paid"}


def test_a_panic_is_an_ordinary_exception(capfd):
    caught = None
    try:
        _core._panic_for_test()
    except Exception as error:
        caught = error
    assert isinstance(caught, pt.errors.InternalError)
    assert "on purpose" in str(caught)


def test_progress_is_reported_and_its_exception_propagates():
    calls = []
    pt.TransactionLog(LOG, **ROLES, progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (3, 3)

    def stop(done, total):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        pt.TransactionLog(LOG, **ROLES, progress=stop)
    with pytest.raises(pt.errors.InvalidParameter, match="progress"):
        pt.TransactionLog(LOG, **ROLES, progress=3)


def _every_room(queue):
    queue.put(list(rooms()))


def rooms():
    """One call of each room through the guard."""
    log = pt.TransactionLog(LOG, **ROLES)
    customers = log.customers()
    yield customers["monetary"].tolist()
    yield len(pt.frequent_itemsets([["a", "b"], ["a"], ["b", "c"]] * 500, min_support=0.2))
    model = pt.clv.BGNBD.from_parameters(r=0.243, alpha=4.414, a=0.793, b=2.426)
    yield model.probability_alive(log.purchase_history()).to_dicts()
    yield pt.pyramid(customers)["tier"]
    yield decide("?", {"yes": chance({"up": ("1/3", 6), "down": ("#", 0)}), "no": 1}).solve().emv


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_child_can_call_every_room():
    expected = list(rooms())
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_every_room, args=(queue,))
    child.start()
    try:
        assert queue.get(timeout=60) == expected
    finally:
        child.join(10)
        child.kill()
