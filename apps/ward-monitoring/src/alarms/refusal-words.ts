import type { AlarmSnapshot } from '@edge-blueprints/contracts';
import type { Refusal } from './alarm-transition.js';

/** `record-failed`: neither journal nor trail can be written, so nothing may be promised. `malformed`: not an act at all. */
export type ActRefusal = Refusal | 'record-failed' | 'overloaded' | 'malformed';

/** For the person at the station: what, and what to do instead. */
export function refusalWords(why: ActRefusal, alarm?: AlarmSnapshot): string {
  switch (why) {
    case 'not-permitted':
      return 'Your role may not do this. Ask the nurse in charge.';
    case 'no-such-alarm':
      return 'This alarm is over. Look at the list again.';
    case 'not-active':
      return 'This is not an alarm yet, or not any more. Look at the list again.';
    case 'already-acknowledged':
      return `${alarm?.acknowledged?.by ?? 'Somebody'} has acknowledged it before you.`;
    case 'already-accepted':
      return `${alarm?.owner ?? 'Somebody'} has taken it before you.`;
    case 'not-offered':
      return 'It is not offered to you, so there is nothing to refuse or to hand on.';
    case 'still-active':
      return 'The condition is still true. Acknowledge it; it can be reset when the condition is over.';
    case 'reason-needed':
      return 'Say why: this alarm ends although its condition was not seen to be over.';
    case 'nothing-to-pause':
      return 'Nothing sounds here.';
    case 'not-shelvable':
      return 'Only a bed can be shelved. Alarms of the ward, the gateway and the links never are.';
    case 'too-long':
      return 'That is longer than the ward allows. Choose a shorter time.';
    case 'already-shelved':
      return 'It is shelved already. Take it off first.';
    case 'not-shelved':
      return 'It is not shelved.';
    case 'record-failed':
      return 'It could not be written to the record, so it was not done. Alarms go on. Look at the alarm again before you repeat it, and call the technical service.';
    case 'overloaded':
      return 'Too much is waiting. It was not done; try again.';
    case 'malformed':
      return 'This request is not an act that the gateway knows.';
    default:
      return why satisfies never;
  }
}
