"""The workshop's detector: a small fully convolutional network over one picture, or over a part and its golden template.

Input : uint8 [N, C, H, W], grey 0..255. C = 2: channel 0 the part under test, channel 1 its template. C = 1: one picture.
Output: scores [N, K, H/8, W/8] (probabilities after `decode_outputs`) and boxes [N, 4, H/8, W/8]
        (distances left, top, right, bottom in pixels from the cell centre ((x + 0.5) * 8, (y + 0.5) * 8)).
H and W are multiples of 16. The trunk holds only Conv, ReLU, Add and nearest upsampling, so every layer has
an integer kernel. The stem is one 4x4 convolution with stride 4: a 3x3 stride 2 stem over two channels took
3.4 ms in INT8 (its im2col copies two bytes at a time), this one takes about 1.2 ms.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import nn

STRIDE = 8


@dataclass(frozen=True)
class Shape:
    """Channels of the picture, classes, and the width of each group of layers that may be pruned on its own."""

    channels: int = 2
    classes: int = 6
    stem: int = 32
    fine: int = 32
    s8: int = 48
    s16: int = 64
    merge: int = 48
    dilations: tuple[int, ...] = (1, 2, 1)


class ConvRelu(nn.Module):
    """Convolution, batch normalisation, ReLU. `fuse` folds the normalisation into the convolution."""

    def __init__(self, c_in: int, c_out: int, kernel: int = 3, stride: int = 1, dilation: int = 1) -> None:
        super().__init__()
        pad = 0 if kernel == stride else dilation * (kernel - 1) // 2
        self.conv = nn.Conv2d(c_in, c_out, kernel, stride, pad, dilation, bias=False)
        self.norm: nn.Module = nn.BatchNorm2d(c_out, eps=1e-3, momentum=0.03)
        nn.init.kaiming_normal_(self.conv.weight, nonlinearity="relu")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.norm(self.conv(x)))

    def fuse(self) -> None:
        self.conv = nn.utils.fuse_conv_bn_eval(self.conv, self.norm)
        self.norm = nn.Identity()


class DefectNet(nn.Module):
    def __init__(self, shape: Shape = Shape()) -> None:
        super().__init__()
        s = self.shape = shape
        self.stem = ConvRelu(s.channels, s.stem, 4, 4)
        self.fine = ConvRelu(s.stem, s.fine, 3)
        self.down8 = ConvRelu(s.fine, s.s8, 3, 2)
        self.down16 = ConvRelu(s.s8, s.s16, 3, 2)
        self.context = nn.ModuleList(ConvRelu(s.s16, s.s16, 3, 1, d) for d in s.dilations)
        self.lateral = ConvRelu(s.s16, s.s8, 1)
        self.merge = ConvRelu(s.s8, s.merge, 3)
        self.head = nn.Conv2d(s.merge, s.classes + 4, 1)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.input_scale = 1.0 / 255.0
        nn.init.normal_(self.head.weight, std=0.01)
        with torch.no_grad():
            if s.channels == 2:
                half = s.stem // 2  # half of the stem starts as a difference of part and template
                self.stem.conv.weight[:half, 1] = -self.stem.conv.weight[:half, 0]
            self.head.bias[: s.classes] = -4.6  # prior of 1 %, so that the background does not dominate the first steps
            self.head.bias[s.classes :] = 0.7  # exp(0.7) * 8 = 16 px, half of the median box side

    def features(self, images: torch.Tensor) -> torch.Tensor:
        """The input of the head, [N, merge, H/8, W/8]."""
        x = images.float()
        if self.input_scale != 1.0:
            x = x * self.input_scale
        s8 = self.down8(self.fine(self.stem(x)))
        s16 = self.down16(s8)
        for block in self.context:
            s16 = s16 + block(s16)
        return self.merge(s8 + self.up(self.lateral(s16)))

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Class logits and log-distances (see `decode_outputs`)."""
        raw = self.head(self.features(images))
        return raw[:, : self.shape.classes], raw[:, self.shape.classes :]

    def fuse(self) -> "DefectNet":
        """Folds batch normalisation and the input scale into the weights (inference only)."""
        for m in self.modules():
            if isinstance(m, ConvRelu):
                m.fuse()
        with torch.no_grad():
            self.stem.conv.weight *= self.input_scale
        self.input_scale = 1.0
        return self


def decode_outputs(logits: torch.Tensor, raw_boxes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Probabilities and distances in pixels, never negative."""
    return torch.sigmoid(logits), torch.exp(raw_boxes.clamp(max=4.0)) * STRIDE


class ExportNet(nn.Module):
    """The network as deployed: uint8 in, `scores` and `boxes` out.

    The head becomes two convolutions, so that logits and log-distances get quantisation scales of their own.
    """

    def __init__(self, net: DefectNet) -> None:
        super().__init__()
        split = [net.shape.classes, 4]
        weights, biases = net.head.weight.split(split), net.head.bias.split(split)
        self.heads = nn.ModuleList(nn.Conv2d(w.shape[1], w.shape[0], 1) for w in weights)
        with torch.no_grad():
            for conv, w, b in zip(self.heads, weights, biases):
                conv.weight.copy_(w)
                conv.bias.copy_(b)
        self.net = net

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        y = self.net.features(images)
        return decode_outputs(self.heads[0](y), self.heads[1](y))


def shape_of(recipe_network: dict, classes: int) -> Shape:
    """The shape that a recipe's `network` describes."""
    known = {k: v for k, v in recipe_network.items() if k in Shape.__dataclass_fields__}
    if "dilations" in known:
        known["dilations"] = tuple(known["dilations"])
    return Shape(**known, classes=classes)


def macs(shape: Shape, height: int, width: int) -> int:
    """Multiply-accumulates of one picture: sum over convolutions of output cells * out * in * kernel area."""
    c4, c8, c16 = (height // s * (width // s) for s in (4, 8, 16))
    s = shape
    return (
        c4 * s.stem * s.channels * 16 + c4 * s.fine * s.stem * 9 + c8 * s.s8 * s.fine * 9 + c16 * s.s16 * s.s8 * 9
        + len(s.dilations) * c16 * s.s16 * s.s16 * 9 + c16 * s.s8 * s.s16 + c8 * s.merge * s.s8 * 9 + c8 * (s.classes + 4) * s.merge
    )


def save_checkpoint(path: Path, shape: Shape, average: dict, **more: object) -> None:
    """Written beside and renamed, so that a killed run leaves the last whole one."""
    partial = path.with_suffix(".partial")
    torch.save({"shape": asdict(shape), "average": average, **more}, partial)
    partial.rename(path)


def load_checkpoint(path: Path) -> tuple[DefectNet, dict]:
    """The network with its averaged weights, and all that was saved with it."""
    saved = torch.load(path, weights_only=True)
    entry = saved.get("shape")
    net = DefectNet(Shape(**{**entry, "dilations": tuple(entry["dilations"])}) if entry else Shape())
    net.load_state_dict(saved["average"])
    return net, saved
