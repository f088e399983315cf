"""A SORT in numpy and scipy, for `npm run bench -- --only tracking`: one seven-state filter for all tracks at once, IoU of
all pairs in one expression, scipy's assignment. Standard input: one JSON request a line; output: one JSON answer a line.
Each timing is taken in here, around the steps alone, so that no pipe counts."""

import importlib
import json
import os
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def found(name):
    """Version of a library, or why it cannot be used."""
    try:
        return {"version": importlib.import_module(name).__version__}
    except Exception as error:  # noqa: BLE001 - any fault of a library on this machine is an answer
        return {"missing": f"{type(error).__name__}: {error}"[:200]}


libraries = {name: found(name) for name in ("numpy", "scipy")}
print(json.dumps({"python": sys.version.split()[0], "libraries": libraries}), flush=True)


def make_sort():
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    motion = np.eye(7)
    motion[[0, 1, 2], [4, 5, 6]] = 1
    process = np.diag([1, 1, 1, 1, 0.01, 0.01, 0.0001])
    noise = np.diag([1.0, 1, 10, 10])

    def measure(boxes):
        size = boxes[:, 2:] - boxes[:, :2]
        return np.column_stack([boxes[:, :2] + size / 2, size[:, 0] * size[:, 1], size[:, 0] / size[:, 1]])

    def boxes_of(states):
        width = np.sqrt(states[:, 2] * states[:, 3])
        half = np.column_stack([width, states[:, 2] / width]) / 2
        return np.column_stack([states[:, :2] - half, states[:, :2] + half])

    def overlaps(a, b):
        low = np.maximum(a[:, None, :2], b[None, :, :2])
        high = np.minimum(a[:, None, 2:], b[None, :, 2:])
        shared = np.prod(np.clip(high - low, 0, None), axis=2)
        area = lambda boxes: np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
        return shared / (area(a)[:, None] + area(b)[None, :] - shared)

    class Sort:
        def __init__(self, max_age, min_hits, least):
            self.max_age, self.min_hits, self.least = max_age, min_hits, least
            self.states = np.zeros((0, 7))
            self.covariances = np.zeros((0, 7, 7))
            self.missed = np.zeros(0, int)
            self.streak = np.zeros(0, int)
            self.ids = np.zeros(0, int)
            self.next_id = 1

        def update(self, boxes):
            grow = self.states[:, 2] + self.states[:, 6] <= 0
            self.states[grow, 6] = 0
            self.states = self.states @ motion.T
            self.covariances = motion @ self.covariances @ motion.T + process
            self.streak[self.missed > 0] = 0
            self.missed += 1
            fresh = np.ones(len(boxes), bool)
            if len(self.states) and len(boxes):
                shared = overlaps(boxes, boxes_of(self.states))
                rows, columns = linear_sum_assignment(shared, maximize=True)
                kept = shared[rows, columns] >= self.least
                rows, columns = rows[kept], columns[kept]
                fresh[rows] = False
                covariance = self.covariances[columns]
                gain = covariance[:, :, :4] @ np.linalg.inv(covariance[:, :4, :4] + noise)
                surprise = measure(boxes[rows]) - self.states[columns, :4]
                self.states[columns] += (gain @ surprise[:, :, None])[:, :, 0]
                self.covariances[columns] = covariance - gain @ covariance[:, :4, :]
                self.missed[columns] = 0
                self.streak[columns] += 1
            count = int(fresh.sum())
            self.states = np.vstack([self.states, np.hstack([measure(boxes[fresh]), np.zeros((count, 3))])])
            first = np.diag([10.0, 10, 10, 10, 1e4, 1e4, 1e4])
            self.covariances = np.concatenate([self.covariances, np.repeat(first[None], count, axis=0)])
            self.missed = np.append(self.missed, np.zeros(count, int))
            self.streak = np.append(self.streak, np.zeros(count, int))
            self.ids = np.append(self.ids, np.arange(self.next_id, self.next_id + count))
            self.next_id += count
            shown = (self.missed == 0) & (self.streak >= self.min_hits)
            result = boxes_of(self.states[shown]), self.ids[shown]
            living = self.missed <= self.max_age
            for name in ("states", "covariances", "missed", "streak", "ids"):
                setattr(self, name, getattr(self, name)[living])
            return result

    return Sort


frames = None
shown = 0
for line in sys.stdin:
    request = json.loads(line)
    try:
        if request["id"] == "pictures":
            import numpy

            frames = [numpy.array(boxes, float).reshape(-1, 4) for boxes in request["pictures"]]
            answer = {"ms": 0}
        else:
            tracker = make_sort()(30, 3, 0.3)
            start = time.perf_counter()
            shown = sum(len(tracker.update(boxes)[1]) for boxes in frames)
            answer = {"ms": (time.perf_counter() - start) * 1000, "shown": shown, "ids": tracker.next_id - 1}
    except Exception as error:  # noqa: BLE001
        answer = {"fault": f"{type(error).__name__}: {error}"[:200]}
    print(json.dumps(answer), flush=True)
