"""An outside PLC (pymodbus server): the station writes its status block and the RESULT_VALID coil into it.

    /usr/bin/python3 e2e/foreign/pymodbus_plc.py --port 1503 --parts 3

Prints {"event":"ready","port":...} once it listens and one JSON line per part; exits with 0 after the last one when every
result was valid. Needs Debian's python3-pymodbus, python3-serial and python3-serial-asyncio.
"""

import argparse
import asyncio
import json
import socket
import sys
import time

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartAsyncTcpServer

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

HOLDING, COILS = 3, 1


class Program:
    def __init__(self, memory):
        self.memory, self.heartbeat, self.part_seq, self.encoder = memory, 0, 0, 0

    def show(self, bits):
        """Refreshes the control block, as a PLC does once per scan."""
        self.heartbeat = (self.heartbeat + 1) & 0xFFFF
        words = [TRIGGER_ENABLE | BUFFER_ENABLE | GO_ONLINE | bits, self.heartbeat, self.part_seq, 1]
        words += [self.encoder >> 16, self.encoder & 0xFFFF] + [0] * 8 + [1, 0]
        self.memory.setValues(HOLDING, 0, words)

    def status(self):
        return self.memory.getValues(HOLDING, 100, 32)

    def result_valid(self):
        return bool(self.memory.getValues(COILS, 104, 1)[0])

    async def until(self, bits, wanted, what, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.show(bits)
            if wanted():
                return
            await asyncio.sleep(0.005)
        raise RuntimeError(f"timeout: {what}; STATUS {self.status()[2]:04x}")

    async def inspect(self, part_seq, seconds):
        status = lambda bit: self.status()[2] & bit
        await self.until(0, lambda: status(TRIGGER_READY), "TRIGGER_READY", seconds)
        self.part_seq, self.encoder = part_seq, 0x80000000 + part_seq
        self.memory.setValues(COILS, 104, [False])
        await self.until(TRIGGER, lambda: status(TRIGGER_ACK), "TRIGGER_ACK", seconds)
        await self.until(0, lambda: not status(TRIGGER_ACK), "TRIGGER_ACK to fall", seconds)
        await self.until(0, self.result_valid, "the RESULT_VALID coil", seconds)
        words = self.status()
        problems = []
        if words[4] != words[31] or crc16(words[4:30]) != words[30]:
            problems.append("torn or corrupt")
        if words[6] not in VERDICTS or words[6] ^ words[7] != 0xFFFF:
            problems.append("verdict pattern")
        if words[5] != part_seq or words[14] << 16 | words[15] != self.encoder:
            problems.append("another part")
        await self.until(RESULT_ACK, lambda: not status(RESULT_VALID), "RESULT_VALID to fall", seconds)
        self.memory.setValues(COILS, 104, [False])
        return {"partSeq": words[5], "verdict": VERDICTS.get(words[6], "none"), "resultSeq": words[4], "problems": problems}


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1503, help="0 takes a free one")
    parser.add_argument("--parts", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10, help="longest wait for one step")
    options = parser.parse_args()
    port = options.port
    if port == 0:
        with socket.socket() as probe:
            probe.bind((options.host, 0))
            port = probe.getsockname()[1]
    blocks = {"hr": ModbusSequentialDataBlock(0, [0] * 300), "co": ModbusSequentialDataBlock(0, [False] * 300)}
    memory = ModbusSlaveContext(zero_mode=True, **blocks)
    context = ModbusServerContext(slaves={1: memory}, single=False)
    program = Program(memory)
    program.show(0)
    server = asyncio.ensure_future(StartAsyncTcpServer(context=context, address=(options.host, port)))
    await asyncio.sleep(0.2)
    if server.done():
        server.result()
    print(json.dumps({"event": "ready", "port": port}), flush=True)
    clean = True
    try:
        for part_seq in range(1, options.parts + 1):
            result = await program.inspect(part_seq, options.seconds)
            print(json.dumps(result), flush=True)
            clean = clean and not result["problems"]
    except RuntimeError as error:
        sys.exit(str(error))
    sys.exit(0 if clean else 1)


if __name__ == "__main__":
    asyncio.run(main())
