"""Losses of the pose network over a batch; every part is a mean over people or points, so batches of few and many people weigh alike."""

from __future__ import annotations

import torch
from torch import nn

from workshop.pose.network import distances

WEIGHTS = {"centre": 1.0, "box": 2.5, "offset": 6.0, "heat": 0.5}


def focal(logits: torch.Tensor, target: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Penalty-reduced focal loss of CornerNet (Law and Deng, arXiv 1808.01244), alpha 2, beta 4, per positive cell."""
    p = torch.sigmoid(logits)
    positive = (target == 1).float() * weight
    hit = (1 - p) ** 2 * nn.functional.softplus(-logits) * positive
    miss = p**2 * (1 - target) ** 4 * nn.functional.softplus(logits) * (weight - positive)
    return (hit + miss).sum() / positive.sum().clamp(min=1)


def giou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Generalised overlap (Rezatofighi et al., arXiv 1902.09630) of boxes given as distances from one point, [N, 4, ...] -> [N, ...]."""
    inner = torch.minimum(a, b).clamp(min=0)
    outer = torch.maximum(a, b)

    def area(d: torch.Tensor) -> torch.Tensor:
        return (d[:, 0] + d[:, 2]) * (d[:, 1] + d[:, 3])

    both, hull = area(inner), area(outer)
    union = area(a) + area(b) - both
    return both / union.clamp(min=1e-6) - (hull - union) / hull.clamp(min=1e-6)


def pose_loss(raw: list[torch.Tensor], target: tuple[torch.Tensor, ...]) -> dict[str, torch.Tensor]:
    """Parts by name, unweighted. raw as `PoseNet.forward`, target as `Targets.arrays` with a batch in front."""
    centre, log_box, offset, heat = raw
    t_centre, w_centre, t_box, t_offset, size, share, offset_share, t_heat, w_heat = target
    people = share.sum().clamp(min=1)
    box = (share[:, 0] * (1 - giou(distances(log_box), t_box))).sum() / people
    apart = torch.abs(offset - t_offset / size.clamp(min=1))
    return {
        "centre": focal(centre, t_centre, w_centre),
        "box": box,
        "offset": (apart * offset_share).sum() / offset_share.sum().clamp(min=1),
        "heat": focal(heat, t_heat, w_heat),
    }


def total(parts: dict[str, torch.Tensor]) -> torch.Tensor:
    return sum(WEIGHTS[k] * v for k, v in parts.items())
