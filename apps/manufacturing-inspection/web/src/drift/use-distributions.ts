import type { DriftFeature, DriftView } from '@edge-blueprints/contracts';
import { useRequest } from '@edge-blueprints/web-kit';
import type { ApiError } from '@edge-blueprints/web-kit';
import { useRef } from 'react';
import { useApi } from '../session/api-context.js';
import { windowStamp } from './drift-order.js';

interface Distributions {
  /** Of the last answer, also while a newer one is on its way; null before the first. */
  readonly features: readonly DriftFeature[] | null;
  readonly error: ApiError | null;
  reload(): void;
}

/** Features with their distributions, which the pushed view leaves out; asked for again when a window was tested. */
export function useDistributions(drift: DriftView): Distributions {
  const api = useApi();
  const { request, reload } = useRequest(windowStamp(drift), () => api.drift());
  const last = useRef<readonly DriftFeature[] | null>(null);
  if (request.state === 'done') last.current = request.value.features;
  return { features: last.current, error: request.state === 'failed' ? request.error : null, reload };
}
