"""The pose network: one small fully convolutional network that finds people and their body points.

Input : `image` uint8 [N, 3, H, W], RGB 0..255; H and W are multiples of 16. Brightness is scaled within the graph.
Output, cells of 4 pixels, h = H/4 and w = W/4, centre of cell (x, y) at ((x + 0.5) * 4, (y + 0.5) * 4):
  centre [N, 1, h, w]  0..1, how surely the middle of a person's box lies here
  box    [N, 4, h, w]  left, top, right, bottom from the cell centre, pixels: the whole person, hidden parts too
  offset [N, 18, h, w] body point less cell centre, pixels, x0, y0, x1, y1, ...
  heat   [N, 9, h, w]  0..1, how surely this body point is seen here
The trunk holds only Conv, ReLU, Add and nearest upsampling, so every layer has an integer kernel. Context at stride 16 comes
from depthwise 5x5 convolutions with dilation, between two pointwise ones (the inverted residual turned inside out of ConvNeXt,
Liu et al., arXiv 2201.03545, without its normalisation and GELU). Offsets are learned as shares of the box, so that one scale
serves near and far people, in training and in INT8.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import nn

from workshop.network import ConvRelu
from workshop.pose.points import COUNT

STRIDE = 4
OUTPUTS = ("centre", "box", "offset", "heat")
WIDTHS = (1, 4, 2 * COUNT, COUNT)
LARGEST_LOG = 5.0
"""exp(5) * 4 = 594 pixels: wider than the picture."""


@dataclass(frozen=True)
class Shape:
    """Channels of each group of layers."""

    stem: int = 32
    s8: int = 64
    s16: int = 96
    merge8: int = 64
    merge4: int = 64
    context: tuple[int, ...] = (1, 2, 1, 2, 1)


class Context(nn.Module):
    """Depthwise 5x5 with dilation, then twice as many channels and back. The sum is the caller's."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.look = nn.Conv2d(channels, channels, 5, 1, 2 * dilation, dilation, groups=channels, bias=False)
        self.look_norm: nn.Module = nn.BatchNorm2d(channels, eps=1e-3, momentum=0.03)
        self.widen = ConvRelu(channels, 2 * channels, 1)
        self.narrow = nn.Conv2d(2 * channels, channels, 1, bias=False)
        self.narrow_norm: nn.Module = nn.BatchNorm2d(channels, eps=1e-3, momentum=0.03)
        nn.init.zeros_(self.narrow_norm.weight)  # every block starts as nothing added

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.narrow_norm(self.narrow(self.widen(self.look_norm(self.look(x)))))

    def fuse(self) -> None:
        for name in ("look", "narrow"):
            setattr(self, name, nn.utils.fuse_conv_bn_eval(getattr(self, name), getattr(self, f"{name}_norm")))
            setattr(self, f"{name}_norm", nn.Identity())


