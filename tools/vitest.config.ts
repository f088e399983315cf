import { defineConfig } from 'vitest/config';
import { fromSource } from '../vitest.shared.js';

const long = process.env['EDGE_LONG_TESTS'] === 'true';

export default defineConfig({
  resolve: fromSource.resolve,
  ssr: fromSource.ssr,
  test: {
    name: 'tools',
    root: import.meta.dirname,
    include: [long ? '*.long.spec.ts' : '*.spec.ts'],
    exclude: long ? [] : ['*.long.spec.ts'],
    isolate: false,
    testTimeout: 20_000,
  },
});
