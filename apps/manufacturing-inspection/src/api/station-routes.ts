import type { DriftView, StationView, ThresholdView } from '@edge-blueprints/contracts';
import { json, problem } from '@edge-blueprints/dashboard';
import type { ApiRoute } from '@edge-blueprints/dashboard';
import type { ValidationScores } from '@edge-blueprints/inference';
import { z } from 'zod';
import { thresholdCost } from '../decide/threshold-cost.js';
import type { PartStore } from '../record/part-store-port.js';
import { badRequest } from './bad-request.js';

const thresholdSchema = z.strictObject({
  classIndex: z.int().min(0).max(255),
  threshold: z.number().min(0.01).max(0.99),
  reason: z.string().trim().min(3).max(500),
});

/** What the page reads and does besides parts. */
export function stationRoutes(deps: {
  readonly view: () => StationView;
  readonly health: () => unknown;
  readonly drift: () => DriftView | null;
  /** Prometheus text format. */
  readonly prometheus: () => Promise<string>;
  readonly thresholds: () => readonly ThresholdView[];
  readonly setThreshold: (classIndex: number, threshold: number, reason: string) => void;
  /** False when no golden set is configured or a check is running. */
  readonly startGoldenCheck: () => 'started' | 'running' | 'no-set';
  readonly store: Pick<PartStore, 'scores'>;
  readonly validationScores: ValidationScores | null;
}): readonly ApiRoute[] {
  return [
    { method: 'get', path: '/api/view', access: 'public', handle: () => json(deps.view()) },
    { method: 'get', path: '/api/health', access: 'public', handle: () => json(deps.health()) },
    {
      method: 'get',
      path: '/api/drift',
      access: 'public',
      handle: () => {
        const drift = deps.drift();
        return drift === null
          ? problem(404, 'drift.no-reference', 'The bundle carries no drift reference, or drift is not watched')
          : json(drift);
      },
    },
    {
      method: 'get',
      path: '/metrics',
      access: 'public',
      handle: async () => ({
        kind: 'bytes',
        bytes: Buffer.from(await deps.prometheus(), 'utf8'),
        mime: 'text/plain; version=0.0.4; charset=utf-8',
        immutable: false,
      }),
    },
    {
      method: 'post',
      path: '/api/golden/run',
      access: 'operator',
      handle: () => {
        const outcome = deps.startGoldenCheck();
        if (outcome === 'running') return problem(409, 'golden.running', 'A golden check is running already');
        if (outcome === 'no-set')
          return problem(409, 'golden.no-set', 'No golden set is configured; set golden.folder');
        return { kind: 'json', value: { started: true }, status: 202 };
      },
    },
    {
      method: 'get',
      path: '/api/thresholds/:classIndex/cost',
      access: 'public',
      handle: async ({ params: { classIndex = '' } }) => {
        const own = deps.thresholds().find((each) => String(each.classIndex) === classIndex);
        if (own === undefined) return problem(404, 'thresholds.class-unknown', `There is no class ${classIndex}`);
        return json(thresholdCost(await deps.store.scores(), own.classIndex, deps.thresholds(), deps.validationScores));
      },
    },
    {
      method: 'put',
      path: '/api/thresholds',
      access: 'operator',
      handle: ({ body }) => {
        const parsed = thresholdSchema.safeParse(body);
        if (!parsed.success) return badRequest(parsed.error);
        const { classIndex, threshold, reason } = parsed.data;
        if (!deps.thresholds().some((each) => each.classIndex === classIndex)) {
          return problem(404, 'thresholds.class-unknown', `There is no class ${classIndex}`);
        }
        deps.setThreshold(classIndex, threshold, reason);
        return json(deps.thresholds());
      },
    },
  ];
}