class PoseNet(nn.Module):
    def __init__(self, shape: Shape = Shape()) -> None:
        super().__init__()
        s = self.shape = shape
        self.stem = ConvRelu(3, s.stem, 4, 4)
        self.fine = ConvRelu(s.stem, s.stem, 3)
        self.down8 = ConvRelu(s.stem, s.s8, 3, 2)
        self.mid8 = ConvRelu(s.s8, s.s8, 3)
        self.down16 = ConvRelu(s.s8, s.s16, 3, 2)
        self.context = nn.ModuleList(Context(s.s16, d) for d in s.context)
        self.lateral8 = ConvRelu(s.s16, s.s8, 1)
        self.merge8 = ConvRelu(s.s8, s.merge8, 3)
        self.lateral4 = ConvRelu(s.merge8, s.stem, 1)
        self.merge4 = ConvRelu(s.stem, s.merge4, 3)
        self.heads = nn.ModuleList(nn.Conv2d(s.merge4, width, 1) for width in WIDTHS)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.input_scale = 1.0 / 255.0
        with torch.no_grad():
            for head in self.heads:
                nn.init.normal_(head.weight, std=0.01)
                nn.init.zeros_(head.bias)
            self.heads[0].bias.fill_(-4.6)  # prior of 1 %, so that the background does not dominate the first steps
            self.heads[3].bias.fill_(-4.6)
            self.heads[1].bias.fill_(2.0)  # exp(2) * 4 = 30 px, half of a common box side

    def features(self, image: torch.Tensor) -> torch.Tensor:
        """The input of the heads, [N, merge4, H/4, W/4]."""
        x = image.float()
        if self.input_scale != 1.0:
            x = x * self.input_scale
        s4 = self.fine(self.stem(x))
        s8 = self.down8(s4)
        s8 = s8 + self.mid8(s8)
        s16 = self.down16(s8)
        for block in self.context:
            s16 = s16 + block(s16)
        s8 = self.merge8(s8 + self.up(self.lateral8(s16)))
        return self.merge4(s4 + self.up(self.lateral4(s8)))

    def forward(self, image: torch.Tensor) -> list[torch.Tensor]:
        """Centre logits, log-distances, offsets as shares of the box, heat logits (see `decode_outputs`)."""
        x = self.features(image)
        return [head(x) for head in self.heads]

    def fuse(self) -> "PoseNet":
        """Folds batch normalisation and the input scale into the weights (inference only)."""
        for m in self.modules():
            if isinstance(m, (ConvRelu, Context)):
                m.fuse()
        with torch.no_grad():
            self.stem.conv.weight *= self.input_scale
        self.input_scale = 1.0
        return self


def distances(raw: torch.Tensor) -> torch.Tensor:
    """Log-distances to pixels, never negative."""
    return torch.exp(raw.clamp(max=LARGEST_LOG)) * STRIDE


def decode_outputs(raw: list[torch.Tensor]) -> tuple[torch.Tensor, ...]:
    """The four outputs as deployed."""
    centre, box, offset, heat = raw
    box = distances(box)
    return torch.sigmoid(centre), box, offset * (box.sum(1, keepdim=True) * 0.5), torch.sigmoid(heat)


class ExportNet(nn.Module):
    """The network as deployed: uint8 in, `centre`, `box`, `offset`, `heat` out. `net` is fused."""

    def __init__(self, net: PoseNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return decode_outputs(self.net(image))


def shape_of(recipe_network: dict) -> Shape:
    """The shape that a recipe's `network` describes."""
    known = {k: v for k, v in recipe_network.items() if k in Shape.__dataclass_fields__}
    return Shape(**{**known, **({"context": tuple(known["context"])} if "context" in known else {})})


def parameters(net: PoseNet) -> int:
    """Weights and biases as deployed: batch normalisation is folded into them."""
    convolutions = [m for m in net.modules() if isinstance(m, nn.Conv2d)]
    return sum(m.weight.numel() + m.out_channels for m in convolutions)


def macs(net: PoseNet, height: int, width: int) -> int:
    """Multiply-accumulates of one picture: over all convolutions, output cells x outputs x inputs of its group x kernel area."""
    total = 0

    def count(m: nn.Conv2d, _: object, out: torch.Tensor) -> None:
        nonlocal total
        total += out[0].numel() * m.weight[0].numel()

    hooks = [m.register_forward_hook(count) for m in net.modules() if isinstance(m, nn.Conv2d)]
    training = net.training
    with torch.inference_mode():
        net.eval()(torch.zeros(1, 3, height, width, dtype=torch.uint8))
    net.train(training)
    for hook in hooks:
        hook.remove()
    return total


def save_checkpoint(path: Path, shape: Shape, average: dict, **more: object) -> None:
    """Written beside and renamed, so that a killed run leaves the last whole one."""
    partial = path.with_suffix(".partial")
    torch.save({"shape": asdict(shape), "average": average, **more}, partial)
    partial.rename(path)


def load_checkpoint(path: Path) -> tuple[PoseNet, dict]:
    """The network with its averaged weights, and all that was saved with it."""
    saved = torch.load(path, weights_only=True)
    net = PoseNet(shape_of(saved["shape"]))
    net.load_state_dict(saved["average"])
    return net, saved
