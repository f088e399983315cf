import type { AuditEntryView, AuditProofView, DeviceIdentity } from '@edge-blueprints/contracts';
import { DeviceError } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { SqlSession, SqlStore } from '../store/sql-store.js';
import { chain, firstBreak } from './audit-chain.js';
import type { AuditFacts, ChainedEntry } from './audit-chain.js';

const headRow = z.object({ id: z.number(), hash: z.string() });
const entryRow = z.object({
  id: z.number(),
  at: z.date(),
  who: z.string(),
  action: z.string(),
  target: z.string(),
  detail: z.string(),
  previous_hash: z.string(),
  hash: z.string(),
});
const columns = 'id, at, who, action, target, detail, previous_hash, hash';
const pageRows = 1_000;

/**
 * Adds to the end of the chain. Call it inside of the transaction that does the act: both are there, or neither. The lock on
 * the chain's end holds until that transaction is over, so keep it short.
 */
export async function appendAudit(session: SqlSession, facts: readonly AuditFacts[]): Promise<void> {
  if (facts.length === 0) return;
  const { rows } = await session.query('SELECT id, hash FROM audit_head FOR UPDATE');
  const entries = chain(headRow.parse(rows[0]), facts.map(storable));
  await session.query(
    `INSERT INTO audit_entry (${columns})
     SELECT ${columns} FROM jsonb_to_recordset($1::jsonb)
     AS i(id int8, at timestamptz, who text, action text, target text, detail text, previous_hash text, hash text)`,
    [JSON.stringify(entries.map(({ previousHash, ...entry }) => ({ ...entry, previous_hash: previousHash })))],
  );
  const last = entries.at(-1);
  if (last !== undefined) await session.query('UPDATE audit_head SET id = $1, hash = $2', [last.id, last.hash]);
}

/** What devices told of acts on them, into the same chain. Fits the ingest, whose transaction this runs in. */
export async function appendDeviceAudit(
  session: SqlSession,
  entries: readonly {
    readonly identity: DeviceIdentity;
    readonly atMs: number;
    readonly who: string;
    readonly action: string;
    readonly target: string;
    readonly reason: string;
  }[],
): Promise<void> {
  const facts = entries.map(({ identity, atMs, who, action, target, reason }) => {
    const from = `${identity.site}/${identity.device}`;
    return {
      at: new Date(atMs).toISOString(),
      who: `${from}: ${who}`,
      action,
      target: `${from} ${target}`,
      detail: reason,
    };
  });
  await appendAudit(session, facts);
}

export interface AuditSearch {
  /** Words that must all stand somewhere in the entry; empty for all entries. */
  readonly search: string;
  /** Entries before this number; undefined for the newest. */
  readonly before: number | undefined;
  readonly limit: number;
}

export interface AuditLog {
  /** Newest first. */
  search(query: AuditSearch): Promise<readonly AuditEntryView[]>;
  /** All entries that match, oldest first, with their hashes. */
  entries(search: string): AsyncIterable<ChainedEntry>;
  verify(): Promise<AuditProofView>;
  /** Keeps the newest; the chain of the kept ones still proves itself. @returns entries that went */
  prune(keepRows: number): Promise<number>;
}

export function createAuditLog(store: SqlStore): AuditLog {
  const page = async (where: string, values: readonly (string | number)[]): Promise<readonly ChainedEntry[]> => {
    const { rows } = await store.query(`SELECT ${columns} FROM audit_entry WHERE ${where}`, values);
    return z.array(entryRow).parse(rows).map(toEntry);
  };
  const words = (text: string): { readonly sql: string; readonly values: readonly string[] } => {
    const values = text
      .split(/\s+/)
      .filter((word) => word !== '')
      .slice(0, 8);
    const line = `lower(who || ' ' || action || ' ' || target || ' ' || detail)`;
    return { sql: values.map((_, i) => `AND position(lower($${i + 3}) in ${line}) > 0`).join(' '), values };
  };
  const forward = async function* (search: string): AsyncIterable<ChainedEntry> {
    const { sql, values } = words(search);
    for (let after = 0; ;) {
      const part = await page(`id > $1 ${sql} ORDER BY id LIMIT $2`, [after, pageRows, ...values]);
      yield* part;
      const last = part.at(-1);
      if (last === undefined || part.length < pageRows) return;
      after = last.id;
    }
  };
  return {
    search: async ({ search, before, limit }) => {
      const { sql, values } = words(search);
      const top = before ?? Number.MAX_SAFE_INTEGER;
      const found = await page(`id < $1 ${sql} ORDER BY id DESC LIMIT $2`, [top, limit, ...values]);
      return found.map(({ id, at, who, action, target, detail }) => ({ id, at, who, action, target, detail }));
    },
    entries: forward,
    verify: async () => {
      let last: ChainedEntry | undefined;
      let first: number | null = null;
      let entries = 0;
      for await (const entry of forward('')) {
        first ??= entry.id;
        entries += 1;
        if (firstBreak([entry], last) !== undefined) return { entries, first, last: entry.id, brokenAt: entry.id };
        last = entry;
      }
      const { rows } = await store.query('SELECT id, hash FROM audit_head');
      const head = headRow.safeParse(rows[0]);
      if (!head.success)
        throw new DeviceError('hub.audit-head', 'The end of the audit chain is missing from audit_head');
      // Entries that were cut off at the end leave no later hash behind; the head still knows them.
      const whole = last === undefined ? head.data.id === 0 : last.id === head.data.id && last.hash === head.data.hash;
      return { entries, first, last: last?.id ?? null, brokenAt: whole ? null : (last?.id ?? 0) + 1 };
    },
    prune: async (keepRows) => {
      const { affected } = await store.query(
        'DELETE FROM audit_entry WHERE id <= (SELECT id FROM audit_head) - $1::int8',
        [keepRows],
      );
      return affected;
    },
  };
}

/** The text that comes back is the text that was hashed: PostgreSQL takes no NUL and no half surrogate, and keeps one form of time. */
function storable(facts: AuditFacts): AuditFacts {
  const text = (raw: string): string => Buffer.from(raw, 'utf8').toString('utf8').replaceAll('\0', '\uFFFD');
  return {
    at: new Date(facts.at).toISOString(),
    who: text(facts.who),
    action: text(facts.action),
    target: text(facts.target),
    detail: text(facts.detail),
  };
}

function toEntry(row: z.infer<typeof entryRow>): ChainedEntry {
  const { previous_hash: previousHash, at, ...rest } = row;
  return { ...rest, at: at.toISOString(), previousHash };
}
