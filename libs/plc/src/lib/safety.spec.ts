import { createRandom } from '@edge-blueprints/contracts';
import type { PartTrigger, StationCondition, VerdictKind } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeControlBlock } from './control-block.js';
import { createPlcProgram } from './plc-program.js';
import type { PartOutcome } from './part-tracker.js';
import { statusBit, statusWord } from './register-map.js';
import { createStationHandshake } from './station-handshake.js';
import { encodeStatusBlock } from './status-block.js';
import { encoderAdd } from './word-order.js';

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

/** Chances per 5 ms step, in thousandths. */
interface Weather {
  readonly loseRequest: number;
  readonly loseAnswer: number;
  readonly repeatOldRequest: number;
  readonly oldAnswer: number;
  readonly tear: number;
  readonly flipBits: number;
  readonly reconnect: number;
  readonly coldRestart: number;
  readonly stationRestart: number;
  readonly slip: number;
  readonly reverse: number;
  readonly takeAway: number;
  readonly addPart: number;
  readonly silence: number;
}

const calm: Weather = {
  loseRequest: 0,
  loseAnswer: 0,
  repeatOldRequest: 0,
  oldAnswer: 0,
  tear: 0,
  flipBits: 0,
  reconnect: 0,
  coldRestart: 0,
  stationRestart: 0,
  slip: 0,
  reverse: 0,
  takeAway: 0,
  addPart: 0,
  silence: 0,
};

/** Belt faults one kind at a time: two that cancel out exactly are beyond any tracking by position. */
const beltFault: fc.Arbitrary<Partial<Weather>> = fc.oneof(
  fc.constant({}),
  fc.record({ slip: fc.constantFrom(3, 20) }),
  fc.record({ reverse: fc.constantFrom(3, 10) }),
  fc.record({ takeAway: fc.constantFrom(3, 10) }),
  fc.record({ addPart: fc.constantFrom(3, 10) }),
);

const messageFaults: fc.Arbitrary<Weather> = fc.record({
  loseRequest: fc.constantFrom(0, 20, 200),
  loseAnswer: fc.constantFrom(0, 20, 200),
  repeatOldRequest: fc.constantFrom(0, 20, 200),
  oldAnswer: fc.constantFrom(0, 20, 200),
  tear: fc.constantFrom(0, 20, 300),
  flipBits: fc.constantFrom(0, 20, 200),
  reconnect: fc.constantFrom(0, 5, 30),
  coldRestart: fc.constantFrom(0, 5, 20),
  stationRestart: fc.constantFrom(0, 2, 8),
  slip: fc.constant(0),
  reverse: fc.constant(0),
  takeAway: fc.constant(0),
  addPart: fc.constant(0),
  silence: fc.constantFrom(0, 50, 300),
});

const storm: fc.Arbitrary<Weather> = fc
  .tuple(messageFaults, beltFault)
  .map(([messages, belt]) => ({ ...messages, ...belt }));

interface BeltPart {
  /** Counts that the part has travelled past the eye; negative before it. */
  place: number;
  readonly bad: boolean;
  n: number | null;
  atGate: boolean;
}

interface Run {
  readonly badAccepted: number;
  readonly goodAccepted: number;
  readonly goodRejected: number;
  readonly badRejected: number;
  readonly outcomes: readonly PartOutcome[];
  readonly announcedTwice: number;
}

const gateAt = 600;
const spacing = 300;

/**
 * Belt, PLC program, station and a network that loses, delays, repeats, tears and spoils, in steps of 5 ms. Old answers
 * reach across requests of one connection, never across a reconnect: that much TCP guarantees.
 */
