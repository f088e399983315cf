"""ONNX -> a shared library by TVM's LLVM code generator for a generic CPU of this architecture, then run from that file. Started by
`workshop compile`. The schedules are TVM's defaults, not tuned: correct, and many times slower than ONNX Runtime."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TVM_NUM_THREADS", "1")

import numpy as np
import onnx
import tvm
from tvm import relax
from tvm.relax.frontend.onnx import from_onnx


def main(job_file: Path) -> None:
    job = json.loads(job_file.read_text())
    module = from_onnx(onnx.load(job["model"]), keep_params_in_input=False)
    module = relax.get_pipeline("zero")(module)
    executable = relax.build(module, target=tvm.target.Target(job["options"].get("target", {"kind": "llvm"})))
    executable.export_library(job["artefact"])
    machine = relax.VirtualMachine(tvm.runtime.load_module(job["artefact"]), tvm.cpu())
    inputs = np.load(job["inputs"])
    results = {}
    for i in range(job["count"]):
        answer = machine["main"](tvm.runtime.tensor(inputs[f"{i}"]))
        answers = [answer] if len(job["outputs"]) == 1 and hasattr(answer, "numpy") else list(answer)
        results.update({f"{i}/{name}": value.numpy() for name, value in zip(job["outputs"], answers)})
    np.savez(job["results"], **results)
    facts = {"version": tvm.__version__, "ranOn": ["llvm on this CPU"], "artefacts": [Path(job["artefact"]).name]}
    Path(job["facts"]).write_text(json.dumps(facts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
