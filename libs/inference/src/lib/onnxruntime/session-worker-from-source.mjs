// Starts the worker from its TypeScript source (tests, tsx). Built packages start session-worker.js without it. The loader
// for `require` works inside this thread; the one for `import` would start a second thread for each worker.
import { createRequire } from 'node:module';
import { register } from 'tsx/cjs/api';

register();
createRequire(import.meta.url)('./session-worker.ts');
