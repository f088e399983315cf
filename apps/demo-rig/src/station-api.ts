import {
  DeviceError,
  parseConfig,
  partRecordSchema,
  type PartRecord,
  type StationView,
} from '@edge-blueprints/contracts';
import { z } from 'zod';

const viewSchema = z.custom<StationView>(
  (value) => typeof value === 'object' && value !== null && 'latencies' in value,
);

/** Reads the station as any other program would, over its HTTP interface. */
export function createStationApi(url: string) {
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok)
      throw new DeviceError('demo.station-api', `${path} answered HTTP ${response.status}.`, { retry: 'safe' });
    return response.json();
  };
  /** Newest first, and some older ones. */
  const partsDownTo = async (sinceEpochMs: number): Promise<readonly PartRecord[]> => {
    const found: PartRecord[] = [];
    for (let before: string | undefined; ;) {
      const path = `/api/parts?limit=200${before === undefined ? '' : `&before=${encodeURIComponent(before)}`}`;
      const page = parseConfig(z.array(partRecordSchema), await get(path), `${url}${path}`);
      found.push(...page);
      const last = page.at(-1);
      if (last === undefined || page.length < 200 || Date.parse(last.capturedAt) < sinceEpochMs) return found;
      before = last.resultId;
    }
  };
  return {
    view: async (): Promise<StationView> => viewSchema.parse(await get('/api/view')),
    allParts: () => partsDownTo(Number.NEGATIVE_INFINITY),
    /** All stored parts that were captured since then, by part id. */
    async partsSince(sinceEpochMs: number): Promise<Map<string, PartRecord>> {
      const found = await partsDownTo(sinceEpochMs);
      return new Map(
        found.filter(({ capturedAt }) => Date.parse(capturedAt) >= sinceEpochMs).map((part) => [part.partId, part]),
      );
    },
  };
}

export type StationApi = ReturnType<typeof createStationApi>;
