import {
  DeviceError,
  fleetLimits,
  type DeliveryClass,
  type GapRecord,
  type SequenceRange,
} from '@edge-blueprints/contracts';
import { joinGapRanges, mostGapRanges } from './gap-ranges.js';
import { chooseNext, type NextLimit } from './next-events.js';
import { countNumbers, mergeRanges, rangesOf } from './number-ranges.js';
import type { Contiguity, OutboxEntry, OutboxInput, OutboxLimits, OutboxStats } from './outbox-port.js';
import { copyState, noneOfEach, totalBytes, type OutboxState } from './outbox-state.js';
import { storedSize, type OutboxRow, type OutboxTables, type RowHead } from './outbox-tables.js';

/** Both clocks at a call; `uptimeMs` counts from the process start and never jumps. */
export interface Instant {
  readonly epochMs: number;
  readonly uptimeMs: number;
}

export type AppendResult = { readonly sequence: number | null } | { readonly failure: DeviceError };

export type GapCause = GapRecord['cause'];

interface OpenGap {
  readonly row: OutboxRow;
  readonly gap: GapRecord;
}

const gapType = 'edge-blueprints.gap.v1';
/** Evicted in steps of this share of the room, so that a full outbox does not evict at every single event. */
const evictionStep = 1 / 64;
/** Rows that leave for their age at one call. */
const agedAtOnce = 500;

/**
 * The rules of an outbox over any tables: numbers, bounds, what goes first, what is declared. Knows no disk and no
 * transaction; whoever calls restores `snapshot` when a transaction fails.
 */
