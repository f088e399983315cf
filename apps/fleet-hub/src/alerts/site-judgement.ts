import type { AlertSeverity } from './alert-rules.js';

export const wholeSite = '*';

export interface StandingCondition {
  readonly device: string;
  readonly severity: AlertSeverity;
  readonly text: string;
  readonly count: number;
  readonly since: string;
  /** Has stood long enough to be told. */
  readonly ripe: boolean;
}

export interface OpenAlert {
  readonly id: number;
  /** `*` for the whole site. */
  readonly device: string;
  readonly severity: AlertSeverity;
  readonly text: string;
}

export interface Judgement {
  readonly raise: readonly { readonly device: string; readonly severity: AlertSeverity; readonly text: string }[];
  readonly update: readonly { readonly id: number; readonly severity: AlertSeverity; readonly text: string }[];
  readonly clear: readonly number[];
}

/**
 * Which alerts one site should have for one kind of trouble. From `groupFrom` devices on it is one alert of the site instead
 * of one for each, until fewer than half of `groupFrom` are left. Alerts that devices already have stay while the trouble does.
 */
export function judgeSite(
  site: string,
  conditions: readonly StandingCondition[],
  open: readonly OpenAlert[],
  groupFrom: number,
): Judgement {
  const siteAlert = open.find(({ device }) => device === wholeSite);
  const own = open.filter(({ device }) => device !== wholeSite);
  const ripe = conditions.filter((each) => each.ripe);
  const grouped = siteAlert === undefined ? ripe.length >= groupFrom : conditions.length * 2 >= groupFrom;
  const standing = new Map(conditions.map((each) => [each.device, each]));
  const clear = own.filter(({ device }) => !standing.has(device)).map(({ id }) => id);
  const update = own.flatMap(({ id, device, severity, text }) => {
    const condition = standing.get(device);
    const wanted = condition === undefined ? undefined : { severity: condition.severity, text: deviceText(condition) };
    return wanted === undefined || (wanted.text === text && wanted.severity === severity) ? [] : [{ id, ...wanted }];
  });
  if (!grouped) {
    const told = new Set(own.map(({ device }) => device));
    return {
      raise: ripe
        .filter(({ device }) => !told.has(device))
        .map((each) => ({ device: each.device, severity: each.severity, text: deviceText(each) })),
      update,
      clear: siteAlert === undefined ? clear : [...clear, siteAlert.id],
    };
  }
  const wanted = { severity: highest(conditions), text: siteText(site, conditions) };
  if (siteAlert === undefined) return { raise: [{ device: wholeSite, ...wanted }], update, clear };
  const same = siteAlert.text === wanted.text && siteAlert.severity === wanted.severity;
  return { raise: [], update: same ? update : [...update, { id: siteAlert.id, ...wanted }], clear };
}

function deviceText({ text, count }: StandingCondition): string {
  return count > 1 ? `${text} (${count} times)` : text;
}

function siteText(site: string, conditions: readonly StandingCondition[]): string {
  const sorted = [...conditions].sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
  const [first] = sorted;
  const names = sorted.slice(0, 3).map(({ device }) => device);
  const since = first === undefined ? '' : ` since ${first.since.slice(0, 19)}Z`;
  return `${conditions.length} devices of ${site}${since} (${names.join(', ')}, ...): ${first?.text ?? ''}`;
}

function highest(conditions: readonly StandingCondition[]): AlertSeverity {
  return conditions.some(({ severity }) => severity === 'alarm') ? 'alarm' : 'warning';
}
