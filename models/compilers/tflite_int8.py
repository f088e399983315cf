"""FP32 ONNX -> TFLite, every tensor in INT8, input uint8 NHWC; then run by the TFLite interpreter. Started by `workshop compile`.

The graph is built operator by operator from the ONNX file, so that every weight keeps its value and the padding is the ONNX one:
TensorFlow's SAME pads stride-2 convolutions on another side, so they get an explicit Pad. Activations are calibrated on the
pictures of the job. Outputs leave as INT8 and are dequantised by their scale and zero point.
"""

from __future__ import annotations

import collections
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import onnx
import tensorflow as tf
from onnx import numpy_helper

SPATIAL = [1, 2]


def padded(x: tf.Tensor, pads: list[int], value: float = 0.0) -> tf.Tensor:
    top, left, bottom, right = pads
    return tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]], constant_values=value) if any(pads) else x


def convolution(x: tf.Tensor, inputs: list[Any], a: dict[str, Any]) -> tf.Tensor:
    weight = inputs[1]
    group, strides, dilations = a.get("group", 1), a.get("strides", [1, 1]), a.get("dilations", [1, 1])
    pads, kernel = a.get("pads", [0, 0, 0, 0]), weight.shape[2:]
    same = strides == [1, 1] and all(
        pads[i] == pads[i + 2] == dilations[i] * (kernel[i] - 1) // 2 and kernel[i] % 2 == 1 for i in range(2)
    )
    x = x if same else padded(x, pads)
    how = "SAME" if same else "VALID"
    if group == 1:
        y = tf.nn.conv2d(x, weight.transpose(2, 3, 1, 0), strides, how, dilations=dilations)
    elif group == weight.shape[0] and weight.shape[1] == 1:
        y = tf.nn.depthwise_conv2d(x, weight.transpose(2, 3, 0, 1), [1, *strides, 1], how, dilations=dilations)
    else:
        raise ValueError(f"group {group} of {weight.shape[0]} channels: only plain and depthwise convolutions are converted")
    return tf.nn.bias_add(y, inputs[2]) if len(inputs) > 2 and inputs[2] is not None else y


def pool(x: tf.Tensor, a: dict[str, Any], largest: bool) -> tf.Tensor:
    pads, kernel, strides = a.get("pads", [0] * 4), a["kernel_shape"], a.get("strides", [1, 1])
    if a.get("ceil_mode") or (any(pads) and not largest):
        raise ValueError("ceil_mode, or an average over padding, has no exact TFLite form")
    function = tf.nn.max_pool2d if largest else tf.nn.avg_pool2d
    return function(padded(x, pads, -1e4) if largest else x, kernel, strides, "VALID")


def resize(x: tf.Tensor, inputs: list[Any], a: dict[str, Any]) -> tf.Tensor:
    scales = inputs[2] if len(inputs) > 2 and inputs[2] is not None and inputs[2].size else None
    size = inputs[3] if scales is None else None
    height = int(size[2]) if size is not None else int(x.shape[1] * scales[2])
    width = int(size[3]) if size is not None else int(x.shape[2] * scales[3])
    if a.get("mode", b"nearest") != b"nearest" or height % x.shape[1] or width % x.shape[2]:
        raise ValueError("only nearest neighbours by a whole factor are converted")
    # A whole factor makes every rule of coordinates pick the same neighbour; Edge TPU takes the form without half pixels.
    return tf.compat.v1.image.resize_nearest_neighbor(x, [height, width])


def constant(value: np.ndarray, rank: int) -> np.ndarray:
    """A broadcast constant of NCHW in NHWC."""
    value = value.astype(np.float32)
    return value.reshape((1,) * (rank - value.ndim) + value.shape).transpose(0, 2, 3, 1) if value.size > 1 and rank == 4 else value


