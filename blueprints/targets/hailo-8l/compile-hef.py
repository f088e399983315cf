"""HEF for Hailo-8L: compile-hef.py FOLDER CALIBRATION.npy, in an environment with the Hailo Dataflow Compiler 3.34.0.

FOLDER holds model.onnx (made by models:compile), CALIBRATION.npy uint8 [N, C, H, W]. Not run by this repository's CI.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from hailo_sdk_client import ClientRunner


def main(folder: Path, calibration: Path) -> None:
    entry = onnx.load(folder / "model.onnx").graph.input[0]
    shape = [d.dim_value for d in entry.type.tensor_type.shape.dim]
    pictures = np.load(calibration, mmap_mode="r")
    if len(pictures) < 1024 or list(pictures.shape[1:]) != shape[1:]:
        raise SystemExit(f"refused: {calibration} is {list(pictures.shape)}, at least [1024, {shape[1:]}] is needed")
    runner = ClientRunner(hw_arch="hailo8l")
    runner.translate_onnx_model(str(folder / "model.onnx"), "model", net_input_shapes={entry.name: shape})
    # Hailo takes NHWC; the pixels stay 0..255, as the first convolution holds the scale.
    runner.optimize(np.ascontiguousarray(pictures[:1024].transpose(0, 2, 3, 1)))
    runner.save_har(str(folder / "model.har"))
    partial = folder / "model.hef.partial"
    partial.write_bytes(runner.compile())
    partial.rename(folder / "model.hef")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
