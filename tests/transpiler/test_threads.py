"""Many threads: conversions of different functions at once, and first calls of the same one."""

from __future__ import annotations

import importlib.util
import itertools
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import ivy
from ivy import locks
from ivy.graph.containers import flatten

PROGRAM = Path(__file__).with_name("thread_program.py")
FRAMEWORKS = ("torch", "jax", "tensorflow", "numpy", "paddle")
DEFAULT = {("torch", "jax"), ("numpy", "numpy")}
PAIRS = [
    pytest.param(*pair, marks=() if pair in DEFAULT else pytest.mark.slow)
    for pair in itertools.product(FRAMEWORKS, repeat=2)
]
LONG = 60.0


def in_threads(*works):
    """Run functions in threads, all from the same moment on; raise the first error; never wait for ever."""
    barrier = threading.Barrier(len(works), timeout=LONG)
    errors = []

    def run(work):
        try:
            barrier.wait()
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=LONG)
    assert not any(thread.is_alive() for thread in threads), "a thread hangs"
    for error in errors:
        raise error


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_first_conversions_at_once(source, target):
    for name in (source, target):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    command = [sys.executable, PROGRAM, source, target, "16" if (source, target) not in DEFAULT else "8", "4"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=500)
    assert run.stdout.strip().endswith("0 errors, 0 hanging"), run.stdout[-3000:] + run.stderr[-2000:]


@pytest.mark.parametrize("target", ["numpy", "jax"])
def test_one_capture_for_each_signature(target):
    pytest.importorskip(target)
    captured = []

    def f(x, k):
        time.sleep(0.01)  # lets the others come
        captured.append((x.shape, k))
        return np.sum(x) * k

    g = ivy.transpile(f, source="numpy", to=target)

    def work(i):
        def run():
            for j in range(6):
                n, k = 1 + (i + j) % 3, j % 2
                np.testing.assert_allclose(np.asarray(g(np.ones(n, "float32"), k)), n * k)

        return run

    in_threads(*map(work, range(8)))
    assert len(captured) == len(set(captured)) == len(g.graphs) == 6


def test_a_module_is_called_from_many_threads():
    torch = pytest.importorskip("torch")
    pytest.importorskip("flax")
    model = torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.ReLU(), torch.nn.Linear(5, 2)).eval()
    converted = ivy.transpile(model, source="torch", to="jax")
    xs = [np.random.default_rng(n).normal(size=(n, 4)).astype("float32") for n in range(1, 5)]
    with torch.no_grad():
        expected = [model(torch.from_numpy(x)).numpy() for x in xs]

    def work():
        for x, y in zip(xs, expected, strict=True):
            np.testing.assert_allclose(np.asarray(converted(x)), y, rtol=1e-4, atol=1e-6)

    in_threads(*[work] * 6)


def test_modules_that_run_in_other_threads_are_not_recorded():
    torch = pytest.importorskip("torch")
    other = torch.nn.Linear(3, 3)
    stop = threading.Event()

    def run_others():
        while not stop.is_set():
            other(torch.ones(2, 3))

    thread = threading.Thread(target=run_others, daemon=True)
    thread.start()
    try:
        for k in range(5):
            net = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Tanh())
            graph = ivy.transpile(lambda x, k=k: net(x) + k, source="torch", to="numpy").trace(torch.ones(2, 3))
            assert len(graph.params) == 2
            assert all("Linear" in str(v) or "Sequential" in str(v) or "Tanh" in str(v) for v in graph.layers.values())
    finally:
        stop.set()
        thread.join(timeout=LONG)
    assert not thread.is_alive()


def test_draws_of_other_threads_are_not_taken_for_the_functions():
    drawn = []

    def f(x):
        if not drawn:  # what another thread does meanwhile
            drawn.append(threading.Thread(target=np.random.rand, args=(700,)))
            drawn[0].start()
            drawn[0].join(timeout=LONG)
        return x + 1

    np.testing.assert_allclose(ivy.transpile(f, source="numpy", to="numpy")(np.ones(2)), 2)


def test_containers_of_a_new_class():
    for _ in range(20):

        class Held:
            def __init__(self, x):
                self.x = x

        found = []
        in_threads(*[lambda: found.append(flatten([Held(np.ones(2)), 1])[0])] * 6)
        assert all(len(leaves) == 2 and isinstance(leaves[0], np.ndarray) for leaves in found)


# -- no deadlock ------------------------------------------------------------------------------------------------------


def test_a_capture_that_imports_a_module_which_converts(tmp_path, monkeypatch):
    (tmp_path / "converting_module.py").write_text(
        "import numpy as np, ivy, shared_events\n"
        "shared_events.importing.set()\n"
        "assert shared_events.capturing.wait(30)\n"
        "f = ivy.transpile(lambda x: x * 2, source='numpy', to='numpy')\n"
        "y = f(np.ones(2))\n"
    )
    (tmp_path / "shared_events.py").write_text(
        "import threading\nimporting, capturing = threading.Event(), threading.Event()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import shared_events

    def f(x):
        assert shared_events.importing.wait(30)
        shared_events.capturing.set()
        import converting_module

        return x + converting_module.y

    g = ivy.transpile(f, source="numpy", to="numpy")
    results = []
    try:
        in_threads(lambda: results.append(g(np.ones(2))), lambda: __import__("converting_module"))
    finally:
        for name in ("converting_module", "shared_events"):
            sys.modules.pop(name, None)
    np.testing.assert_allclose(results[0], 3)


def test_a_capture_that_waits_for_a_lock_of_the_users(monkeypatch):
    monkeypatch.setattr(locks, "_PATIENCE", 0.5)
    own, capturing, holding = threading.Lock(), threading.Event(), threading.Event()

    def f(x):
        capturing.set()
        assert holding.wait(30)
        with own:
            return x + 1

    g, h = (ivy.transpile(fn, source="numpy", to="numpy") for fn in (f, lambda x: x * 3))
    results = {}

    def call_f():
        results["f"] = g(np.ones(2))

    def call_h():
        with own:
            assert capturing.wait(30)
            holding.set()
            results["h"] = h(np.ones(2))

    in_threads(call_f, call_h)
    np.testing.assert_allclose(results["f"], 2)
    np.testing.assert_allclose(results["h"], 3)


def test_the_lock():
    lock = locks.ConversionLock()
    inside, most, runs = [], [], []

    def work():
        for _ in range(20):
            with lock, lock:
                inside.append(1)
                most.append(len(inside))
                time.sleep(0)
                inside.pop()
                runs.append(1)
        with pytest.raises(ZeroDivisionError), lock:
            raise ZeroDivisionError

    in_threads(*[work] * 6)
    assert max(most) == 1
    assert len(runs) == 120
