"""Small networks whose logits are averaged, with standardising and Platt scaling inside the graph."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

MEMBERS, HIDDEN, INNER = 5, 32, 16
# Standardised values beyond this say no more.
REACH = 6.0


class Advisory(nn.Module):
    """features float32 [rows, 56] -> probability float32 [rows, labels]."""

    def __init__(self, mean: np.ndarray, spread: np.ndarray, labels: int, members: int = MEMBERS) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
        self.register_buffer("spread", torch.tensor(spread, dtype=torch.float32))
        self.register_buffer("slope", torch.ones(labels))
        self.register_buffer("offset", torch.zeros(labels))
        self.members = nn.ModuleList(
            nn.Sequential(nn.Linear(len(mean), HIDDEN), nn.Tanh(), nn.Dropout(0.3), nn.Linear(HIDDEN, INNER), nn.Tanh(), nn.Dropout(0.2), nn.Linear(INNER, labels))
            for _ in range(members)
        )

    def logits(self, features: torch.Tensor) -> list[torch.Tensor]:
        scaled = ((features - self.mean) / self.spread).clamp(-REACH, REACH)
        return [member(scaled) for member in self.members]

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        together = sum(self.logits(features)) / len(self.members)
        return torch.sigmoid(together * self.slope + self.offset)

    def raw(self, features: np.ndarray) -> np.ndarray:
        """Averaged logits before Platt scaling, float64."""
        self.eval()
        with torch.no_grad():
            return (sum(self.logits(torch.tensor(features, dtype=torch.float32))) / len(self.members)).double().numpy()

    def probability(self, features: np.ndarray) -> np.ndarray:
        self.eval()
        with torch.no_grad():
            return self(torch.tensor(features, dtype=torch.float32)).double().numpy()
