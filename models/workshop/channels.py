"""Which channels belong together, and building a network from chosen channels of another.

A group is the set of layers whose output channels must stay the same: both branches of an addition, for instance. Taking
some channels of a group removes them physically (prune); taking channels more than once widens the network (grow).
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import nn

from workshop.network import ConvRelu, DefectNet

Take = dict[str, torch.Tensor]
"""Per group: for each new channel the old channel that it is made of, int64."""

GROUPS = ("stem", "fine", "s8", "s16", "merge")


def producers(net: DefectNet, group: str) -> list[ConvRelu]:
    """The layers that write the channels of the group."""
    return {
        "stem": [net.stem], "fine": [net.fine], "s8": [net.down8, net.lateral], "s16": [net.down16, *net.context], "merge": [net.merge],
    }[group]


def readers(net: DefectNet, group: str) -> list[nn.Conv2d]:
    """The convolutions that read the channels of the group."""
    return {
        "stem": [net.fine.conv], "fine": [net.down8.conv], "s8": [net.down16.conv, net.merge.conv],
        "s16": [*(b.conv for b in net.context), net.lateral.conv], "merge": [net.head],
    }[group]


def all_channels(net: DefectNet) -> Take:
    return {g: torch.arange(getattr(net.shape, g)) for g in GROUPS}


@torch.no_grad()
def take_channels(net: DefectNet, take: Take, shares: dict[str, torch.Tensor] | None = None) -> DefectNet:
    """A new network of the taken channels.

    shares, per group and new channel: the factor on the weights that read this channel (1 when not given). Where a channel is
    taken r times, r shares that sum to 1 leave the function as it was (Net2Net, Chen et al., arXiv 1511.05641).
    """
    new = DefectNet(replace(net.shape, **{g: len(take[g]) for g in GROUPS}))
    for (_, target), (_, source) in zip(new.named_modules(), net.named_modules()):
        if isinstance(source, nn.Conv2d):
            target.weight = nn.Parameter(source.weight.clone())
            if source.bias is not None:
                target.bias = nn.Parameter(source.bias.clone())
    for group in GROUPS:
        index = take[group]
        for target, source in zip(producers(new, group), producers(net, group)):
            target.conv.weight = nn.Parameter(target.conv.weight[index].clone())
            for name in ("weight", "bias", "running_mean", "running_var"):
                getattr(target.norm, name).copy_(getattr(source.norm, name)[index])
            target.norm.num_batches_tracked.copy_(source.norm.num_batches_tracked)
        for target in readers(new, group):
            weight = target.weight[:, index]
            if shares is not None:
                weight = weight * shares[group][None, :, None, None]
            target.weight = nn.Parameter(weight.clone())
    for module in new.modules():
        if isinstance(module, nn.Conv2d):
            module.out_channels, module.in_channels = module.weight.shape[:2]
    return new.train(net.training)
