"""The HTTP side: what a good client gets, and what every other one is told."""

from __future__ import annotations

import json
import socket
import threading
import unittest
from typing import Any, List

import numpy as np

from sidecar.tests.stand_ins import SHAPE, TOKEN, Doubling, ask, binary_request, error_of, infer, serving, until

MODEL = "/v2/models/boards"


class Protocol(unittest.TestCase):
    def test_answers_bytes_with_bytes_and_tells_what_ran(self) -> None:
        x = np.arange(32, dtype=np.uint8).reshape(SHAPE)
        with serving() as (server, _):
            status, headers, body = infer(server, x)
            length = int(headers["inference-header-content-length"])
            message = json.loads(body[:length])
            self.assertEqual((status, message["model_name"], message["id"]), (200, "boards", "7"))
            self.assertEqual(message["outputs"], [{"name": "y", "datatype": "FP32", "shape": list(SHAPE), "parameters": {"binary_data_size": 128}}])
            np.testing.assert_array_equal(np.frombuffer(body[length:], "<f4").reshape(SHAPE), x.astype(np.float32) * 2 + 1)
            self.assertEqual((message["parameters"]["provider"], message["parameters"]["degradation_level"]), ("onnxruntime:numpy", 0))

    def test_answers_json_with_json(self) -> None:
        nested = np.ones(SHAPE, int).tolist()
        body = json.dumps({"inputs": [{"name": "x", "datatype": "UINT8", "shape": list(SHAPE), "data": nested}]}).encode()
        with serving() as (server, _):
            status, _, answer = ask(server, "POST", f"{MODEL}/versions/1/infer", body)
            self.assertEqual((status, json.loads(answer)["outputs"][0]["data"]), (200, [3.0] * 32))

    def test_tells_health_model_and_status(self) -> None:
        with serving() as (server, _):
            self.assertEqual(json.loads(ask(server, "GET", "/v2/health/live")[2]), {"live": True})
            self.assertEqual(ask(server, "GET", f"{MODEL}/ready")[0], 200)
            self.assertIn("binary_tensor_data", json.loads(ask(server, "GET", "/v2")[2])["extensions"])
            model = json.loads(ask(server, "GET", MODEL)[2])
            self.assertEqual(model["inputs"], [{"name": "x", "datatype": "UINT8", "shape": list(SHAPE)}])
            self.assertEqual(len(model["parameters"]["model_digest"]), 64)
            status = json.loads(ask(server, "GET", "/status")[2])
            self.assertEqual((len(status["warmUpMs"]), status["queue"]["completed"]), (3, 3))
            self.assertIn({"sensor": "stand-in", "celsius": 41.5}, status["temperatures"])

    def test_says_in_every_answer_that_the_device_was_not_reached(self) -> None:
        with serving("--fallback", "visible", backend=Doubling(reached=False)) as (server, _):
            _, headers, body = infer(server)
            told = json.loads(body[: int(headers["inference-header-content-length"])])["parameters"]
            self.assertEqual(told["degradation_level"], 1)
            self.assertIn("runs in this process", told["degradation_reason"])


