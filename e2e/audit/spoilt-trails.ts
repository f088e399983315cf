import type { LogSigner } from '../../libs/audit/src/lib/log/log-signer.js';
import { entriesOf, flipped, forge, reworded, type LogFiles } from '../../libs/audit/src/testing/tamper-bench.js';
import { filesOf } from '../../libs/audit/src/testing/trail-bench.js';

export interface SpoiltTrail {
  /** Exit code that the verifier has to end with. */
  readonly code: number;
  readonly what: string;
  readonly files: LogFiles;
  /** What the verifier is given besides the log and its key. */
  readonly given: 'siem' | 'witness' | 'nothing';
}

/** A real trail, spoilt once for each verdict by somebody who has the disk, and for all but the first the key as well. */
export async function spoiltTrails(log: string, signer: LogSigner): Promise<readonly SpoiltTrail[]> {
  const files = filesOf(log);
  const entries = entriesOf(files);
  const at = Math.floor(entries.length / 2);
  const change = (seq: number, words: Readonly<Record<string, unknown>>): readonly Buffer[] =>
    entries.map((entry, i) => (i === seq ? reworded(entry, words) : entry));
  return [
    { code: 10, what: 'one bit of one entry', files: flipped(files, 'tile/entries/000', 1_234), given: 'siem' },
    {
      code: 11,
      what: 'an entry reworded, every hash and signature made again with the stolen key',
      files: await forge(change(at, { actor: { id: 'nobody', role: 'nurse' } }), signer),
      given: 'siem',
    },
    { code: 12, what: 'the newest half cut off', files: await forge(entries.slice(0, at), signer), given: 'siem' },
    {
      code: 13,
      what: 'an entry dated back by an hour',
      files: await forge(change(at, { tWall: wallOf(entries[at], -3_600_000) }), signer),
      given: 'nothing',
    },
    {
      code: 14,
      what: 'the cosignatures taken away',
      files: await forge(entries, signer),
      given: 'witness',
    },
    { code: 20, what: 'untouched, and nobody outside asked: no pass', files, given: 'nothing' },
  ];
}

function wallOf(entry: Buffer | undefined, moveMs: number): string {
  const { tWall }: { tWall: string } = JSON.parse(entry?.toString('utf8') ?? '{}');
  return new Date(Date.parse(tWall) + moveMs).toISOString();
}
