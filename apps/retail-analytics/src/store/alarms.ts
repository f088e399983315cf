import type { Logger, StoreView } from '@edge-blueprints/contracts';

export type StoreAlarm = StoreView['alarms'][number];
export type AlarmCause = Omit<StoreAlarm, 'sinceEpochMs'>;

/** What somebody in the store should look at. An alarm holds while its cause holds. */
export interface Alarms {
  /** Everything that is wrong now: what is new is raised, what is not there any more is cleared. */
  show(causes: readonly AlarmCause[]): void;
  /** Oldest first. */
  view(): readonly StoreAlarm[];
}

/** Ids are made of cameras, queues and parts of the node, so that their number is bounded by the configuration. */
export function createAlarms(options: { readonly epochMs: () => number; readonly log: Logger }): Alarms {
  const { epochMs, log } = options;
  let held: readonly StoreAlarm[] = [];
  return {
    show: (causes) => {
      const before = held;
      const next = causes.map((cause): StoreAlarm => {
        const known = before.find(({ id, code }) => id === cause.id && code === cause.code);
        if (known === undefined) log.warn('alarm.raised', { alarm: cause.id, code: cause.code, text: cause.text });
        return { ...cause, sinceEpochMs: known?.sinceEpochMs ?? epochMs() };
      });
      for (const { id, code } of before)
        if (!next.some((each) => each.id === id && each.code === code)) log.info('alarm.cleared', { alarm: id, code });
      held = next.sort((a, b) => a.sinceEpochMs - b.sinceEpochMs);
    },
    view: () => held,
  };
}
