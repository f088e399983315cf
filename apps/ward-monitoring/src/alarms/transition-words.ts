import type { AlarmSnapshot } from '@edge-blueprints/contracts';
import type { AlarmTransition } from './alarm-transition.js';

const marks = { PH: '***', PM: '**', PL: '*' } as const;
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/**
 * One transition as a sentence for people.
 * @param dueMs when the alarm would have started, for one that was still waiting
 */
export function transitionWords(transition: AlarmTransition, dueMs?: number): string {
  const { kind, alarm, subject } = transition;
  const who = transition.actor === undefined ? 'the engine' : `${transition.actor.id} (${transition.actor.role})`;
  const said = transition.words === undefined ? '' : `, saying "${transition.words}"`;
  const name = alarm === undefined ? subject : `${alarm.alarmId} ${alarm.subject} ${alarm.condition}`;
  if (alarm === undefined || kind === 'refused') return withoutAlarm(transition, who, said, name);
  return `${name}: ${alarmWords(transition, alarm, who, said, dueMs)}`;
}

function withoutAlarm(
  { kind, why, act, facts, subject }: AlarmTransition,
  who: string,
  said: string,
  name: string,
): string {
  switch (kind) {
    case 'refused':
      return `${name}: ${act ?? 'something'} asked for by ${who} was refused: ${why}`;
    case 'shelve':
      return `${subject} shelved by ${who} (${why})${said}: its alarms are shown, silent, and call nobody`;
    case 'unshelve':
      return why === 'expired' ? `shelving of ${subject} expired` : `${subject} taken off the shelf by ${who}`;
    case 'flood':
      return `flood: ${facts?.['alarms'] ?? 'many'} new alarms at once; those below high priority share one banner`;
    case 'flood-end':
      return 'the flood is over';
    case 'roster':
      return `who answers for ${subject}: ${facts?.['chain'] === '' ? 'nobody' : facts?.['chain']}`;
    case 'config':
      return `the configuration changed, by ${who}`;
    default:
      return `${kind} ${subject}`;
  }
}

function alarmWords(
  { kind, atMs, why, facts, grouped }: AlarmTransition,
  alarm: AlarmSnapshot,
  who: string,
  said: string,
  dueMs: number | undefined,
): string {
  const lasted = atMs - alarm.onsetMs;
  const needed = dueMs === undefined ? '' : `, and ${seconds(dueMs - alarm.onsetMs)} are needed`;
  switch (kind) {
    case 'pending':
      return `${alarm.text}. Seen; it becomes an alarm after ${seconds((dueMs ?? atMs) - alarm.onsetMs)}`;
    case 'transient':
      if (why === 'signal-lost') return `no alarm: the signal was lost after ${seconds(lasted)}${needed}`;
      if (why === 'outage') return `no alarm: the gateway was away for too long to know whether it lasted${needed}`;
      return `no alarm: it was over after ${seconds(lasted)}${needed}`;
    case 'start':
      return `ALARM ${marks[alarm.priority]} ${alarm.priority}: ${alarm.text}. It lasted ${seconds((alarm.conditionMs ?? atMs) - alarm.onsetMs)}${silence(alarm)}${grouped ? '; in the group banner' : ''}; ${asked(alarm)}`;
    case 'continue':
      return `announced again: ${why}; ${alarm.phase}`;
    case 'update':
      if (why === 'signal-lost') return 'the signal is lost; last known abnormal, so the alarm stays';
      return why === 'signal-back' ? `the signal is back: ${alarm.text}` : alarm.text;
    case 'escalate':
      return `priority rises to ${alarm.priority}: ${alarm.text}; it calls again`;
    case 'deescalate':
      return `priority falls to ${alarm.priority}: ${alarm.text}`;
    case 'ack':
      return alarm.acknowledged === undefined
        ? `seen by ${who}${said}`
        : `acknowledged by ${who}${said}: silent for ${seconds(alarm.acknowledged.expiresMs - atMs)} unless it changes`;
    case 'reannounce':
      return `calls again: ${why}${silence(alarm)}`;
    case 'accept':
      return `taken by ${who}`;
    case 'reject':
      return `refused by ${who}${said}`;
    case 'redirect':
      return `now offered to ${facts?.['to'] ?? 'the next'} (${why}${said})`;
    case 'unowned':
      return `nobody is left to ask (${why})`;
    case 'latch':
      return 'the condition is over; it stays until somebody has seen it';
    case 'reset':
      return `ended by ${who}${said}`;
    case 'end':
      return `over: ${why}`;
    case 'pause':
      return `sound paused by ${who} for ${seconds((alarm.audioPausedUntilMs ?? atMs) - atMs)}`;
    case 'resume':
      return 'the pause of the sound is over';
    default:
      return kind;
  }
}

const silence = (alarm: AlarmSnapshot): string =>
  alarm.shelvedUntilMs === undefined ? '' : '; shown without sound, because the bed is shelved';

const asked = (alarm: AlarmSnapshot): string =>
  alarm.responsibility === 'offered' ? 'offered to the first of the chain' : 'nobody is named to answer';
