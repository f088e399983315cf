"""
Edge TPU (Coral): LiteRT with libedgetpu. Untested: no such board was at hand.

Written against https://coral.ai/docs/edgetpu/tflite-python/ (load_delegate with libedgetpu.so.1 and the option `device`) and
https://coral.ai/docs/edgetpu/compiler/ (a compiled graph holds operators named edgetpu-custom-op).
"""

from __future__ import annotations

import sys
from pathlib import Path

from sidecar.backends.base import Backend, BackendOptions, EffectiveDevice
from sidecar.backends.litert import LiteRt, interpreter_module
from sidecar.problems import SidecarError

LIBRARY = {"linux": "libedgetpu.so.1", "darwin": "libedgetpu.1.dylib", "win32": "edgetpu.dll"}
ON_BOARD = "edgetpu-custom-op"


def open(artefact: Path, options: BackendOptions) -> Backend:
    module = interpreter_module("edgetpu")
    library = LIBRARY.get(sys.platform, LIBRARY["linux"])
    try:
        # `device`: usb, usb:0, pci, pci:0; empty takes the first board.
        delegate = module.load_delegate(library, {"device": options.device} if options.device else {})
    except (ValueError, OSError) as fault:
        raise SidecarError("sidecar.device-missing", f"{library} does not load or finds no Edge TPU ({fault}); install libedgetpu, check /dev/apex_0 or the USB rights") from fault
    return EdgeTpu(artefact, module, options.threads, [delegate])


class EdgeTpu(LiteRt):
    def effective(self) -> EffectiveDevice:
        operators = self.operators()
        on_board = operators[ON_BOARD]
        told = ", ".join(f"{count} {name}" for name, count in operators.most_common()) or "the package does not tell its operators"
        rest = sum(count for name, count in operators.items() if name not in (ON_BOARD, "DELEGATE", "QUANTIZE", "DEQUANTIZE"))
        if not on_board:
            return EffectiveDevice("cpu", False, f"no operator is compiled for the Edge TPU: {told}; run edgetpu_compiler")
        return EffectiveDevice("edgetpu" if rest == 0 else "edgetpu+cpu", rest == 0, f"operators: {told}")
