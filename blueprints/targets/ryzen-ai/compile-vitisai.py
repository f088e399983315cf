"""Compiles and runs the symmetric file on the Ryzen AI NPU: compile-vitisai.py FOLDER, in the environment of Ryzen AI Software 1.8.0.

FOLDER holds model.onnx and inputs.npz (made by models:compile). Writes the compiled cache and results.npz, which
`models:compile ... --results FOLDER/results.npz` compares. Not run by this repository's CI. Strix, Krackan: target X2, no xclbin.
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort


def main(folder: Path) -> None:
    options = {"cache_dir": str(folder / "cache"), "cache_key": "model", "enable_cache_file_io_in_mem": "0", "target": "X2"}
    session = ort.InferenceSession(
        str(folder / "model.onnx"), providers=["VitisAIExecutionProvider"], provider_options=[options]
    )
    if session.get_providers()[0] != "VitisAIExecutionProvider":
        raise SystemExit(f"refused: the session runs on {session.get_providers()}, not on the NPU")
    entry, inputs, results = session.get_inputs()[0], np.load(folder / "inputs.npz"), {}
    kinds = {"tensor(float)": np.float32, "tensor(uint8)": np.uint8}
    for key in inputs.files:
        answer = session.run(None, {entry.name: inputs[key].astype(kinds[entry.type])})
        results.update({f"{key}/{o.name}": value for o, value in zip(session.get_outputs(), answer)})
    np.savez(folder / "results.npz", **results)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
