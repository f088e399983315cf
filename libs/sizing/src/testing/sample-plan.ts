import type { PlanInput } from '../lib/plan-input.js';
import type { Sourced } from '../lib/sourced.js';
import type { FactSource, SpeedFact, TargetFacts } from '../lib/target-facts.js';

const source: FactSource = { title: 'made up for tests', url: null, date: '2026-01-01' };

export const money = (value: number, share = 0.2): Sourced => ({
  value,
  low: value * (1 - share),
  high: value * (1 + share),
  kind: 'illustrative',
  source: 'made up for tests',
  date: '2026-11-01',
});
export const exactly = (value: number): Sourced => ({
  value,
  kind: 'measured',
  source: 'made up for tests',
  date: '2026-11-01',
});

const speed = (model: string, milliseconds: number, gigaOperations: number | null): SpeedFact => ({
  model,
  input: '640x640',
  precision: 'int8',
  device: 'board',
  runtime: 'runtime',
  milliseconds,
  gigaOperations,
  statistic: 'mean',
  label: 'published',
  source,
  note: null,
});

/** Throttles at 85 °C, rated at 25 °C, exponent 0.7: the numbers of the Jetson targets. */
export const slopeTarget: TargetFacts = {
  id: 'slope',
  title: 'Slope board',
  part: 'a board that slows down smoothly',
  label: 'published',
  marketedTops: 100,
  reachedTops: [0.8, 1.5],
  speeds: [speed('YOLO11n', 4.37, 6.5), speed('YOLO11m', 16, 68)],
  perCore: false,
  power: { maxWatts: 25, of: 'the module', source },
  thermal: { kind: 'slope', throttleCelsius: 85, ratedAmbientCelsius: 25, exponent: 0.7 },
  thermalSource: source,
  availability: { state: 'sold', until: '2029-12-31', text: 'sold', source },
  refusals: [],
};

/** Steps its clock down from 104 °C and stops at 120 °C. */
export const stepsTarget: TargetFacts = {
  ...slopeTarget,
  id: 'steps',
  title: 'Steps board',
  part: 'a board that steps down its clock',
  speeds: [speed('YOLOv8n', 5.5, 8.74)],
  power: null,
  thermal: {
    kind: 'steps',
    steps: [
      { fromCelsius: 104, clockShare: 0.875 },
      { fromCelsius: 108, clockShare: 0.5 },
    ],
    stopCelsius: 120,
  },
  availability: null,
};

/** Two sites in two countries, each price there. */
export const samplePlan: PlanInput = {
  format: 'edge-plan/1',
  title: 'Sample',
  client: 'Nobody',
  date: '2026-11-23',
  start: '2027-01-11',
  currency: 'EUR',
  blueprint: 'inspection',
  years: 6,
  pattern: 'on-device',
  countries: ['north', 'south'].map((id) => ({
    id,
    name: id,
    energy: money(0.2),
    visit: money(400),
    install: money(250),
    link: money(120),
    extraMegabit: money(3),
    leadTime: exactly(42),
  })),
  sites: [
    {
      id: 'a',
      name: 'Site A',
      country: 'north',
      stations: 40,
      ambientCelsius: 28,
      enclosure: 'vented',
      linkMegabits: 100,
    },
    {
      id: 'b',
      name: 'Site B',
      country: 'south',
      stations: 25,
      ambientCelsius: 45,
      enclosure: 'sealed',
      linkMegabits: 20,
    },
  ],
  workload: {
    picturesPerSecond: 5,
    width: 1280,
    height: 960,
    camerasPerStation: 2,
    hoursPerDay: 16,
    daysPerYear: 250,
    deadlineMs: 250,
    pipeline: 'pipelined',
    environment: 'fixed',
    shows: 'trade secrets',
    outageToleratedMinutes: 1,
    model: {
      name: 'YOLO11n',
      input: '640x640',
      precision: 'int8',
      gigaOperations: exactly(6.5),
      standIns: ['YOLOv8n'],
    },
  },
  options: [
    { target: 'slope', price: money(900), cores: 6 },
    { target: 'steps', price: money(350), cores: 4 },
  ],
  prices: {
    engineeringDay: money(900),
    stationMaterial: money(700),
    gateway: money(150),
    label: money(0.4),
    hub: money(600),
  },
  cloud: { serverHour: money(0.9), serverPicturesPerSecond: money(150), gigabyteMonth: money(0.023) },
  assumptions: {},
};

export const sampleTargets: readonly TargetFacts[] = [slopeTarget, stepsTarget];
