import { labelCandidateSchema } from '@edge-blueprints/contracts';
import type { LabelQueueView, LabelTaskView } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { done, refused } from '../act-outcome.js';
import type { ActOutcome } from '../act-outcome.js';
import { appendAudit } from '../audit/audit-log.js';
import type { SqlSession, SqlStore } from '../store/sql-store.js';

const taskRows = z.array(
  z.object({
    id: z.number(),
    site: z.string(),
    device: z.string(),
    event_at: z.date(),
    candidate: labelCandidateSchema.omit({ pictures: true }),
    truth: z.enum(['good', 'bad']).nullable(),
    labelled_by: z.string().nullable(),
    labelled_at: z.date().nullable(),
    note: z.string(),
    pictures: z.array(z.object({ role: z.enum(['test', 'template']), width: z.number(), height: z.number() })),
  }),
);
const pictureRow = z.object({ mime: z.string(), bytes: z.instanceof(Uint8Array) });

const tasks = `SELECT t.id, site, device, event_at, candidate, truth, labelled_by, labelled_at, note, COALESCE((
    SELECT jsonb_agg(jsonb_build_object('role', role, 'width', width, 'height', height) ORDER BY role DESC)
    FROM label_picture WHERE task_id = t.id), '[]'::jsonb) AS pictures
  FROM label_task t JOIN device ON device.id = t.device_id`;

export interface LabelPicture {
  readonly mime: string;
  readonly bytes: Uint8Array;
}

export interface LabelQueue {
  /** Open tasks oldest first, so that none waits for ever; done ones newest first. */
  list(state: 'open' | 'done', limit: number): Promise<LabelQueueView>;
  counts(): Promise<{ readonly open: number; readonly done: number }>;
  picture(id: number, role: 'test' | 'template'): Promise<LabelPicture | undefined>;
  /** The last answer counts; the same answer again is no new act. */
  label(id: number, truth: 'good' | 'bad', note: string, by: string): Promise<ActOutcome<LabelTaskView>>;
  /** Takes a label back; the audit keeps that it was there. */
  undo(id: number, by: string): Promise<ActOutcome<LabelTaskView>>;
}

/** Verdicts that were drawn for a person to check. */
export function createLabelQueue(store: SqlStore, deps: { readonly nowIso: () => string }): LabelQueue {
  const byId = async (session: SqlSession, id: number): Promise<LabelTaskView | undefined> => {
    const { rows } = await session.query(`${tasks} WHERE t.id = $1`, [id]);
    return taskRows.parse(rows).map(toView)[0];
  };
  const counts = async () => {
    const { rows } = await store.query(
      `SELECT count(*) FILTER (WHERE truth IS NULL)::int8 AS open, count(*) FILTER (WHERE truth IS NOT NULL)::int8 AS done FROM label_task`,
    );
    return z.object({ open: z.number(), done: z.number() }).parse(rows[0]);
  };
  const change = (
    id: number,
    by: string,
    next: { readonly truth: 'good' | 'bad' | null; readonly note: string },
    action: string,
  ): Promise<ActOutcome<LabelTaskView>> =>
    store.transaction(async (session) => {
      await session.query('SELECT id FROM label_task WHERE id = $1 FOR UPDATE', [id]);
      const before = await byId(session, id);
      if (before === undefined)
        return refused(404, 'labels.unknown', `There is no label task ${id}; it may have made room for newer ones`);
      const same = (before.label?.truth ?? null) === next.truth && (before.label?.note ?? '') === next.note;
      if (same) return done(before);
      const at = deps.nowIso();
      await session.query(
        'UPDATE label_task SET truth = $2, note = $3, labelled_by = $4, labelled_at = $5 WHERE id = $1',
        [id, next.truth, next.note, next.truth === null ? null : by, next.truth === null ? null : at],
      );
      const { candidate } = before;
      const target = `label ${id} ${before.site}/${before.device} ${candidate.partId}`;
      const words = `${before.label?.truth ?? 'open'} -> ${next.truth ?? 'open'} (verdict ${candidate.verdict}) ${next.note}`;
      await appendAudit(session, [{ at, who: by, action, target, detail: words.trim() }]);
      const after = await byId(session, id);
      return after === undefined ? refused(404, 'labels.unknown', `There is no label task ${id}`) : done(after);
    });
  return {
    counts,
    list: async (state, limit) => {
      const { rows } = await store.query(
        state === 'open'
          ? `${tasks} WHERE truth IS NULL ORDER BY t.id LIMIT $1`
          : `${tasks} WHERE truth IS NOT NULL ORDER BY labelled_at DESC, t.id DESC LIMIT $1`,
        [limit],
      );
      return { ...(await counts()), tasks: taskRows.parse(rows).map(toView) };
    },
    picture: async (id, role) => {
      const { rows } = await store.query('SELECT mime, bytes FROM label_picture WHERE task_id = $1 AND role = $2', [
        id,
        role,
      ]);
      return rows[0] === undefined ? undefined : pictureRow.parse(rows[0]);
    },
    label: (id, truth, note, by) => change(id, by, { truth, note }, 'label.set'),
    undo: (id, by) => change(id, by, { truth: null, note: '' }, 'label.undo'),
  };
}

function toView(row: z.infer<typeof taskRows>[number]): LabelTaskView {
  const { id, site, device, event_at: at, candidate, truth, labelled_by: by, labelled_at: labelledAt, note } = row;
  const label =
    truth === null || by === null || labelledAt === null ? null : { truth, by, at: labelledAt.toISOString(), note };
  return { id, site, device, at: at.toISOString(), candidate, pictures: row.pictures, label };
}
