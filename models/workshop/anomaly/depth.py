"""How deep below the edge of the tile a cell of the map lies."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from workshop.anomaly.graph import LEVELS, WHOLE, Plan


def depths(picture: np.ndarray, plan: Plan) -> np.ndarray:
    """Cells below the edge of the tile, at most LEVELS - 1; -1 for a cell that is not wholly on it."""
    step = plan.size[0] // plan.grid[0]
    whole = (picture > 0).reshape(plan.grid[0], step, plan.grid[1], step).mean((1, 3)) >= WHOLE
    distance = ndimage.distance_transform_cdt(np.pad(whole, 1), metric="chessboard")[1:-1, 1:-1]
    return np.minimum(distance, LEVELS) - 1
