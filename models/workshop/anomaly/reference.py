"""The model computed a second way, to check the graph: backbone node by node in PyTorch, light and distances in plain NumPy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional as F

from workshop.anomaly.depth import depths
from workshop.anomaly.graph import Plan
from workshop.problems import WorkshopError


class Reference:
    """Weights and memory from the ONNX file, everything else from the definition in graph.py."""

    def __init__(self, file: Path, plan: Plan) -> None:
        graph = onnx.load(file).graph
        self.plan = plan
        self.weights = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
        by_output = {o: n for n in graph.node for o in n.output}
        self.nodes = [n for n in graph.node if not n.name.startswith(("head", "tail")) and not n.name.endswith("_node")]
        convolutions = {o: [self.weights[i] for i in n.input[1:]] for o, n in by_output.items() if n.op_type == "Conv" and n.input[1] in self.weights}
        self.entry = next(n.output[0] for n in graph.node if n.op_type == "Identity")
        self.memories = []
        for number, rises in enumerate(convolutions["scaled"][0][:, :, 0, 0].astype(np.float64)):
            whiten, shift = convolutions[f"whitened{number}"]
            bank = convolutions[f"to_memory{number}"][0][:, :, 0, 0] / -2
            self.memories.append((whiten[:, :, 0, 0].T.astype(np.float64), shift, bank, np.append(np.cumsum(rises), 0)))

    def light(self, picture: np.ndarray) -> np.ndarray:
        x = picture.astype(np.float64)
        inside = x > 0
        if self.plan.light == "gain":
            return np.clip(x * 100 * (inside.sum() + 1) / (x.sum() + 1), 0, 255)
        share = window_mean(inside.astype(float), self.plan.window) + 1e-3
        deviation = (x - window_mean(x, self.plan.window) / share) * inside
        spread = np.sqrt((deviation**2).sum() / (inside.sum() + 1)) + 1
        return np.clip(deviation / spread * 30 + 114, 0, 255) * inside

    def layers(self, grey: np.ndarray) -> dict[str, torch.Tensor]:
        x = torch.from_numpy(grey.astype(np.float32))[None, None].repeat(1, 3, 1, 1)
        values = {self.entry: x}
        for node in self.nodes:
            values[node.output[0]] = self.compute(node, values)
        return values

    def compute(self, node: onnx.NodeProto, values: dict[str, torch.Tensor]) -> torch.Tensor:
        given = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        if node.op_type == "Slice":
            starts, ends, axes, steps = (self.weights[i].tolist() for i in node.input[1:5])
            out = values[node.input[0]]
            for start, end, axis, step in zip(starts, ends, axes, steps):
                out = out.narrow(axis, start, min(end, out.shape[axis]) - start).index_select(axis, torch.arange(0, min(end, out.shape[axis]) - start, step))
            return out
        inputs = [values[i] if i in values else torch.from_numpy(self.weights[i].copy()) for i in node.input]
        if node.op_type == "Conv":
            top, left, bottom, right = given["pads"]
            return F.conv2d(F.pad(inputs[0], (left, right, top, bottom)), *inputs[1:], stride=given["strides"], groups=given.get("group", 1))
        if node.op_type == "Sigmoid":
            return inputs[0].sigmoid()
        if node.op_type == "Mul":
            return inputs[0] * inputs[1]
        if node.op_type == "Add":
            return inputs[0] + inputs[1]
        if node.op_type == "Concat":
            return torch.cat(inputs, given["axis"])
        raise WorkshopError(f"the reference does not know {node.op_type} ({node.name}); extend workshop/anomaly/reference.py")

    def plain(self, grey: np.ndarray) -> torch.Tensor:
        """Figures of each cell from its pixels, in the order of graph.py."""
        rows, columns = self.plan.grid

        def cells(x: np.ndarray) -> np.ndarray:
            return x.reshape(rows, x.shape[0] // rows, columns, x.shape[1] // columns)

        soft = cells(window_mean(grey, 3))
        down, across = (np.abs(np.diff(grey, axis=axis, append=0)) for axis in (0, 1))
        figures = [soft.min((1, 3)), soft.max((1, 3)), soft.mean((1, 3)), cells(down).mean((1, 3)), cells(across).mean((1, 3))]
        return torch.from_numpy(np.stack(figures).astype(np.float32))[None]

    def __call__(self, picture: np.ndarray) -> dict[str, np.ndarray]:
        """uint8 [1, H, W] or [H, W] to map and score."""
        with torch.no_grad():
            grey = self.light(picture.reshape(self.plan.size))
            values, parts = self.layers(grey), []
            for layer in self.plan.layers:
                x = F.avg_pool2d(values[layer], 3, 1, 1, count_include_pad=False)
                if x.shape[2] >= self.plan.grid[0]:
                    x = F.adaptive_avg_pool2d(x, self.plan.grid)
                else:
                    x = F.interpolate(x, self.plan.grid, mode="bilinear", align_corners=False)
                parts.append(x)
            patches = torch.cat([*parts, self.plain(grey)], 1)[0].flatten(1).T.numpy().astype(np.float64)
        depth, square = depths(picture.reshape(self.plan.size), self.plan).ravel(), np.zeros(len(patches))
        for whiten, shift, bank, scale in self.memories:
            z = patches @ whiten + shift
            square = np.maximum(square, np.array([((row - bank) ** 2).sum(1).min() for row in z]) * scale[depth] ** 2)
        top = np.sort(np.sqrt(square))[-self.plan.top :].mean() ** 2
        return {
            "anomaly_map": (square / (square + 1)).reshape(1, 1, *self.plan.grid).astype(np.float32),
            "score": np.array([top / (top + 1)], np.float32),
        }


def window_mean(x: np.ndarray, window: int) -> np.ndarray:
    t = torch.from_numpy(x)[None, None]
    return F.avg_pool2d(t, window, 1, window // 2, count_include_pad=False)[0, 0].numpy()
