import { releaseMetrics } from '@edge-blueprints/contracts';
import type { ReleaseMetric, RetailRelease } from '@edge-blueprints/contracts';
import { json } from '@edge-blueprints/dashboard';
import type { ApiReply, ApiRequest, ApiRoute } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import { badRequest } from './bad-request.js';

const dayMs = 86_400_000;
const maxDays = 92;

const rangeSchema = z.strictObject({
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  metric: z.enum(releaseMetrics).optional(),
});

export interface ReleaseFilter {
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
  readonly metric?: ReleaseMetric;
}

export type ReleasesOf = (filter: ReleaseFilter) => readonly RetailRelease[];

/** Released numbers, as lists and as files. Reading them again costs no budget: they are the stored answers. */
export function releaseRoutes(deps: {
  readonly epochMs: () => number;
  readonly releases: ReleasesOf;
  readonly csv: (releases: readonly RetailRelease[], metric: ReleaseMetric) => string;
  readonly parquet: (releases: readonly RetailRelease[], metric: ReleaseMetric) => Uint8Array | Promise<Uint8Array>;
}): readonly ApiRoute[] {
  const readRange = (query: ApiRequest['query']) =>
    rangeSchema
      .transform(({ from, to, metric }) => {
        const toEpochMs = to === undefined ? deps.epochMs() : Date.parse(to);
        return { fromEpochMs: from === undefined ? toEpochMs - dayMs : Date.parse(from), toEpochMs, metric };
      })
      .refine(({ fromEpochMs, toEpochMs }) => fromEpochMs < toEpochMs, 'from must lie before to')
      .refine(
        ({ fromEpochMs, toEpochMs }) => toEpochMs - fromEpochMs <= maxDays * dayMs,
        `at most ${maxDays} days at a time; the export command takes more`,
      )
      .safeParse(query);

  const exportRoute = (
    format: 'csv' | 'parquet',
    reply: (releases: readonly RetailRelease[], metric: ReleaseMetric) => ApiReply | Promise<ApiReply>,
  ): ApiRoute => ({
    method: 'get',
    path: `/api/export.${format}`,
    access: 'public',
    handle: ({ query }) => {
      const metric = z.object({ metric: z.enum(releaseMetrics) }).safeParse(query);
      if (!metric.success) return badRequest(metric.error);
      const parsed = readRange(query);
      if (!parsed.success) return badRequest(parsed.error);
      const filter = { ...parsed.data, metric: metric.data.metric };
      return reply(deps.releases(filter), filter.metric);
    },
  });

  return [
    {
      method: 'get',
      path: '/api/releases',
      access: 'public',
      handle: ({ query }) => {
        const parsed = readRange(query);
        if (!parsed.success) return badRequest(parsed.error);
        const { metric, ...period } = parsed.data;
        return json(deps.releases({ ...period, ...(metric === undefined ? {} : { metric }) }));
      },
    },
    exportRoute('csv', (releases, metric) => ({
      kind: 'text',
      mime: 'text/csv; charset=utf-8',
      chunks: [deps.csv(releases, metric)],
      fileName: `${metric}.csv`,
    })),
    exportRoute('parquet', async (releases, metric) => ({
      kind: 'bytes',
      bytes: await deps.parquet(releases, metric),
      mime: 'application/vnd.apache.parquet',
      immutable: false,
    })),
  ];
}
