import { z } from 'zod';
import type { ProcessEvent } from '../../supervised-process.js';
import type { PaintedStart, SentCrossing } from './match-paints.js';

const measuredSchema = z.looseObject({
  event: z.literal('measured'),
  bed: z.string(),
  condition: z.string(),
  atMs: z.number(),
});
const progressSchema = z.looseObject({
  made: z.number(),
  sends: z.number(),
  acknowledged: z.number(),
  dropped: z.number(),
  waiting: z.number(),
  failed: z.number(),
  connected: z.number(),
  lateMs: z.number(),
});
const figuresSchema = z.looseObject({
  ingest: z.record(z.string(), z.number()),
  longestStallMs: z.number(),
  heapBytes: z.number(),
  stations: z.looseObject({ resent: z.number(), dropped: z.number() }),
});
const pageSchema = z.looseObject({
  event: z.literal('page'),
  painted: z.array(
    z.looseObject({
      phase: z.string(),
      alarmId: z.string(),
      subject: z.string(),
      condition: z.string(),
      paintedMs: z.number(),
      shown: z.boolean().nullable(),
    }),
  ),
  waiting: z.array(z.object({ bed: z.string(), what: z.string(), paintedMs: z.number() })),
  repeats: z.number(),
  longTasks: z.number(),
  longestTaskMs: z.number(),
  heapBytes: z.number(),
  tiles: z.number(),
  double: z.number(),
  primary: z.string().nullable(),
  flood: z.boolean(),
});

export interface TapeSums {
  /** Samples that the wearables made since `begin`, and what became of them. */
  readonly made: number;
  readonly unsent: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly received: number;
  readonly rigLateMs: number;
  readonly stallMs: number;
  readonly stallsOver200: number;
  /** Lowest heap of the gateway in the first and the last third: what it keeps, without what waits for collection. */
  readonly heapFloorMiB: readonly [first: number, last: number];
  readonly alarmEvents: number;
  readonly repeats: number;
  /** Alarms whose start was painted twice, and tiles that were there twice. */
  readonly doubled: number;
  readonly resent: number;
  readonly tiles: number;
  readonly longestTaskMs: number;
  readonly heapMiB: number;
  readonly problems: readonly string[];
}

export interface WardTape {
  gateway(event: ProcessEvent): void;
  rig(event: ProcessEvent): void;
  station(event: ProcessEvent): void;
  /** What came before is not measured. */
  begin(): void;
  /** Crossings and paints since the last time. */
  take(): { readonly crossings: readonly SentCrossing[]; readonly starts: readonly PaintedStart[]; readonly waiting: readonly PaintedStart[] }; // prettier-ignore
  sums(): TapeSums;
  /** Beds that were told of as very low in saturation at any time. */
  lowBefore(): ReadonlySet<string>;
  shown(): { readonly flood: boolean; readonly primary: string | null };
}

const longStallMs = 200;

/** Everything that the three processes of a run say. */
export function createWardTape(): WardTape {
  let crossings: SentCrossing[] = [];
  let starts: PaintedStart[] = [];
  let waiting: PaintedStart[] = [];
  let rigNow: z.infer<typeof progressSchema> | undefined;
  let gatewayNow: z.infer<typeof figuresSchema> | undefined;
  let from = { rig: rigNow, gateway: gatewayNow };
  let lastPage: z.infer<typeof pageSchema> | undefined;
  const started = new Set<string>();
  const veryLow = new Set<string>();
  let heaps: number[] = [];
  const fresh = () => ({ stallMs: 0, stalls: 0, rigLateMs: 0, events: 0, repeats: 0, doubled: 0, longestTaskMs: 0 });
  let count = fresh();
  const problems: string[] = [];
  return {
    gateway(event) {
      const figures = figuresSchema.safeParse(event);
      if (!figures.success) return;
      gatewayNow = figures.data;
      heaps.push(gatewayNow.heapBytes / 2 ** 20);
      count.stallMs = Math.max(count.stallMs, gatewayNow.longestStallMs);
      if (gatewayNow.longestStallMs > longStallMs) count.stalls += 1;
    },
    rig(event) {
      const measured = measuredSchema.safeParse(event);
      if (measured.success) {
        const { bed, condition, atMs } = measured.data;
        crossings.push({ bed, condition, atMs });
        return;
      }
      if (event.event !== 'progress' && event.event !== 'totals') return;
      rigNow = progressSchema.parse(event);
      count.rigLateMs = Math.max(count.rigLateMs, rigNow.lateMs);
    },
    station(event) {
      if (event.event === 'page-error') problems.push(String(event['message']));
      const page = pageSchema.safeParse(event);
      if (!page.success) return;
      lastPage = page.data;
      for (const one of page.data.painted) {
        if (one.phase !== 'start') continue;
        if (started.has(one.alarmId)) count.doubled += 1;
        started.add(one.alarmId);
        if (one.condition === 'spo2-very-low') veryLow.add(one.subject);
        starts.push(one);
      }
      for (const { bed, what, paintedMs } of page.data.waiting)
        if (what === 'SpO2 low') waiting.push({ subject: bed, condition: 'spo2-low', paintedMs, shown: true });
      count.events += page.data.painted.length;
      count.repeats += page.data.repeats;
      count.doubled += page.data.double;
      count.longestTaskMs = Math.max(count.longestTaskMs, page.data.longestTaskMs);
    },
    begin() {
      from = { rig: rigNow, gateway: gatewayNow };
      count = fresh();
      heaps = [];
      crossings = [];
      starts = [];
      waiting = [];
    },
    take() {
      const taken = { crossings, starts, waiting };
      crossings = [];
      starts = [];
      waiting = [];
      return taken;
    },
    sums() {
      const since = (name: string): number => (gatewayNow?.ingest[name] ?? 0) - (from.gateway?.ingest[name] ?? 0);
      return {
        made: (rigNow?.made ?? 0) - (from.rig?.made ?? 0),
        unsent: (rigNow?.dropped ?? 0) - (from.rig?.dropped ?? 0),
        lost: since('lost'),
        duplicates: since('duplicate'),
        rejected: since('rejected') + since('tooOld'),
        received: since('received'),
        rigLateMs: count.rigLateMs,
        stallMs: count.stallMs,
        stallsOver200: count.stalls,
        heapFloorMiB: [
          Math.min(...heaps.slice(0, Math.ceil(heaps.length / 3))),
          Math.min(...heaps.slice(-Math.ceil(heaps.length / 3))),
        ],
        alarmEvents: count.events,
        repeats: count.repeats,
        doubled: count.doubled,
        resent: gatewayNow?.stations.resent ?? 0,
        tiles: lastPage?.tiles ?? 0,
        longestTaskMs: count.longestTaskMs,
        heapMiB: (lastPage?.heapBytes ?? 0) / 2 ** 20,
        problems,
      };
    },
    lowBefore: () => new Set(veryLow),
    shown: () => ({ flood: lastPage?.flood ?? false, primary: lastPage?.primary ?? null }),
  };
}
