import type { DeviceRowView } from '@edge-blueprints/contracts';

export function rowOf(change: Partial<DeviceRowView>): DeviceRowView {
  return {
    site: 'berlin',
    device: 'line-1',
    health: 'ok',
    reason: '',
    app: 'manufacturing-inspection',
    bundleVersion: '1.0.0',
    target: 'cpu',
    lastSeenAt: '2026-01-01T00:00:00.000Z',
    backlog: 0,
    declaredLost: 0,
    openAlerts: 0,
    simulated: true,
    ...change,
  };
}
