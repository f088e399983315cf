"""
The backends of vendors against stand-ins of their documented interfaces: order of calls, names, shapes, buffers. This shows that the
code is right about what the documents say; whether the documents are right about the devices, only a device can show.
"""

from __future__ import annotations

import ctypes
import sys
import tempfile
import types
import unittest
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Dict, List
from unittest.mock import patch

import numpy as np

from sidecar.backends import BACKENDS, open_backend
from sidecar.backends.base import Backend, BackendOptions
from sidecar.backends.cloud_ai_100 import parse_temperatures
from sidecar.problems import SidecarError


def module(name: str, **members: Any) -> types.ModuleType:
    made = types.ModuleType(name)
    made.__dict__.update(members)
    return made


def opened(name: str, modules: Dict[str, Any], **options: Any) -> Backend:
    with tempfile.TemporaryDirectory() as folder, patch.dict(sys.modules, modules):
        file = Path(folder) / "artefact"
        file.write_bytes(b"compiled")
        return open_backend(name, file, BackendOptions(**options))


class Absent(unittest.TestCase):
    def test_names_the_package_that_each_backend_lacks(self) -> None:
        packages = {
            "onnxruntime": "onnxruntime", "openvino": "openvino", "litert": "ai-edge-litert", "tensorrt": "tensorrt", "hailo": "hailo_platform",
            "edgetpu": "ai-edge-litert", "cloud-ai-100": "qaic", "vitisai": "onnxruntime",
        }  # fmt: skip
        self.assertEqual(set(packages), set(BACKENDS))
        gone = {name: None for name in ("onnxruntime", "openvino", "ai_edge_litert.interpreter", "tflite_runtime.interpreter", "tensorrt", "hailo_platform", "qaic")}
        for backend, package in packages.items():
            with self.subTest(backend), self.assertRaises(SidecarError) as raised:
                opened(backend, gone)
            self.assertEqual(raised.exception.code, "sidecar.backend-missing")
            self.assertIn(package, str(raised.exception))
            self.assertRegex(str(raised.exception), "install")


class Hailo(unittest.TestCase):
    def test_configures_activates_runs_and_tells_its_temperature(self) -> None:
        calls: List[str] = []

        class Entered:
            def __init__(self, name: str) -> None:
                self.name = name

            def __enter__(self) -> Any:
                calls.append(self.name)
                return self

            def __exit__(self, *_: Any) -> None:
                calls.append(f"/{self.name}")

        class Device(Entered):
            def configure(self, hef: Any, how: Any) -> List[Any]:
                return [SimpleNamespace(create_params=lambda: 0, activate=lambda _: Entered("active"))]

            def get_physical_devices(self) -> List[Any]:
                control = SimpleNamespace(get_chip_temperature=lambda: SimpleNamespace(ts0_temperature=50.5, ts1_temperature=49))
                return [SimpleNamespace(device_id="0000:01:00.0", control=control)]

        class Pipeline(Entered):
            def infer(self, inputs: Dict[str, np.ndarray]) -> Dict[str, np.ndarray]:
                return {"net/out": inputs["net/in"].astype(np.float32).sum(axis=3, keepdims=True)}

        info = lambda name, shape: SimpleNamespace(name=name, shape=shape)  # noqa: E731
        hef = SimpleNamespace(get_input_vstream_infos=lambda: [info("net/in", (3, 4, 2))], get_output_vstream_infos=lambda: [info("net/out", (3, 4, 1))])
        make = SimpleNamespace(make=lambda group, format_type: format_type)
        platform = module(
            "hailo_platform", HEF=lambda _: hef, VDevice=lambda: Device("device"), ConfigureParams=SimpleNamespace(create_from_hef=lambda hef, interface: 0),
            HailoStreamInterface=SimpleNamespace(PCIe=0), InputVStreamParams=make, OutputVStreamParams=make, FormatType=SimpleNamespace(UINT8=1, FLOAT32=2),
            InferVStreams=lambda group, given, taken: Pipeline("pipeline"),
        )  # fmt: skip
        backend = opened("hailo", {"hailo_platform": platform})
        self.assertEqual([s.dims for s in backend.inputs + backend.outputs], [(1, 3, 4, 2), (1, 3, 4, 1)])
        self.assertEqual(backend.run({"net/in": np.ones((1, 3, 4, 2), np.uint8)})["net/out"].max(), 2)
        self.assertIn("0000:01:00.0", backend.effective().evidence)
        self.assertEqual(backend.temperatures()[0], {"sensor": "hailo 0000:01:00.0 ts0", "celsius": 50.5})
        backend.close()
        self.assertEqual(calls, ["device", "pipeline", "active", "/active", "/pipeline", "/device"])


