"""The process as a whole: settings, refusals, SIGTERM."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple
from unittest.mock import patch

import numpy as np

from sidecar.problems import SidecarError
from sidecar.settings import read_settings
from sidecar.tests.stand_ins import SHAPE, Doubling, binary_request, serving, until

MODELS = Path(__file__).resolve().parents[2]
# After the three of the warm-up a run of the stand-in waits until the file GO is there.
SLOW = """
import os, sys, time
import sidecar.service, sidecar.__main__ as entry
from sidecar.tests.stand_ins import Doubling
class Slow(Doubling):
    def run(self, inputs):
        while self.runs >= 3 and not os.path.exists(os.environ.get("GO", "/")): time.sleep(0.005)
        return super().run(inputs)
sidecar.service.open_backend = lambda *_: Slow()
sys.exit(entry.main())
"""


def refusal(*arguments: str, token: Optional[str] = None) -> SidecarError:
    try:
        read_settings(list(arguments), token)
    except SidecarError as fault:
        return fault
    raise AssertionError(f"{arguments} were accepted")


class Settings(unittest.TestCase):
    def test_tells_all_problems_at_once(self) -> None:
        told = str(refusal("--backend", "cuda", "--port", "70000", "--threads", "0", "--tail", "nowhere.onnx", "--option", "x"))
        told += str(refusal("--backend", "openvino", "--artefact", __file__, "--parity-factor", "2.5"))
        for part in ("--parity-factor and --parity-outlier-share: give both", "--parity-factor: needs --bundle", "--backend cuda: known are onnxruntime", "--bundle or --artefact", "--port 70000", "--threads 0", "--tail nowhere.onnx: is not there", "--option x"):
            self.assertIn(part, told)

    def test_listens_beyond_loopback_only_with_a_token_that_is_long_enough(self) -> None:
        usual = ["--backend", "openvino", "--artefact", __file__]
        for host in ("0.0.0.0", "::", "192.0.2.1", "127.evil.example"):
            self.assertEqual(refusal(*usual, "--host", host).code, "infer.server-open")
        self.assertEqual(refusal(*usual, token="short").code, "infer.server-open")
        for host in ("127.0.0.1", "127.0.0.9", "localhost", "::1"):
            self.assertEqual(read_settings([*usual, "--host", host], None).host, host)
        self.assertEqual(read_settings([*usual, "--host", "0.0.0.0"], "x" * 16).token, "x" * 16)

    def test_does_not_start_where_the_device_was_not_reached_or_the_port_is_taken(self) -> None:
        away = Doubling(reached=False)
        with self.assertRaises(SidecarError) as raised, serving(backend=away):
            pass
        self.assertEqual((raised.exception.code, away.closed), ("sidecar.device-missing", True))
        with serving() as (server, _), self.assertRaises(SidecarError) as raised, serving("--port", str(server.server_address[1])):
            pass
        self.assertEqual(raised.exception.code, "sidecar.port-in-use")

    def test_does_not_start_with_a_model_that_cannot_run(self) -> None:
        broken = Doubling()
        broken.fault = RuntimeError("no such kernel")
        with self.assertRaises(SidecarError) as raised, serving(backend=broken):
            pass
        self.assertRegex(str(raised.exception), "first run .* failed: RuntimeError: no such kernel")
        nan = Doubling()
        with patch.object(nan, "run", lambda inputs: {"y": np.full(SHAPE, np.nan, np.float32)}), self.assertRaises(SidecarError) as raised, serving(backend=nan):
            pass
        self.assertIn("not finite", str(raised.exception))


class Process(unittest.TestCase):
    @unittest.skipUnless(find_spec("openvino"), "openvino is not installed")
    def test_openvino_tells_nobody_that_it_is_used(self) -> None:
        # Its telemetry writes who we are into the home folder before it sends.
        bundle = MODELS / "bundles" / "pcb-defects-rendered"
        with tempfile.TemporaryDirectory() as home:
            env = {**{key: value for key, value in os.environ.items() if key != "CI"}, "PYTHONPATH": str(MODELS), "HOME": home}
            command = [sys.executable, "-m", "sidecar", "--backend", "openvino", "--bundle", str(bundle), "--check"]
            done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual([str(path) for path in Path(home).rglob("*") if path.is_file()], [])

    def start(self, code: str, arguments: List[str], **more: str) -> "subprocess.Popen[str]":
        environment = {**os.environ, **more, "PYTHONPATH": str(MODELS), "PYTHONDONTWRITEBYTECODE": "1"}
        process = subprocess.Popen([sys.executable, "-c", code, *arguments], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        limit = threading.Timer(25, process.kill)  # a test that fails must not wait for its process
        limit.start()
        self.addCleanup(limit.cancel)
        return process

    def ready(self, process: "subprocess.Popen[str]") -> Dict[str, Any]:
        assert process.stdout is not None
        return dict(json.loads(process.stdout.readline()))

    def test_drains_on_sigterm(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            artefact, go = Path(folder) / "artefact", Path(folder) / "go"
            artefact.write_bytes(b"compiled")
            with self.start(SLOW, ["--backend", "onnxruntime", "--artefact", str(artefact), "--port", "0", "--grace-ms", "60000"], GO=str(go)) as process:
                port = self.ready(process)["ports"]["http"]
                answers: List[int] = []

                def ask(method: str, path: str, body: Optional[bytes] = None, headers: Optional[Dict[str, str]] = None) -> Tuple[int, Any]:
                    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
                    try:
                        connection.request(method, path, body, headers or {})
                        answer = connection.getresponse()
                        return answer.status, answer.read()
                    finally:
                        connection.close()

                request = binary_request(np.zeros(SHAPE, np.uint8))
                threads = [threading.Thread(target=lambda: answers.append(ask("POST", "/v2/models/model/infer", *request)[0])) for _ in range(2)]
                for thread in threads:
                    thread.start()

                def both_under_way() -> bool:
                    queue = json.loads(ask("GET", "/status")[1])["queue"]
                    return bool(queue["running"]) and queue["waiting"] == 1

                self.assertTrue(until(both_under_way, 20))
                process.send_signal(signal.SIGTERM)
                self.assertTrue(until(lambda: ask("GET", "/v2/health/ready")[0] == 503, 20))
                go.touch()
                for thread in threads:
                    thread.join()
                _, log = process.communicate(timeout=20)
                self.assertEqual((answers, process.returncode), ([200, 200], 0))
                self.assertIn('"drained": true', log.splitlines()[-1])

    def test_stops_when_its_parent_is_gone(self) -> None:
        with tempfile.NamedTemporaryFile() as artefact, self.start(SLOW, ["--backend", "onnxruntime", "--artefact", artefact.name, "--port", "0", "--supervised"]) as process:
            self.ready(process)
            assert process.stdin is not None
            process.stdin.close()
            self.assertEqual(process.wait(20), 0)

    def test_checks_and_ends(self) -> None:
        with tempfile.NamedTemporaryFile() as artefact, self.start(SLOW, ["--backend", "onnxruntime", "--artefact", artefact.name, "--check"]) as process:
            out, _ = process.communicate(timeout=20)
            status = json.loads(out)
            self.assertEqual((process.returncode, status["device"]["effective"], status["golden"]), (0, "numpy", []))

    def test_ends_with_2_and_a_code_when_it_refuses(self) -> None:
        with tempfile.NamedTemporaryFile() as artefact, self.start("import sidecar.__main__ as e, sys; sys.exit(e.main())", ["--backend", "hailo", "--artefact", artefact.name]) as process:
            out, log = process.communicate(timeout=20)
            told = json.loads(log.splitlines()[-1])
            self.assertEqual((process.returncode, out, told["code"]), (2, "", "sidecar.backend-missing"))


if __name__ == "__main__":
    unittest.main()
