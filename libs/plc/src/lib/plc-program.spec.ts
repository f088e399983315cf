import { describe, expect, it } from 'vitest';
import { decodeControlBlock } from './control-block.js';
import type { PartTrackerGeometry } from './part-tracker.js';
import { createPlcProgram } from './plc-program.js';
import type { PlcAction, PlcProgramOptions } from './plc-program.js';
import { controlBit as c, namesOfBits, controlBit, statusBit as s } from './register-map.js';
import { encodeStatusBlock } from './status-block.js';
import type { StatusBlock } from './status-block.js';
import { encoderAdd, encoderDistance } from './word-order.js';

const geometry: PartTrackerGeometry = {
  cameraToGateCounts: 1000,
  windowCounts: 50,
  reverseCounts: 20,
  minimumSpacingCounts: 150,
  confirmCounts: 400,
  capacity: 8,
};
const lead = 100;

describe('PLC program', () => {
  it('triggers when the station is ready, in the order of the belt, and takes the trigger back', () => {
    const b = bench();
    b.status({ statusBits: s.ONLINE });
    b.eye(1, 100);
    b.eye(2, 400);
    expect(b.control()).toMatchObject({ bits: ['TRIGGER_ENABLE', 'BUFFER_ENABLE', 'GO_ONLINE'] });
    b.status({});
    expect(b.control()).toMatchObject({
      bits: ['TRIGGER_ENABLE', 'TRIGGER', 'BUFFER_ENABLE', 'GO_ONLINE'],
      partSeq: 1,
      encoder: 100,
    });
    b.status({ statusBits: s.ONLINE | s.TRIGGER_ACK });
    expect(b.control().bits).not.toContain('TRIGGER');
    b.status({});
    expect(b.control()).toMatchObject({ partSeq: 2, encoder: 400 });
  });

  it('triggers at the eye itself when the last status said that the station is ready', () => {
    const b = bench();
    b.eye(1, 100);
    expect(b.control()).toMatchObject({ partSeq: 1, encoder: 100 });
    expect(b.control().bits).toContain('TRIGGER');
  });

  it('energises the gate for a passed part and lets go of it behind the part', () => {
    const b = bench();
    b.eye(1, 100);
    b.result(5, 1, 100, 'pass');
    b.drive(1100);
    expect(b.actions('accept-coil')).toEqual([{ kind: 'accept-coil', on: true, travelCounts: 151 }]);
    b.program.gateEye(1100);
    b.program.binEye(1, 'accept');
    expect(b.actions('accept-coil').at(-1)).toEqual({ kind: 'accept-coil', on: false, travelCounts: 0 });
    expect(b.actions('part')).toMatchObject([
      { outcome: { n: 1, verdict: 'pass', gate: 'accepted', fault: null, late: false } },
    ]);
  });

  it('acknowledges a result and acts on it only once', () => {
    const b = bench();
    b.eye(1, 100);
    b.result(5, 1, 100, 'pass');
    expect(b.control().bits).toContain('RESULT_ACK');
    b.result(5, 1, 100, 'pass');
    b.status({});
    expect(b.control().bits).not.toContain('RESULT_ACK');
    b.result(5, 1, 100, 'pass');
    expect(b.program.faults()).toEqual({ 'stale-result': 1 });
  });

  it('fault 3: a torn read is never acted on and is read again', () => {
    const b = bench();
    b.eye(1, 100);
    const words = b.words({ ...passOf(5, 1, 100) });
    words[31] = 4;
    b.program.status(words, b.tick());
    expect(b.control().bits).not.toContain('RESULT_ACK');
    expect(b.program.faults()).toEqual({ torn: 1 });
    b.result(5, 1, 100, 'pass');
    expect(b.control().bits).toContain('RESULT_ACK');
  });

  it('does not use a PASS that stood in the block before a gap', () => {
    const b = bench();
    b.program.stationGap();
    b.eye(1, 100);
    b.result(5, 1, 100, 'pass');
    b.drive(1100);
    expect(b.actions('accept-coil')).toEqual([]);
    expect(b.program.faults()).toMatchObject({ 'stale-result': 1 });
  });

  it('fault 11: a silent station rejects even the parts that had passed', () => {
    const b = bench();
    b.eye(1, 100);
    b.result(5, 1, 100, 'pass');
    b.wait(300);
    b.drive(1100);
    expect(b.actions('accept-coil')).toEqual([]);
    expect(b.program.state()).toBe('waiting-station');
  });

  it('fault 16: the word-order self-test keeps the station offline', () => {
    const b = bench();
    const words = b.words({});
    words.set([words[1] ?? 0, words[0] ?? 0]);
    b.program.status(words, b.tick());
    expect(b.program.state()).toBe('refused');
    expect(b.control().bits).not.toContain('GO_ONLINE');
    b.status({});
    expect(b.program.state()).toBe('running');
  });

  it('refuses a simulated station unless the whole line is one', () => {
    const b = bench();
    b.status({ statusBits: s.ONLINE | s.TRIGGER_READY | s.SIMULATED });
    expect(b.program.state()).toBe('refused');
    const simulated = bench({ acceptSimulated: true });
    simulated.status({ statusBits: s.ONLINE | s.TRIGGER_READY | s.SIMULATED });
    expect(simulated.program.state()).toBe('running');
  });

  it('fault 1: three unanswered parts in a row stop the line; reset rejects what lies on it', () => {
    const b = bench();
    for (const n of [1, 2, 3, 4]) b.eye(n, n * 200);
    for (const n of [1, 2, 3]) {
      b.drive(n * 200 + 1000);
      b.program.gateEye(n * 200 + 1000);
      b.program.binEye(n, 'reject');
    }
    expect(b.actions('belt')).toEqual([{ kind: 'belt', run: false, reason: 'unanswered-parts' }]);
    expect(b.program.state()).toBe('stopped');
    b.program.reset();
    b.result(9, 4, 800, 'pass');
    b.drive(1800);
    expect(b.actions('accept-coil')).toEqual([]);
    expect(b.actions('belt').at(-1)).toEqual({ kind: 'belt', run: true, reason: null });
  });

  it('an answer in between starts the count of unanswered parts anew', () => {
    const b = bench();
    for (const n of [1, 2, 3, 4]) b.eye(n, n * 200);
    b.result(9, 3, 600, 'error');
    for (const n of [1, 2, 3, 4]) {
      b.drive(n * 200 + 1000);
      b.program.gateEye(n * 200 + 1000);
      b.program.binEye(n, 'reject');
    }
    expect(b.program.state()).toBe('running');
  });

  it('fault 22: an escaped part stops the line', () => {
    const b = bench();
    b.eye(1, 0);
    b.drive(1000);
    b.program.gateEye(1000);
    b.program.binEye(1, 'accept');
    expect(b.actions('belt')).toEqual([{ kind: 'belt', run: false, reason: 'escaped-part' }]);
  });

  it('fault 23: a full reject bin stops the line before it overflows', () => {
    const b = bench({ rejectBinCapacity: 1 });
    b.eye(1, 0);
    b.result(9, 1, 0, 'reject');
    b.drive(1000);
    b.program.gateEye(1000);
    b.program.binEye(1, 'reject');
    expect(b.actions('belt')).toEqual([{ kind: 'belt', run: false, reason: 'reject-bin-full' }]);
    b.program.emptyRejectBin();
    b.program.reset();
    expect(b.program.state()).toBe('running');
  });

  it('knows when a phase of the handshake and when a verdict is outstanding', () => {
    const b = bench();
    const outstanding = () => [b.program.inHandshake(), b.program.awaitsVerdict()];
    expect(outstanding()).toEqual([false, false]);
    b.eye(1, 100);
    expect(outstanding()).toEqual([true, true]);
    b.status({});
    b.status({ statusBits: s.ONLINE | s.TRIGGER_ACK });
    expect(outstanding()).toEqual([false, true]);
    b.result(5, 1, 100, 'pass');
    expect(outstanding()).toEqual([true, false]);
    b.status({});
    expect(outstanding()).toEqual([false, false]);
  });
});

