import { defineConfig } from 'vitest/config';
import { fromSource } from '../../vitest.shared.js';

// The line runs in real time. A machine that other work holds up for a tenth of a second misses a gate, which a real line
// would count as a false reject; such a run says nothing about the code, so it is run again.
export default defineConfig({
  ...fromSource,
  test: { ...fromSource.test, name: 'rigs', root: import.meta.dirname, retry: 2 },
});
