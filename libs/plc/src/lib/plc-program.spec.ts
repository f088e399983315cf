import { describe, expect, it } from 'vitest';
import { decodeControlBlock } from './control-block.js';
import { createPartTracker } from './part-tracker.js';
import type { PartTrackerGeometry } from './part-tracker.js';
import { createPlcProgram } from './plc-program.js';
import type { PlcAction, PlcProgramOptions } from './plc-program.js';
import { controlBit as c, namesOfBits, controlBit, statusBit as s } from './register-map.js';
import { encodeStatusBlock } from './status-block.js';
import type { StatusBlock } from './status-block.js';
import { timingBudget } from './timing-budget.js';
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

describe('part tracker', () => {
  it.each([
    ['a passed part opens the gate', 'pass', true],
    ['a rejected part does not', 'reject', false],
    ['a part for review does not', 'review', false],
    ['a part in error does not', 'error', false],
  ] as const)('%s', (_, verdict, opens) => {
    const { tracker } = track([0]);
    tracker.verdict(1, 0, verdict, 5);
    tracker.advance(990, lead);
    expect(tracker.acceptTravel() > 0).toBe(opens);
  });

  it('fault 1: a part without an answer is rejected', () => {
    const { tracker } = track([0]);
    tracker.advance(990, lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
    tracker.gateEye(1000);
    tracker.binEye(1, 'reject');
    expect(tracker.drainOutcomes()).toMatchObject([{ n: 1, verdict: 'none', coilAtMs: null, gate: 'rejected' }]);
  });

  it('fault 2: a PASS after the deadline is late and opens nothing', () => {
    const { tracker } = track([0]);
    tracker.advance(849, lead);
    tracker.advance(851, lead);
    expect(tracker.verdict(1, 0, 'pass', 5)).toBe('late');
    tracker.advance(990, lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
    tracker.binEye(1, 'reject');
    expect(tracker.drainOutcomes()).toMatchObject([{ verdict: 'none', late: true }]);
  });

  it('opens the gate only while the passed part is in its window', () => {
    const { tracker } = track([0]);
    tracker.verdict(1, 0, 'pass', 5);
    const open = [840, 855, 1000, 1050, 1051].map((encoder) => {
      tracker.advance(encoder, lead);
      if (encoder === 1000) tracker.gateEye(encoder);
      return tracker.acceptTravel() > 0;
    });
    expect(open).toEqual([false, true, true, true, false]);
  });

  it('keeps the gate shut when a rejected part shares the window with a passed one', () => {
    const { tracker } = track([0, 160]);
    tracker.verdict(1, 0, 'pass', 5);
    tracker.verdict(2, 160, 'reject', 5);
    tracker.advance(1020, lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
  });

  it('takes the first verdict of a part and no second one', () => {
    const { tracker } = track([0]);
    expect(tracker.verdict(1, 0, 'reject', 5)).toBe('accepted');
    expect(tracker.verdict(1, 0, 'pass', 6)).toBe('duplicate');
    expect(tracker.verdict(1, 77, 'pass', 6)).toBe('unknown');
    tracker.advance(990, lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
  });

  it('works the same across the encoder wrap', () => {
    const start = 0xffff_fe00;
    const { tracker } = track([start]);
    tracker.verdict(1, start, 'pass', 5);
    tracker.advance(encoderAdd(start, 500), lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
    tracker.advance(encoderAdd(start, 1000), lead);
    expect(tracker.acceptTravel() > 0).toBe(true);
  });

  it('fault 17: a part that comes too early (belt moved, encoder stood) purges the section', () => {
    const { tracker } = track([0, 300]);
    tracker.verdict(1, 0, 'pass', 5);
    tracker.verdict(2, 300, 'pass', 5);
    tracker.gateEye(700);
    expect(tracker.drainFaults()).toEqual(['extra-part']);
    tracker.advance(1000, lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
  });

  it('fault 18: a reversed belt rejects everything in the section, a trembling encoder does not', () => {
    const { tracker } = track([0]);
    tracker.verdict(1, 0, 'pass', 5);
    for (const encoder of [300, 290, 305, 290]) tracker.advance(encoder, lead);
    expect(tracker.drainFaults()).toEqual([]);
    for (const encoder of [300, 290, 284]) tracker.advance(encoder, lead);
    expect(tracker.drainFaults()).toEqual(['reverse']);
    for (const encoder of [600, 990]) tracker.advance(encoder, lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
  });

  it('fault 18: a slow creep backwards is noticed as well', () => {
    const { tracker } = track([0]);
    for (const encoder of [300, 292, 284, 276]) tracker.advance(encoder, lead);
    expect(tracker.drainFaults()).toContain('reverse');
  });

  it('fault 19: two touching parts are both rejected', () => {
    const { tracker } = track([0, 100]);
    expect(tracker.drainFaults()).toEqual(['touching-parts']);
    expect(tracker.verdict(1, 0, 'pass', 5)).toBe('locked');
    expect(tracker.verdict(2, 100, 'pass', 5)).toBe('locked');
    tracker.advance(1000, lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
  });

  it('fault 20: a part taken away is missing, and the parts behind it keep their own places', () => {
    const { tracker } = track([0, 400]);
    tracker.verdict(1, 0, 'pass', 5);
    tracker.verdict(2, 400, 'reject', 5);
    tracker.advance(1051, lead);
    expect(tracker.drainFaults()).toEqual(['missing-part']);
    tracker.gateEye(1400);
    tracker.binEye(2, 'reject');
    expect(tracker.drainOutcomes()).toMatchObject([
      { n: 1, gate: 'missing', fault: 'missing-part' },
      { n: 2, verdict: 'reject', gate: 'rejected' },
    ]);
  });

  it('fault 21: an extra part has no window and shuts the gate', () => {
    const { tracker } = track([0]);
    tracker.verdict(1, 0, 'pass', 5);
    tracker.advance(1000, lead);
    tracker.gateEye(1000);
    expect(tracker.acceptTravel() > 0).toBe(true);
    tracker.gateEye(1010);
    expect(tracker.acceptTravel() > 0).toBe(false);
    expect(tracker.drainFaults()).toEqual(['extra-part']);
  });

  it('fault 22: tells of a rejected part that is not seen in the bin, and of one in the wrong bin', () => {
    const { tracker } = track([0, 300]);
    for (const part of [1, 2]) tracker.verdict(part, (part - 1) * 300, 'reject', 5);
    tracker.advance(1000, lead);
    tracker.gateEye(1000);
    tracker.advance(1300, lead);
    tracker.gateEye(1300);
    tracker.binEye(2, 'accept');
    tracker.advance(1401, lead);
    expect(tracker.drainFaults()).toEqual(['escaped-part', 'unconfirmed-reject']);
  });

  it('does not track more parts than its bound', () => {
    const { tracker } = track([0, 200, 400, 600, 800, 1000, 1200, 1400, 1600]);
    expect(tracker.drainFaults()).toEqual(['tracker-full']);
    expect(tracker.drainOutcomes()).toMatchObject([{ n: 9, fault: 'tracker-full' }]);
  });
});

describe('PLC program', () => {
  it('triggers when the station is ready, in the order of the belt, and takes the trigger back', () => {
    const b = bench();
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

  it('scans fast only while something is outstanding', () => {
    const b = bench();
    expect(b.program.wantsFastScan()).toBe(false);
    b.eye(1, 100);
    expect(b.program.wantsFastScan()).toBe(true);
    b.status({});
    b.status({ statusBits: s.ONLINE | s.TRIGGER_ACK });
    b.result(5, 1, 100, 'pass');
    b.status({});
    expect(b.program.wantsFastScan()).toBe(false);
  });
});

describe('timing budget', () => {
  it('accepts the slow line of the worked example and refuses the fast one', () => {
    const timing = { latencyMs: 120, pollMs: 20, scanMs: 10, valveDelayMs: 0 };
    expect(timingBudget({ ...timing, cameraToGateMm: 600, beltMmPerS: 500 })).toEqual({
      availableMs: 1200,
      neededMs: 170,
      feasible: true,
    });
    expect(timingBudget({ ...timing, cameraToGateMm: 150, beltMmPerS: 2000 })).toMatchObject({
      availableMs: 75,
      feasible: false,
    });
  });
});

function track(encoders: readonly number[]) {
  const tracker = createPartTracker(geometry);
  encoders.forEach((encoder, index) => {
    tracker.enter({ n: index + 1, partSeq: index + 1, partId: `P${index + 1}`, encoder, recipeId: 1 });
  });
  let position = encoders[0] ?? 0;
  tracker.advance(position, lead);
  /** The belt moves on without jumps. */
  const advance = (encoder: number, leadCounts: number): void => {
    for (const step of steps(position, encoder)) tracker.advance(step, leadCounts);
    position = encoder;
  };
  return { tracker: { ...tracker, advance } };
}

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
