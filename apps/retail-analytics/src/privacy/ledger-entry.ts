import { createHash } from 'node:crypto';
import { releaseMetrics, retailReleaseSchema } from '@edge-blueprints/contracts';
import { z } from 'zod';

/** What the first entry of a chain points back to. */
export const chainBeginning = '0'.repeat(64);

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const number = z.int().min(1);
const head = { n: number, at: z.int().min(0), previous: hash };

/** One line of the ledger. `at` is epoch ms and never falls. */
const ledgerEntrySchema = z.discriminatedUnion('kind', [
  /** The first entry of all. Windows that began before it are never released: what was spent on them is not known. */
  z.strictObject({
    ...head,
    kind: z.literal('start'),
    chain: hash,
    store: z.string(),
    bits: z.enum(['system', 'seeded']),
  }),
  /** The first entry of every later daily file. */
  z.strictObject({ ...head, kind: z.literal('day'), chain: hash, store: z.string(), day: z.iso.date() }),
  z.strictObject({
    ...head,
    kind: z.literal('reserve'),
    metric: z.enum(releaseMetrics),
    fromEpochMs: z.int(),
    toEpochMs: z.int(),
    planRevision: z.int().min(1),
    epsilonMicros: z.int().positive(),
  }),
  z.strictObject({ ...head, kind: z.literal('release'), reservation: number, release: retailReleaseSchema }),
  /** A reservation whose answer was never stored: spent, and its query is never answered. */
  z.strictObject({ ...head, kind: z.literal('burn'), reservation: number }),
  /** Daily files up to this one are gone on purpose; the next file goes on from this entry. */
  z.strictObject({ ...head, kind: z.literal('prune'), throughDay: z.iso.date(), entry: number, hash }),
]);
export type LedgerEntry = Readonly<z.infer<typeof ledgerEntrySchema>>;
type Unnumbered<T> = T extends unknown ? Omit<T, 'n' | 'at' | 'previous'> : never;
/** An entry before it has its place in the chain. */
export type LedgerRecord = Unnumbered<LedgerEntry>;

/** An entry with the hash of its own line. */
export interface ChainedEntry {
  readonly entry: LedgerEntry;
  readonly hash: string;
}

const ending = /,"hash":"([0-9a-f]{64})"\}$/;

/** @returns the line without its line feed */
export function encodeEntry(entry: LedgerEntry): { readonly line: string; readonly hash: string } {
  const body = JSON.stringify(entry);
  const own = createHash('sha256').update(body).digest('hex');
  return { line: `${body.slice(0, -1)},"hash":"${own}"}`, hash: own };
}

/** @returns undefined where the line is not what was once written: the hash covers every byte before it */
export function decodeEntry(line: string): ChainedEntry | undefined {
  const match = ending.exec(line);
  const own = match?.[1];
  if (match === null || own === undefined) return undefined;
  const body = `${line.slice(0, match.index)}}`;
  if (createHash('sha256').update(body).digest('hex') !== own) return undefined;
  try {
    const parsed = ledgerEntrySchema.safeParse(JSON.parse(body));
    return parsed.success ? { entry: parsed.data, hash: own } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The highest confirmed entry, kept beside the ledger. */
const markSchema = z.strictObject({ chain: hash, entry: number, hash, at: z.int().min(0) });
export type LedgerMark = Readonly<z.infer<typeof markSchema>>;

export function encodeMark(mark: LedgerMark): string {
  const body = JSON.stringify(mark);
  return `${body}\n${createHash('sha256').update(body).digest('hex')}\n`;
}

export function decodeMark(text: string): LedgerMark | undefined {
  const [body = '', check] = text.split('\n');
  if (createHash('sha256').update(body).digest('hex') !== check) return undefined;
  const parsed = markSchema.safeParse(JSON.parse(body));
  return parsed.success ? parsed.data : undefined;
}
