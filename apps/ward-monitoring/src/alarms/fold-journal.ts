import type { AlarmConfig } from './alarm-config.js';
import type { AlarmTransition } from './alarm-transition.js';
import { applyInput } from './apply-input.js';
import type { StartInput } from './engine-input.js';
import type { EngineState } from './engine-state.js';
import type { JournalDraft, JournalEntry } from './journal-entry.js';

/** What one entry of the journal made happen. */
export interface ReplayedEntry {
  readonly entry: JournalEntry;
  readonly transitions: readonly AlarmTransition[];
}

export interface FoldedJournal {
  readonly state: EngineState;
  readonly config: AlarmConfig;
  /** The newest start of the gateway and its clocks. */
  readonly lastStart: StartInput | undefined;
  /** Entries that the trail may not have. */
  readonly unaudited: readonly ReplayedEntry[];
  readonly nextSeq: number;
}

/** What one entry makes of a state, in the running gateway as in a replay. */
export function applyEntry(
  state: EngineState,
  config: AlarmConfig,
  entry: JournalDraft,
): { readonly state: EngineState; readonly config: AlarmConfig; readonly transitions: readonly AlarmTransition[] } {
  switch (entry.kind) {
    case 'input':
      return { config, ...applyInput(state, entry.input, config) };
    case 'config': {
      const { atMs, actor } = entry;
      const change = { kind: 'config' as const, atMs, subject: 'ward', ...(actor === undefined ? {} : { actor }) };
      return { state, config: entry.config, transitions: [change] };
    }
    case 'state':
      return { state: entry.state, config: entry.config, transitions: [] };
    case 'audited':
      return { state, config, transitions: [] };
    default:
      return entry satisfies never;
  }
}

/**
 * State = fold(journal). `each` hears every entry with what it made happen, in order.
 * @returns undefined when the entries do not begin with a state
 */
export function foldJournal(
  entries: readonly JournalEntry[],
  each: (replayed: ReplayedEntry, state: EngineState, config: AlarmConfig) => void = () => undefined,
): FoldedJournal | undefined {
  const [first] = entries;
  if (first?.kind !== 'state') return undefined;
  let { state, config }: { state: EngineState; config: AlarmConfig } = first;
  let lastStart: StartInput | undefined;
  let unaudited: ReplayedEntry[] = [];
  for (const entry of entries) {
    const applied = applyEntry(state, config, entry);
    ({ state, config } = applied);
    const { transitions } = applied;
    if (entry.kind === 'input' && entry.input.kind === 'start') lastStart = entry.input;
    if (entry.kind === 'state') lastStart = entry.lastStart ?? lastStart;
    if (entry.kind === 'audited') unaudited = unaudited.filter((replayed) => replayed.entry.seq >= entry.below);
    const replayed = { entry, transitions };
    if (transitions.length > 0) unaudited.push(replayed);
    each(replayed, state, config);
  }
  return { state, config, lastStart, unaudited, nextSeq: (entries.at(-1)?.seq ?? 0) + 1 };
}
