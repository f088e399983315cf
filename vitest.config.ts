import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      'libs/*',
      'apps/*',
      'apps/manufacturing-inspection/web',
      'apps/fleet-hub/web',
      'apps/retail-analytics/web',
      'apps/ward-monitoring/web',
      'tools',
    ],
    pool: 'forks',
    maxWorkers: 2,
  },
});
