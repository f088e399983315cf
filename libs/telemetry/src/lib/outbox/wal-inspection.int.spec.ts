import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@edge-blueprints/contracts';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openSqlite } from './sqlite-database.js';
import { walHidesCommits } from './wal-inspection.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const commits = 12;
const countSchema = z.object({ n: z.number() });

/** A file and its journal as a killed process leaves them. */
function leftBehind(): { readonly db: Buffer; readonly wal: Buffer } {
  const file = join(folder, 'a.sqlite');
  const { db } = openSqlite(file, 'wal', 1_000);
  db.exec('CREATE TABLE t (n INTEGER PRIMARY KEY, body TEXT)');
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  for (let n = 0; n < commits; n++) db.exec(`INSERT INTO t VALUES (${n}, '${'x'.repeat(900)}')`);
  copyFileSync(file, `${file}.copy`);
  copyFileSync(`${file}-wal`, `${file}-wal.copy`);
  return { db: readFileSync(`${file}.copy`), wal: readFileSync(`${file}-wal.copy`) };
}

function rowsOf(name: string, db: Buffer, wal: Buffer): number {
  const file = join(folder, name);
  writeFileSync(file, db);
  writeFileSync(`${file}-wal`, wal);
  const opened = new Database(file);
  const { n } = countSchema.parse(opened.prepare('SELECT COUNT(*) AS n FROM t').get());
  opened.close();
  return n;
}

describe('walHidesCommits', () => {
  it('is quiet about a journal that is whole, absent, or ends in the middle of a frame', () => {
    const { wal } = leftBehind();
    const file = join(folder, 'b-wal');
    expect(walHidesCommits(file)).toBe(false);
    for (const bytes of [wal, wal.subarray(0, wal.length - 100), wal.subarray(0, 20)]) {
      writeFileSync(file, bytes);
      expect(walHidesCommits(file)).toBe(false);
    }
  });

  it('tells of every flipped bit that makes SQLite forget a commit', () => {
    const { db, wal } = leftBehind();
    const random = createRandom(3);
    let forgotten = 0;
    for (let round = 0; round < 150; round++) {
      const bytes = Buffer.from(wal);
      // Headers of file and frames are small; they get half of the flips.
      const frame = 32 + random.integer(0, commits - 1) * 4_120;
      const at = round % 4 === 0 ? random.integer(0, 31) : round % 4 === 1 ? frame + random.integer(0, 23) : undefined;
      const place = at ?? random.integer(0, wal.length - 1);
      bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << random.integer(0, 7)), place);
      const rows = rowsOf(`flip-${round}.sqlite`, db, bytes);
      writeFileSync(join(folder, 'flipped-wal'), bytes);
      if (rows === commits) continue;
      forgotten++;
      expect(walHidesCommits(join(folder, 'flipped-wal')), `bit in byte ${place} of ${wal.length}`).toBe(true);
    }
    expect(forgotten).toBeGreaterThan(100);
  });
});