class CloudAi100(unittest.TestCase):
    def test_runs_a_session_on_the_card_and_reads_the_utility(self) -> None:
        made: Dict[str, Any] = {}

        class Session:
            model_input_shape_dict = {"images": ([1, 2], "float32")}
            model_output_shape_dict = {"scores": ([1, 3], np.float32)}

            def __init__(self, path: str, **options: Any) -> None:
                made.update(options)

            def setup(self) -> None:
                made["set_up"] = True

            def run(self, inputs: Dict[str, np.ndarray]) -> Dict[str, bytes]:
                return {"scores": np.full(3, inputs["images"].sum(), np.float32).tobytes()}

            def reset(self) -> None:
                made["reset"] = True

        backend = opened("cloud-ai-100", {"qaic": module("qaic", Session=Session)}, device="2")
        self.assertEqual(backend.run({"images": np.ones((1, 2), np.float32)})["scores"].tolist(), [[2, 2, 2]])
        self.assertEqual((made["dev_id"], made["set_up"], backend.effective().name), (2, True, "qaic:2"))
        backend.close()
        self.assertTrue(made["reset"])
        self.assertEqual(parse_temperatures("Status:Ready\nSoC Temperature(degree C):45.5\nDDR Temperature:N/A\n"), [{"sensor": "qaic SoC Temperature(degree C)", "celsius": 45.5}])
        with self.assertRaises(SidecarError):
            opened("cloud-ai-100", {"qaic": module("qaic", Session=Session)}, device="usb")


class TensorRt(unittest.TestCase):
    def stand_in(self, takes: bool = True) -> Dict[str, Any]:
        memory: Dict[int, Any] = {}
        bound: Dict[str, int] = {}

        def malloc(size: int) -> Any:
            block = ctypes.create_string_buffer(size)
            memory[ctypes.addressof(block)] = block
            return 0, ctypes.addressof(block)

        def copy(to: int, source: int, size: int, kind: Any, stream: Any) -> Any:
            ctypes.memmove(to, source, size)
            return (0,)

        class Context:
            def set_tensor_address(self, name: str, address: int) -> None:
                bound[name] = address

            def execute_async_v3(self, stream: Any) -> bool:
                given = np.frombuffer((ctypes.c_uint8 * 4).from_address(bound["x"]), np.uint8)
                np.frombuffer((ctypes.c_float * 4).from_address(bound["y"]), np.float32)[:] = given * 2.0 + 1
                return True

        tensors = [("x", "input", np.uint8), ("y", "output", np.float32)]
        engine = SimpleNamespace(
            num_io_tensors=2, num_layers=5, get_tensor_name=lambda i: tensors[i][0], get_tensor_shape=lambda n: (1, 4), get_tensor_dtype=lambda n: dict((a, c) for a, _, c in tensors)[n],
            get_tensor_mode=lambda n: dict((a, b) for a, b, _ in tensors)[n], create_execution_context=Context,
        )  # fmt: skip
        runtime = SimpleNamespace(deserialize_cuda_engine=lambda data: engine if takes else None)
        logger = type("Logger", (), {"WARNING": 1, "__init__": lambda self, level: None})
        trt = module("tensorrt", Logger=logger, Runtime=lambda _: runtime, nptype=lambda t: t, TensorIOMode=SimpleNamespace(INPUT="input"), __version__="10.3.0")
        cudart = module(
            "cuda.bindings.runtime", cudaSetDevice=lambda i: (0,), cudaStreamCreate=lambda: (0, 7), cudaMalloc=malloc, cudaMemcpyAsync=copy, cudaStreamSynchronize=lambda s: (0,),
            cudaMemcpyKind=SimpleNamespace(cudaMemcpyHostToDevice=1, cudaMemcpyDeviceToHost=2), cudaGetDeviceProperties=lambda i: (0, SimpleNamespace(name=b"Orin")),
            cudaFree=memory.pop, cudaStreamDestroy=lambda s: (0,),
        )  # fmt: skip
        self.memory = memory
        return {"tensorrt": trt, "cuda": module("cuda"), "cuda.bindings": module("cuda.bindings"), "cuda.bindings.runtime": cudart}

    def test_moves_tensors_to_the_device_and_back(self) -> None:
        backend = opened("tensorrt", self.stand_in())
        first = backend.run({"x": np.array([[1, 2, 3, 4]], np.uint8)})["y"]
        backend.run({"x": np.zeros((1, 4), np.uint8)})
        self.assertEqual(first.tolist(), [[3, 5, 7, 9]])
        self.assertEqual((backend.effective().name, "Orin" in backend.effective().evidence), ("cuda:0", True))
        backend.close()
        self.assertEqual(self.memory, {})

    def test_says_that_an_engine_is_bound_to_its_version(self) -> None:
        with self.assertRaises(SidecarError) as raised:
            opened("tensorrt", self.stand_in(takes=False))
        self.assertRegex(str(raised.exception), "TensorRT 10.3.0 does not take this engine.*compile it here")


