import { formatCount } from '@edge-blueprints/web-kit';
import type { FleetSummaryView } from '@edge-blueprints/contracts';
import { askingCount, healthOrder, healthTone } from '../fleet/health.js';
import { strings } from '../strings.js';

export interface Headline {
  readonly asks: 'stop' | 'act' | undefined;
  readonly word: string;
  readonly reason: string;
}

const text = strings.bar;

/** A hole in the numbers is the worst that a hub can have: it stands before any device's own trouble. */
export function headline(fleet: Pick<FleetSummaryView, 'devices' | 'byHealth' | 'incomplete'>): Headline {
  if (fleet.incomplete > 0)
    return { asks: 'stop', word: text.incomplete(fleet.incomplete), reason: text.incompleteDetail };
  if (fleet.devices === 0) return { asks: undefined, word: text.noDevices, reason: text.noDevicesDetail };
  const asking = askingCount(fleet.byHealth);
  const devices = formatCount(fleet.devices);
  if (asking === 0) return { asks: undefined, word: text.allWell(devices), reason: text.quiet };
  const parts = healthOrder
    .filter((health) => healthTone[health] !== 'off' && fleet.byHealth[health] > 0)
    .map((health) => `${formatCount(fleet.byHealth[health])} ${strings.health[health].toLowerCase()}`);
  const stop = fleet.byHealth.alarm + fleet.byHealth.offline > 0;
  return {
    asks: stop ? 'stop' : 'act',
    word: asking === 1 ? text.oneAsking : text.asking(formatCount(asking)),
    reason: text.parts(devices, parts),
  };
}
