"""INT8 (QDQ) from the FP32 ONNX file: per-channel S8 weights, U8 activations, calibrated on training pairs.

The image input stays uint8: it enters the first convolution with scale 1 and zero point 0, so no pixel is touched.
The two head convolutions are quantised too (logits and log-distances have scales of their own); sigmoid and exponential
stay in float. --float-head keeps the head convolutions in float, which costs about 0.5 ms.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from workshop.augment import Augmenter, AugmentRates
from workshop.data.checks import SMALLEST_CALIBRATION, check_calibration_images
from workshop.data.onnx_file import check_onnx_file
from workshop.problems import WorkshopError
from workshop.recipe import Recipe, input_size, model_file
from workshop.sources import Split, load_split

METHODS = {
    "minmax": (CalibrationMethod.MinMax, {}),
    "percentile": (CalibrationMethod.Percentile, {"CalibPercentile": 99.999}),
    "entropy": (CalibrationMethod.Entropy, {}),
}


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")
    a.add_argument("--count", type=int, help="calibration pictures; else the recipe's, at least 1,024 by default")
    a.add_argument("--method", choices=tuple(METHODS), help="else the recipe's")
    a.add_argument("--source", type=Path, help="FP32 file; else out/fp32.onnx")
    a.add_argument("--out", type=Path, help="else out/int8.onnx")
    a.add_argument("--smallest", type=int, default=SMALLEST_CALIBRATION, help="refuse fewer calibration pictures than this")
    a.add_argument("--float-head", action="store_true", help="leave the two head convolutions in float")


class Samples(CalibrationDataReader):
    def __init__(self, images: list[np.ndarray], entry: str = "images") -> None:
        self.images, self.at, self.entry = images, 0, entry

    def get_next(self):
        if self.at >= len(self.images):
            return None
        self.at += 1
        return {self.entry: self.images[self.at - 1][None]}

    def __len__(self) -> int:
        return len(self.images)

    def set_range(self, start_index: int, end_index: int) -> None:
        self.images, self.at = self.images[start_index:end_index], 0


def calibration_images(splits: list[Split], count: int, seed: int, height: int, width: int) -> list[np.ndarray]:
    """Whole training pictures, one in eight with camera greys, one in eight a template against itself. A set smaller than its
    share is gone through again with other changes."""
    rng = np.random.default_rng(seed)
    out = []
    for split in splits:
        # Two-valued edges are natural for copper seen against its template, not for photographs of a surface.
        edge = 0.1 if split.train.images.shape[1] == 2 else 0.0
        rates = AugmentRates(good=0.125, shift=0.1, edge=edge, grey=0.125, paste=0.0)
        source = Augmenter(split.train, max(height, width), rates)
        deck: list[int] = []
        seen: set[bytes] = set()
        wanted = count // len(splits)
        for _ in range(4 * wanted):
            if len(seen) == wanted:
                break
            deck = deck or [int(i) for i in rng.permutation(len(split.train))]
            image = source.sample(deck.pop(), rng)[0]
            digest = hashlib.sha256(image.tobytes()).digest()
            if digest not in seen:
                seen.add(digest)
                out.append(image)
    return out


def take_uint8_input(model: onnx.ModelProto, entry: str = "images") -> None:
    """Removes Cast -> QuantizeLinear behind the input; the dequantisation reads the uint8 image with scale 1."""
    graph = model.graph
    cast = next(n for n in graph.node if n.op_type == "Cast" and n.input[0] == entry)
    quant = next(n for n in graph.node if n.op_type == "QuantizeLinear" and n.input[0] == cast.output[0])
    scale, zero = quant.input[1], quant.input[2]
    for t in graph.initializer:
        if t.name == scale:
            t.CopyFrom(numpy_helper.from_array(np.array(1.0, np.float32), scale))
        if t.name == zero:
            t.CopyFrom(numpy_helper.from_array(np.array(0, np.uint8), zero))
    for n in graph.node:
        for i, name in enumerate(n.input):
            if name == quant.output[0]:
                n.input[i] = entry
    graph.node.remove(quant)
    graph.node.remove(cast)


def rescale_first_bias(model: onnx.ModelProto) -> None:
    """The int32 bias of the first convolution has scale input * weight; the input scale has become exactly 1."""
    graph = model.graph
    tensors = {t.name: t for t in graph.initializer}
    makers = {n.output[0]: n for n in graph.node}
    first = next(n for n in graph.node if n.op_type == "Conv")
    weight, bias = makers[first.input[1]], makers[first.input[2]]
    new_scale = numpy_helper.to_array(tensors[weight.input[1]]).astype(np.float32)
    old = numpy_helper.to_array(tensors[bias.input[0]]) * numpy_helper.to_array(tensors[bias.input[1]]).astype(np.float64)
    tensors[bias.input[0]].CopyFrom(numpy_helper.from_array(np.rint(old / new_scale).astype(np.int32), bias.input[0]))
    tensors[bias.input[1]].CopyFrom(numpy_helper.from_array(new_scale, bias.input[1]))


def quantise(source: Path, target: Path, images: list[np.ndarray], method: str, float_head: bool = False, entry: str = "images") -> None:
    """float_head: convolutions whose name holds `heads` stay in float; entry: name of the input."""
    calibrate, extra = METHODS[method]
    with tempfile.TemporaryDirectory() as folder:
        ready, raw = Path(folder) / "ready.onnx", Path(folder) / "raw.onnx"
        quant_pre_process(str(source), str(ready), skip_symbolic_shape=True)
        nodes = onnx.load(ready).graph.node
        skipped = [n.name for n in nodes if n.op_type == "Conv" and "heads" in n.name] if float_head else []
        quantize_static(
            str(ready),
            str(raw),
            Samples(images, entry),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=calibrate,
            op_types_to_quantize=["Conv", "Add", "Resize", "Relu"],
            nodes_to_exclude=skipped,
            extra_options=extra,
        )
        model = onnx.load(raw)
    take_uint8_input(model, entry)
    rescale_first_bias(model)
    onnx.checker.check_model(model, full_check=True)
    partial = target.with_suffix(".partial")
    onnx.save(model, partial)
    partial.rename(target)


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    count = o.count or int(recipe.quantisation.get("count", 1024))
    method = o.method or str(recipe.quantisation.get("method", "minmax"))
    source, target = o.source or model_file(recipe, "fp32.onnx"), o.out or recipe.out / "int8.onnx"
    if not source.is_file():
        raise WorkshopError(f"{source}: not there; run export --model {recipe.name} first")
    check_onnx_file(source)
    height, width = input_size(recipe)
    images = calibration_images(load_split(recipe, o.data_root), count, recipe.seed, height, width)
    check_calibration_images(images, f"models/{recipe.name}", o.smallest)
    target.parent.mkdir(parents=True, exist_ok=True)
    quantise(source, target, images, method, o.float_head)
    print(f"{target}: {len(images)} calibration pictures, {method}, {target.stat().st_size} bytes (FP32 {source.stat().st_size})")
