import type { UplinkView } from '@edge-blueprints/contracts';
import { formatAge, formatCount } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';

/** `act` only where events are refused; a hub that is away is what the outbox is for. */
export function hubState(uplink: UplinkView): 'ok' | 'off' | 'act' {
  if (uplink.criticalFull) return 'act';
  return uplink.state === 'connected' ? 'ok' : 'off';
}

/** For one row: what a calm hub has, else what waits and since when. */
export function hubInShort(uplink: UplinkView): string {
  const { pending, oldestAgeMs } = uplink;
  const text = strings.hub;
  if (hubState(uplink) === 'ok') return text.acknowledged(formatCount(uplink.delivered));
  const waiting = text.waiting(formatCount(pending.critical + pending.business + pending.metric));
  return oldestAgeMs === null ? text.nothingWaits : `${waiting}, ${text.since(formatAge(oldestAgeMs))}`;
}

/** What waits, since when, and what became of the rest, in one line. */
export function hubDetail({ pending, oldestAgeMs, delivered, declaredLost, resent }: UplinkView): string {
  const text = strings.hub;
  const waiting = pending.critical + pending.business + pending.metric;
  return [
    waiting === 0
      ? text.nothingWaits
      : text.waits(formatCount(pending.critical), formatCount(pending.business), formatCount(pending.metric)),
    ...(oldestAgeMs === null ? [] : [text.since(formatAge(oldestAgeMs))]),
    text.counts(formatCount(delivered), formatCount(declaredLost), formatCount(resent)),
  ].join('; ');
}
