"""The network with rounding computes what the INT8 file computes; ranges, SQNR and the bootstrap are what they say."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import torch

from workshop.bootstrap import Scored, draws, interval, weighted_map
from workshop.calibrate import Histogram, activations, calibrate
from workshop.export import export
from workshop.fake_quant import QuantNet, apply_conv, fake_weight, scale_and_zero, tensor_names
from workshop.loss import detection_loss
from workshop.network import DefectNet
from workshop.quantise import quantise
from workshop.ranges import prepared, write_int8
from workshop.sqnr import dequantised_names, sqnr
from workshop.tests.test_channels import lively, picture


def trained_like() -> DefectNet:
    """Logits spread over a range, so that scores differ."""
    net = lively(seed=5)
    with torch.no_grad():
        net.head.weight *= 8
        net.head.bias[:6] = -1.0
    return net


class FakeQuant(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name)
        cls.images = [p.numpy() for p in picture(seed=9, count=6)]
        export(trained_like().fuse(), cls.folder / "fp32.onnx", 64, 64)
        cls.ranges = calibrate(cls.folder / "fp32.onnx", cls.images, ("minmax",), (2, 6))
        write_int8(cls.folder / "fp32.onnx", cls.folder / "int8.onnx", cls.ranges["minmax", 6])

    @classmethod
    def tearDownClass(cls) -> None:
        cls.scratch.cleanup()

    def test_every_layer_computes_what_the_integer_file_computes(self) -> None:
        """Each layer alone, from the integer file's own input: along a whole random network single ties would spread."""
        net, int8 = QuantNet(trained_like(), self.ranges["minmax", 6]), onnx.load(self.folder / "int8.onnx")
        stored = dequantised_names(prepared(self.folder / "fp32.onnx"), int8)
        names = tensor_names(len(net.context))
        values = next(activations(int8, [stored[n] for n in names.values()], self.images[:1]))
        held = {k: torch.from_numpy(v) for k, v in zip(names, values)}
        with torch.inference_mode():
            mine = {"stem": net.layer("stem", net.stem, torch.from_numpy(self.images[0])[None].float() * net.input_scale)}
            for name, source in (("fine", "stem"), ("down8", "fine"), ("down16", "down8"), ("lateral", "sum2"), ("merge", "both")):
                mine[name] = net.layer(name, getattr(net, name), held[source])
            for i, source in enumerate(("down16", "sum0", "sum1")):
                mine[f"context{i}"] = net.layer(f"context{i}", net.context[i], held[source])
                mine[f"sum{i}"] = net.rounded[f"sum{i}"](held[source] + held[f"context{i}"])
            mine["both"] = net.rounded["both"](held["down8"] + net.up(held["lateral"]))
            raw = apply_conv(net.head, held["merge"])
            mine |= {"logits": net.rounded["logits"](raw[:, :6]), "distances": net.rounded["distances"](raw[:, 6:])}
        self.assertEqual(mine.keys(), held.keys())
        for name, value in mine.items():
            steps = (value - held[name]).abs() / net.rounded[name].scale
            self.assertLess(float(steps.max()), 1.01, name)
            self.assertLess(float((steps > 0.5).float().mean()), 0.01, name)

    def test_the_trained_network_is_written_as_it_was_trained(self) -> None:
        net = QuantNet(trained_like(), self.ranges["minmax", 6])
        with torch.inference_mode():
            a, b = net.plain()(picture()), trained_like().fuse()(picture())
        self.assertLess(float((a[0] - b[0]).abs().max()), 1e-4)

    def test_gradients_pass_the_rounding(self) -> None:
        net = QuantNet(trained_like(), self.ranges["minmax", 6]).train()
        logits, raw = net(picture())
        target = (torch.full((1, 8, 8), 1), torch.full((1, 4, 8, 8), 20.0), torch.ones(1, 6, 8, 8))
        detection_loss(logits, raw, *target)[0].backward()
        self.assertTrue(all(float(p.grad.abs().sum()) > 0 for n, p in net.named_parameters() if n.endswith("conv.weight")))

    def test_weights_are_rounded_per_channel(self) -> None:
        weight = torch.randn(4, 3, 3, 3) * torch.tensor([0.01, 1.0, 10.0, 3.0])[:, None, None, None]
        steps = fake_weight(weight) / (weight.abs().amax((1, 2, 3), keepdim=True) / 127)
        self.assertLess(float((steps - steps.round()).abs().max()), 1e-3)

    def test_minmax_ranges_give_the_file_of_the_quantise_verb(self) -> None:
        quantise(self.folder / "fp32.onnx", self.folder / "verb.onnx", self.images, "minmax")
        mine, theirs = (onnx.load(self.folder / f"{n}.onnx") for n in ("int8", "verb"))
        values = [{t.name: onnx.numpy_helper.to_array(t) for t in m.graph.initializer} for m in (mine, theirs)]
        self.assertEqual(values[0].keys(), values[1].keys())
        for name, value in values[0].items():
            loose = {"rtol": 1e-5} if value.dtype == np.float32 else {"rtol": 0, "atol": 1}  # a tie may round either way
            np.testing.assert_allclose(value.astype(np.float64), values[1][name].astype(np.float64), err_msg=name, **loose)

    def test_noise_grows_along_the_network_and_is_at_least_the_tensors_own(self) -> None:
        rows = sqnr(self.folder / "fp32.onnx", self.folder / "int8.onnx", self.ranges["minmax", 6], self.images)
        self.assertEqual(rows[0]["tensor"], "stem")
        self.assertEqual(len(rows), 15)
        self.assertTrue(all(r["whole"] <= r["own"] + 1.0 for r in rows), rows)
        self.assertTrue(all(10 < r["own"] < 70 for r in rows), rows)


