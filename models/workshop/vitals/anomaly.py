"""How unlike the training windows a window is: Mahalanobis distance with a shrunk covariance. Measured beside the network."""

from __future__ import annotations

import numpy as np

SHRINK = 0.05


def anomaly_scores(train: np.ndarray, windows: np.ndarray) -> np.ndarray:
    """Squared distance of each window, [N]."""
    mean, spread = train.mean(0), train.std(0)
    spread = np.where(spread > 1e-6, spread, 1)
    standard = np.clip((train - mean) / spread, -6, 6)
    covariance = np.cov(standard, rowvar=False)
    inverse = np.linalg.inv((1 - SHRINK) * covariance + SHRINK * np.eye(len(mean)))
    apart = np.clip((windows - mean) / spread, -6, 6) - standard.mean(0)
    return np.einsum("ij,jk,ik->i", apart, inverse, apart)