export function createOutboxLedger(
  tables: OutboxTables,
  initial: OutboxState,
  options: { readonly limits: OutboxLimits; readonly boot: string },
) {
  const { limits, boot } = options;
  let state = copyState(initial);
  /** Gap records that nobody has seen yet and that may still grow. */
  let open: ReadonlyMap<GapCause, OpenGap> = new Map();
  let lastUptimeMs: number | undefined;
  let criticalFull = false;
  let dropped = 0;

  const live = (now: Instant): void => {
    state.lifeMs += Math.max(0, Math.round(now.uptimeMs - (lastUptimeMs ?? now.uptimeMs)));
    lastUptimeMs = Math.max(now.uptimeMs, lastUptimeMs ?? now.uptimeMs);
  };
  const account = (head: RowHead, sign: 1 | -1): void => {
    state.waiting[head.deliveryClass] = Math.max(0, state.waiting[head.deliveryClass] + sign);
    state.bytes[head.deliveryClass] = Math.max(0, state.bytes[head.deliveryClass] + sign * head.size);
    if (head.gap) state.gapBytes = Math.max(0, state.gapBytes + sign * head.size);
    if (state.bytes.critical - state.gapBytes <= 0.9 * limits.criticalBytes) criticalFull = false;
  };
  const headOf = (row: OutboxRow): RowHead => ({ ...row, gap: row.type === gapType });
  const store = (event: OutboxInput, data: string, size: number): OutboxRow => {
    const row: OutboxRow = {
      sequence: state.highest + 1,
      boot,
      type: event.type,
      deliveryClass: event.deliveryClass,
      simulated: event.simulated,
      epochMs: Math.round(event.epochMs),
      uptimeMs: Math.max(0, Math.round(event.uptimeMs)),
      data,
      size,
      lifeMs: state.lifeMs,
    };
    tables.insert(row);
    state.highest = row.sequence;
    account(headOf(row), 1);
    return row;
  };
  const remove = (heads: readonly RowHead[]): void => {
    tables.remove(heads);
    for (const head of heads) {
      account(head, -1);
      for (const [cause, { row }] of open)
        if (row.sequence === head.sequence) open = new Map([...open].filter(([other]) => other !== cause));
    }
  };

  /** Writes ranges into a gap record, the open one of this cause where there is one. */
  const declare = (
    epoch: string,
    cause: GapCause,
    ranges: readonly SequenceRange[],
    lost: Readonly<Record<DeliveryClass, number>>,
    now: Instant,
  ): void => {
    const current = epoch === state.epoch ? open.get(cause) : undefined;
    const joined = joinGapRanges(current?.gap.ranges ?? [], ranges, epoch === state.epoch ? tables.waits : () => true);
    if (current && joined.length <= mostGapRanges) {
      const gap: GapRecord = {
        ...current.gap,
        ranges: joined.map(([from, to]): [number, number] => [from, to]),
        lost: {
          critical: current.gap.lost.critical + lost.critical,
          business: current.gap.lost.business + lost.business,
          metric: current.gap.lost.metric + lost.metric,
        },
      };
      const data = JSON.stringify(gap);
      const row = { ...current.row, data, size: storedSize(data) };
      tables.rewrite(row);
      account(headOf(current.row), -1);
      account(headOf(row), 1);
      open = new Map([...open, [cause, { row, gap }]]);
      return;
    }
    const parts = current ? ranges : joined;
    for (let at = 0; at < parts.length; at += mostGapRanges) {
      const part = parts.slice(at, at + mostGapRanges).map(([from, to]): [number, number] => [from, to]);
      const gap: GapRecord = { epoch, ranges: part, cause, lost: at === 0 ? { ...lost } : noneOfEach() };
      const data = JSON.stringify(gap);
      const row = store(
        { type: gapType, deliveryClass: 'critical', simulated: state.simulated, ...now, data: gap },
        data,
        storedSize(data),
      );
      if (epoch === state.epoch) open = new Map([...open, [cause, { row, gap }]]);
    }
  };
  const giveUp = (
    heads: readonly RowHead[],
    cause: GapCause,
    now: Instant,
    again: readonly SequenceRange[] = [],
  ): void => {
    if (heads.length === 0) return;
    remove(heads);
    const lost = noneOfEach();
    for (const head of heads) lost[head.deliveryClass]++;
    state.declaredLost[cause] = (state.declaredLost[cause] ?? 0) + heads.length;
    const ranges = rangesOf(heads.map((head) => head.sequence));
    for (const range of ranges) tables.mark('declared', range);
    declare(state.epoch, cause, again.length > 0 ? mergeRanges([...again, ...ranges]) : ranges, lost, now);
  };
  const oldest = (deliveryClass: DeliveryClass, limit: number): readonly RowHead[] =>
    tables.heads({ deliveryClass, range: [1, Math.max(1, state.highest)], newestFirst: false, limit });

  const makeRoom = (size: number, deliveryClass: DeliveryClass, now: Instant): boolean => {
    const fits = (): boolean => totalBytes(state) + size <= limits.maxBytes;
    if (fits()) return true;
    const aim = limits.maxBytes - size - limits.maxBytes * evictionStep;
    for (const victim of deliveryClass === 'metric' ? (['metric'] as const) : (['metric', 'business'] as const)) {
      for (;;) {
        let excess = totalBytes(state) - aim;
        const heads = oldest(victim, 256).filter((head) => {
          const needed = excess > 0;
          excess -= head.size;
          return needed;
        });
        if (heads.length === 0) break;
        giveUp(heads, 'evicted-bytes', now);
      }
    }
    return fits();
  };
  const ageOut = (now: Instant): void => {
    for (const deliveryClass of ['metric', 'business'] as const) {
      const [first] = oldest(deliveryClass, 1);
      if (first === undefined || state.lifeMs - first.lifeMs <= limits.maxAgeMs) continue;
      const aged = oldest(deliveryClass, agedAtOnce).filter((h) => state.lifeMs - h.lifeMs > limits.maxAgeMs);
      giveUp(aged, 'evicted-age', now);
    }
  };

  const appendOne = (event: OutboxInput, now: Instant): AppendResult => {
    const data = JSON.stringify(event.data);
    const size = storedSize(data);
    state.simulated = event.simulated;
    if (size > fleetLimits.eventBytes)
      return {
        failure: new DeviceError(
          'outbox.too-large',
          `An event ${event.type} has ${size} bytes with its envelope, more than ${fleetLimits.eventBytes}; nothing was stored. Send less in one event.`,
        ),
      };
    const quota = state.bytes.critical - state.gapBytes + size;
    if (event.deliveryClass === 'critical' && quota > limits.criticalBytes) {
      criticalFull = true;
      return {
        failure: new DeviceError(
          'outbox.critical-full',
          `Critical events would fill ${quota} of their ${limits.criticalBytes} bytes; nothing was stored. Bring the device back to its hub, or raise criticalBytes.`,
          { retry: 'safe' },
        ),
      };
    }
    if (!makeRoom(size, event.deliveryClass, now) && event.deliveryClass === 'metric') {
      dropped++;
      return { sequence: null };
    }
    return { sequence: store(event, data, size).sequence };
  };

  return {
    /** Every event on its own: one that does not fit keeps none of the others out. */
    append(events: readonly OutboxInput[], now: Instant): readonly AppendResult[] {
      live(now);
      ageOut(now);
      return events.map((event) => appendOne(event, now));
    },
    /** Whether reading would change something. */
    hasAged(now: Instant): boolean {
      live(now);
      return (['business', 'metric'] as const).some((name) =>
        oldest(name, 1).some((head) => state.lifeMs - head.lifeMs > limits.maxAgeMs),
      );
    },
    ageOut,
    /** Damaged rows must be given to `giveUpDamaged` before the entries are used. */
    next(limit: NextLimit): { readonly entries: readonly OutboxEntry[]; readonly damaged: readonly RowHead[] } {
      const { rows, damaged } = tables.read(chooseNext(tables, limit, state.highest));
      if (damaged.length > 0) return { entries: [], damaged };
      const seen = new Set(rows.map((row) => row.sequence));
      open = new Map([...open].filter(([, { row }]) => !seen.has(row.sequence)));
      return { entries: rows.map(({ size: _size, lifeMs: _lifeMs, ...entry }) => entry), damaged };
    },
    /** A gap record may be among them: what it would have said is said again, with everything else that was declared. */
    giveUpDamaged: (heads: readonly RowHead[], now: Instant): void =>
      giveUp(
        heads,
        'corrupt',
        now,
        heads.some((head) => head.deliveryClass === 'critical') ? tables.spans('declared') : [],
      ),
    acknowledge(epoch: string, accepted: readonly SequenceRange[]): void {
      const asked = countNumbers(accepted);
      let removed = 0;
      for (const [from, to] of epoch === state.epoch ? accepted : []) {
        const heads = waitingIn(tables, [from, to]);
        remove(heads);
        for (const range of rangesOf(heads.map((head) => head.sequence))) tables.mark('delivered', range);
        removed += heads.length;
      }
      state.delivered += removed;
      state.strayAcknowledgements += Math.max(0, asked - removed);
    },
    refuse(epoch: string, refused: readonly { readonly sequence: number }[], now: Instant): void {
      live(now);
      const numbers = epoch === state.epoch ? refused.map((item) => item.sequence) : [];
      const heads = rangesOf([...new Set(numbers)]).flatMap((range) => waitingIn(tables, range));
      state.strayAcknowledgements += Math.max(0, refused.length - heads.length);
      // A hub that refuses gap records would refuse the one about them too; they are only counted.
      const gaps = heads.filter((head) => head.gap);
      remove(gaps);
      for (const head of gaps) tables.mark('declared', [head.sequence, head.sequence]);
      if (gaps.length > 0)
        state.declaredLost['refused-by-hub'] = (state.declaredLost['refused-by-hub'] ?? 0) + gaps.length;
      giveUp(
        heads.filter((head) => !head.gap),
        'refused-by-hub',
        now,
      );
    },
    /**
     * Numbers that are gone, without rows.
     *
     * @param events how many events that were, as far as it is known; the other numbers were delivered or never used
     */
    declareLost(
      cause: GapCause,
      ranges: readonly SequenceRange[],
      lost: Readonly<Record<DeliveryClass, number>>,
      events: number,
      now: Instant,
    ): void {
      for (const range of ranges) tables.mark('declared', range);
      state.highest = Math.max(state.highest, ...ranges.map(([, to]) => to));
      if (events > 0) state.declaredLost[cause] = (state.declaredLost[cause] ?? 0) + events;
      declare(state.epoch, cause, ranges, lost, now);
    },
    countStart: (starts: number): void => void (state.starts = starts),
    countDropped: (n: number): void => void (dropped += n),
    stats(oldestEpochMs: number | null): OutboxStats {
      const { epoch, highest, delivered, declaredLost, strayAcknowledgements, recoveries, lastRecovery } = state;
      return {
        epoch,
        boot,
        highest,
        pending: { ...state.waiting },
        bytes: totalBytes(state),
        maxBytes: limits.maxBytes,
        oldestEpochMs,
        delivered,
        declaredLost: { ...declaredLost },
        droppedBeforeStorage: dropped,
        criticalFull: criticalFull || state.bytes.critical - state.gapBytes > 0.98 * limits.criticalBytes,
        recoveries,
        lastRecovery,
        strayAcknowledgements,
      };
    },
    /** The head that has waited longest. */
    oldestHead: (): RowHead | undefined =>
      (['critical', 'business', 'metric'] as const)
        .flatMap((name) => oldest(name, 1))
        .sort((a, b) => a.sequence - b.sequence)[0],
    contiguity: (): Contiguity => tables.contiguity(state.epoch, state.highest),
    state: (): OutboxState => copyState(state),
    /** @returns puts everything back as it was */
    snapshot(): () => void {
      const [was, wasOpen, wasFull] = [copyState(state), open, criticalFull];
      return () => {
        state = was;
        open = wasOpen;
        criticalFull = wasFull;
      };
    },
  };
}

export type OutboxLedger = ReturnType<typeof createOutboxLedger>;

function waitingIn(tables: OutboxTables, range: SequenceRange): readonly RowHead[] {
  const limit = Number.MAX_SAFE_INTEGER;
  return (['critical', 'business', 'metric'] as const).flatMap((deliveryClass) =>
    tables.heads({ deliveryClass, range, newestFirst: false, limit }),
  );
}