class RangesOfValues(unittest.TestCase):
    def test_zero_is_exact(self) -> None:
        self.assertEqual(scale_and_zero(0.0, 255.0), (1.0, 0))
        scale, zero = scale_and_zero(-1.0, 3.0)
        self.assertEqual(zero, round(1.0 / scale))
        self.assertEqual(scale_and_zero(2.0, 5.0), (5.0 / 255, 0))

    def test_a_lone_outlier_moves_minmax_only(self) -> None:
        values = torch.rand(1_000_000, generator=torch.Generator().manual_seed(0))
        histogram = Histogram()
        histogram.add(values)
        histogram.add(torch.tensor([40.0]))
        self.assertEqual(histogram.range("minmax")[1], 40.0)
        self.assertLess(histogram.range("percentile")[1], 1.1)
        self.assertLess(histogram.range("entropy")[1], 8.0)

    def test_the_zeros_of_a_relu_do_not_shrink_the_range(self) -> None:
        values = torch.randn(400_000, generator=torch.Generator().manual_seed(0)).clamp(min=0)
        few, many = Histogram(), Histogram()
        few.add(values[values > 0])
        many.add(values)
        many.add(torch.zeros(2_000_000))
        self.assertAlmostEqual(few.range("entropy")[1], many.range("entropy")[1], delta=0.1)
        self.assertGreater(many.range("entropy")[1], 2.5)

    def test_both_signs_are_counted(self) -> None:
        histogram = Histogram()
        histogram.add(torch.linspace(-4, 1, 10_001))
        self.assertEqual(histogram.range("minmax"), (-4.0, 1.0))
        low, high = histogram.range("percentile")
        self.assertAlmostEqual(low, -4.0, delta=0.01)
        self.assertAlmostEqual(high, 1.0, delta=0.01)


class Bootstrap(unittest.TestCase):
    def scored(self) -> Scored:
        rng = np.random.default_rng(0)
        pictures = rng.integers(0, 40, 300).astype(float)
        score = rng.random(300)
        rows = np.column_stack([rng.integers(0, 2, 300), score, rng.random(300) < 0.3 + 0.7 * score, pictures]).astype(float)
        counts = np.zeros((40, 2), np.int64)
        for k, _, hit, i in rows:
            counts[int(i), int(k)] += int(hit)
        return Scored(rows[np.argsort(-rows[:, 1], kind="stable")], counts + 1)

    def test_every_picture_once_is_the_map_itself(self) -> None:
        scored = self.scored()
        self.assertAlmostEqual(weighted_map(scored, np.ones(40)), scored.map(), places=12)

    def test_a_doubled_set_has_the_same_map_and_the_interval_holds_it(self) -> None:
        scored = self.scored()
        self.assertAlmostEqual(weighted_map(scored, np.full(40, 2.0)), scored.map(), places=2)
        low, high = interval(scored, 200)
        self.assertTrue(low < scored.map() < high)
        self.assertEqual((low, high), interval(scored, 200))
        self.assertTrue((draws(40, 5).sum(1) == 40).all())


if __name__ == "__main__":
    unittest.main()
