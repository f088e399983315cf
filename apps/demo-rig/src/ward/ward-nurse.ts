import { setTimeout as wait } from 'node:timers/promises';
import type { WardView } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { actOn, bedPath, type WardPerson } from './ward-api.js';

/** What the rig tells when a nurse has measured at a bed. */
export const roundSchema = z.looseObject({
  event: z.literal('round'),
  bed: z.string(),
  respiration: z.string(),
  oxygenSaturation: z.string(),
  supplementalOxygen: z.string(),
  systolic: z.string(),
  diastolic: z.string(),
  pulse: z.string(),
  consciousness: z.string(),
  temperature: z.string(),
});
export type WardRound = z.infer<typeof roundSchema>;

/** Whoever watches may answer first; then this nurse does, so that the ward becomes calm again. */
const patienceMs = 100_000;
const mostRounds = 2_000;
/** What a ward refuses while its trail cannot be written is entered again, as one would. */
const tries = 5;
const againAfterMs = 2_000;

export interface WardNurse {
  /** Enters what was measured, one bed after the other. */
  write(round: WardRound): void;
  /** Acknowledges what has sounded for long, ends what is over and latched. */
  look(view: WardView): Promise<void>;
  readonly counts: () => { readonly rounds: number; readonly refusedRounds: number; readonly acts: number };
}

/** A nurse on duty at the ward's own interface: enters observations at once, answers alarms that nobody else answers. */
export function createWardNurse(person: WardPerson): WardNurse {
  const waiting: WardRound[] = [];
  const counts = { rounds: 0, refusedRounds: 0, acts: 0 };
  let writing = false;
  let acting = false;
  const answer = async ({ nowMs, alarms }: WardView): Promise<void> => {
    for (const { alarmId, phase, conditionMs = nowMs, endedMs = nowMs } of alarms) {
      if (phase === 'on' && nowMs - conditionMs > patienceMs) {
        if (await actOn(person, { act: 'acknowledge', alarmId })) counts.acts += 1;
      } else if (phase === 'latched' && nowMs - Math.max(conditionMs, endedMs) > patienceMs)
        if (await actOn(person, { act: 'reset', alarmId })) counts.acts += 1;
    }
  };
  return {
    write(round) {
      if (waiting.length < mostRounds) waiting.push(round);
      if (writing) return;
      writing = true;
      void (async () => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const { bed, respiration, oxygenSaturation, supplementalOxygen, systolic, diastolic, pulse } = next;
          const { consciousness, temperature } = next;
          const enter = (): Promise<boolean> =>
            person.post(`${bedPath(bed)}/observations`, {
              ...{ respiration, oxygenSaturation, supplementalOxygen, systolic, diastolic, pulse },
              ...{ consciousness, temperature },
            });
          let done = await enter();
          for (let count = 1; !done && count < tries; count += 1) {
            await wait(againAfterMs, undefined, { ref: false });
            done = await enter();
          }
          if (done) counts.rounds += 1;
          else counts.refusedRounds += 1;
        }
      })().finally(() => (writing = false));
    },
    async look(view) {
      if (acting) return;
      acting = true;
      await answer(view).finally(() => (acting = false));
    },
    counts: () => ({ ...counts }),
  };
}
