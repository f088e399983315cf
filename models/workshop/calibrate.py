"""Activation ranges from calibration pictures: one pass, three methods, at several counts.

A histogram of 2,048 bins a side and tensor grows by merging pairs of bins, so that nothing but counts is kept: the runtime's own
histogram calibrator holds every activation of every picture, 20 MB a picture here.

minmax      the lowest and the highest value seen
percentile  leaves out 0.001 % of the values on each side
entropy     the threshold whose 128-bin quantisation loses the least information by Kullback-Leibler divergence
            (S. Migacz, 8-bit inference with TensorRT, GTC 2017), on |x|
"""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import numpy as np
import onnx
import onnxruntime as ort
import torch

from workshop.ranges import Ranges, observed, prepared

BINS, LEVELS, OUTSIDE = 2048, 128, 1e-5
METHODS = ("minmax", "percentile", "entropy")


class Side:
    """Counts of the values of one sign by their size; `top` is the upper edge of the last bin."""

    def __init__(self) -> None:
        self.counts, self.top, self.highest = np.zeros(BINS), 0.0, 0.0

    def add(self, values: torch.Tensor) -> None:
        """values: sizes; those below zero belong to the other side and are left out."""
        highest = float(values.max())
        if highest <= 0:
            return
        if self.top == 0:
            self.top = highest * 1.25
        while highest > self.top:
            self.counts = np.concatenate([self.counts.reshape(-1, 2).sum(1), np.zeros(BINS // 2)])
            self.top *= 2
        self.highest = max(self.highest, highest)
        self.counts += torch.histc(values, BINS, 0, self.top).numpy()

    def percentile(self, outside: float, total: float) -> float:
        """The size above which at most the share `outside` of all values lies."""
        above = np.cumsum(self.counts[::-1])[::-1]
        k = int(np.argmax(above <= outside * total)) if (above <= outside * total).any() else BINS
        return min(self.highest, self.top * k / BINS)

    def entropy(self) -> float:
        return min(self.highest, self.top * entropy_bins(self.counts) / BINS)


def entropy_bins(counts: np.ndarray) -> int:
    """How many bins to keep so that the kept and clipped distribution is closest to its quantisation in LEVELS steps.

    The first bin counts as its neighbour does: behind a ReLU it holds the exact zeros, half of all values or more. They cost nothing
    to represent, yet next to them everything else would look like a few outliers to be clipped away.
    """
    counts = np.concatenate([counts[1:2], counts[1:]])
    filled = int(np.max(np.nonzero(counts)[0], initial=0)) + 1
    best, kept = np.inf, filled
    total = counts.sum()
    for end in range(LEVELS, filled + 1, 8):
        p = counts[:end].copy()
        p[-1] += total - p.sum()
        step = np.minimum(np.arange(end) * LEVELS // end, LEVELS - 1)
        some = counts[:end] > 0
        per_step = np.bincount(step, counts[:end], LEVELS) / np.maximum(np.bincount(step, some, LEVELS), 1)
        q = np.where(some, per_step[step], 0)
        where = p > 0
        p, q = p[where] / p.sum(), np.maximum(q[where], 1e-9) / max(q.sum(), 1e-9)
        loss = float(np.sum(p * np.log(p / q)))
        if loss < best:
            best, kept = loss, end
    return kept


class Histogram:
    def __init__(self) -> None:
        self.above, self.below, self.seen = Side(), Side(), 0

    def add(self, values: torch.Tensor) -> None:
        self.above.add(values)
        if float(values.min()) < 0:
            self.below.add(-values)
        self.seen += values.numel()

    def range(self, method: str) -> tuple[float, float]:
        if method == "minmax":
            return -self.below.highest, self.above.highest
        if method == "percentile":
            return -self.below.percentile(OUTSIDE, self.seen), self.above.percentile(OUTSIDE, self.seen)
        if self.below.highest == 0:
            return 0.0, self.above.entropy()
        both = Side()  # a tensor with both signs is clipped at the same size on both sides
        both.top = both.highest = max(self.above.top, self.below.top)
        edges = (np.arange(BINS) + 0.5) / BINS
        for side in (self.above, self.below):
            if side.top > 0:
                both.counts += np.bincount((edges * side.top / both.top * BINS).astype(int), side.counts, BINS)
        size = both.entropy()
        return -min(size, self.below.highest), min(size, self.above.highest)


def activations(model: onnx.ModelProto, names: list[str], images: list[np.ndarray]) -> Iterator[list[np.ndarray]]:
    """The named tensors of the graph, picture by picture."""
    grown = onnx.ModelProto()
    grown.CopyFrom(model)
    del grown.graph.output[:]
    grown.graph.output.extend(onnx.helper.make_empty_tensor_value_info(n) for n in names)
    options = ort.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.log_severity_level = 3
    session = ort.InferenceSession(grown.SerializeToString(), options, providers=["CPUExecutionProvider"])
    for image in images:
        yield session.run(names, {"images": image[None]})


def calibrate(
    source: Path, images: list[np.ndarray], methods: tuple[str, ...] = METHODS, counts: tuple[int, ...] = ()
) -> dict[tuple[str, int], Ranges]:
    """Ranges per method after each of `counts` pictures (all of them when none is given)."""
    model = prepared(source)
    names = observed(model)
    histograms = {n: Histogram() for n in names}
    out: dict[tuple[str, int], Ranges] = {}
    stops = set(counts) or {len(images)}
    for i, found in enumerate(activations(model, names, images), 1):
        for name, values in zip(names, found):
            histograms[name].add(torch.from_numpy(values.reshape(-1)))
        if i in stops:
            for method in methods:
                out[method, i] = {n: h.range(method) for n, h in histograms.items()}
        if i % 256 == 0:
            print(f"calibration: {i} of {len(images)} pictures", flush=True)
    return out
