import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openDirectOutbox } from './testing/direct-outbox.js';
import { outboxContract } from './testing/outbox-contract.js';

const folder = mkdtempSync(join(tmpdir(), 'outbox-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let n = 0;

outboxContract(
  'openSqliteOutbox',
  (options) =>
    openDirectOutbox({
      ...options,
      file: join(folder, `${n++}.sqlite`),
      checkpointPages: 40,
      numberBlock: 10,
      onRecovery: (reason) => {
        throw new TypeError(`nothing was damaged, but: ${reason}`);
      },
    }),
  8,
);
