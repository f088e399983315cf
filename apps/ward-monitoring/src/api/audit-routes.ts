import { checkEvidence, parseVkey, proofText } from '@edge-blueprints/audit';
import type { AuditLog } from '@edge-blueprints/audit';
import type { AuditEntry, AuditEvidence, AuditPage } from '@edge-blueprints/contracts';
import { json, problem } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import { problemWords } from '../scores/problem-words.js';
import type { WardRoute } from './guard.js';

export interface AuditRouteParts {
  readonly log: AuditLog;
  /** Public keys: of the log, then of its witness where there is one. */
  readonly vkeys: readonly string[];
}

const querySchema = z.object({
  search: z.string().max(200).default(''),
  before: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const seqSchema = z.coerce.number().int().min(0);
const block = 256;
/** A search that finds nothing reads so far back; the page asks on from there. */
const mostRead = 20_480;

/** The auditor's part. Whoever reads the trail is an entry of it. */
export function auditRoutes({ log, vkeys }: AuditRouteParts): readonly WardRoute[] {
  const keys = vkeys.flatMap((vkey) => parseVkey(vkey) ?? []);

  async function search(words: readonly string[], before: number, limit: number): Promise<readonly AuditEntry[]> {
    const found: AuditEntry[] = [];
    for (let to = before; to > Math.max(0, before - mostRead) && found.length < limit; to -= block) {
      const from = Math.max(0, to - block);
      const entries: AuditEntry[] = [];
      for await (const { entry } of log.read({ from, to })) entries.push(entry);
      const fits = (entry: AuditEntry): boolean => {
        const text = JSON.stringify(entry).toLowerCase();
        return words.every((word) => text.includes(word));
      };
      found.push(...entries.reverse().filter(fits));
    }
    return found.slice(0, limit);
  }

  return [
    {
      method: 'get',
      path: '/api/audit',
      needs: 'audit',
      async handle(request, actor) {
        const query = querySchema.safeParse(request.query);
        if (!query.success) return problem(400, 'ward.query-invalid', problemWords(query.error));
        const { before, limit } = query.data;
        const words = query.data.search.toLowerCase().split(/\s+/).filter(Boolean);
        const { size } = log.newestCheckpoint();
        const payload = { search: query.data.search };
        await log.record([{ type: 'audit.read', actor, action: 'search the trail', outcome: 'success', payload }]);
        const entries = await search(words, Math.min(before ?? size, size), limit);
        return json({ size, entries } satisfies AuditPage);
      },
    },
    {
      method: 'get',
      path: '/api/audit/:seq/evidence',
      needs: 'audit',
      async handle(request, actor) {
        const seq = seqSchema.safeParse(request.params['seq']);
        if (!seq.success || seq.data >= log.newestCheckpoint().size)
          return problem(404, 'ward.entry-unknown', 'No entry of this number is under the newest checkpoint');
        await log.record([
          { type: 'audit.read', actor, object: `entry ${seq.data}`, action: 'export evidence', outcome: 'success' },
        ]);
        const { entry, path, checkpoint } = await log.prove(seq.data);
        const proof = proofText(seq.data, path, checkpoint.note);
        const { problems, witnesses } = checkEvidence({ entry: entry.bytes, proof }, keys);
        const isFree = (part: RegExp): boolean => !problems.some((text) => part.test(text));
        const evidence: AuditEvidence = {
          entry: entry.entry,
          leafHash: entry.leaf.toString('hex'),
          inclusion: { size: checkpoint.size, proof: path.map((hash) => hash.toString('hex')) },
          checkpoint: checkpoint.note,
          witnesses: witnesses.map(({ name }) => name),
          checks: [
            { what: 'integrity', ok: isFree(/entry\.json|says that it is/) },
            { what: 'inclusion', ok: isFree(/does not lie|not a proof/) },
            { what: 'signature', ok: isFree(/not signed|signature|not a proof/) },
            { what: 'witness', ok: witnesses.length > 0 ? true : keys.length > 1 ? false : null },
          ],
        };
        return json(evidence);
      },
    },
  ];
}