function runLine(role: 'server' | 'client', seed: number, weather: Weather, steps: number, firstEncoder: number): Run {
  const random = createRandom(seed);
  const chance = (thousandths: number): boolean => random.integer(0, 999) < thousandths;
  let now = 1000;
  let encoder = firstEncoder;
  let n = 0;
  let parts: BeltPart[] = [];
  const pictures = new Map<number, boolean>();
  const result = { badAccepted: 0, goodAccepted: 0, goodRejected: 0, badRejected: 0, announcedTwice: 0 };
  const outcomes: PartOutcome[] = [];
  let coil = false;
  let sinceLast = spacing;
  let station = newStation(null);
  let pending: { readonly trigger: PartTrigger; readonly bad: boolean; readonly dueMs: number }[] = [];
  let announced = new Set<string>();
  let oldRequests: Uint16Array[] = [];
  let oldAnswers: Uint16Array[] = [];
  let stationKnowsGap = true;
  const image = new Uint16Array(32);
  let lastWrittenSeq = -1;
  const plc = createPlcProgram({
    geometry: {
      cameraToGateCounts: gateAt,
      windowCounts: 40,
      reverseCounts: 30,
      minimumSpacingCounts: 120,
      confirmCounts: 300,
      capacity: 16,
    },
    watchdogMs: 250,
    wordOrder: 'high-first',
    acceptSimulated: false,
    unansweredLimit: 1_000_000,
    initialRecipeId: 1,
    rejectBinCapacity: null,
    autoResetMs: 0,
  });

  function newStation(resultSeq: number | null) {
    const counters = {
      inspected: 0,
      rejected: 0,
      missedTriggers: 0,
      resultSeqReserved: resultSeq ?? random.integer(0, 0xffff),
    };
    const made = createStationHandshake({
      watchdogMs: 250,
      inspectionTimeoutMs: 300,
      simulated: false,
      bypass: { key: null, maxMs: 1 },
      counters,
    });
    made.setCondition(good);
    return made;
  }
  const reconnect = (): void => {
    plc.stationGap();
    oldRequests = [];
    oldAnswers = [];
    lastWrittenSeq = -1;
    // Half-open: the station learns of it now, or when the new connection takes over the right to write.
    stationKnowsGap = role === 'client' || chance(500);
    if (stationKnowsGap) station.gap();
    if (role === 'client') image.fill(0);
  };
  const stationControl = (words: Uint16Array): void => {
    if (!stationKnowsGap) station.gap();
    stationKnowsGap = true;
    station.control(decodeControlBlock(words, 'high-first'), now);
  };
  const stationStep = (): void => {
    for (const event of station.drainEvents()) {
      if (event.kind !== 'trigger') continue;
      const { trigger } = event;
      const key = `${trigger.partSeq}/${trigger.encoder}`;
      if (announced.has(key)) result.announcedTwice += 1;
      announced.add(key);
      const bad = pictures.get(trigger.encoder);
      if (bad !== undefined && !chance(weather.silence))
        pending.push({ trigger, bad, dueMs: now + random.integer(0, 60) });
    }
    const due = pending.filter((each) => each.dueMs <= now);
    pending = pending.filter((each) => each.dueMs > now);
    for (const { trigger, bad } of due) {
      const verdict: VerdictKind = bad ? random.pick(['reject', 'error', 'review']) : 'pass';
      const numbers = {
        reasonCode: 0,
        defectClassMask: 0,
        defectCount: 0,
        topScore: 0.5,
        latencyMs: 9,
        inferenceMs: 7,
        modelHash16: 1,
      };
      station.publish({ partSeq: trigger.partSeq, encoder: trigger.encoder, verdict, ...numbers }, now);
    }
    if (now % 50 === 0) station.tick(now);
  };
  const spoiled = (words: Uint16Array): Uint16Array => {
    const copy = Uint16Array.from(words);
    const older = oldAnswers[random.integer(0, Math.max(0, oldAnswers.length - 1))];
    if (older !== undefined && chance(weather.tear)) {
      const cut = random.integer(1, 31);
      if (chance(500)) copy.set(older.subarray(cut), cut);
      else copy.set(older.subarray(0, cut), 0);
    }
    if (chance(weather.flipBits)) {
      for (let flips = random.integer(1, 3); flips > 0; flips -= 1) {
        const word = random.integer(0, 31);
        copy[word] = (copy[word] ?? 0) ^ (1 << random.integer(0, 15));
      }
    }
    return older !== undefined && chance(weather.oldAnswer) ? older : copy;
  };
  const remember = (list: Uint16Array[], words: Uint16Array): void => {
    list.push(Uint16Array.from(words));
    if (list.length > 12) list.shift();
  };
  const serverExchange = (): void => {
    const request = plc.nextControl();
    remember(oldRequests, request);
    const repeated = oldRequests[random.integer(0, oldRequests.length - 1)];
    if (repeated !== undefined && chance(weather.repeatOldRequest)) stationControl(repeated);
    if (chance(weather.loseRequest)) return;
    stationControl(request);
    const answer = encodeStatusBlock(station.block(now), 'high-first');
    if (!chance(weather.loseAnswer)) plc.status(spoiled(answer), now);
    remember(oldAnswers, answer);
  };
  const clientExchange = (): void => {
    const words = encodeStatusBlock(station.block(now), 'high-first');
    const fresh = words[statusWord.RESULT_SEQ_HEAD] !== lastWrittenSeq;
    if (chance(weather.loseRequest)) return reconnect();
    const status = words[statusWord.STATUS] ?? 0;
    image.set(words);
    if (fresh) image[statusWord.STATUS] = status & ~statusBit.RESULT_VALID;
    plc.status(spoiled(image), now);
    remember(oldAnswers, image);
    if (chance(weather.loseAnswer)) return reconnect();
    image[statusWord.STATUS] = status;
    plc.status(spoiled(image), now);
    remember(oldAnswers, image);
    if (chance(weather.loseAnswer)) return reconnect();
    lastWrittenSeq = words[statusWord.RESULT_SEQ_HEAD] ?? 0;
    stationControl(plc.nextControl());
  };
  const outputs = (): void => {
    for (const action of plc.drainActions()) {
      if (action.kind === 'accept-coil') coil = action.on;
      if (action.kind === 'part') outcomes.push(action.outcome);
    }
  };
  const move = (counts: number, encoderCounts: number): void => {
    encoder = encoderAdd(encoder, encoderCounts);
    plc.encoder(encoder, 60);
    outputs();
    for (const part of parts) {
      const before = part.place;
      part.place += counts;
      if (before < 0 && part.place >= 0) {
        n += 1;
        part.n = n;
        const latched = encoderAdd(encoder, -part.place);
        pictures.set(latched, part.bad);
        plc.eye({ n, encoder: latched, partId: `P${n}`, recipeId: 1 });
        outputs();
      }
      if (before < gateAt && part.place >= gateAt && !part.atGate) {
        part.atGate = true;
        plc.gateEye(encoderAdd(encoder, gateAt - part.place));
        outputs();
        if (coil && part.bad) result.badAccepted += 1;
        else if (coil) result.goodAccepted += 1;
        else if (part.bad) result.badRejected += 1;
        else result.goodRejected += 1;
        plc.binEye(part.n ?? -1, coil ? 'accept' : 'reject');
        outputs();
      }
    }
    parts = parts.filter((part) => !part.atGate);
  };
  const disturb = (): void => {
    if (chance(weather.reconnect)) reconnect();
    if (chance(weather.stationRestart)) {
      station = newStation(station.counters().resultSeqReserved);
      pending = [];
      announced = new Set();
      reconnect();
      stationKnowsGap = true;
    }
    if (chance(weather.coldRestart)) {
      plc.powerCycle();
      reconnect();
      parts = [];
      pictures.clear();
      announced = new Set();
      // The same part sequences at the same encoder positions as after the last start, with other parts.
      encoder = firstEncoder;
      sinceLast = spacing;
    }
    // The belt slips on under a standing encoder, or the encoder turns on over a standing belt.
    if (chance(weather.slip)) {
      if (chance(300)) move(random.integer(0, 700), 0);
      else move(0, random.integer(150, 290));
    }
    if (chance(weather.reverse)) move(-random.integer(0, 400), -random.integer(0, 400));
    if (chance(weather.takeAway)) parts = parts.filter((part) => part.n === null || !chance(300));
    const extra = random.integer(1, gateAt - 60);
    const free = parts.every((part) => Math.abs(part.place - extra) > 100);
    if (chance(weather.addPart) && free) parts.push({ place: extra, bad: true, n: null, atGate: false });
    outputs();
  };

  for (let step = 0; step < steps; step += 1) {
    now += 5;
    const speed = random.integer(8, 16);
    disturb();
    if (sinceLast >= spacing && step < steps - 200) {
      sinceLast -= spacing;
      parts.push({ place: -20 - spacing + sinceLast, bad: chance(500), n: null, atGate: false });
    }
    sinceLast += speed;
    move(speed, speed);
    stationStep();
    if (role === 'server') serverExchange();
    else clientExchange();
    plc.tick(now);
    outputs();
  }
  return { ...result, outcomes };
}

