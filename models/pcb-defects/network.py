"""The pcb-defects detector: a small fully convolutional network over a board and its golden template.

Input : uint8 [N, 2, H, W], grey 0..255, channel 0 the board under test, channel 1 its golden template.
Output: scores [N, 6, H/8, W/8] (probabilities after `decode_outputs`) and boxes [N, 4, H/8, W/8]
        (distances left, top, right, bottom in pixels from the cell centre ((x + 0.5) * 8, (y + 0.5) * 8)).
H and W are multiples of 16. The trunk holds only Conv, ReLU, Add and nearest upsampling, so every layer has
an integer kernel. The stem is one 4x4 convolution with stride 4: a 3x3 stride 2 stem over two channels took
3.4 ms in INT8 (its im2col copies two bytes at a time), this one takes about 1.2 ms.
"""

from __future__ import annotations

import torch
from torch import nn

CLASSES = ("open", "short", "mousebite", "spur", "copper", "pin-hole")
STRIDE = 8


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


class PcbDefectNet(nn.Module):
    """widths = channels at stride 4, 8 and 16; dilations = one residual convolution each at stride 16."""

    def __init__(
        self, widths: tuple[int, int, int] = (32, 48, 64), dilations: tuple[int, ...] = (1, 2, 1)
    ) -> None:
        super().__init__()
        w4, w8, w16 = widths
        self.stem = ConvRelu(2, w4, 4, 4)
        self.fine = ConvRelu(w4, w4, 3)
        self.down8 = ConvRelu(w4, w8, 3, 2)
        self.down16 = ConvRelu(w8, w16, 3, 2)
        self.context = nn.ModuleList(ConvRelu(w16, w16, 3, 1, d) for d in dilations)
        self.lateral = ConvRelu(w16, w8, 1)
        self.merge = ConvRelu(w8, w8, 3)
        self.head = nn.Conv2d(w8, len(CLASSES) + 4, 1)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.input_scale = 1.0 / 255.0
        nn.init.normal_(self.head.weight, std=0.01)
        with torch.no_grad():
            half = w4 // 2  # half of the stem starts as a difference of board and template
            self.stem.conv.weight[:half, 1] = -self.stem.conv.weight[:half, 0]
            self.head.bias[:6] = -4.6  # prior of 1 %, so that the background does not dominate the first steps
            self.head.bias[6:] = 0.7  # exp(0.7) * 8 = 16 px, half of the median box side

    def features(self, images: torch.Tensor) -> torch.Tensor:
        """The input of the head, [N, widths[1], H/8, W/8]."""
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
        return raw[:, :6], raw[:, 6:]

    def fuse(self) -> "PcbDefectNet":
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

    def __init__(self, net: PcbDefectNet) -> None:
        super().__init__()
        split = [len(CLASSES), 4]
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
