"""An outside PLC (pymodbus) goes through the whole verdict handshake with the station as Modbus TCP server.

By hand, against the running demo (the demo's own PLC holds the right to write, so stop it first with its fault "gone"):

    /usr/bin/python3 e2e/foreign/pymodbus_handshake.py --port 1502 --parts 3

Prints one JSON line per part and exits with 0 when every part got a valid result with its own sequence and encoder.
Needs Debian's python3-pymodbus, python3-serial and python3-serial-asyncio.
"""

import argparse
import json
import sys
import time

from pymodbus.client import ModbusTcpClient

from verdict_block import (
    BUFFER_ENABLE,
    GO_ONLINE,
    RESULT_ACK,
    RESULT_VALID,
    TRIGGER,
    TRIGGER_ACK,
    TRIGGER_ENABLE,
    TRIGGER_READY,
    VERDICTS,
    crc16,
)


class Plc:
    def __init__(self, client, unit):
        self.client, self.unit = client, unit
        self.heartbeat, self.part_seq, self.encoder, self.part_id = 0, 0, 0, ""

    def scan(self, bits):
        """One PLC scan: write the control block, read the status block."""
        self.heartbeat = (self.heartbeat + 1) & 0xFFFF
        name = self.part_id.encode("ascii").ljust(16, b"\0")
        words = [TRIGGER_ENABLE | BUFFER_ENABLE | GO_ONLINE | bits, self.heartbeat, self.part_seq, 1]
        words += [self.encoder >> 16, self.encoder & 0xFFFF]
        words += [name[i] << 8 | name[i + 1] for i in range(0, 16, 2)] + [1, 0]
        written = self.client.write_registers(0, words, slave=self.unit)
        if written.isError():
            raise RuntimeError(f"write refused: {written}")
        read = self.client.read_input_registers(0, 32, slave=self.unit)
        if read.isError():
            raise RuntimeError(f"read refused: {read}")
        return read.registers

    def until(self, bits, wanted, what, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            status = self.scan(bits)
            if wanted(status[2]):
                return status
            time.sleep(0.002)
        raise RuntimeError(f"timeout: {what}; STATUS {status[2]:04x} ERROR_CODE {status[19]}")

    def inspect(self, part_seq, seconds):
        self.until(0, lambda s: s & TRIGGER_READY and not s & TRIGGER_ACK, "TRIGGER_READY", seconds)
        self.part_seq, self.encoder, self.part_id = part_seq, 0xFFFFFF00 + part_seq & 0xFFFFFFFF, f"F{part_seq:07d}"
        started = time.monotonic()
        self.until(TRIGGER, lambda s: s & TRIGGER_ACK, "TRIGGER_ACK", seconds)
        self.until(0, lambda s: not s & TRIGGER_ACK, "TRIGGER_ACK to fall", seconds)
        status = self.until(0, lambda s: s & RESULT_VALID, "RESULT_VALID", seconds)
        waited = time.monotonic() - started
        problems = self.judge(status)
        self.until(RESULT_ACK, lambda s: not s & RESULT_VALID, "RESULT_VALID to fall", seconds)
        return {
            "partSeq": status[5],
            "verdict": VERDICTS.get(status[6], "none"),
            "reason": status[8],
            "resultSeq": status[4],
            "waitedMs": round(waited * 1000, 1),
            "problems": problems,
        }

    def judge(self, status):
        problems = []
        if status[0] != 0x4531 or status[1] != 1:
            problems.append("map signature")
        if status[4] != status[31]:
            problems.append("torn")
        if status[6] not in VERDICTS or status[6] ^ status[7] != 0xFFFF:
            problems.append("verdict pattern")
        if crc16(status[4:30]) != status[30]:
            problems.append("crc")
        if status[5] != self.part_seq:
            problems.append("part sequence")
        if status[14] << 16 | status[15] != self.encoder:
            problems.append("encoder echo")
        return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1502)
    parser.add_argument("--unit", type=int, default=1)
    parser.add_argument("--parts", type=int, default=3)
    parser.add_argument("--first", type=int, default=65534, help="first PART_SEQ; the default crosses the wrap")
    parser.add_argument("--seconds", type=float, default=5, help="longest wait for one step")
    options = parser.parse_args()
    client = ModbusTcpClient(options.host, port=options.port, timeout=2)
    if not client.connect():
        sys.exit(f"cannot connect to {options.host}:{options.port}")
    plc = Plc(client, options.unit)
    clean = True
    sequence = options.first
    try:
        for _ in range(options.parts):
            result = plc.inspect(sequence, options.seconds)
            print(json.dumps(result), flush=True)
            clean = clean and not result["problems"]
            sequence = 1 if sequence >= 65535 else sequence + 1
    except RuntimeError as error:
        sys.exit(str(error))
    finally:
        client.close()
    sys.exit(0 if clean else 1)


if __name__ == "__main__":
    main()
