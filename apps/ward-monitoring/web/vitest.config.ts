import { defineConfig } from 'vitest/config';
import { fromSource } from '../../../vitest.shared.js';

export default defineConfig({
  ...fromSource,
  test: { ...fromSource.test, name: 'ward-web', root: import.meta.dirname },
});
