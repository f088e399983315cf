"""The served model behind the HTTP paths: opened, warmed up, proven, then asked."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, List, Optional

import numpy as np

from sidecar.adapt import Adapter
from sidecar.backends import open_backend
from sidecar.backends.base import Backend, BackendOptions, EffectiveDevice
from sidecar.golden_check import check_golden
from sidecar.problems import SidecarError, protocol_error
from sidecar.run_queue import Job, RunQueue
from sidecar.served_model import ServedModel, artefact_digest, from_artefact, read_bundle
from sidecar.settings import Settings
from sidecar.temperatures import kernel_temperatures
from sidecar.tensors import Arrays, datatype_of, describe
from sidecar.wire import InferRequest

START_LIMIT_S = 600.0


class Service:
    """Raises SidecarError on construction where the model, the device or its answers are not what they should be."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        bundle = read_bundle(settings.bundle, settings.variant) if settings.bundle else None
        file = settings.artefact or (bundle.model_file if bundle else None)
        if file is None:
            raise SidecarError("sidecar.settings", "there is no artefact to run; give --artefact or --bundle")
        if settings.parity and bundle and bundle.precision != "int8":
            raise SidecarError("sidecar.settings", f"--parity-factor: variant {bundle.variant} is {bundle.precision}; only an artefact in integers that stands for an int8 variant is judged by the gate of its route")
        self.artefact, self.artefact_sha256 = artefact_digest(file)
        started = time.monotonic()
        self.backend: Backend = open_backend(settings.backend, self.artefact, BackendOptions(settings.device, settings.threads, settings.extra))
        try:
            self.load_ms = (time.monotonic() - started) * 1000
            self.model: ServedModel = bundle or from_artefact(settings.name, settings.version, self.artefact_sha256, self.backend.inputs, self.backend.outputs)
            self._adapter = Adapter(self.model.inputs, self.model.outputs, self.backend.inputs, self.backend.outputs, settings.tail)
            self.queue = RunQueue(self._compute, settings.waiting)
            self.warm_up_ms = self._warm_up()
            self.device = self._effective()
            self.golden: List[Dict[str, Any]] = check_golden(
                lambda inputs: self.wait(self._submit(inputs, START_LIMIT_S)), self.model.golden, self.model.verdicts, settings.parity
            )
        except BaseException:
            self.backend.close()
            raise
        self.last_fault: Optional[str] = None

    @property
    def provider(self) -> str:
        return f"{self.settings.backend}:{self.device.name}"

    def _compute(self, inputs: Arrays) -> Arrays:
        """One run, bundle tensors in and out; on the runner's thread."""
        outputs = self._adapter.to_bundle(self.backend.run(self._adapter.to_artefact(inputs)))
        for spec in self.model.outputs:
            got = outputs.get(spec.name)
            fits = got is not None and got.dtype.name == spec.dtype and len(got.shape) == len(spec.dims)
            if got is None or not fits or any(w not in (-1, h) for h, w in zip(got.shape, spec.dims)):
                raise SidecarError("infer.failed", f"output {spec.name} must be {spec.describe()}, got {describe(got)}")
            if got.dtype.kind == "f" and not np.isfinite(got).all():
                raise SidecarError("infer.failed", f"output {spec.name} is not finite")
        return {spec.name: outputs[spec.name] for spec in self.model.outputs}

    def _submit(self, inputs: Arrays, limit_s: float) -> Job:
        return self.queue.submit(inputs, time.monotonic() + limit_s)

    def wait(self, job: Job, gone: Callable[[], bool] = lambda: False) -> Arrays:
        """The outputs of a job. Raises SidecarError infer.deadline, infer.failed; gives up early when `gone` says that nobody listens."""
        while not job.done.wait(max(0.0, min(0.05, job.deadline - time.monotonic()))):
            if gone():
                job.abandoned = True
                raise SidecarError("infer.aborted", "the client went away", 503)
            if time.monotonic() > job.deadline:
                job.abandoned = True
                raise SidecarError("infer.deadline", "the answer was not there at its deadline", 504)
        if isinstance(job.fault, SidecarError):
            raise job.fault
        if job.outputs is None:
            self.last_fault = f"{type(job.fault).__name__}: {job.fault}"
            raise SidecarError("infer.failed", f"the run on {self.settings.backend} failed: {type(job.fault).__name__}") from job.fault
        return job.outputs

    def _warm_up(self) -> List[float]:
        zeros = {spec.name: np.zeros([max(d, 1) for d in spec.dims], spec.dtype) for spec in self.model.inputs}
        times: List[float] = []
        for _ in range(self.settings.warm_up):
            job = self._submit(zeros, START_LIMIT_S)
            job.done.wait(START_LIMIT_S)
            if job.outputs is None:
                why = f"{type(job.fault).__name__}: {str(job.fault)[:400]}" if job.fault else "no answer"
                raise SidecarError("sidecar.artefact-invalid", f"the first run of {self.artefact} on {self.settings.backend} failed: {why}")
            times.append(round(job.run_ms, 3))
        return times

    def _effective(self) -> EffectiveDevice:
        device = self.backend.effective()
        if not device.reached and self.settings.fallback == "refuse":
            asked = self.settings.device or "its usual device"
            raise SidecarError("sidecar.device-missing", f"{self.settings.backend} was asked for {asked}, the model runs on {device.name} ({device.evidence}); mend the driver, or allow --fallback visible")
        return device

    def infer(self, request: InferRequest, arrived: float, gone: Callable[[], bool]) -> Job:
        """Waits for the answer of a request that arrived at `arrived` (time.monotonic). Raises SidecarError."""
        known = [spec.name for spec in self.model.outputs]
        unknown = [name for name in request.outputs or [] if name not in known]
        problems = [f"the model has no output {', '.join(unknown)}; it has {', '.join(known)}"] if unknown else []
        problems += [f"the model has no input {name!r}" for name in request.inputs if name not in [s.name for s in self.model.inputs]]
        for spec in self.model.inputs:
            array = request.inputs.get(spec.name)
            fits = array is not None and array.dtype.name == spec.dtype and len(array.shape) == len(spec.dims)
            if array is None or not fits or any(w not in (-1, h) for h, w in zip(array.shape, spec.dims)):
                problems.append(f"input {spec.name!r} must be {spec.describe()}, got {describe(array)}")
        if problems:
            raise protocol_error("; ".join(problems))
        limit = min(request.timeout_s or self.settings.request_timeout_s, self.settings.request_timeout_s)
        job = self.queue.submit(request.inputs, arrived + limit)
        self.wait(job, gone)
        return job

    def reply_head(self, job: Job, request_id: Optional[str]) -> Dict[str, Any]:
        model, device = self.model, self.device
        degraded = not device.reached
        head: Dict[str, Any] = {"model_name": model.name, "model_version": model.version}
        if request_id is not None:
            head["id"] = request_id
        head["parameters"] = {
            "model_digest": model.digest,
            "variant": model.variant,
            "provider": self.provider,
            "queue_ms": round(job.queue_ms, 3),
            "run_ms": round(job.run_ms, 3),
            "degradation_level": 1 if degraded else 0,
            "degradation_reason": f"not on the device asked for: {device.evidence}" if degraded else f"{model.variant} on {self.provider}",
        }
        return head

    def metadata(self) -> Dict[str, Any]:
        model = self.model
        tensors = [[{"name": s.name, "datatype": datatype_of(s.dtype), "shape": list(s.dims)} for s in specs] for specs in (model.inputs, model.outputs)]
        parameters = {"model_digest": model.digest, "variant": model.variant, "provider": self.provider, "artefact_digest": self.artefact_sha256}
        return {"name": model.name, "versions": [model.version], "platform": self.settings.backend, "inputs": tensors[0], "outputs": tensors[1], "parameters": parameters}

    def status(self) -> Dict[str, Any]:
        """Everything that an operator asks for, for /status."""
        return {
            "model": {"name": self.model.name, "version": self.model.version, "variant": self.model.variant, "digest": self.model.digest},
            "artefact": {"file": self.artefact.name, "sha256": self.artefact_sha256, "loadMs": round(self.load_ms, 3), "tail": self.settings.tail is not None},
            "device": {"backend": self.settings.backend, "effective": self.device.name, "reached": self.device.reached, "evidence": self.device.evidence},
            "warmUpMs": self.warm_up_ms,
            "golden": self.golden,
            "queue": {**self.queue.counts(), "bound": self.settings.waiting},
            "lastFault": self.last_fault,
            "temperatures": kernel_temperatures() + self._vendor_temperatures(),
        }

    def _vendor_temperatures(self) -> List[Dict[str, Any]]:
        try:
            return self.backend.temperatures()
        except Exception as fault:  # a sensor must never take the server down
            self.last_fault = f"temperatures: {type(fault).__name__}"
            return []

    def close(self) -> None:
        self.queue.close(self.settings.grace_s)
        self.backend.close()
