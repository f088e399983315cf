"""Explicit QDQ with INT8 and zero point 0, made from the FP32 file for the compilers that take nothing else."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from workshop.compile.prepare import save

QUANTISED = ["Conv", "Add", "Resize", "Relu", "MaxPool", "Concat", "AveragePool", "GlobalAveragePool"]


class Rows(CalibrationDataReader):
    def __init__(self, images: np.ndarray, name: str, limit: int) -> None:
        self.images, self.name, self.limit, self.at = images, name, min(limit, len(images)), 0

    def get_next(self):
        if self.at >= self.limit:
            return None
        if self.at % 128 == 0:
            print(f"calibration {self.at}/{self.limit}", flush=True)
        self.at += 1
        return {self.name: self.images[self.at - 1][None]}


def quantise_symmetric(source: Path, target: Path, images: np.ndarray, input_name: str) -> None:
    """Explicit QDQ with INT8, zero point 0 everywhere, per-channel weights, biases left in float: what TensorRT and Ryzen AI (A8W8)
    take. `images` uint8 [N, C, H, W]."""
    with tempfile.TemporaryDirectory() as folder:
        ready, raw = Path(folder) / "ready.onnx", Path(folder) / "raw.onnx"
        quant_pre_process(str(source), str(ready), skip_symbolic_shape=True)
        quantize_static(
            str(ready),
            str(raw),
            Rows(images, input_name, len(images)),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            op_types_to_quantize=QUANTISED,
            extra_options={"ActivationSymmetric": True, "WeightSymmetric": True, "QuantizeBias": False},
        )
        model = onnx.load(raw)
    onnx.checker.check_model(model, full_check=True)
    save(model, target)
