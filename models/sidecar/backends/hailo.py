"""
Hailo-8 and Hailo-8L by HailoRT (HEF files). Untested: no such device was at hand.

Written against the Python API of HailoRT 4.x (hailo_platform: HEF, VDevice, ConfigureParams, InputVStreamParams, OutputVStreamParams,
InferVStreams), https://hailo.ai/developer-zone/documentation/hailort/latest/. The driver, the firmware and the package must be of one release.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any, Dict, List

import numpy as np

from sidecar.backends.base import Backend, BackendOptions, EffectiveDevice, vendor_module
from sidecar.tensors import Arrays, TensorSpec


def open(artefact: Path, options: BackendOptions) -> Backend:
    platform = vendor_module("hailo", "hailo_platform", "install the HailoRT wheel of the release that the driver has (vendor's developer zone, or apt install hailo-all on a Raspberry Pi)")
    return Hailo(artefact, platform, options)


class Hailo(Backend):
    def __init__(self, artefact: Path, platform: Any, options: BackendOptions) -> None:
        self._stack = ExitStack()
        try:
            hef = platform.HEF(str(artefact))
            self._device = self._stack.enter_context(platform.VDevice())
            how = platform.ConfigureParams.create_from_hef(hef=hef, interface=platform.HailoStreamInterface.PCIe)
            group = self._device.configure(hef, how)[0]
            # Pixels as they are; outputs dequantised by HailoRT.
            given = platform.InputVStreamParams.make(group, format_type=platform.FormatType.UINT8)
            taken = platform.OutputVStreamParams.make(group, format_type=platform.FormatType.FLOAT32)
            self.inputs = [spec_of(info, "uint8") for info in hef.get_input_vstream_infos()]
            self.outputs = [spec_of(info, "float32") for info in hef.get_output_vstream_infos()]
            self._pipeline = self._stack.enter_context(platform.InferVStreams(group, given, taken))
            self._stack.enter_context(group.activate(group.create_params()))
        except BaseException:
            self._stack.close()
            raise

    def run(self, inputs: Arrays) -> Arrays:
        results = self._pipeline.infer({name: np.ascontiguousarray(array) for name, array in inputs.items()})
        return {name: np.array(results[name]) for name in (spec.name for spec in self.outputs)}

    def effective(self) -> EffectiveDevice:
        ids = [str(one.device_id) for one in self._device.get_physical_devices()]
        # A HEF holds nothing that the processor could run: it runs on the device or not at all.
        return EffectiveDevice("hailo", bool(ids), f"HEF configured on {', '.join(ids)}")

    def temperatures(self) -> List[Dict[str, Any]]:
        found: List[Dict[str, Any]] = []
        for one in self._device.get_physical_devices():
            told = one.control.get_chip_temperature()
            found += [{"sensor": f"hailo {one.device_id} ts{i}", "celsius": float(c)} for i, c in enumerate((told.ts0_temperature, told.ts1_temperature))]
        return found

    def close(self) -> None:
        self._stack.close()


def spec_of(info: Any, dtype: str) -> TensorSpec:
    """The shape of a stream is that of one frame, without the batch."""
    return TensorSpec(info.name, dtype, (1, *(int(d) for d in info.shape)))
