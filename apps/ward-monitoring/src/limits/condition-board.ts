import type { AlarmCondition } from '@edge-blueprints/contracts';
import type { ConditionInput } from '../alarms/engine-input.js';
import type { WatchWord } from './threshold-watch.js';

/**
 * The engine keeps one alarm per subject and condition, while several signals or devices of a bed may have the same one. The board
 * joins them: true while one of them is true, not known while one of them is lost, and false only when all are.
 */
export interface ConditionBoard {
  /** @returns what the engine has to hear; nothing where it knows it already */
  put(condition: AlarmCondition, source: string, word: WatchWord, atMs: number): readonly ConditionInput[];
  /** What is not false at this moment. */
  open(): readonly AlarmCondition[];
  /** Every condition of a source is over, because the source is; `w-0012` stands for `w-0012/pulse` as well, and '' for all. */
  drop(source: string, why: string, atMs: number): readonly ConditionInput[];
}

export function createConditionBoard(subject: string): ConditionBoard {
  const words = new Map<AlarmCondition, Map<string, WatchWord>>();

  const joined = (sources: ReadonlyMap<string, WatchWord>): WatchWord | undefined => {
    const all = [...sources.values()];
    return all.find(({ state }) => state === 'true') ?? all.find(({ state }) => state === 'unknown');
  };
  const put = (condition: AlarmCondition, source: string, word: WatchWord, atMs: number): readonly ConditionInput[] => {
    const known = words.get(condition);
    if (known === undefined && word.state === 'false') return [];
    const sources = known ?? new Map<string, WatchWord>();
    words.set(condition, sources);
    const before = joined(sources);
    if (word.state === 'false') sources.delete(source);
    else sources.set(source, word);
    const now = joined(sources) ?? word;
    if (word.dropped === true) sources.delete(source);
    if (sources.size === 0) words.delete(condition);
    const same = before?.state === now.state && before.text === now.text && before.delayMs === now.delayMs;
    if (same || (before === undefined && now.state === 'false')) return [];
    const { state, onsetMs, delayMs, text } = now;
    return [
      {
        kind: 'condition',
        atMs,
        subject,
        condition,
        state,
        ...(onsetMs === undefined ? {} : { onsetMs: Math.min(onsetMs, atMs) }),
        ...(delayMs === undefined ? {} : { delayMs }),
        text: text.slice(0, 200),
      },
    ];
  };
  return {
    put,
    open: () => [...words.keys()],
    drop: (prefix, why, atMs) =>
      [...words].flatMap(([condition, sources]) =>
        [...sources.keys()]
          .filter((source) => prefix === '' || source === prefix || source.startsWith(`${prefix}/`))
          .flatMap((source) => put(condition, source, { state: 'false', text: why }, atMs)),
      ),
  };
}
