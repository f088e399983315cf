"""Assignment of boxes to cells, classification and box loss."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from workshop.network import STRIDE


def assign(boxes: np.ndarray, ignore: np.ndarray, cells: int, classes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Dense targets for one crop.

    Returns class per cell int64 [cells, cells] (-1 background), box float32 [4, cells, cells] (x1, y1, x2, y2)
    and weight of the classification loss float32 [classes, cells, cells]. Positive are the cells within 12 px of the box
    centre (3x3 cells); the ring out to 20 px neither counts as the class nor against it.
    """
    cls = np.full((cells, cells), -1, np.int64)
    target = np.zeros((4, cells, cells), np.float32)
    weight = np.ones((classes, cells, cells), np.float32)
    centre = (np.arange(cells) + 0.5) * STRIDE
    for x1, y1, x2, y2 in ignore:
        weight[:, near(centre, y1, y2)[:, None] & near(centre, x1, x2)] = 0
    order = np.argsort(-(boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))
    for x1, y1, x2, y2, c in boxes[order]:  # small boxes last, so that they win shared cells
        cx, cy = (x1 + x2) / 2, (y1 + y2) / 2
        inside_x, inside_y = near(centre, x1 + 2, x2 - 2), near(centre, y1 + 2, y2 - 2)
        ring = (inside_y & (abs(centre - cy) <= 20))[:, None] & (inside_x & (abs(centre - cx) <= 20))
        core = (inside_y & (abs(centre - cy) <= 12))[:, None] & (inside_x & (abs(centre - cx) <= 12))
        weight[int(c), ring] = 0
        weight[:, core] = 1
        cls[core] = int(c)
        target[:, core] = np.float32([x1, y1, x2, y2])[:, None]
    return cls, target, weight


def near(centre: np.ndarray, low: float, high: float) -> np.ndarray:
    return (centre >= low) & (centre <= high)


def giou(a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """IoU and generalised IoU of matching rows of [n, 4] (x1, y1, x2, y2)."""
    inter = (torch.min(a[:, 2:], b[:, 2:]) - torch.max(a[:, :2], b[:, :2])).clamp(min=0).prod(1)
    hull = (torch.max(a[:, 2:], b[:, 2:]) - torch.min(a[:, :2], b[:, :2])).clamp(min=0).prod(1)
    union = (a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1) - inter
    iou = inter / union.clamp(min=1e-6)
    return iou, iou - (hull - union) / hull.clamp(min=1e-6)


def detection_loss(
    logits: torch.Tensor, raw: torch.Tensor, cls: torch.Tensor, target: torch.Tensor, weight: torch.Tensor
) -> tuple[torch.Tensor, float, float]:
    """Quality focal loss on the classes plus GIoU loss on positive cells. Total, class part, box part."""
    n, y, x = torch.nonzero(cls >= 0, as_tuple=True)
    soft = torch.zeros_like(logits)
    count = max(1, len(n))
    if len(n):
        d = torch.exp(raw[n, :, y, x].clamp(max=4.0)) * STRIDE
        cx, cy = (x + 0.5) * STRIDE, (y + 0.5) * STRIDE
        box = torch.stack([cx - d[:, 0], cy - d[:, 1], cx + d[:, 2], cy + d[:, 3]], 1)
        iou, g = giou(box, target[n, :, y, x])
        soft[n, cls[n, y, x], y, x] = 0.5 + 0.5 * iou.detach()
        box_loss = (1 - g).sum() / count
    else:
        box_loss = raw.sum() * 0
    p = torch.sigmoid(logits)
    focal = F.binary_cross_entropy_with_logits(logits, soft, reduction="none") * (soft - p).abs().pow(2)
    class_loss = (focal * weight).sum() / count
    return class_loss * 2 + box_loss, float(class_loss), float(box_loss)