class Refusals(unittest.TestCase):
    def test_wants_its_token_for_all_but_health(self) -> None:
        with serving(token=TOKEN) as (server, backend):
            runs = backend.runs
            for headers in ({}, {"authorization": "Bearer a-token-of-this-tesT"}, {"authorization": f"Basic {TOKEN}"}, {"authorization": "Bearer \u00e9"}):
                self.assertEqual(error_of(infer(server, headers=headers))[:2], (401, "infer.refused"))
                self.assertEqual(ask(server, "GET", "/status", headers=headers)[0], 401)
            self.assertEqual(ask(server, "GET", "/nothing-here")[0], 401)
            self.assertEqual(ask(server, "GET", "/v2/health/ready")[0], 200)
            self.assertEqual(backend.runs, runs)
            self.assertEqual(infer(server, headers={"authorization": f"Bearer {TOKEN}"})[0], 200)

    def test_names_every_wrong_tensor(self) -> None:
        with serving() as (server, _):
            status, code, message = error_of(infer(server, np.zeros((1, 2, 4, 5), np.uint8)))
            self.assertEqual((status, code), (400, "infer.protocol"))
            self.assertRegex(message, r"input 'x' must be uint8 \[1, 2, 4, 4\], got uint8 \[1, 2, 4, 5\]")
            body = json.dumps({"inputs": [{"name": "z", "datatype": "FP32", "shape": [1], "data": [1]}], "outputs": [{"name": "q"}]}).encode()
            _, _, message = error_of(ask(server, "POST", f"{MODEL}/infer", body))
            for part in ("no output q", "no input 'z'", "got nothing"):
                self.assertIn(part, message)

    def test_refuses_other_paths_models_versions_and_methods(self) -> None:
        with serving() as (server, _):
            for path in ("/", "/v1", "/v2/models", "/v2/models/other", f"{MODEL}/versions/2", f"{MODEL}/infer/more", f"{MODEL}/versions", "/v2/health"):
                self.assertEqual(ask(server, "GET", path)[0], 404, path)
            self.assertEqual(ask(server, "GET", f"{MODEL}/infer")[0], 405)
            self.assertEqual(ask(server, "POST", "/v2", b"{}")[0], 405)
            self.assertIn(ask(server, "DELETE", MODEL)[0], (405, 501))

    def test_refuses_a_body_that_is_too_long_before_it_is_read(self) -> None:
        with serving("--max-body-bytes", "1024") as (server, _), socket.create_connection(("127.0.0.1", server.server_address[1]), 5) as raw:
            raw.sendall(f"POST {MODEL}/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n".encode())
            answer = raw.makefile("rb").read()
            self.assertTrue(answer.startswith(b"HTTP/1.1 413 "), answer[:80])
            self.assertIn(b"at most 1024", answer)
            self.assertEqual(infer(server)[0], 200)

    def test_refuses_what_exceeds_the_queue_with_429_and_answers_the_rest(self) -> None:
        with serving("--waiting", "1") as (server, backend):
            backend.hold, before = threading.Event(), backend.runs
            answers: List[Any] = []
            threads = [threading.Thread(target=lambda: answers.append(infer(server))) for _ in range(2)]
            for i, thread in enumerate(threads):
                thread.start()
                self.assertTrue(until(lambda i=i: server.service.queue.counts()["waiting"] == i and server.service.queue.counts()["running"]))
            refusal = infer(server)
            self.assertEqual(error_of(refusal)[:2], (429, "infer.overloaded"))
            self.assertEqual(refusal[1]["retry-after"], "1")
            backend.hold.set()
            for thread in threads:
                thread.join()
            self.assertEqual(([a[0] for a in answers], backend.runs - before), ([200, 200], 2))

    def test_bounds_requests_under_way_before_their_bodies_are_read(self) -> None:
        with serving("--max-in-flight", "1") as (server, _):
            with socket.create_connection(("127.0.0.1", server.server_address[1]), 5) as slow:
                slow.sendall(f"POST {MODEL}/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n".encode())
                self.assertTrue(until(lambda: server.slots._value == 0))
                self.assertEqual(infer(server)[0], 429)
            self.assertTrue(until(lambda: infer(server)[0] == 200))

    def test_keeps_the_deadline_of_the_client_and_skips_what_nobody_waits_for(self) -> None:
        with serving() as (server, backend):
            backend.hold = threading.Event()
            late = error_of(infer(server, timeout=40_000))
            self.assertEqual(late[:2], (504, "infer.deadline"))
            self.assertEqual(error_of(infer(server, timeout=40_000))[:2], (504, "infer.deadline"))
            runs = backend.runs
            backend.hold.set()
            self.assertEqual(infer(server)[0], 200)
            self.assertEqual(backend.runs, runs + 1)

    def test_lets_go_of_a_client_that_went_away(self) -> None:
        with serving("--waiting", "1") as (server, backend):
            backend.hold = threading.Event()
            body, headers = binary_request(np.zeros(SHAPE, np.uint8))
            with socket.create_connection(("127.0.0.1", server.server_address[1]), 5) as raw:
                told = "".join(f"{k}: {v}\r\n" for k, v in headers.items())
                raw.sendall(f"POST {MODEL}/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n{told}\r\n".encode() + body)
                self.assertTrue(until(lambda: server._under_way == 1))
            self.assertTrue(until(lambda: server._under_way == 0, 4))  # long before its deadline of 10 s

    def test_tells_a_failed_run_and_goes_on(self) -> None:
        with serving() as (server, backend):
            backend.fault = RuntimeError("/secret/path of the driver")
            status, code, message = error_of(infer(server))
            self.assertEqual((status, code), (500, "infer.failed"))
            self.assertNotIn("secret", message)
            self.assertIn("/secret/path", json.loads(ask(server, "GET", "/status")[2])["lastFault"])
            backend.fault = None
            self.assertEqual(infer(server)[0], 200)

    def test_survives_garbled_and_half_requests(self) -> None:
        head = f"POST {MODEL}/infer HTTP/1.1\r\nHost: x\r\n"
        garbled = [
            "\0\0\0\0\r\n\r\n", "GET\r\n", f"{head}Content-Length: abc\r\n\r\n", f"{head}Content-Length: -1\r\n\r\n", f"{head}Content-Length: 400\r\n\r\n{{\"inputs\"",
            f"{head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}", f"{head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", f"{head}Content-Length: 2\r\nContent-Encoding: gzip\r\n\r\n{{}}",
            f"{head}\r\n", f"GET /{'a' * 70000} HTTP/1.1\r\n\r\n", f"{head}{'x' * 70000}\r\n\r\n",
        ]  # fmt: skip
        with serving("--request-timeout-ms", "300") as (server, _):
            for text in garbled:
                with socket.create_connection(("127.0.0.1", server.server_address[1]), 5) as raw:
                    raw.sendall(text.encode("latin-1"))
                    raw.shutdown(socket.SHUT_WR)
                    try:
                        self.assertNotIn(b" 200 ", raw.makefile("rb").read()[:20], text[:60])
                    except ConnectionResetError:
                        pass
            self.assertTrue(until(lambda: infer(server)[0] == 200))

    def test_closes_connections_beyond_its_bound(self) -> None:
        with serving("--max-connections", "2") as (server, _):
            port = server.server_address[1]
            held = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(2)]
            try:
                self.assertTrue(until(lambda: threading.active_count() >= 4))
                with socket.create_connection(("127.0.0.1", port), 5) as third:
                    self.assertEqual(third.recv(1), b"")
            finally:
                for one in held:
                    one.close()


