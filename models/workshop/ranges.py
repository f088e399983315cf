"""INT8 (QDQ) from an FP32 file and given activation ranges: where the ranges come from is another matter (calibration, or
training with them). Same scheme as `quantise`: S8 weights, U8 activations, the uint8 image enters with scale 1."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationMethod, QuantType
from onnxruntime.quantization.calibrate import TensorData, TensorsData
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer
from onnxruntime.quantization.quant_utils import load_model_with_shape_infer
from onnxruntime.quantization.shape_inference import quant_pre_process

from workshop.quantise import rescale_first_bias, take_uint8_input

OPERATORS = ["Conv", "Add", "Resize", "Relu"]
Ranges = dict[str, tuple[float, float]]
"""Lowest and highest value per tensor of the FP32 file that gets a scale (see `observed`)."""


def prepared(source: Path) -> onnx.ModelProto:
    """The FP32 graph after shape inference and constant folding, as the quantiser sees it."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.onnx"
        quant_pre_process(str(source), str(ready), skip_symbolic_shape=True)
        return load_model_with_shape_infer(ready)


def aliases(model: onnx.ModelProto) -> dict[str, str]:
    """Tensors that share the range of another one: what goes into a ReLU shares that of its output, because the integer
    convolution clamps at zero itself; nearest upsampling only repeats values."""
    out = {}
    for node in model.graph.node:
        if node.op_type == "Relu":
            out[node.input[0]] = node.output[0]
        elif node.op_type == "Resize":
            out[node.output[0]] = node.input[0]
    return out


def observed(model: onnx.ModelProto) -> list[str]:
    """The tensors whose range must be known, in the order of the graph."""
    shared = aliases(model)
    return [n.output[0] for n in model.graph.node if n.op_type in OPERATORS and n.output[0] not in shared]


def complete(model: onnx.ModelProto, ranges: Ranges) -> TensorsData:
    """Ranges of all tensors in the quantiser's form."""
    cast = next(n for n in model.graph.node if n.op_type == "Cast" and n.input[0] == "images")
    whole = {cast.output[0]: (0.0, 255.0), **ranges}
    for name, source in aliases(model).items():
        whole[name] = whole[source]
    data = {k: TensorData(lowest=np.float32(low), highest=np.float32(high)) for k, (low, high) in whole.items()}
    return TensorsData(CalibrationMethod.MinMax, data)


def write_int8(source: Path, target: Path, ranges: Ranges, per_channel: bool = True, float_head: bool = False) -> None:
    """The file is written beside and renamed."""
    model = prepared(source)
    data = complete(model, ranges)
    skipped = [n.name for n in model.graph.node if n.op_type == "Conv" and "heads" in n.name] if float_head else []
    quantizer = QDQQuantizer(model, per_channel, False, QuantType.QInt8, QuantType.QUInt8, data, [], skipped, OPERATORS, {})
    quantizer.quantize_model()
    quantizer.model.topological_sort()
    made = quantizer.model.model
    take_uint8_input(made)
    rescale_first_bias(made)
    onnx.checker.check_model(made, full_check=True)
    partial = target.with_suffix(".partial")
    onnx.save(made, partial)
    partial.rename(target)
