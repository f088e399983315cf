import { defineConfig } from 'vitest/config';
import { fromSource } from '../../vitest.shared.js';

export default defineConfig({
  ...fromSource,
  test: {
    ...fromSource.test,
    name: 'fleet-hub',
    root: import.meta.dirname,
    globalSetup: ['src/store/testing/one-cluster.ts'],
  },
});
