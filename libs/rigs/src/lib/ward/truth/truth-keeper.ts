import type { AlarmCondition } from '@edge-blueprints/contracts';
import type { PatientCharacter } from '../patient/patient-character.js';
import { storyKinds, type Story } from '../patient/story.js';
import type { TrueVitals } from '../patient/true-vitals.js';
import { trueSubScores } from './news2-points.js';
import type { TruthEvent } from './truth-event.js';

/** What is known of the wearable beside the body's values. */
export interface TrueDevice {
  readonly lead: 'on' | 'off';
  readonly batteryPercent: number;
  readonly reachable: boolean;
  readonly fell: boolean;
}

interface Limit {
  readonly condition: AlarmCondition;
  readonly limit: number;
  /** Beyond it when below (`<`) or above (`>`). */
  readonly side: '<' | '>';
  readonly delayMs: number;
  readonly value: (vitals: TrueVitals, device: TrueDevice, news2: TrueScore) => number;
}

interface TrueScore {
  readonly total: number;
  /** Most points of a single parameter. */
  readonly most: number;
}

/**
 * Usual limits and delays. Who is prescribed a target of 88 to 92 % has limits of SpO2 four and three points lower (chosen), as
 * everybody else's would always be crossed.
 */
export function usualLimits({ scale }: Pick<PatientCharacter, 'scale'>): readonly Limit[] {
  const spo2 = (vitals: TrueVitals): number => vitals.spo2;
  const pulse = (vitals: TrueVitals): number => vitals.pulse;
  const respiration = (vitals: TrueVitals): number => vitals.respiration;
  const score = (_: TrueVitals, __: TrueDevice, { total }: TrueScore): number => total;
  const most = (_: TrueVitals, __: TrueDevice, news2: TrueScore): number => news2.most;
  const battery = (_: TrueVitals, device: TrueDevice): number => device.batteryPercent;
  return [
    { condition: 'spo2-low', limit: scale === 2 ? 86 : 90, side: '<', delayMs: 15_000, value: spo2 },
    { condition: 'spo2-very-low', limit: scale === 2 ? 82 : 85, side: '<', delayMs: 5_000, value: spo2 },
    { condition: 'pulse-low', limit: 40, side: '<', delayMs: 10_000, value: pulse },
    { condition: 'pulse-high', limit: 130, side: '>', delayMs: 10_000, value: pulse },
    { condition: 'respiration-low', limit: 8, side: '<', delayMs: 15_000, value: respiration },
    { condition: 'respiration-high', limit: 25, side: '>', delayMs: 15_000, value: respiration },
    { condition: 'news2-red', limit: 2, side: '>', delayMs: 0, value: most },
    { condition: 'news2-medium', limit: 4, side: '>', delayMs: 0, value: score },
    { condition: 'news2-high', limit: 6, side: '>', delayMs: 0, value: score },
    { condition: 'fall', limit: 0, side: '>', delayMs: 0, value: (_, device) => (device.fell ? 1 : 0) },
    { condition: 'lead-off', limit: 0, side: '>', delayMs: 0, value: (_, device) => (device.lead === 'off' ? 1 : 0) },
    { condition: 'battery-low', limit: 20, side: '<', delayMs: 0, value: battery },
    { condition: 'battery-critical', limit: 5, side: '<', delayMs: 0, value: battery },
    { condition: 'device-link-lost', limit: 0, side: '>', delayMs: 0, value: (_, d) => (d.reachable ? 0 : 1) },
  ];
}

/** A value that wanders about its limit is one crossing, not many. */
const backForMs = 60_000;

interface Open {
  readonly id: string;
  readonly beganMs: number;
  readonly story: string | undefined;
  /** Beyond the limit without a break since; undefined while it is back. */
  runMs: number | undefined;
  backMs: number;
  held: boolean;
}

export interface TruthKeeper {
  /** One moment; times must not go back. @returns what came to pass with it */
  observe(atMs: number, vitals: TrueVitals, device: TrueDevice, stories: readonly Story[]): readonly TruthEvent[];
}

const nothing: readonly TruthEvent[] = [];

/** Watches the true values of one patient. Shares no code with an application. */
export function createTruthKeeper(character: Pick<PatientCharacter, 'bed' | 'device' | 'scale'>): TruthKeeper {
  const { bed, device } = character;
  const limits = usualLimits(character);
  const open = new Map<AlarmCondition, Open>();
  let crossings = 0;
  return {
    observe(atMs, vitals, wearable, stories) {
      let events: TruthEvent[] | undefined;
      const parts = trueSubScores(vitals, character.scale);
      const score = { total: parts.reduce((sum, one) => sum + one, 0), most: Math.max(...parts) };
      for (const { condition, limit, side, delayMs, value } of limits) {
        const now = value(vitals, wearable, score);
        const beyond = side === '<' ? now < limit : now > limit;
        let crossing = open.get(condition);
        if (!beyond && crossing === undefined) continue;
        const place = { bed, device, condition };
        if (beyond && crossing === undefined) {
          const story = blame(stories, condition);
          crossing = { id: `${bed}/c${(crossings += 1)}`, beganMs: atMs, story, runMs: atMs, backMs: 0, held: false };
          open.set(condition, crossing);
          (events ??= []).push({
            kind: 'crossing-began',
            ...named(crossing),
            ...place,
            atMs,
            limit,
            value: Number(now.toFixed(2)),
          });
        }
        if (crossing === undefined) continue;
        if (beyond) {
          crossing.runMs ??= atMs;
          if (crossing.held || atMs - crossing.runMs < delayMs) continue;
          crossing.held = true;
          (events ??= []).push({ kind: 'crossing-held', ...named(crossing), ...place, atMs, delayMs });
        } else {
          if (crossing.runMs !== undefined) crossing.backMs = atMs;
          crossing.runMs = undefined;
          if (atMs - crossing.backMs < backForMs) continue;
          open.delete(condition);
          const { backMs, beganMs, held } = crossing;
          const ended = { atMs: backMs, lastedMs: backMs - beganMs, held };
          (events ??= []).push({ kind: 'crossing-ended', ...named(crossing), ...place, ...ended });
        }
      }
      return events ?? nothing;
    },
  };
}

const named = ({ id, story }: Open): { readonly id: string; readonly story?: string } =>
  story === undefined ? { id } : { id, story };

/** The story that has to do with it: one that expects the condition, else any that moves a value of the body. */
function blame(stories: readonly Story[], condition: AlarmCondition): string | undefined {
  const expected = stories.find(({ name }) => storyKinds[name].expects.includes(condition));
  return (expected ?? stories.find(({ name }) => Object.keys(storyKinds[name].pulls).length > 0))?.id;
}
