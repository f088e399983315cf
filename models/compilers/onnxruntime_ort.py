"""ONNX -> .ort with the graph optimisations that hold on any CPU, then run from that file. Started by `workshop compile`.

Level `extended` fuses (QDQ into integer kernels too) but keeps the layout; `all` would also choose the NCHWc layout of this very
CPU, and such a file must not move to another machine.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort


def options() -> ort.SessionOptions:
    o = ort.SessionOptions()
    o.intra_op_num_threads = 1
    o.log_severity_level = 3
    return o


def main(job_file: Path) -> None:
    job = json.loads(job_file.read_text())
    write = options()
    write.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    write.optimized_model_filepath = job["artefact"]
    write.add_session_config_entry("session.save_model_format", "ORT")
    ort.InferenceSession(job["model"], write, providers=["CPUExecutionProvider"])
    read = options()
    read.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = ort.InferenceSession(job["artefact"], read, providers=["CPUExecutionProvider"])
    inputs = np.load(job["inputs"])
    results = {}
    for i in range(job["count"]):
        answer = session.run(job["outputs"], {job["input"]: inputs[f"{i}"]})
        results.update({f"{i}/{name}": value for name, value in zip(job["outputs"], answer)})
    np.savez(job["results"], **results)
    facts = {"version": ort.__version__, "ranOn": session.get_providers(), "artefacts": [Path(job["artefact"]).name]}
    Path(job["facts"]).write_text(json.dumps(facts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