class Drain(unittest.TestCase):
    def test_finishes_what_is_under_way_and_takes_nothing_new(self) -> None:
        with serving() as (server, backend):
            backend.hold = threading.Event()
            answers: List[Any] = []
            thread = threading.Thread(target=lambda: answers.append(infer(server)))
            thread.start()
            self.assertTrue(until(lambda: server._under_way == 1))
            drained: List[bool] = []
            waiting = threading.Thread(target=lambda: drained.append(server.drain(5)))
            waiting.start()
            self.assertTrue(until(lambda: server.draining))
            self.assertEqual(error_of(infer(server))[:2], (503, "infer.disposed"))
            self.assertEqual(ask(server, "GET", "/v2/health/ready")[0], 503)
            self.assertEqual(ask(server, "GET", "/v2/health/live")[0], 200)
            backend.hold.set()
            thread.join()
            waiting.join()
            self.assertEqual((answers[0][0], drained), (200, [True]))

    def test_gives_up_after_its_grace(self) -> None:
        with serving() as (server, backend):
            backend.hold = threading.Event()
            thread = threading.Thread(target=lambda: infer(server))
            thread.start()
            self.assertTrue(until(lambda: server._under_way == 1))
            self.assertFalse(server.drain(0.05))
            backend.hold.set()
            thread.join()


if __name__ == "__main__":
    unittest.main()
