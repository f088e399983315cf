import type { AlarmAct, AlarmRecord, HandoverView, WardView } from '@edge-blueprints/contracts';
import { alarmActSchema } from '@edge-blueprints/contracts';
import { json, problem } from '@edge-blueprints/dashboard';
import type { ApiReply, ApiRoute } from '@edge-blueprints/dashboard';
import type { AlarmDesk } from '../alarms/alarm-desk-port.js';
import type { ActOutcome } from '../scores/signed-act.js';
import { problemWords } from '../scores/problem-words.js';
import { auditRoutes, type AuditRouteParts } from './audit-routes.js';
import { type BedRouteParts, bedRoutes } from './bed-routes.js';
import { type EmergencyRouteParts, emergencyRoutes } from './emergency-routes.js';
import { type Caller, createGuard, type GuardOptions, noSuchBed, outcomeReply, type WardRoute } from './guard.js';
import { type LimitRouteParts, limitRoutes } from './limit-routes.js';

export interface WardRouteParts
  extends BedRouteParts, AuditRouteParts, GuardOptions, LimitRouteParts, EmergencyRouteParts {
  readonly alarms: Pick<AlarmDesk, 'act'>;
  readonly view: () => WardView;
  readonly records: () => readonly AlarmRecord[];
  readonly handover: () => HandoverView;
  /** Silencing a bed for longer needs a second person. */
  readonly shelveOverMinutes: number;
}

/** Everything that a station may ask for. Only the view is open to all; it names nobody. */
export function wardRoutes(parts: WardRouteParts): readonly ApiRoute[] {
  const guard = createGuard(parts);
  const perform = async (actor: Caller, act: AlarmAct): Promise<ActOutcome> => {
    const result = await parts.alarms.act(actor, act);
    if (result.outcome === 'done') return { outcome: 'done' };
    const why = result.why === 'record-failed' ? 'audit' : result.why === 'not-permitted' ? 'role' : 'state';
    return { outcome: 'refused', why, text: result.message };
  };
  const acts: WardRoute = {
    method: 'post',
    path: '/api/alarms/act',
    // The desk knows the right of each act, and writes refusals to the trail.
    needs: 'signed-in',
    async handle({ body }, actor): Promise<ApiReply> {
      const parsed = alarmActSchema.safeParse(body);
      if (!parsed.success) return problem(400, 'ward.body-invalid', problemWords(parsed.error));
      const act: AlarmAct = parsed.data;
      if ('subject' in act && act.subject.startsWith('bed/') && !parts.beds.has(act.subject)) {
        guard.deny(actor, acts, 'unknown-bed');
        return noSuchBed();
      }
      const isLong = act.act === 'shelve' && act.minutes > parts.shelveOverMinutes;
      if (!isLong) return outcomeReply(await perform(actor, act));
      return outcomeReply(
        await parts.secondPerson.propose({
          ...{ by: actor, subject: act.subject, needs: 'shelve' },
          text: `Silent for ${act.minutes} minutes: ${act.why}`,
          apply: () => perform(actor, act),
        }),
      );
    },
  };
  const lists: readonly WardRoute[] = [
    { method: 'get', path: '/api/alarms/history', needs: 'history', handle: () => json(parts.records()) },
    { method: 'get', path: '/api/handover', needs: 'handover', handle: () => json(parts.handover()) },
  ];
  const routes = [
    ...[acts, ...lists, ...bedRoutes(parts), ...limitRoutes(parts)],
    ...[...emergencyRoutes(parts), ...auditRoutes(parts)],
  ];
  return [
    { method: 'get', path: '/api/view', access: 'public', handle: () => json(parts.view()) },
    ...routes.map(guard.route),
  ];
}
