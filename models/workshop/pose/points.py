"""The body points of the rendered people, in the order of labels, model and bundle (libs/rigs/src/lib/store/scene/figure.ts)."""

from __future__ import annotations

import numpy as np

NAMES = (
    "head", "left_shoulder", "right_shoulder", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
)
COUNT = len(NAMES)
FLIPPED = np.array([0, 2, 1, 4, 3, 6, 5, 8, 7])
"""Which point each becomes in a mirrored picture: left and right are the person's own."""

SPREAD = np.array([0.052, 0.079, 0.079, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089])
"""How exactly people place each point, as a share of the size of a person (COCO's sigmas; the head has that of the ears and nose together)."""
