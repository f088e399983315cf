import type { PartTrigger, PartVerdict, StationCondition, VerdictKind } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { emptyControlBlock } from './control-block.js';
import { controlBit as c, namesOfBits, statusBit } from './register-map.js';
import { reasonCodes } from './reason-codes.js';
import { createStationHandshake } from './station-handshake.js';
import type { StationEvent, StationHandshakeOptions } from './station-handshake.js';

const good: StationCondition = {
  online: true,
  goldenDue: false,
  goldenFailed: false,
  degraded: false,
  lightFault: false,
  storeFull: false,
  clockUnsynchronised: false,
  activeRecipeId: 1,
};
const enabled = c.TRIGGER_ENABLE | c.GO_ONLINE | c.BUFFER_ENABLE;

/** A PLC by hand: each call is one write of the control block, 10 ms after the last. */
function bench(options: Partial<StationHandshakeOptions> = {}) {
  const station = createStationHandshake({
    watchdogMs: 250,
    inspectionTimeoutMs: 2000,
    simulated: false,
    bypass: { key: null, maxMs: 1000 },
    ...options,
  });
  let now = 0;
  let heartbeat = 0;
  const events: StationEvent[] = [];
  const at = (partSeq: number): number => 1000 * partSeq;
  const write = (bits: number, partSeq = 0, extra: Partial<typeof emptyControlBlock> = {}): void => {
    now += 10;
    heartbeat += 1;
    const block = {
      ...emptyControlBlock,
      controlBits: enabled | bits,
      heartbeat,
      partSeq,
      recipeId: 1,
      expectedMapVersion: 1,
    };
    station.control({ ...block, encoder: at(partSeq), partId: `P${partSeq}`, ...extra }, now);
    events.push(...station.drainEvents());
  };
  station.setCondition(good);
  write(0);
  write(0);
  return {
    station,
    events,
    write,
    now: () => now,
    wait: (ms: number) => {
      now += ms;
      station.tick(now);
      events.push(...station.drainEvents());
    },
    bits: () => namesOfBits(statusBit, station.block(0).statusBits),
    trigger: (partSeq: number) => {
      write(c.TRIGGER, partSeq);
      write(0, partSeq);
    },
    publish: (partSeq: number, verdict: VerdictKind) => station.publish(verdictOf(partSeq, verdict, at(partSeq)), now),
    acknowledge: () => {
      write(c.RESULT_ACK);
      write(0);
    },
    shown: () => {
      const block = station.block(0);
      return { partSeq: block.partSeq, verdict: block.verdict, reason: block.reasonCode, resultSeq: block.resultSeq };
    },
    triggers: () => events.filter((event) => event.kind === 'trigger').map((event) => event.trigger.partSeq),
    faults: () => events.filter((event) => event.kind === 'fault').map((event) => event.code),
  };
}

