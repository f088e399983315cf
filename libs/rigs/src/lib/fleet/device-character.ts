import { createRandom, type DeviceIdentity, type Random } from '@edge-blueprints/contracts';

/** What makes one simulated device differ from its neighbour. The same seed gives the same fleet. */
export interface DeviceCharacter {
  readonly identity: DeviceIdentity;
  readonly index: number;
  readonly random: Random;
  readonly target: string;
  readonly provider: string;
  readonly bundleVersion: string;
  /** Median of a model run, ms. */
  readonly runMs: number;
  readonly rejectShare: number;
  readonly temperatureC: number;
  /** The light fades: its brightness drifts, and an alarm follows. */
  readonly drifts: boolean;
  /** Its wall clock is wrong by so much. */
  readonly clockSkewMs: number;
}

type Hardware = readonly [target: string, provider: string, runMs: number];
const targets: readonly [Hardware, ...Hardware[]] = [
  ['cpu', 'CPUExecutionProvider', 38],
  ['jetson-orin-nx', 'TensorrtExecutionProvider', 6],
  ['meteor-lake-npu', 'OpenVINOExecutionProvider', 14],
];

const hourMs = 3_600_000;

/** Sites `site-01`, ...; devices `device-0001`, ..., spread evenly over them. */
export function deviceCharacter(index: number, sites: number, seed: number): DeviceCharacter {
  const random = createRandom(seed).fork(`device ${index}`);
  const [target, provider, runMs] = random.pick(targets);
  const pad = (n: number, width: number): string => String(n).padStart(width, '0');
  return {
    identity: { site: `site-${pad(1 + (index % sites), 2)}`, device: `device-${pad(index + 1, 4)}` },
    index,
    random,
    target,
    provider,
    bundleVersion: random.next() < 0.85 ? '1.4.0' : '1.3.2',
    runMs: runMs * (0.8 + 0.4 * random.next()) * (random.next() < 0.03 ? 4 : 1),
    rejectShare: 0.02 + 0.06 * random.next(),
    temperatureC: 48 + 14 * random.next() + (random.next() < 0.02 ? 28 : 0),
    drifts: random.next() < 0.02,
    clockSkewMs: random.next() < 0.01 ? (random.next() - 0.5) * 400 * 24 * hourMs : 0,
  };
}
