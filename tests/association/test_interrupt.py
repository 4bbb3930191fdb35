"""Ctrl-C during a search that would never end."""

import os
import signal
import subprocess
import sys
import time

import pytest

SEARCH = """
import time, random, patronage as pt
random.seed(1)
baskets = pt.Baskets.from_lists([[i for i in range(300) if random.random() < 0.6] for _ in range(3000)])
print("searching", flush=True)
try:
    pt.frequent_itemsets(baskets, min_support=5, kind={kind!r}, max_itemsets=4_000_000_000)
except KeyboardInterrupt:
    print(time.time(), flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")
@pytest.mark.parametrize("kind", ["frequent", "closed", "maximal", "generators"])
def test_ctrl_c_ends_a_search(kind):
    code = SEARCH.format(kind=kind)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout.readline() == "searching\n"
            time.sleep(0.3)
            assert child.poll() is None
            sent = time.time()
            child.send_signal(signal.SIGINT)
            heard = float(child.communicate(timeout=60)[0])
        finally:
            child.kill()
    # How long it took is measured, not asserted: a test machine may be busy.
    print(f"{kind}: answered after {1000 * (heard - sent):.0f} ms")
