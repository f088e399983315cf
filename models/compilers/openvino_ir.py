"""ONNX -> OpenVINO IR (model.xml + model.bin), then run on the CPU device. Started by `workshop compile` in its own environment."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

# Its import tells an analytics service that it was imported, without being asked; openvino does without what cannot be imported.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
import openvino as ov  # noqa: E402


def main(job_file: Path) -> None:
    job = json.loads(job_file.read_text())
    core = ov.Core()
    model = core.read_model(job["model"])
    # compress_to_fp16 would change the weights of the FP32 route without being asked.
    ov.save_model(model, job["artefact"], compress_to_fp16=False)
    compiled = core.compile_model(
        core.read_model(job["artefact"]), "CPU", {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32"}
    )
    inputs = np.load(job["inputs"])
    results = {}
    for i in range(job["count"]):
        answer = compiled({job["input"]: inputs[f"{i}"]})
        for name in job["outputs"]:
            results[f"{i}/{name}"] = answer[name]
    np.savez(job["results"], **results)
    facts = {
        "version": ov.get_version(),
        "devices": core.available_devices,
        "ranOn": compiled.get_property("EXECUTION_DEVICES"),
        "artefacts": [Path(job["artefact"]).name, Path(job["artefact"]).with_suffix(".bin").name],
    }
    Path(job["facts"]).write_text(json.dumps(facts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
