import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openOutbox } from './open-outbox.js';
import { outboxContract } from './testing/outbox-contract.js';

const folder = mkdtempSync(join(tmpdir(), 'outbox-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let n = 0;

outboxContract('openOutbox', (options) =>
  openOutbox({ ...options, file: join(folder, `${n++}.sqlite`), groupMs: 1_000, groupEvents: 1 }),
);