def build(graph: onnx.GraphProto, x: tf.Tensor) -> dict[str, tf.Tensor]:
    """Runs the ONNX graph in TensorFlow, NHWC. Raises ValueError naming the node."""
    known = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    values: dict[str, tf.Tensor] = {graph.input[0].name: x}
    two = {"Add": tf.add, "Mul": tf.multiply, "Sub": tf.subtract}
    one = {"Relu": tf.nn.relu, "Sigmoid": tf.nn.sigmoid, "Tanh": tf.nn.tanh}
    for node in graph.node:
        a = {i.name: onnx.helper.get_attribute_value(i) for i in node.attribute}
        inputs = [values[n] if n in values else known.get(n) for n in node.input]
        try:
            if node.op_type == "Constant":
                known[node.output[0]] = numpy_helper.to_array(a["value"])
                continue
            elif node.op_type == "Conv":
                y = convolution(inputs[0], inputs, a)
            elif node.op_type in one:
                y = one[node.op_type](inputs[0])
            elif node.op_type in two:
                y = two[node.op_type](*(constant(i, 4) if isinstance(i, np.ndarray) else i for i in inputs))
            elif node.op_type in ("MaxPool", "AveragePool"):
                y = pool(inputs[0], a, node.op_type == "MaxPool")
            elif node.op_type == "GlobalAveragePool":
                y = tf.reduce_mean(inputs[0], SPATIAL, keepdims=True)
            elif node.op_type == "Concat" and a["axis"] == 1:
                y = tf.concat(inputs, 3)
            elif node.op_type == "Resize":
                y = resize(inputs[0], inputs, a)
            else:
                raise ValueError("no conversion to TFLite is written for it")
        except ValueError as fault:
            raise ValueError(f"node {node.name!r} ({node.op_type}): {fault}") from fault
        values[node.output[0]] = y
    return {o.name: values[o.name] for o in graph.output}


def convert(graph: onnx.GraphProto, pictures: np.ndarray, limit: int) -> bytes:
    """`pictures` uint8 [N, C, H, W]."""
    _, channels, height, width = (d.dim_value for d in graph.input[0].type.tensor_type.shape.dim)
    names = [o.name for o in graph.output]

    class Network(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([1, height, width, channels], tf.float32, name="images")])
        def __call__(self, images: tf.Tensor) -> dict[str, tf.Tensor]:
            built = build(graph, images)
            return {f"output_{i}": built[name] for i, name in enumerate(names)}

    def samples():
        for k in range(min(limit, len(pictures))):
            if k % 128 == 0:
                print(f"calibration {k}/{min(limit, len(pictures))}", flush=True)
            yield [pictures[k].transpose(1, 2, 0)[None].astype(np.float32)]

    network = Network()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([network.__call__.get_concrete_function()], network)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = samples
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type, converter.inference_output_type = tf.uint8, tf.int8
    return converter.convert()


def main(job_file: Path) -> None:
    job = json.loads(job_file.read_text())
    graph = onnx.load(job["model"]).graph
    pictures = np.load(job["calibration"], mmap_mode="r")
    blob = convert(graph, pictures, job["options"].get("samples", len(pictures)))
    Path(job["artefact"]).write_bytes(blob)
    interpreter = tf.lite.Interpreter(model_content=blob, num_threads=1)
    interpreter.allocate_tensors()
    entry, exits = interpreter.get_input_details()[0], interpreter.get_signature_runner().get_output_details()
    runner = interpreter.get_signature_runner()
    inputs, results = np.load(job["inputs"]), {}
    scale, zero = entry["quantization"]
    for i in range(job["count"]):
        picture = inputs[f"{i}"].transpose(0, 2, 3, 1)
        quantised = np.clip(np.rint(picture.astype(np.float32) / scale + zero), 0, 255).astype(np.uint8)
        answer = runner(images=quantised)
        for k, name in enumerate(job["outputs"]):
            step, offset = exits[f"output_{k}"]["quantization"]
            value = (answer[f"output_{k}"].astype(np.float32) - offset) * step
            results[f"{i}/{name}"] = value.transpose(0, 3, 1, 2) if value.ndim == 4 else value
    np.savez(job["results"], **results)
    facts = {
        "version": tf.__version__,
        "ranOn": ["TFLite interpreter with XNNPACK on this CPU"],
        "artefacts": [Path(job["artefact"]).name],
        "inputScale": float(scale),
        "inputZeroPoint": int(zero),
        "outputs": {n: [float(exits[f"output_{k}"]["quantization"][0]), int(exits[f"output_{k}"]["quantization"][1])] for k, n in enumerate(job["outputs"])},
        "operators": dict(collections.Counter(d["op_name"] for d in interpreter._get_ops_details() if d["op_name"] != "DELEGATE")),
    }
    Path(job["facts"]).write_text(json.dumps(facts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
