import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { silentLogger, type AuditDraft } from '@edge-blueprints/contracts';
import type { AuditLog, AuditLogOptions } from '../lib/log/audit-log.js';
import { signerOf, type LogSigner } from '../lib/log/log-signer.js';
import { openAuditLog } from '../lib/log/open-audit-log.js';

export const origin = 'edge-blueprints.example/ward/site/a';
export const logSigner: LogSigner = signerOf(origin, 1, Buffer.alloc(32, 7));
export const witnessSigner: LogSigner = signerOf('witness.example/w1', 4, Buffer.alloc(32, 9));

/** A clock that is turned by hand. */
export function handClock(startMs = Date.parse('2026-05-01T08:00:00.000Z')) {
  let [monotonicMs, epochMs] = [5_000, startMs];
  return {
    monotonicMs: () => monotonicMs,
    epochMs: () => epochMs,
    pass: (ms: number) => void ((monotonicMs += ms), (epochMs += ms)),
    step: (ms: number) => void (epochMs += ms),
  };
}

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'trail-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Opens a trail whose checkpoints come only when asked for. */
export function openTrail(folder: string, more: Partial<AuditLogOptions> = {}): Promise<AuditLog> {
  return openAuditLog({
    folder,
    origin,
    signers: [logSigner],
    boot: 'boot-1',
    clock: handClock(),
    clockState: () => ({ source: 'chrony', offsetMs: 0, synced: true }),
    logger: silentLogger,
    policy: { activeMs: 3_600_000, idleMs: 3_600_000, atOnce: () => false },
    ...more,
  });
}

export function draft(number: number, more: Partial<AuditDraft> = {}): AuditDraft {
  return {
    type: 'alarm.start',
    actor: { id: 'engine', role: 'system' },
    subject: { pseudonym: `bed/${String(number % 30).padStart(2, '0')}` },
    action: 'create',
    outcome: 'success',
    links: { alarm: `alarm-${number}` },
    ...more,
  };
}

/** Every file below a folder. */
export function filesOf(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), readFileSync(path)];
    }),
  );
}

/** A closed log with a checkpoint at each of these sizes of records, as files in memory. */
export async function makeLog(
  steps: readonly number[],
  more: Partial<AuditLogOptions> = {},
): Promise<Map<string, Buffer>> {
  const folder = temporaryFolder();
  try {
    const log = await openTrail(folder.path, more);
    let number = 0;
    for (const step of steps) {
      await log.record(Array.from({ length: step }, () => draft(number++)));
      await log.checkpoint();
    }
    await log.close();
    return filesOf(join(folder.path, 'log'));
  } finally {
    folder.remove();
  }
}
