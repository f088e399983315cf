"""How much each channel matters, and which to keep.

bn      size of the channel's weights after normalisation: |gamma| / sigma * sum |w| (network slimming, Liu et al.,
        arXiv 1708.06519), each layer relative to its mean
taylor  expected squared change of the loss when the channel is zeroed, to first order: (activation * gradient summed over
        the picture)^2 (Molchanov et al., arXiv 1906.10771); comparable between layers

The channels of a group are removed together, so the importances of its layers add up. Channels go in lots of LOT, because integer
kernels work on whole lots; the next lot comes from the group that loses least for the share of weights and multiplications it frees.
"""

from __future__ import annotations

from dataclasses import replace

import torch

from workshop.channels import GROUPS, Take, producers
from workshop.loss import detection_loss
from workshop.network import DefectNet, Shape, macs

LOT = 8
CRITERIA = ("taylor", "bn")
Importance = dict[str, torch.Tensor]


@torch.no_grad()
def by_norm(net: DefectNet) -> Importance:
    out = {}
    for group in GROUPS:
        total = torch.zeros(getattr(net.shape, group))
        for layer in producers(net, group):
            size = layer.conv.weight.abs().sum((1, 2, 3)) * layer.norm.weight.abs() / (layer.norm.running_var + layer.norm.eps).sqrt()
            total += size / size.mean()
        out[group] = total
    return out


def by_taylor(net: DefectNet, batches: list[tuple[torch.Tensor, ...]]) -> Importance:
    """batches: what the training stream yields (images, class, box, weight)."""
    net = net.eval()
    total = {g: torch.zeros(getattr(net.shape, g)) for g in GROUPS}
    kept: dict[str, list[torch.Tensor]] = {}
    hooks = []

    def keep(group: str):
        def hook(_module, _inputs, output):
            output.retain_grad()
            kept.setdefault(group, []).append(output)
        return hook

    for group in GROUPS:
        hooks += [layer.register_forward_hook(keep(group)) for layer in producers(net, group)]
    for images, cls, target, weight in batches:
        kept.clear()
        net.zero_grad(set_to_none=True)
        logits, raw = net(images)
        detection_loss(logits, raw, cls, target, weight)[0].backward()
        for group, outputs in kept.items():
            for output in outputs:
                total[group] += (output * output.grad).sum((2, 3)).square().sum(0).detach()
    for hook in hooks:
        hook.remove()
    net.zero_grad(set_to_none=True)
    return total


def weights(shape: Shape) -> int:
    """Convolution weights of a shape."""
    s = shape
    return (
        s.stem * s.channels * 16 + s.fine * s.stem * 9 + s.s8 * s.fine * 9 + s.s16 * s.s8 * 9 + len(s.dilations) * s.s16 * s.s16 * 9
        + s.s8 * s.s16 + s.merge * s.s8 * 9 + (s.classes + 4) * s.merge
    )


def choose(shape: Shape, importance: Importance, keep: float, height: int, width: int) -> Take:
    """The channels to keep so that at most the share `keep` of the weights and of the multiplications is left."""
    order = {g: torch.argsort(importance[g]) for g in GROUPS}
    total = sum(float(v.sum()) for v in importance.values())
    left = {g: getattr(shape, g) for g in GROUPS}
    whole = weights(shape), macs(shape, height, width)

    def cost(sizes: dict[str, int]) -> tuple[float, float]:
        s = replace(shape, **sizes)
        return weights(s) / whole[0], macs(s, height, width) / whole[1]

    while max(now := cost(left)) > keep:
        best, chosen = float("inf"), None
        for group in GROUPS:
            lot = left[group] % LOT or LOT
            if left[group] - lot < LOT:
                continue
            gone = getattr(shape, group) - left[group]
            lost = float(importance[group][order[group][gone : gone + lot]].sum()) / total
            then = cost({**left, group: left[group] - lot})
            freed = sum(max(0.0, b - max(a, keep)) for a, b in zip(then, now))  # what is above the aim counts
            if freed > 0 and lost / freed < best:
                best, chosen = lost / freed, (group, lot)
        if chosen is None:
            break
        left[chosen[0]] -= chosen[1]
    return {g: torch.sort(order[g][getattr(shape, g) - left[g] :]).values for g in GROUPS}
