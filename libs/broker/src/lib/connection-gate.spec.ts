import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { defaultBrokerLimits, type BrokerLimits } from './broker-limits.js';
import { createConnectionGate } from './connection-gate.js';

/** The three things of a socket that the gate uses. */
const socketOf = (remoteAddress: string): Socket =>
  Object.assign(new EventEmitter(), { remoteAddress, destroy: () => undefined }) as unknown as Socket;

function open(limits: Partial<BrokerLimits>) {
  const time = { nowMs: 0 };
  const refused: string[] = [];
  const gate = createConnectionGate({
    limits: { ...defaultBrokerLimits, ...limits },
    clock: { monotonicMs: () => time.nowMs, epochMs: () => 0 },
    sessions: () => 0,
    refuse: (socket, reason) => refused.push(`${socket.remoteAddress ?? ''} ${reason}`),
  });
  const begun: string[] = [];
  /** In the order in which they were begun. */
  const sockets: Socket[] = [];
  const admit = (address: string): Socket => {
    const socket = socketOf(address);
    gate.admit(socket, () => {
      begun.push(address);
      sockets.push(socket);
    });
    return socket;
  };
  return { gate, time, refused, begun, sockets, admit };
}

describe('the connection gate', () => {
  it('begins at once while there is room, and the next when one is settled', () => {
    const { gate, begun, admit } = open({ pending: 2 });
    const [first] = [admit('a'), admit('b'), admit('c')];
    expect([begun.join(), gate.pending(), gate.waiting()]).toEqual(['a,b', 2, 1]);
    if (first !== undefined) gate.settled(first);
    expect([begun.join(), gate.pending(), gate.waiting()]).toEqual(['a,b,c', 2, 0]);
  });

  it('gives an address its share and serves the others past it', () => {
    const { gate, begun, admit } = open({ pending: 10, pendingPerAddress: 2 });
    const greedy = ['x', 'x', 'x', 'x'].map(admit);
    admit('y');
    expect(begun).toEqual(['x', 'x', 'y']);
    expect(gate.waiting()).toBe(2);
    for (const socket of greedy.slice(0, 2)) socket.emit('close');
    expect(begun).toEqual(['x', 'x', 'y', 'x', 'x']);
  });

  it('takes addresses in turn when a place gets free', () => {
    const { gate, begun, sockets, admit } = open({ pending: 1 });
    for (const address of ['x', 'x', 'x', 'x', 'y', 'z']) admit(address);
    for (let turn = 0; turn < 5; turn += 1) {
      const socket = sockets.at(turn);
      if (socket !== undefined) gate.settled(socket);
    }
    expect(begun).toEqual(['x', 'x', 'y', 'z', 'x', 'x']);
  });

  it('holds to the rate, and goes on when time has passed', () => {
    const { gate, time, begun, admit } = open({ connectsPerSecond: 10, connectsBurst: 2 });
    const admitted = ['a', 'b', 'c', 'd'].map(admit);
    expect(begun).toEqual(['a', 'b']);
    time.nowMs = 100;
    if (admitted[0] !== undefined) gate.settled(admitted[0]);
    expect(begun).toEqual(['a', 'b', 'c']);
    gate.close();
  });

  it('takes the place for a newcomer from the address that hoards', () => {
    const { gate, refused, begun, admit } = open({ pending: 1, waiting: 4 });
    const first = admit('x');
    for (const address of ['x', 'x', 'x', 'x']) admit(address);
    admit('y');
    admit('x');
    expect(refused).toEqual(['x connection-limit', 'x connection-limit']);
    expect(gate.waiting()).toBe(4);
    gate.settled(first);
    expect(begun).toEqual(['x', 'x']);
  });

  it('forgets who leaves the line, and refuses what is too much', () => {
    const { gate, refused, begun, admit } = open({ pending: 1, waiting: 1 });
    const [first, second] = [admit('a'), admit('b')];
    admit('c');
    expect(refused).toEqual(['c connection-limit']);
    second?.emit('close');
    expect(gate.waiting()).toBe(0);
    first?.emit('close');
    expect([begun.join(), gate.pending()]).toEqual(['a', 0]);
  });
});
