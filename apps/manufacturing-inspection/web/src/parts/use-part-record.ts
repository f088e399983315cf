import type { PartRecord } from '@edge-blueprints/contracts';
import { useCallback } from 'react';
import { useRequest } from '@edge-blueprints/web-kit';
import type { Request } from '@edge-blueprints/web-kit';
import { useApi } from '../session/api-context.js';
import type { StationApi } from '../session/station-api.js';

const capacity = 64;
const held = new Map<string, Promise<PartRecord>>();

/** Records do not change but by an overrule, which forgets them here. Oldest entries leave first. */
function fetchRecord(api: StationApi, resultId: string): Promise<PartRecord> {
  const known = held.get(resultId);
  if (known) return known;
  const record = api.part(resultId);
  held.set(resultId, record);
  record.catch(() => held.delete(resultId));
  const oldest = held.size > capacity ? held.keys().next().value : undefined;
  if (oldest !== undefined) held.delete(oldest);
  return record;
}

export interface HeldRecord {
  readonly request: Request<PartRecord>;
  reload(): void;
}

export function usePartRecord(resultId: string): HeldRecord {
  const api = useApi();
  const { request, reload } = useRequest(resultId, () => fetchRecord(api, resultId));
  const again = useCallback(() => {
    held.delete(resultId);
    reload();
  }, [resultId, reload]);
  return { request, reload: again };
}