const seeds = fc.integer({ min: 0, max: 0x7fff_ffff });
const starts = fc.constantFrom(0, 0xffff_f000, 0x7fff_f800);

describe.each(['server', 'client'] as const)('verdict handshake, station as %s', { timeout: 90_000 }, (role) => {
  it('in no interleaving of lost, late, repeated, torn and spoiled messages a bad part passes', () => {
    fc.assert(
      fc.property(seeds, storm, starts, (seed, weather, start) => {
        expect(runLine(role, seed, weather, 800, start).badAccepted).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('tells of every tracked part exactly once', () => {
    fc.assert(
      fc.property(seeds, storm, (seed, weather) => {
        const { outcomes, announcedTwice } = runLine(role, seed, { ...weather, coldRestart: 0, reconnect: 0 }, 600, 0);
        const numbers = outcomes.map((outcome) => outcome.n);
        expect(new Set(numbers).size).toBe(numbers.length);
        if (weather.stationRestart === 0 && role === 'server') expect(announcedTwice).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('on a calm line every good part passes and every bad one is rejected, across the encoder wrap', () => {
    fc.assert(
      fc.property(seeds, starts, (seed, start) => {
        const run = runLine(role, seed, calm, 1000, start);
        expect(run).toMatchObject({ badAccepted: 0, goodRejected: 0 });
        expect(run.goodAccepted).toBeGreaterThan(3);
        expect(run.badRejected).toBeGreaterThan(3);
        expect(run.outcomes.every((outcome) => outcome.fault === null && !outcome.late)).toBe(true);
      }),
      { numRuns: 10 },
    );
  });
});