/** Encoder values on the way, at most 100 counts apart. */
function steps(from: number, to: number): readonly number[] {
  const distance = encoderDistance(from, to);
  const count = Math.max(1, Math.ceil(Math.abs(distance) / 100));
  return Array.from({ length: count }, (_, index) => encoderAdd(from, (distance * (index + 1)) / count));
}

function passOf(resultSeq: number, partSeq: number, encoder: number): Partial<StatusBlock> {
  return { statusBits: s.ONLINE | s.TRIGGER_READY | s.RESULT_VALID, resultSeq, partSeq, encoder, verdict: 'pass' };
}

/** A PLC with a station that is ready and alive: its heartbeat moves with each read. */
function bench(options: Partial<PlcProgramOptions> = {}) {
  const program = createPlcProgram({
    geometry,
    watchdogMs: 250,
    wordOrder: 'high-first',
    acceptSimulated: false,
    unansweredLimit: 3,
    initialRecipeId: 1,
    rejectBinCapacity: null,
    autoResetMs: null,
    ...options,
  });
  let now = 0;
  let heartbeat = 0;
  const actions: PlcAction[] = [];
  const tick = (): number => {
    now += 10;
    return now;
  };
  const words = (change: Partial<StatusBlock>): Uint16Array => {
    heartbeat += 1;
    return encodeStatusBlock({ ...calm, heartbeat, ...change }, 'high-first');
  };
  const status = (change: Partial<StatusBlock>): void => program.status(words(change), tick());
  status({});
  status({});
  let position = 0;
  program.encoder(position, lead);
  return {
    drive: (encoder: number) => {
      for (const step of steps(position, encoder)) program.encoder(step, lead);
      position = encoder;
    },
    program,
    tick,
    words,
    status,
    eye: (n: number, encoder: number) => program.eye({ n, encoder, partId: `P${n}`, recipeId: 1 }),
    result: (resultSeq: number, partSeq: number, encoder: number, verdict: 'pass' | 'reject' | 'error') =>
      status({ ...passOf(resultSeq, partSeq, encoder), verdict }),
    wait: (ms: number) => {
      now += ms;
      program.tick(now);
    },
    control: () => {
      const block = decodeControlBlock(program.nextControl(), 'high-first');
      return { ...block, bits: namesOfBits(controlBit, block.controlBits & ~c.TIME_STROBE) };
    },
    actions: (kind: PlcAction['kind']) => {
      actions.push(...program.drainActions());
      return actions.filter((action) => action.kind === kind);
    },
  };
}

const calm: StatusBlock = {
  statusBits: s.ONLINE | s.TRIGGER_READY,
  heartbeat: 0,
  resultSeq: 4,
  partSeq: 0,
  verdict: null,
  reasonCode: 0,
  defectClassMask: 0,
  defectCount: 0,
  topScore: 0,
  latencyMs: 0,
  inferenceMs: 0,
  encoder: 0,
  recipeActive: 1,
  modelHash16: 0,
  queueDepth: 0,
  errorCode: 0,
  inspected: 0,
  rejected: 0,
  missedTriggers: 0,
  epochMs: 0,
  goldenState: 'passed',
};
