"""
The two models of the engine contract (libs/testing/src/lib/contract-models.ts) as TFLite files, made with the schema that ships in
ai-edge-litert: quick is y = 2x + 1 over uint8 [1, 2, 4, 4], slow is a chain of matrix products of 384 x 384.

    python -m sidecar.tests.contract_models FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, List, Tuple

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as tfl

SLOW_PRODUCTS = 48


class Graph:
    """One subgraph, built tensor by tensor."""

    def __init__(self) -> None:
        self.model, self.graph = tfl.ModelT(), tfl.SubGraphT()
        self.model.version, self.model.operatorCodes, self.model.buffers = 3, [], [tfl.BufferT()]
        self.graph.tensors, self.graph.operators = [], []

    def tensor(self, name: str, shape: Tuple[int, ...], kind: int, data: Any = None) -> int:
        one = tfl.TensorT()
        one.name, one.shape, one.type, one.buffer = name, list(shape), kind, 0
        if data is not None:
            buffer = tfl.BufferT()
            buffer.data = np.frombuffer(data.tobytes(), np.uint8)
            self.model.buffers.append(buffer)
            one.buffer = len(self.model.buffers) - 1
        self.graph.tensors.append(one)
        return len(self.graph.tensors) - 1

    def operator(self, code: int, inputs: List[int], output: int, kind: int, options: Any) -> int:
        known = [one.builtinCode for one in self.model.operatorCodes]
        if code not in known:
            one = tfl.OperatorCodeT()
            one.builtinCode, one.deprecatedBuiltinCode, one.version = code, min(code, 127), 1
            self.model.operatorCodes.append(one)
            known.append(code)
        run = tfl.OperatorT()
        run.opcodeIndex, run.inputs, run.outputs = known.index(code), inputs, [output]
        run.builtinOptionsType, run.builtinOptions = kind, options
        self.graph.operators.append(run)
        return output

    def file(self, source: int, result: int) -> bytes:
        self.graph.inputs, self.graph.outputs, self.model.subgraphs = [source], [result], [self.graph]
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def quick() -> bytes:
    g, shape, real = Graph(), (1, 2, 4, 4), tfl.TensorType.FLOAT32
    x = g.tensor("x", shape, tfl.TensorType.UINT8)
    two, one = (g.tensor(name, (), real, np.float32(value)) for name, value in (("two", 2), ("one", 1)))
    cast = tfl.CastOptionsT()
    cast.inDataType, cast.outDataType = tfl.TensorType.UINT8, real
    f = g.operator(tfl.BuiltinOperator.CAST, [x], g.tensor("f", shape, real), tfl.BuiltinOptions.CastOptions, cast)
    m = g.operator(tfl.BuiltinOperator.MUL, [f, two], g.tensor("m", shape, real), tfl.BuiltinOptions.MulOptions, tfl.MulOptionsT())
    y = g.operator(tfl.BuiltinOperator.ADD, [m, one], g.tensor("y", shape, real), tfl.BuiltinOptions.AddOptions, tfl.AddOptionsT())
    return g.file(x, y)


def slow() -> bytes:
    g, shape, real = Graph(), (384, 384), tfl.TensorType.FLOAT32
    x = g.tensor("x", shape, real)
    at = x
    for i in range(SLOW_PRODUCTS):
        out = g.tensor("y" if i == SLOW_PRODUCTS - 1 else f"t{i}", shape, real)
        at = g.operator(tfl.BuiltinOperator.BATCH_MATMUL, [at, x], out, tfl.BuiltinOptions.BatchMatMulOptions, tfl.BatchMatMulOptionsT())
    return g.file(x, at)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "quick.tflite").write_bytes(quick())
    (folder / "slow.tflite").write_bytes(slow())
