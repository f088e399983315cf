"""The detector with the roundings of its INT8 file, for training: forward as the integers compute, gradients straight through.

Weights: S8 per output channel, scale = largest size / 127. Activations: U8 with fixed ranges from calibration; values outside of the
range are clipped and pass no gradient. The picture stays as it is (scale 1). Biases are not rounded: their step, input
scale times weight scale, is 1/65,000 of the range or finer.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from workshop.network import ConvRelu, DefectNet
from workshop.ranges import Ranges


def scale_and_zero(low: float, high: float) -> tuple[float, int]:
    """U8 scale and zero point as the quantiser computes them; zero is always exactly representable."""
    low, high = min(low, 0.0), max(high, 0.0)
    scale = (high - low) / 255 or 1.0
    return scale, int(round(-low / scale))


def fake_weight(weight: torch.Tensor) -> torch.Tensor:
    scale = weight.detach().abs().amax((1, 2, 3), keepdim=True).clamp(min=1e-12) / 127
    rounded = (weight.detach() / scale).round() * scale
    return weight + (rounded - weight.detach())


class FakeRange(nn.Module):
    """Rounds an activation to 8 bits of its range."""

    def __init__(self, low: float, high: float) -> None:
        super().__init__()
        self.scale, self.zero = scale_and_zero(low, high)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.fake_quantize_per_tensor_affine(x, self.scale, self.zero, 0, 255)


def apply_conv(conv: nn.Conv2d, x: torch.Tensor) -> torch.Tensor:
    return F.conv2d(x, fake_weight(conv.weight), conv.bias, conv.stride, conv.padding, conv.dilation)


class QuantNet(DefectNet):
    """ranges: by tensor name of the exported FP32 file (see `tensor_names`)."""

    def __init__(self, trained: DefectNet, ranges: Ranges) -> None:
        super().__init__(trained.shape)
        self.load_state_dict(trained.state_dict())
        self.eval()
        for m in self.modules():  # the input scale stays outside: steps of the optimiser suit weights of ordinary size
            if isinstance(m, ConvRelu):
                m.fuse()
        self.rounded = nn.ModuleDict({k: FakeRange(*ranges[n]) for k, n in tensor_names(len(self.context)).items()})

    def layer(self, name: str, block: ConvRelu, x: torch.Tensor) -> torch.Tensor:
        return self.rounded[name](torch.relu(apply_conv(block.conv, x)))

    def features(self, images: torch.Tensor) -> torch.Tensor:
        x = images.float() * self.input_scale
        s8 = self.layer("down8", self.down8, self.layer("fine", self.fine, self.layer("stem", self.stem, x)))
        s16 = self.layer("down16", self.down16, s8)
        for i, block in enumerate(self.context):
            s16 = self.rounded[f"sum{i}"](s16 + self.layer(f"context{i}", block, s16))
        return self.layer("merge", self.merge, self.rounded["both"](s8 + self.up(self.layer("lateral", self.lateral, s16))))

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        raw = apply_conv(self.head, self.features(images))
        return self.rounded["logits"](raw[:, : self.shape.classes]), self.rounded["distances"](raw[:, self.shape.classes :])

    def fuse(self) -> "QuantNet":
        return self

    def plain(self) -> DefectNet:
        """The folded network with these weights, ready for export."""
        net = DefectNet(self.shape).eval().fuse()
        net.load_state_dict({k: v for k, v in self.state_dict().items() if not k.startswith("rounded.")})
        with torch.no_grad():
            net.stem.conv.weight *= self.input_scale
        return net


def tensor_names(blocks: int) -> dict[str, str]:
    """Tensor of the exported file for each rounding."""
    names = {k: f"/{k}/Relu_output_0" for k in ("stem", "fine", "down8", "down16", "lateral", "merge")}
    for i in range(blocks):
        names[f"context{i}"] = f"/context.{i}/Relu_output_0"
    sums = [f"sum{i}" for i in range(blocks)] + ["both"]
    names |= {k: "/Add_output_0" if i == 0 else f"/Add_{i}_output_0" for i, k in enumerate(sums)}
    return names | {"logits": "/heads.0/Conv_output_0", "distances": "/heads.1/Conv_output_0"}
