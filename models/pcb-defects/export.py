"""Writes the averaged weights of a checkpoint as an FP32 ONNX file with fixed shapes (opset 17)."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch

from evaluate import onnx_predict
from network import ExportNet, PcbDefectNet


def load_network(checkpoint: Path) -> PcbDefectNet:
    net = PcbDefectNet()
    net.load_state_dict(torch.load(checkpoint, weights_only=True)["average"])
    return net.eval().fuse()


def export(net: PcbDefectNet, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    torch.onnx.export(
        ExportNet(net),
        torch.zeros(1, 2, 640, 640, dtype=torch.uint8),
        str(partial),
        opset_version=17,
        input_names=["images"],
        output_names=["scores", "boxes"],
        dynamo=False,
    )
    onnx.checker.check_model(onnx.load(partial), full_check=True)
    partial.rename(path)


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--checkpoint", type=Path, required=True)
    a.add_argument("--out", type=Path, default=Path(__file__).parent / "out" / "fp32.onnx")
    o = a.parse_args()
    net = load_network(o.checkpoint)
    export(net, o.out)
    image = (np.random.default_rng(0).random((2, 640, 640)) > 0.5).astype(np.uint8) * 255
    scores, boxes = onnx_predict(o.out)(image)
    with torch.inference_mode():
        s, b = ExportNet(net)(torch.from_numpy(image)[None])
    print(f"{o.out}: largest difference to torch: scores {np.abs(scores - s[0].numpy()).max():.2e}, boxes {np.abs(boxes - b[0].numpy()).max():.2e} px")


if __name__ == "__main__":
    main()
