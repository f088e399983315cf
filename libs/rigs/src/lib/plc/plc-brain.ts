import type { Clock } from '@edge-blueprints/contracts';
import { controlWord, createPlcProgram } from '@edge-blueprints/plc';
import type { PlcAction, PlcProgram, PlcProgramOptions } from '@edge-blueprints/plc';
import type { PlcOutput, WiringSignal } from '../line/wiring.js';
import type { PlcFaults } from './plc-faults.js';
import { spoilControl, spoilStatus } from './plc-faults.js';
import { createAnswerForecast } from './answer-forecast.js';
import { createSpeedEstimate } from './speed-estimate.js';
import type { LineGeometry } from './wiring-client.js';

export interface PlcBrainOptions {
  readonly clock: Clock;
  readonly faults: PlcFaults;
  readonly scanMs: number;
  readonly autoResetMs: number | null;
  readonly send: (message: PlcOutput) => void;
  readonly emit: (event: Readonly<Record<string, unknown>>) => void;
  /** Something changed that the next scan should carry at once. */
  readonly onUrgent: () => void;
}

/** The PLC program with its wires: sensors in, coil and belt out, events out. The Modbus side hands it words. */
export interface PlcBrain {
  sensor(message: WiringSignal): void;
  wiringConnected(): void;
  wiringLost(): void;
  status(words: ArrayLike<number>): void;
  stationGap(): void;
  tick(): void;
  control(): Uint16Array;
  /** Until the next scan, ms; 0 is at once. */
  scanPauseMs(): number;
  reset(): void;
  emptyBin(): void;
  powerCycle(): void;
  report(): void;
}

/** The line sends its encoder every 5 ms, and on a shared machine its process and this one may be late by some more. */
const encoderAgeMs = 40;
const reportEveryMs = 1000;
/** Scans with nothing to wait for only carry the heartbeats. */
const idleScanMs = 10;
/** A pulse whose end is off by this much is renewed: the belt has another speed than was thought. */
const pulseSlackMs = 5;

