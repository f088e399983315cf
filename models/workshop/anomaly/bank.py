"""The memory of good patches: whitening, and a greedy coreset that covers the patches with few (PatchCore, Roth et al., CVPR
2022, arXiv 2106.08265, algorithm 1; own code)."""

from __future__ import annotations

import numpy as np


def whitening(patches: np.ndarray, components: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean [D] and projection [D, K] of the strongest K principal components to unit variance (PCA whitening). Directions
    that hardly vary on good tiles are kept out, because their noise would be blown up."""
    mean = patches.mean(0)
    values, vectors = np.linalg.eigh(np.cov(patches - mean, rowvar=False))
    order = np.argsort(values)[::-1][: min(components, patches.shape[1])]
    scale = np.sqrt(np.maximum(values[order], 1e-6 * values[order[0]]))
    return mean.astype(np.float32), (vectors[:, order] / scale).astype(np.float32)


def coreset(z: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Indices of `count` rows of z [N, K]: each next one is the farthest from all chosen (greedy k-centre)."""
    chosen = [int(np.random.default_rng(seed).integers(len(z)))]
    squares = (z**2).sum(1)

    def to(row: int) -> np.ndarray:
        return squares + squares[row] - 2 * (z @ z[row])

    nearest = to(chosen[0])
    for _ in range(min(count, len(z)) - 1):
        chosen.append(int(nearest.argmax()))
        np.minimum(nearest, to(chosen[-1]), out=nearest)
    return np.array(chosen)


def distances(z: np.ndarray, bank: np.ndarray) -> np.ndarray:
    """Distance [N] of every row to its nearest one in the bank."""
    best = ((bank**2).sum(1) - 2 * z @ bank.T).min(1)
    return np.sqrt(np.maximum((z**2).sum(1) + best, 0))
