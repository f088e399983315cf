import type { AlertView } from '@edge-blueprints/contracts';
import type { FleetChange, FleetChangeBody } from '../store/fleet-change.js';

export type AlertKind = AlertView['kind'];
export type AlertSeverity = AlertView['severity'];

/** Something about a device that a person should know, or that it is over. */
export type ConditionChange =
  | {
      readonly state: 'on';
      readonly site: string;
      readonly device: string;
      readonly kind: AlertKind;
      readonly severity: AlertSeverity;
      readonly text: string;
      readonly at: string;
    }
  | {
      readonly state: 'off';
      readonly site: string;
      readonly device: string;
      readonly kind: AlertKind;
      readonly at: string;
    };

/** Happened once and stays on until a person has seen it: there is no later moment at which a lost event is found again. */
export const momentaryKinds: readonly AlertKind[] = ['gap', 'quarantine'];

type Change = { readonly kind: AlertKind } & (
  { readonly state: 'on'; readonly severity: AlertSeverity; readonly text: string } | { readonly state: 'off' }
);

/** Which trouble a change of the fleet begins or ends. */
export function conditionChanges(change: FleetChange): readonly ConditionChange[] {
  const { site, device, at } = change;
  return changesOf(change.body).map((each) => ({ ...each, site, device, at }));
}

function changesOf(body: FleetChangeBody): readonly Change[] {
  switch (body.kind) {
    case 'presence':
      return presence(body);
    case 'gap': {
      const { critical, business, metric } = body.gap.lost;
      const lost = `${critical} critical, ${business} business and ${metric} metric events`;
      const text = `Declared as lost (${body.gap.cause}): ${lost}`;
      return [on('gap', critical > 0 ? 'alarm' : 'warning', text)];
    }
    case 'quarantine':
      return [on('quarantine', 'warning', `${body.events} events were set aside: ${body.code}`)];
    case 'drift':
      return [body.alarm.state === 'raised' ? on('drift', 'warning', body.alarm.explanation) : off('drift')];
    case 'limit':
      return [body.over ? on(body.what, limitSeverity[body.what], limitText(body)) : off(body.what)];
    case 'incomplete':
      return [
        body.missing > 0
          ? on('incomplete', 'alarm', `${body.missing} events are neither delivered nor declared as lost`)
          : off('incomplete'),
      ];
    default:
      return body satisfies never;
  }
}

const limitSeverity = { clock: 'warning', disk: 'alarm', temperature: 'alarm', latency: 'warning' } as const;

function presence(body: Extract<FleetChangeBody, { readonly kind: 'presence' }>): readonly Change[] {
  if (body.state === 'offline') return [on('offline', 'alarm', body.detail || 'The device is offline'), off('stale')];
  if (body.state === 'stale') return [on('stale', 'warning', body.detail || 'The device is silent'), off('offline')];
  return [off('offline'), off('stale')];
}

function limitText({ what, value, limit }: Extract<FleetChangeBody, { readonly kind: 'limit' }>): string {
  const round = (x: number) => String(Number(x.toPrecision(3)));
  if (what === 'clock') return `The clock is off by ${round(value / 1000)} s (limit ${round(limit / 1000)} s)`;
  if (what === 'disk') return `The data disk is ${round(value * 100)} % full (limit ${round(limit * 100)} %)`;
  if (what === 'temperature') return `${round(value)} °C (limit ${round(limit)} °C)`;
  return `p99 of capture to act is ${round(value)} ms (limit ${round(limit)} ms)`;
}

function on(kind: AlertKind, severity: AlertSeverity, text: string): Change {
  return { kind, state: 'on', severity, text };
}

function off(kind: AlertKind): Change {
  return { kind, state: 'off' };
}
