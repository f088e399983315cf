import type { AlertView } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { orderAlerts } from './alert-order.js';
import { alertPlace, announcedAlerts } from './announced-alerts.js';

const alert = (id: number, change: Partial<AlertView> = {}): AlertView => ({
  id,
  site: 'berlin',
  device: 'line-1',
  kind: 'offline',
  severity: 'alarm',
  text: 'gone',
  raisedAt: `2026-01-0${id}T00:00:00.000Z`,
  clearedAt: null,
  acknowledgedBy: null,
  acknowledgedAt: null,
  note: null,
  outputs: [],
  ...change,
});
const at = '2026-01-09T00:00:00.000Z';

describe('orderAlerts', () => {
  it('puts what nobody has taken on first, and what is over last', () => {
    const alerts = [
      alert(1, { clearedAt: at }),
      alert(2, { acknowledgedAt: at }),
      alert(3, { severity: 'warning' }),
      alert(4),
      alert(5),
    ];
    expect(orderAlerts(alerts).map(({ id }) => id)).toEqual([5, 4, 3, 2, 1]);
  });
});

describe('announcedAlerts', () => {
  it('says open alerts that nobody has taken on, and a few at most', () => {
    const alerts = [1, 2, 3, 4, 5, 6, 7].map((id) => alert(id));
    expect(announcedAlerts(alerts)).toHaveLength(5);
    expect(announcedAlerts([alert(1, { acknowledgedAt: at }), alert(2, { clearedAt: at })])).toEqual([]);
  });

  it('names a whole site as a site', () => {
    expect(alertPlace({ site: 'berlin', device: '' })).toBe('all of berlin');
    expect(alertPlace({ site: 'berlin', device: 'line-1' })).toBe('berlin/line-1');
  });
});
