import { DeviceError, type AuditDraft, type AuditEntry, type AuditTrail } from '@edge-blueprints/contracts';
import { alarmConfigSchema } from '../../alarms/alarm-config.js';
import { createAlarmDesk } from '../../alarms/alarm-desk.js';
import type { AlarmDesk, AlarmDeskOptions } from '../../alarms/alarm-desk-port.js';
import type { AlarmJournal } from '../../alarms/alarm-journal.js';
import type { AlarmTransition } from '../../alarms/alarm-transition.js';
import type { Actor } from '../../alarms/engine-input.js';
import { initialState } from '../../alarms/engine-state.js';
import { foldJournal, type FoldedJournal } from '../../alarms/fold-journal.js';
import type { JournalEntry } from '../../alarms/journal-entry.js';

export const nurse: Actor = { id: 'n1', role: 'nurse', session: 's-1' };
export const inCharge: Actor = { id: 'c1', role: 'charge-nurse' };

/** `fails` refuses, `hangs` never answers. */
export type DiskMood = 'works' | 'fails' | 'hangs';
const never = new Promise<never>(() => undefined);

/** A journal in memory that keeps its entries across desks. */
export function memoryJournal(entries: JournalEntry[] = []) {
  const mood: { disk: DiskMood } = { disk: 'works' };
  if (entries.length === 0)
    entries.push({ seq: 0, kind: 'state', state: initialState('j'), config: alarmConfigSchema.parse({}) });
  const journal: AlarmJournal = {
    get recovered() {
      return { ...fold(), damage: [], isNew: entries.length === 1 };
    },
    append(drafts) {
      if (mood.disk === 'hangs') return never;
      if (mood.disk === 'fails') return Promise.reject(new DeviceError('alarms.journal-write', 'no room'));
      const first = entries.length;
      entries.push(...drafts.map((draft, i) => ({ ...draft, seq: first + i })));
      return Promise.resolve(first);
    },
    isFull: false,
    rotate: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const fold = (): FoldedJournal => {
    const folded = foldJournal(entries);
    if (folded === undefined) throw new DeviceError('test.journal', 'the journal does not begin with a state');
    return folded;
  };
  return { journal, entries, mood, fold };
}

export function memoryTrail() {
  const lines: AuditDraft[] = [];
  const mood: { disk: DiskMood } = { disk: 'works' };
  const audit: AuditTrail = {
    record(drafts): Promise<readonly AuditEntry[]> {
      if (mood.disk === 'hangs') return never;
      if (mood.disk === 'fails') return Promise.reject(new DeviceError('audit.write', 'no room'));
      lines.push(...drafts);
      return Promise.resolve([]);
    },
  };
  return { audit, lines, mood };
}

export interface SampleDesk {
  readonly desk: AlarmDesk;
  readonly told: AlarmTransition[];
  readonly kinds: () => readonly string[];
  readonly journal: ReturnType<typeof memoryJournal>;
  readonly trail: ReturnType<typeof memoryTrail>;
  /** Lets time pass and the desk look at it. */
  readonly pass: (ms: number) => Promise<void>;
  /** SpO2 of a bed is low, is fine, cannot be seen. */
  readonly spo2: (
    bed: string,
    state: 'true' | 'false' | 'unknown',
    condition?: 'spo2-low' | 'spo2-very-low',
  ) => Promise<void>;
  readonly alarmOf: (bed: string) => ReturnType<AlarmDesk['view']>['alarms'][number] | undefined;
}

export async function sampleDesk(
  options: Partial<AlarmDeskOptions> & {
    readonly memory?: ReturnType<typeof memoryJournal>;
    readonly memoryTrail?: ReturnType<typeof memoryTrail>;
    readonly atMs?: number;
    readonly boot?: string;
  } = {},
): Promise<SampleDesk> {
  const journal = options.memory ?? memoryJournal();
  const trail = options.memoryTrail ?? memoryTrail();
  const told: AlarmTransition[] = [];
  let nowMs = options.atMs ?? 1_000;
  const desk = await createAlarmDesk({
    journal: journal.journal,
    audit: trail.audit,
    publish: (transitions) => told.push(...transitions),
    now: () => nowMs,
    start: { boot: options.boot ?? 'b1', monotonicMs: 0, epochMs: 0, machineBoot: 'm' },
    // A deadline passes only where nothing else can.
    wait: () =>
      journal.mood.disk === 'hangs' || trail.mood.disk === 'hangs'
        ? new Promise((resolve) => setImmediate(resolve))
        : never,
    ...options,
  });
  return {
    desk,
    told,
    kinds: () => told.map(({ kind }) => kind),
    journal,
    trail,
    async pass(ms) {
      nowMs += ms;
      desk.tick();
      await desk.settled();
    },
    async spo2(bed, state, condition = 'spo2-very-low') {
      desk.sense({ subject: bed, condition, state, text: 'SpO2 84 %, limit 85 %' });
      await desk.settled();
    },
    alarmOf: (bed) => desk.view().alarms.find(({ subject }) => subject === bed),
  };
}
