import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJsonLogger, systemClock } from '@edge-blueprints/contracts';
import { openRevocationList, type RevocationList } from './revocation-list.js';

let folder = '';
let lines: string[] = [];
const opened: RevocationList[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'revocations-'));
  lines = [];
});
afterEach(() => {
  for (const list of opened.splice(0)) list.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (): string => join(folder, 'revocations.jsonl');
function open(): RevocationList {
  const log = createJsonLogger({ write: (line) => lines.push(line), now: Date.now });
  const list = openRevocationList({ file: file(), clock: systemClock, log, lookMs: 3_600_000 });
  opened.push(list);
  return list;
}
const gone = { name: 'north.line-1', by: 'ann', reason: 'stolen' };

describe('the revocation list', () => {
  it('shuts a name out with every certificate, and tells who listens', () => {
    const list = open();
    let told = 0;
    list.onChange(() => (told += 1));
    expect(list.isDenied('north.line-1', 'AA')).toBe(false);
    list.revoke(gone);
    expect(list.isDenied('north.line-1', 'AA')).toBe(true);
    expect(list.isRevoked({ site: 'north', device: 'line-1' })).toBe(true);
    expect(list.isRevoked({ site: 'north', device: 'line-2' })).toBe(false);
    expect(list.list()).toMatchObject([{ ...gone, accepted: [] }]);
    expect(told).toBe(1);
  });

  it('lets in the certificate that came afterwards, and keeps the old ones out', () => {
    const list = open();
    list.revoke(gone);
    list.accept({ name: 'north.line-1', serialNumber: 'BB', by: 'ann' });
    expect(list.isDenied('north.line-1', 'AA')).toBe(true);
    expect(list.isDenied('north.line-1', 'BB')).toBe(false);
    expect(list.isRevoked({ site: 'north', device: 'line-1' })).toBe(false);
    list.revoke({ ...gone, reason: 'again' });
    expect(list.isDenied('north.line-1', 'BB')).toBe(true);
  });

  it('is one list for all who opened the file, also after a restart', () => {
    const [hub, command] = [open(), open()];
    command.revoke(gone);
    expect(hub.isDenied('north.line-1', null)).toBe(false);
    hub.refresh();
    expect(hub.isDenied('north.line-1', null)).toBe(true);
    expect(open().isDenied('north.line-1', null)).toBe(true);
  });

  it('lets nobody in again when the file vanishes', () => {
    const list = open();
    list.revoke(gone);
    rmSync(file());
    list.refresh();
    expect(list.isDenied('north.line-1', null)).toBe(true);
    expect(lines.join()).toContain('identity.revocations-unreadable');
  });

  it('goes on behind a line that was torn by a power cut, and reports it', () => {
    const list = open();
    list.revoke(gone);
    appendFileSync(file(), '{"action":"revoke","at":"2026-');
    list.refresh();
    list.revoke({ ...gone, name: 'north.line-2' });
    expect(readFileSync(file(), 'utf8').split('\n')).toHaveLength(4);
    expect(list.list().map((entry) => entry.name)).toEqual(['north.line-1', 'north.line-2']);
    expect(lines.join()).toContain('"line":2');
  });

  it('writes nothing that it could not read back', () => {
    const list = open();
    for (const name of ['', 'north', 'a.b.c', 'North.a', 'a.b\n'])
      expect(() => list.revoke({ ...gone, name }), name).toThrow(/Not a revocation/);
    expect(list.list()).toEqual([]);
  });
});
