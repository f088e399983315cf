"""Times what other libraries take, for `npm run bench -- --only drift`. Standard input: one JSON request a line; output:
one JSON answer a line. Each timing is taken in here, around the call alone, so that no pipe counts."""

import importlib
import json
import os
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")


def found(name):
    """Version of a library, or why it cannot be used."""
    try:
        return {"version": importlib.import_module(name).__version__}
    except Exception as error:  # noqa: BLE001 - any fault of a library on this machine is an answer
        return {"missing": f"{type(error).__name__}: {error}"[:200]}


libraries = {name: found(name) for name in ("numpy", "scipy", "river", "evidently")}
print(json.dumps({"python": sys.version.split()[0], "libraries": libraries}), flush=True)


def prepare():
    """Name of a comparison -> (library, n -> a call to time)."""
    import numpy as np

    random = np.random.default_rng(7)
    calls = {}

    def samples(n):
        return random.standard_normal(n), random.standard_normal(n)

    if "version" in libraries["scipy"]:
        from scipy import stats

        def ks(n, method):
            a, b = samples(n)
            a.sort()
            return lambda: stats.ks_2samp(a, b, method=method)

        def wasserstein(n):
            a, b = samples(n)
            a.sort()
            return lambda: stats.wasserstein_distance(a, b)

        calls["ks"] = lambda n: ks(n, "asymp")
        calls["ks-exact"] = lambda n: ks(n, "exact")
        calls["wasserstein"] = wasserstein
    if "version" in libraries["river"]:
        from river import drift, stats as river_stats

        def stream(make):
            def of(n):
                values = samples(n)[0].tolist()

                def run():
                    update = make().update
                    for value in values:
                        update(value)

                return run

            return of

        calls["moments"] = stream(river_stats.Var)
        calls["adwin"] = stream(drift.ADWIN)
    if "version" in libraries["evidently"]:

        def psi(n):
            import pandas as pd
            from evidently.legacy.calculations.stattests import psi_stat_test
            from evidently.legacy.core import ColumnType

            a, b = (pd.Series(values) for values in samples(n))
            return lambda: psi_stat_test.func(a, b, ColumnType.Numerical, 0.1)

        calls["psi"] = psi

    edges = np.quantile(samples(5000)[0], np.arange(1, 10) / 10)

    def quantile_bins(n):
        values = samples(n)[0]
        return lambda: np.bincount(np.searchsorted(edges, values), minlength=10)

    def uniform_bins(n):
        values = random.random(n)
        return lambda: np.histogram(values, bins=64, range=(0, 1))

    calls["quantile-bins"] = quantile_bins
    calls["uniform-bins"] = uniform_bins
    return calls


prepared = {}
calls = None
for line in sys.stdin:
    request = json.loads(line)
    try:
        if calls is None:
            calls = prepare()
        key = (request["id"], request["n"])
        if key not in prepared:
            prepared.clear()
            prepared[key] = calls[request["id"]](request["n"])
            prepared[key]()
        start = time.perf_counter()
        prepared[key]()
        answer = {"ms": (time.perf_counter() - start) * 1000}
    except Exception as error:  # noqa: BLE001
        answer = {"fault": f"{type(error).__name__}: {error}"[:200]}
    print(json.dumps(answer), flush=True)
