import { defineConfig } from 'vitest/config';

const long = process.env['EDGE_LONG_TESTS'] === 'true';

export default defineConfig({
  test: {
    name: 'tools',
    root: import.meta.dirname,
    include: [long ? '*.long.spec.ts' : '*.spec.ts'],
    testTimeout: 20_000,
  },
});
