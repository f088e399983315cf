"""Fits the networks on training stays; chooses the epoch and the Platt scaling on validation stays."""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from workshop.vitals.features import nothing_known
from workshop.vitals.figures import auroc
from workshop.vitals.network import REACH, Advisory
from workshop.vitals.signals import MEASURES, SIGNALS
from workshop.vitals.windows import LABELS, Windows


def masked_loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Mean cross entropy of each label over the windows that have it, summed over the labels."""
    known = torch.isfinite(labels)
    loss = binary_cross_entropy_with_logits(logits, torch.nan_to_num(labels), reduction="none") * known
    return (loss.sum(0) / known.sum(0).clamp(min=1)).sum()


def hide_signals(features: torch.Tensor, rng: torch.Generator, share: float) -> torch.Tensor:
    """Whole signals become unknown at random, so that a ward with fewer signals is no surprise."""
    hidden = torch.rand((len(features), len(SIGNALS)), generator=rng) < share
    neutral = torch.tensor(nothing_known(), dtype=torch.float32)
    return torch.where(hidden.repeat_interleave(len(MEASURES), 1), neutral, features)


def platt(logit: np.ndarray, label: np.ndarray) -> tuple[float, float]:
    """Slope and offset of the logistic regression of the label on the logit (Newton, 50 steps at most)."""
    x = np.column_stack([logit, np.ones(len(logit))])
    w = np.array([1.0, 0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + 1e-6 * np.eye(2)
        step = np.linalg.solve(hessian, x.T @ (label - p))
        w += step
        if np.abs(step).max() < 1e-9:
            break
    return float(w[0]), float(w[1])


def fit(train: Windows, valid: Windows, seed: int, epochs: int, rate: float, decay: float, hide: float, members: int) -> Advisory:
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = torch.Generator().manual_seed(seed)
    spread = train.features.std(0)
    net = Advisory(train.features.mean(0), np.where(spread > 1e-6, spread, 1), len(LABELS), members)
    x, y = torch.tensor(train.features, dtype=torch.float32), torch.tensor(train.labels, dtype=torch.float32)
    for at, member in enumerate(net.members):
        optimiser = torch.optim.AdamW(member.parameters(), lr=rate, weight_decay=decay)
        best, kept = -1.0, copy.deepcopy(member.state_dict())
        for epoch in range(epochs):
            member.train()
            for rows in torch.randperm(len(x), generator=rng).split(512):
                batch = ((hide_signals(x[rows], rng, hide) - net.mean) / net.spread).clamp(-REACH, REACH)
                optimiser.zero_grad()
                masked_loss(member(batch), y[rows]).backward()
                optimiser.step()
            member.eval()
            with torch.no_grad():
                scores = net.logits(torch.tensor(valid.features, dtype=torch.float32))[at].numpy()
            reached = sum(auroc(scores[ok, k], valid.labels[ok, k]) for k in range(len(LABELS)) for ok in [np.isfinite(valid.labels[:, k])])
            if reached > best:
                best, kept = reached, copy.deepcopy(member.state_dict())
        member.load_state_dict(kept)
    raw = net.raw(valid.features)
    for k in range(len(LABELS)):
        ok = np.isfinite(valid.labels[:, k])
        net.slope[k], net.offset[k] = platt(raw[ok, k], valid.labels[ok, k])
    return net.eval()