describe('station handshake', () => {
  it('tells how long the PLC may have held a part back', () => {
    const { station, events, write } = bench();
    const heldMs = (): number | undefined => {
      const event = events.findLast(({ kind }) => kind === 'trigger');
      return event?.kind === 'trigger' ? event.trigger.heldAtMostMs : undefined;
    };
    write(0);
    write(c.TRIGGER, 1);
    expect(heldMs()).toBe(10);
    // Taken back and announced again at once: it may have waited for the acknowledgement to fall, nobody knows for how long.
    write(0);
    write(c.TRIGGER, 2);
    expect(heldMs()).toBe(Infinity);
    write(0);
    write(0);
    write(c.TRIGGER, 3);
    expect(heldMs()).toBe(10);
    write(0);
    station.setCondition({ ...good, online: false });
    write(0);
    station.setCondition(good);
    // Announced in the first block after the station became ready: nobody knows since when it waited.
    write(c.TRIGGER, 4);
    expect(heldMs()).toBe(Infinity);
  });

  it('goes through the four phases of a trigger and of its result', () => {
    const b = bench();
    expect(b.bits()).toEqual(['ONLINE', 'TRIGGER_READY']);
    b.write(c.TRIGGER, 17);
    expect(b.bits()).toEqual(['ONLINE', 'TRIGGER_ACK', 'BUSY']);
    expect(b.station.state()).toBe('acquiring');
    b.write(0, 17);
    expect(b.bits()).toEqual(['ONLINE', 'TRIGGER_READY', 'BUSY']);
    expect(b.station.state()).toBe('inspecting');
    expect(b.publish(17, 'pass')).toEqual({ kind: 'accepted', ticket: 1 });
    expect(b.bits()).toEqual(['ONLINE', 'TRIGGER_READY', 'RESULT_VALID']);
    expect(b.shown()).toEqual({ partSeq: 17, verdict: 'pass', reason: 0, resultSeq: 1 });
    b.write(c.RESULT_ACK, 17);
    expect(b.bits()).toEqual(['ONLINE', 'TRIGGER_READY']);
    expect(b.events.map((event) => event.kind)).toEqual(['trigger', 'shown', 'acknowledged']);
    const announced: PartTrigger = {
      partSeq: 17,
      encoder: 17_000,
      partId: 'P17',
      recipeId: 1,
      triggeredAtMs: 30,
      heldAtMostMs: Infinity,
    };
    expect(b.events[0]).toEqual({ kind: 'trigger', trigger: announced });
  });

  it('shows results one at a time, in order, each until it is acknowledged', () => {
    const b = bench();
    for (const seq of [1, 2, 3]) b.trigger(seq);
    for (const seq of [2, 1, 3]) b.publish(seq, 'reject');
    expect(b.shown().partSeq).toBe(2);
    b.write(c.RESULT_ACK);
    expect(b.shown().partSeq).toBe(2);
    b.write(0);
    expect(b.shown().partSeq).toBe(1);
    b.acknowledge();
    expect(b.shown().partSeq).toBe(3);
  });

  it('without BUFFER_ENABLE the next result replaces the shown one', () => {
    const b = bench();
    b.trigger(1);
    b.trigger(2);
    const unbuffered = { controlBits: c.TRIGGER_ENABLE | c.GO_ONLINE };
    b.write(0, 2, unbuffered);
    b.publish(1, 'pass');
    b.publish(2, 'reject');
    expect(b.shown()).toMatchObject({ partSeq: 2, resultSeq: 2 });
  });

  it('fault 6: a repeated trigger announces no second part and publishes the stored verdict again', () => {
    const b = bench();
    b.trigger(5);
    b.trigger(5);
    b.publish(5, 'reject');
    b.acknowledge();
    b.trigger(5);
    expect(b.triggers()).toEqual([5]);
    expect(b.shown()).toMatchObject({ partSeq: 5, verdict: 'reject', resultSeq: 2 });
    expect(b.station.counters().inspected).toBe(1);
  });

  it('fault 6: the same PART_SEQ at another encoder position is another part', () => {
    const b = bench();
    b.trigger(5);
    b.publish(5, 'pass');
    b.acknowledge();
    b.write(c.TRIGGER, 5, { encoder: 999_999 });
    expect(b.triggers()).toEqual([5, 5]);
    expect(b.publish(5, 'pass')).toMatchObject({ kind: 'refused' });
  });

  it('fault 7: counts part sequences that were never announced', () => {
    const b = bench();
    b.trigger(10);
    b.trigger(13);
    expect(b.station.counters().missedTriggers).toBe(2);
    expect(b.bits()).toContain('MISSED_TRIGGER');
    b.write(c.CLEAR_ERROR);
    expect(b.bits()).not.toContain('MISSED_TRIGGER');
  });

  it('fault 8: part sequences wrap from 65535 to 1 without a missed trigger', () => {
    const b = bench();
    for (const seq of [65_534, 65_535, 1, 2]) {
      b.trigger(seq);
      b.publish(seq, 'pass');
      b.acknowledge();
    }
    expect(b.triggers()).toEqual([65_534, 65_535, 1, 2]);
    expect(b.station.counters().missedTriggers).toBe(0);
  });

  it('fault 9: a trigger while TRIGGER stands is missed and gets ERROR', () => {
    const b = bench();
    b.write(c.TRIGGER, 1);
    b.write(c.TRIGGER, 2);
    expect(b.triggers()).toEqual([1]);
    expect(b.bits()).toContain('MISSED_TRIGGER');
    expect(b.shown()).toMatchObject({ partSeq: 2, verdict: 'error', reason: reasonCodes['missed-trigger'] });
  });

  it.each([
    ['the golden part is due', { goldenDue: true }, 'error', reasonCodes['golden-due']],
    ['the golden part failed (fault 30)', { goldenFailed: true }, 'error', reasonCodes['golden-failed']],
    ['the light is faulty (fault 24)', { lightFault: true }, 'error', reasonCodes['light-fault']],
    ['the store is full (fault 31)', { storeFull: true }, 'error', reasonCodes['store-full']],
    ['another recipe is active (fault 28)', { activeRecipeId: 2 }, 'review', reasonCodes['recipe-mismatch']],
    ['the station is offline', { online: false }, 'error', reasonCodes['station-offline']],
  ] as const)(
    'withholds TRIGGER_READY when %s, and a part triggered anyway cannot pass',
    (_, change, verdict, reason) => {
      const b = bench();
      b.station.setCondition({ ...good, ...change });
      expect(b.bits()).not.toContain('TRIGGER_READY');
      b.trigger(1);
      expect(b.triggers()).toEqual([]);
      expect(b.shown()).toMatchObject({ partSeq: 1, verdict, reason });
      expect(b.publish(1, 'pass').kind).toBe('refused');
    },
  );

  it('fault 24: a PASS while the light is faulty becomes ERROR', () => {
    const b = bench();
    b.trigger(1);
    b.station.setCondition({ ...good, lightFault: true });
    b.publish(1, 'pass');
    expect(b.shown()).toMatchObject({ verdict: 'error', reason: reasonCodes['light-fault'] });
  });

  it('fault 10: with eight parts under way the ninth is refused with ERROR and the eight keep their verdicts', () => {
    const b = bench();
    for (let seq = 1; seq <= 8; seq += 1) {
      b.trigger(seq);
    }
    expect(b.bits()).not.toContain('TRIGGER_READY');
    b.trigger(9);
    expect(b.triggers()).toHaveLength(8);
    for (let seq = 1; seq <= 8; seq += 1) b.publish(seq, 'pass');
    const order: unknown[] = [];
    for (let index = 0; index < 9; index += 1) {
      order.push([b.shown().partSeq, b.shown().verdict]);
      b.acknowledge();
    }
    expect(order[0]).toEqual([9, 'error']);
    expect(order.slice(1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((seq) => [seq, 'pass']));
  });

  it('fault 10: a full queue turns a PASS into ERROR, latches RESULT_OVERRUN and keeps what waits', () => {
    const b = bench();
    b.trigger(1);
    for (let seq = 2; seq <= 9; seq += 1) {
      b.trigger(seq);
      b.publish(seq, 'pass');
    }
    b.write(c.TRIGGER_ENABLE, 0);
    for (let seq = 20; b.station.block(0).queueDepth < 8; seq += 1) b.trigger(seq);
    expect(b.publish(1, 'pass')).toEqual({ kind: 'refused', code: 'plc.result-overrun' });
    expect(b.bits()).toContain('RESULT_OVERRUN');
    expect(b.station.overruns()).toBe(1);
  });

  it('fault 11: without a PLC heartbeat it goes offline, finishes parts, and returns by itself', () => {
    const b = bench();
    b.trigger(1);
    b.wait(260);
    expect(b.faults()).toEqual(['plc.heartbeat-lost']);
    expect(b.bits()).toEqual(['BUSY']);
    expect(b.publish(1, 'reject').kind).toBe('accepted');
    b.write(0);
    b.write(0);
    expect(b.bits()).toContain('TRIGGER_READY');
  });

  it('does not trust a heartbeat that stands still from the start', () => {
    const station = createStationHandshake({
      watchdogMs: 250,
      inspectionTimeoutMs: 2000,
      simulated: false,
      bypass: { key: null, maxMs: 1 },
    });
    station.setCondition(good);
    for (let at = 0; at < 100; at += 10) {
      station.control(
        { ...emptyControlBlock, controlBits: enabled, heartbeat: 7, recipeId: 1, expectedMapVersion: 1 },
        at,
      );
    }
    expect(station.state()).toBe('offline');
  });

  it('refuses ONLINE to a PLC that expects another map version', () => {
    const b = bench();
    b.write(0, 0, { expectedMapVersion: 2 });
    expect(b.bits()).toEqual([]);
    expect(b.station.mapAccepted()).toBe(false);
    expect(b.station.block(0).errorCode).toBe(2);
  });

  it('after a gap nothing from before answers a part: not the queue, not the history, not an open part', () => {
    const b = bench();
    for (const seq of [1, 2, 3]) b.trigger(seq);
    b.publish(1, 'pass');
    b.publish(2, 'pass');
    b.station.gap();
    b.events.push(...b.station.drainEvents());
    expect(b.events.filter((event) => event.kind === 'withdrawn')).toHaveLength(2);
    expect(b.publish(3, 'pass')).toEqual({ kind: 'refused', code: 'plc.part-unknown' });
    b.write(0);
    b.write(0);
    expect(b.bits()).not.toContain('RESULT_VALID');
    b.trigger(1);
    expect(b.triggers()).toEqual([1, 2, 3, 1]);
    expect(b.bits()).not.toContain('RESULT_VALID');
  });

  it('a part without a verdict in time gets ERROR, and its late verdict is refused', () => {
    const b = bench();
    b.trigger(1);
    for (let waited = 0; waited <= 2000; waited += 50) b.wait(50);
    expect(b.shown()).toMatchObject({ partSeq: 1, verdict: 'error', reason: reasonCodes['inspection-timeout'] });
    expect(b.publish(1, 'pass')).toEqual({ kind: 'refused', code: 'plc.result-late' });
  });

  it('refuses a second verdict for a part and a verdict for a part that was never announced', () => {
    const b = bench();
    b.trigger(1);
    b.publish(1, 'reject');
    expect(b.publish(1, 'pass')).toEqual({ kind: 'refused', code: 'plc.result-duplicate' });
    expect(b.publish(2, 'pass')).toEqual({ kind: 'refused', code: 'plc.part-unknown' });
  });

  it('ignores the reserved PART_SEQ 0', () => {
    const b = bench();
    b.trigger(0);
    expect(b.triggers()).toEqual([]);
    expect(b.faults()).toEqual(['plc.part-sequence-zero']);
  });

  it('fault 36: bypass needs the key, lifts only the golden interlock, and ends by itself', () => {
    const b = bench({ bypass: { key: 0xcafe_f00d, maxMs: 1000 } });
    b.station.setCondition({ ...good, goldenDue: true });
    b.write(c.BYPASS_REQ);
    expect(b.bits()).not.toContain('BYPASSED');
    b.write(0);
    b.station.bypassKey(0xcafe_f00d);
    b.write(c.BYPASS_REQ);
    expect(b.bits()).toEqual(['ONLINE', 'TRIGGER_READY', 'GOLDEN_DUE', 'BYPASSED']);
    expect(b.station.block(0).goldenState).toBe('bypassed');
    for (let waited = 0; waited < 1000; waited += 100) {
      b.wait(100);
      b.write(c.BYPASS_REQ);
    }
    expect(b.bits()).not.toContain('BYPASSED');
    expect(b.faults()).toEqual(['plc.bypass-refused', 'plc.bypass-granted', 'plc.bypass-ended']);
    b.write(0);
    b.write(c.BYPASS_REQ);
    expect(b.bits()).not.toContain('BYPASSED');
  });

  it('continues its totals and never reuses a RESULT_SEQ after a restart', () => {
    const first = bench();
    first.trigger(1);
    first.publish(1, 'reject');
    const counters = first.station.counters();
    const second = bench({ counters });
    expect(second.station.block(0)).toMatchObject({ inspected: 1, rejected: 1 });
    second.trigger(1);
    second.publish(1, 'pass');
    expect(second.shown().resultSeq).toBeGreaterThan(200);
  });

  it('sets SIMULATED when it is configured so', () => {
    expect(bench({ simulated: true }).bits()).toContain('SIMULATED');
  });
});

function verdictOf(partSeq: number, verdict: VerdictKind, encoder: number): PartVerdict {
  return {
    partSeq,
    verdict,
    reasonCode: verdict === 'pass' ? 0 : 1,
    defectClassMask: 0,
    defectCount: 0,
    topScore: 0,
    latencyMs: 9,
    inferenceMs: 7,
    encoder,
    modelHash16: 7,
  };
}
