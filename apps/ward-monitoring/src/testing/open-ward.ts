import type { SampleStatus } from '@edge-blueprints/contracts';
import { conditionInputSchema, type ConditionInput } from '../alarms/engine-input.js';
import { createAssociationBook } from '../ingest/association-book.js';
import type { WardEvent } from '../ingest/ward-event.js';
import { createLimitBook } from '../limits/limit-book.js';
import { bedLimitsSchema } from '../limits/limit-settings.js';
import { createWardWatch, wardWatchSettingsSchema } from '../limits/ward-watch.js';
import { createObservationDesk, observationSettingsSchema } from '../scores/observations/observation-desk.js';
import type { ContinuousParameter } from '../scores/observations/signal-window.js';
import { createMemoryTrail } from './memory-trail.js';

export const nurse = { id: 'n-1', role: 'nurse' } as const;
export const bed = 'bed/07';

export interface Given {
  readonly quality?: number;
  readonly status?: readonly SampleStatus[];
  readonly order?: 'live' | 'late' | 'replayed';
  readonly deviceClock?: 'good' | 'flagged' | 'ignored';
  readonly device?: string;
  readonly receivedMs?: number;
}

/** A ward of one bed with one device, spoken to sample by sample; `heard` is what the engine was told. */
export async function openWard(given: unknown = {}, isAnswered?: (bed: string, condition: string) => boolean) {
  const trail = createMemoryTrail();
  const desk = createObservationDesk({ trail, settings: observationSettingsSchema.parse({ windowMs: 0 }) });
  const book = createAssociationBook({ trail, mostDevices: 10 });
  const limits = createLimitBook({ trail, ward: bedLimitsSchema.parse({}), mostBeds: 10 });
  const watch = createWardWatch({
    ...{ settings: wardWatchSettingsSchema.parse(given), desk, book, limits },
    ...(isAnswered === undefined ? {} : { isAnswered }),
  });
  await desk.startPatient(bed, { ageYears: 50, pregnant: false }, nurse, 0);
  await book.associate('w-1', bed, nurse, 0);
  const heard: ConditionInput[] = [];
  const keep = (inputs: readonly ConditionInput[]): void =>
    void heard.push(...inputs.map((one) => conditionInputSchema.parse(one)));
  let seq = 0;
  const vital = (parameter: ContinuousParameter, value: number | undefined, atMs: number, given: Given = {}): void => {
    const device = given.device ?? 'w-1';
    const at = book.bedOf(device, atMs);
    const event: WardEvent = {
      kind: 'vital',
      parameter,
      device,
      ...(at === undefined ? {} : { bed: at }),
      id: `${device}/b/${seq}`,
      seq: seq++,
      receivedMs: given.receivedMs ?? atMs,
      measuredMs: atMs,
      deviceMs: atMs,
      order: given.order ?? 'live',
      deviceClock: given.deviceClock ?? 'good',
      ...(value === undefined ? {} : { value: String(value) }),
      quality: given.quality ?? 90,
      status: given.status ?? [],
    };
    keep(watch.take(event));
  };
  const healthy = (atMs: number, but: Partial<Record<ContinuousParameter, number>> = {}, given: Given = {}): void => {
    vital('pulse', but.pulse ?? 70, atMs, given);
    vital('oxygenSaturation', but.oxygenSaturation ?? 97, atMs, given);
    vital('respiration', but.respiration ?? 16, atMs, given);
    tick(atMs);
  };
  const tick = (nowMs: number, brokerLost = false): void => keep(watch.tick(nowMs, { brokerLost }));
  const acceleration = (atMs: number, xyz: readonly number[]): void =>
    keep(
      watch.take({
        kind: 'acceleration',
        device: 'w-1',
        bed,
        id: `w-1/b/${seq}`,
        seq: seq++,
        receivedMs: atMs,
        measuredMs: atMs,
        deviceMs: atMs,
        order: 'live',
        deviceClock: 'good',
        hz: 25,
        xyzG: Float32Array.from(xyz),
      }),
    );
  const state = (more: { readonly online?: boolean; readonly batteryPercent?: number }, atMs: number): void =>
    keep(
      watch.take({ kind: 'state', device: 'w-1', bed, receivedMs: atMs, state: { boot: 'b', online: true, ...more } }),
    );
  /** `condition state` in the order told, NEWS2 left out unless asked for. */
  const said = (filter: (condition: string) => boolean = (one) => !one.startsWith('news2')): string[] =>
    heard.filter(({ condition }) => filter(condition)).map(({ condition, state: word }) => `${condition} ${word}`);
  return { desk, book, limits, watch, heard, vital, healthy, tick, acceleration, state, said, trail };
}
