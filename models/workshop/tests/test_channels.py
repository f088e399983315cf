"""Widening keeps the function; removing channels that say nothing keeps it too; the counts are those of the layers."""

from __future__ import annotations

import unittest

import torch

from workshop.channels import GROUPS, all_channels, producers, take_channels
from workshop.grow import deepen, widen
from workshop.importance import by_norm, by_taylor, choose, weights
from workshop.network import DefectNet, Shape, macs

SMALL = Shape(stem=16, fine=16, s8=24, s16=32, merge=24)


def lively(shape: Shape = SMALL, seed: int = 0) -> DefectNet:
    """A network whose normalisations have statistics and factors of their own."""
    torch.manual_seed(seed)
    net = DefectNet(shape)
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.3, 0.3)
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.5, 1.5)
    return net.eval()


def picture(seed: int = 1, count: int = 1) -> torch.Tensor:
    return torch.randint(0, 256, (count, 2, 64, 64), dtype=torch.uint8, generator=torch.Generator().manual_seed(seed))


def largest_difference(a: DefectNet, b: DefectNet) -> float:
    with torch.inference_mode():
        return max(float((x - y).abs().max()) for x, y in zip(a(picture()), b(picture())))


class Grow(unittest.TestCase):
    def test_a_wider_network_computes_the_same(self) -> None:
        net = lively()
        wide = widen(net, {"stem": 40, "fine": 24, "s8": 48, "s16": 80, "merge": 56}, seed=3).eval()
        self.assertEqual((wide.shape.stem, wide.shape.s16), (40, 80))
        self.assertLess(largest_difference(net, wide), 1e-4)

    def test_copies_get_gradients_of_their_own(self) -> None:
        wide = widen(lively(), {g: 2 * getattr(SMALL, g) for g in GROUPS}, seed=3).train()
        sum(x.square().sum() for x in wide(picture())).backward()
        grad = wide.fine.conv.weight.grad
        pairs = [(i, j) for i in range(16) for j in range(16, 32) if torch.equal(wide.fine.conv.weight[i], wide.fine.conv.weight[j])]
        self.assertEqual(len(pairs), 16)
        for i, j in pairs:
            self.assertGreater(float((grad[i] - grad[j]).abs().max()), 0)

    def test_a_new_block_changes_almost_nothing_but_learns(self) -> None:
        net = lively()
        deep = deepen(net, 1).eval()
        self.assertEqual(deep.shape.dilations, (1, 2, 1, 2))
        self.assertLess(largest_difference(net, deep), 1e-2)
        deep.train()
        sum(x.square().sum() for x in deep(picture())).backward()
        self.assertGreater(float(deep.context[3].norm.weight.grad.abs().max()), 0)


class Prune(unittest.TestCase):
    def test_channels_that_say_nothing_can_go(self) -> None:
        net = lively()
        take = all_channels(net)
        for group in GROUPS:
            keep = take[group][::2]
            gone = torch.tensor([i for i in take[group].tolist() if i not in keep.tolist()])
            with torch.no_grad():
                for layer in producers(net, group):
                    layer.norm.weight[gone] = 0
                    layer.norm.bias[gone] = 0
            take[group] = keep
        small = take_channels(net, take).eval()
        self.assertEqual(small.shape.s16, 16)
        self.assertLess(largest_difference(net, small), 1e-4)

    def test_silent_channels_are_the_first_to_go(self) -> None:
        net = lively()
        with torch.no_grad():
            net.merge.norm.weight[:8] = 0
            net.merge.norm.bias[:8] = 0
        cls = torch.full((1, 8, 8), -1)
        cls[0, 3, 3] = 2
        batch = (picture(), cls, torch.full((1, 4, 8, 8), 30.0), torch.ones(1, 6, 8, 8))
        for importance in (by_norm(net), by_taylor(net, [batch])):
            self.assertEqual(float(importance["merge"][:8].max()), 0)
            self.assertGreater(float(importance["merge"][8:].sum()), 0)

    def test_the_chosen_widths_keep_the_share_and_whole_lots(self) -> None:
        net = lively(Shape())
        for keep in (0.5, 0.3):
            take = choose(net.shape, by_norm(net), keep, 640, 640)
            small = take_channels(net, take)
            self.assertTrue(all(len(take[g]) % 8 == 0 for g in GROUPS))
            self.assertLessEqual(weights(small.shape), keep * weights(net.shape))
            self.assertLessEqual(macs(small.shape, 640, 640), keep * macs(net.shape, 640, 640))


class Counts(unittest.TestCase):
    def test_macs_and_weights_are_those_of_the_layers(self) -> None:
        for shape in (SMALL, Shape(), Shape(channels=1, classes=3, dilations=(1, 2))):
            net = DefectNet(shape).eval()
            counted = {"macs": 0, "weights": 0}

            def hook(module: torch.nn.Conv2d, _inputs: object, output: torch.Tensor) -> None:
                counted["macs"] += output[0].numel() * module.weight[0].numel()
                counted["weights"] += module.weight.numel()

            for module in net.modules():
                if isinstance(module, torch.nn.Conv2d):
                    module.register_forward_hook(hook)
            with torch.inference_mode():
                net(torch.zeros(1, shape.channels, 64, 96, dtype=torch.uint8))
            self.assertEqual(counted["macs"], macs(shape, 64, 96))
            self.assertEqual(counted["weights"], weights(shape))


if __name__ == "__main__":
    unittest.main()
