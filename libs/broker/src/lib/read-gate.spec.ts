import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createPacketGuard } from './packet-guard.js';
import { createReadGate } from './read-gate.js';

function open(limits: { readonly inFlight: number; readonly inFlightBytes: number }) {
  const socket = new PassThrough();
  const problems: string[] = [];
  let asked = 0;
  const gate = createReadGate(socket, createPacketGuard(100), { ...limits, onProblem: (text) => problems.push(text) });
  socket.on('readable', () => (asked += 1));
  return { socket, gate, problems, asked: () => asked };
}
const ping = Buffer.from([0xc0, 0]);

describe('the read gate', () => {
  it('hands nothing on while enough messages are in work, and asks the reader back when one is done', () => {
    const { socket, gate, asked } = open({ inFlight: 2, inFlightBytes: 1_000 });
    socket.write(ping);
    gate.begin(10);
    expect(socket.read()).toEqual(ping);
    gate.begin(10);
    socket.write(ping);
    expect(socket.read()).toBeNull();
    const before = asked();
    gate.end(10);
    expect(asked()).toBe(before + 1);
    expect(socket.read()).toEqual(ping);
  });

  it('counts bytes as well', () => {
    const { socket, gate } = open({ inFlight: 100, inFlightBytes: 1_000 });
    socket.write(ping);
    gate.begin(600);
    gate.begin(600);
    expect(socket.read()).toBeNull();
    gate.end(600);
    expect(socket.read()).toEqual(ping);
  });

  it('asks nobody back who was not turned away', () => {
    const { gate, asked } = open({ inFlight: 2, inFlightBytes: 1_000 });
    gate.begin(1);
    gate.end(1);
    expect(asked()).toBe(0);
  });

  it('keeps a chunk from the parser when its length field is too large', () => {
    const { socket, problems } = open({ inFlight: 2, inFlightBytes: 1_000 });
    socket.write(Buffer.from([0x30, 0xff, 0x01, 1, 2, 3]));
    expect(socket.read()).toBeNull();
    expect(problems).toEqual([expect.stringMatching(/258 bytes, more than 100/)]);
  });
});