class EdgeTpu(unittest.TestCase):
    def stand_in(self, operators: List[str], board: bool = True) -> Dict[str, Any]:
        loaded: List[Any] = []

        def load_delegate(library: str, options: Dict[str, str]) -> Any:
            if not board:
                raise ValueError("Failed to load delegate")
            loaded.append((library, options))
            return "delegate"

        class Interpreter:
            def __init__(self, model_path: str, num_threads: int, experimental_delegates: Any) -> None:
                loaded.append(experimental_delegates)
                self.x = np.zeros(4, np.uint8)

            def allocate_tensors(self) -> None: ...

            def get_signature_list(self) -> Dict[str, Any]:
                return {}

            def get_input_details(self) -> Any:
                return [{"name": "x", "index": 0, "shape": np.array([1, 4]), "dtype": np.uint8, "quantization": (1.0, 0)}]

            def get_output_details(self) -> Any:
                return [{"name": "y", "index": 1, "shape": np.array([1, 4]), "dtype": np.int8, "quantization": (0.5, -3)}]

            def set_tensor(self, at: int, array: np.ndarray) -> None:
                self.x = array

            def invoke(self) -> None: ...

            def get_tensor(self, at: int) -> np.ndarray:
                return self.x.astype(np.int8)

            def _get_ops_details(self) -> Any:
                return [{"op_name": name} for name in operators]

        self.loaded = loaded
        return {"ai_edge_litert.interpreter": module("i", Interpreter=Interpreter, load_delegate=load_delegate)}

    def test_runs_with_the_delegate_and_tells_what_is_on_the_board(self) -> None:
        cases = {("edgetpu-custom-op",): ("edgetpu", True), ("edgetpu-custom-op", "RESIZE"): ("edgetpu+cpu", False), ("CONV_2D",): ("cpu", False)}
        for operators, (name, reached) in cases.items():
            backend = opened("edgetpu", self.stand_in(list(operators)), device="pci:0")
            self.assertEqual((backend.effective().name, backend.effective().reached), (name, reached))
        self.assertEqual(self.loaded[0][1], {"device": "pci:0"})
        self.assertEqual(self.loaded[1], ["delegate"])
        self.assertEqual(backend.run({"x": np.array([[1, 2, 3, 4]], np.uint8)})["y"].tolist(), [[1, 2, 3, 4]])
        self.assertEqual(backend.outputs[0].quantisation.scale if backend.outputs[0].quantisation else None, 0.5)

    def test_names_a_board_that_is_not_there(self) -> None:
        with self.assertRaises(SidecarError) as raised:
            opened("edgetpu", self.stand_in([], board=False))
        self.assertEqual(raised.exception.code, "sidecar.device-missing")


class VitisAi(unittest.TestCase):
    def stand_in(self, providers: List[str], ran: List[str]) -> Dict[str, Any]:
        self.asked: Dict[str, Any] = {}

        class Options:
            def add_session_config_entry(self, *_: str) -> None: ...

        def session(path: str, options: Any, providers: Any) -> Any:
            self.asked["providers"] = providers
            tensor = SimpleNamespace(name="x", type="tensor(float)", shape=[1, 2])

            def end_profiling() -> str:
                file = f"{options.profile_file_prefix}.json"
                events = [{"cat": "Node", "args": {"provider": one}} for one in ran] + [{"cat": "Session", "args": {}}]
                Path(file).write_text(str(events).replace("'", '"'))
                return file

            return SimpleNamespace(get_inputs=lambda: [tensor], get_outputs=lambda: [tensor], run=lambda names, inputs: [inputs["x"]], end_profiling=end_profiling)

        return {"onnxruntime": module("onnxruntime", get_available_providers=lambda: providers, SessionOptions=Options, InferenceSession=session)}

    def test_passes_its_options_and_counts_where_the_operators_ran(self) -> None:
        vitis, cpu = "VitisAIExecutionProvider", "CPUExecutionProvider"
        for ran, reached in (([vitis, vitis], True), ([vitis, cpu], False), ([cpu], False)):
            backend = opened("vitisai", self.stand_in([vitis, cpu], ran), extra={"cache_key": "boards"})
            backend.run({"x": np.zeros((1, 2), np.float32)})
            self.assertEqual(backend.effective().reached, reached, ran)
            self.assertIn(f"operators on {ran[0]}", backend.effective().evidence)
        self.assertEqual(self.asked["providers"], [(vitis, {"cache_key": "boards"}), cpu])
        with self.assertRaises(SidecarError) as raised:
            opened("vitisai", self.stand_in([cpu], []))
        self.assertRegex(str(raised.exception), "no device 'vitisai' here; it has cpu")


if __name__ == "__main__":
    unittest.main()
