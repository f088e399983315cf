// Starts the worker from its TypeScript source (tests, tsx). Built packages start session-worker.js without it.
import { register } from 'tsx/esm/api';

register();
await import('./session-worker.ts');