export function createPlcBrain(options: PlcBrainOptions): PlcBrain {
  const { clock, faults } = options;
  let program = createPlcProgram(programOptions(defaultGeometry, options));
  let geometry: LineGeometry = defaultGeometry;
  let dead = false;
  let frozenHeartbeat = 0;
  let lastReport = '';
  let reportedAtMs = Number.NEGATIVE_INFINITY;
  let pulseEndMs = 0;
  let encoderAtMs = 0;
  const speed = createSpeedEstimate();
  const forecast = createAnswerForecast();

  const countsPerMs = (): number => {
    const nominal = (geometry.beltMmPerS * geometry.countsPerMm) / 1000;
    return Math.max(nominal, speed.countsPerMs());
  };
  const leadCounts = (): number => countsPerMs() * (geometry.valveDelayMs + encoderAgeMs + 2 * options.scanMs);
  /**
   * A pulse that ends where the part has passed the gate, counted from the encoder value that it rests on: neither this
   * process nor a late message can leave the gate open for the next part.
   */
  const energise = (travelCounts: number): void => {
    const atMs = clock.monotonicMs();
    const endMs = encoderAtMs + travelCounts / countsPerMs();
    if (endMs <= atMs || Math.abs(endMs - pulseEndMs) < pulseSlackMs) return;
    pulseEndMs = endMs;
    options.send({ t: 'accept-coil', on: true, atMs, holdMs: endMs - atMs });
  };
  const renewPulse = (): void => {
    const travelCounts = program.acceptTravel();
    if (travelCounts > 0) energise(travelCounts);
  };
  const perform = (action: PlcAction): void => {
    switch (action.kind) {
      case 'accept-coil':
        if (action.on) return energise(action.travelCounts);
        pulseEndMs = 0;
        return options.send({ t: 'accept-coil', on: false, atMs: clock.monotonicMs() });
      case 'verdict':
        return forecast.answered(action.encoder, action.atMs);
      case 'belt':
        options.send({ t: 'belt', run: action.run });
        return options.emit({ event: 'belt', run: action.run, reason: action.reason });
      case 'part': {
        const { n, partSeq, partId, encoder, verdict, coilAtMs, late, fault, gate } = action.outcome;
        return options.emit({ event: 'part', n, partSeq, partId, encoder, verdict, coilAtMs, late, fault, gate });
      }
    }
  };
  const report = (): void => {
    const body = {
      event: 'plc',
      state: dead ? 'gone' : program.state(),
      faults: program.faults(),
      active: faults.names(),
    };
    const text = JSON.stringify(body);
    const now = clock.monotonicMs();
    if (text === lastReport || now - reportedAtMs < reportEveryMs) return;
    lastReport = text;
    reportedAtMs = now;
    options.emit(body);
  };
  const settle = (): void => {
    for (const action of program.drainActions()) perform(action);
  };
  const whileAlive = (work: (program: PlcProgram) => void): void => {
    if (dead) return;
    work(program);
    settle();
  };
  const sense = (program: PlcProgram, message: Exclude<WiringSignal, LineGeometry>): void => {
    switch (message.t) {
      case 'eye':
        forecast.asked(message.encoder, clock.monotonicMs());
        program.eye({
          n: message.n,
          encoder: message.encoder,
          partId: plainId(message.partId),
          recipeId: message.recipe,
        });
        return options.onUrgent();
      case 'encoder':
        encoderAtMs = message.atMs;
        speed.sample(message.encoder, message.atMs);
        program.encoder(message.encoder, leadCounts());
        settle();
        return renewPulse();
      case 'gate-eye':
        return program.gateEye(message.encoder);
      case 'accept-eye':
        return program.binEye(message.n, 'accept');
      case 'reject-eye':
        return program.binEye(message.n, 'reject');
    }
  };

  return {
    sensor: (message) => {
      if (message.t !== 'config') return whileAlive((running) => sense(running, message));
      const { t: _t, ...wanted } = message;
      const { t: _known, ...known } = geometry;
      if (JSON.stringify(wanted) === JSON.stringify(known)) return;
      program.powerCycle();
      settle();
      geometry = message;
      program = createPlcProgram(programOptions(geometry, options));
    },
    wiringConnected: () => {
      options.send({ t: 'accept-coil', on: false });
      if (program.state() !== 'stopped') options.send({ t: 'belt', run: true });
    },
    wiringLost: () =>
      whileAlive((running) => {
        running.powerCycle();
      }),
    status: (words) =>
      whileAlive((running) => {
        const before = running.controlBits();
        running.status(spoilStatus(words, faults), clock.monotonicMs());
        if (running.controlBits() !== before) options.onUrgent();
      }),
    stationGap: () => whileAlive((running) => running.stationGap()),
    tick: () => {
      const gone = faults.on('gone');
      if (gone !== dead) {
        program.powerCycle();
        settle();
        dead = gone;
      }
      whileAlive((running) => running.tick(clock.monotonicMs()));
      report();
    },
    control: () => {
      const words = program.nextControl();
      if (!faults.on('frozen-heartbeat')) frozenHeartbeat = words[controlWord.PLC_HEARTBEAT] ?? 0;
      return spoilControl(words, faults, frozenHeartbeat);
    },
    scanPauseMs: () => {
      if (dead) return idleScanMs;
      const untilAnswerMs = program.awaitsVerdict() ? forecast.untilDueMs(clock.monotonicMs()) : null;
      if (untilAnswerMs === 0) return 0;
      if (program.inHandshake()) return options.scanMs;
      if (!program.awaitsVerdict()) return idleScanMs;
      return untilAnswerMs === null ? options.scanMs : Math.min(idleScanMs, untilAnswerMs);
    },
    reset: () => whileAlive((running) => running.reset()),
    emptyBin: () => whileAlive((running) => running.emptyRejectBin()),
    powerCycle: () => whileAlive((running) => running.powerCycle()),
    report,
  };
}

/** Until the line has told its own. */
const defaultGeometry: LineGeometry = {
  t: 'config',
  countsPerMm: 10,
  cameraToGateMm: 300,
  beltMmPerS: 300,
  valveDelayMs: 20,
};

const windowMm = 8;
const reverseMm = 2;
const minimumSpacingMm = 20;
const confirmMm = 400;

/** The control block holds 16 printable ASCII characters. */
function plainId(partId: string): string {
  return partId.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 16);
}

function programOptions(geometry: LineGeometry, options: PlcBrainOptions): PlcProgramOptions {
  const counts = (mm: number): number => Math.round(mm * geometry.countsPerMm);
  return {
    geometry: {
      cameraToGateCounts: counts(geometry.cameraToGateMm),
      windowCounts: counts(windowMm),
      reverseCounts: counts(reverseMm),
      minimumSpacingCounts: counts(minimumSpacingMm),
      confirmCounts: counts(confirmMm),
      capacity: 64,
    },
    watchdogMs: 250,
    wordOrder: 'high-first',
    // The whole plant is a simulation here; a real program says false.
    acceptSimulated: true,
    unansweredLimit: 3,
    initialRecipeId: 1,
    rejectBinCapacity: null,
    autoResetMs: options.autoResetMs,
  };
}
