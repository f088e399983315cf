import type { DriftView, PartDelivery, PartRecord, StationView, ThresholdCostPoint } from '@edge-blueprints/contracts';
import { createJsonClient } from '@edge-blueprints/web-kit';
import type { Fetch } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import type { VerdictFilter } from '../shell/route.js';

export interface StationApi {
  view(): Promise<StationView>;
  /** Newest first; `before` is the result id of the last row that is already there. */
  parts(verdict: VerdictFilter, before: string | null, limit: number): Promise<readonly PartRecord[]>;
  part(resultId: string): Promise<PartRecord>;
  delivery(resultId: string): Promise<PartDelivery>;
  /** With the distributions, which the view leaves out. */
  drift(): Promise<DriftView>;
  signIn(pin: string): Promise<void>;
  signOut(): Promise<void>;
  signedIn(): Promise<boolean>;
  overrule(resultId: string, verdict: 'pass' | 'reject', reason: string): Promise<void>;
  /** Starts the check; its course comes with the view. */
  runGolden(): Promise<void>;
  thresholdCost(classIndex: number): Promise<readonly ThresholdCostPoint[]>;
  setThreshold(classIndex: number, threshold: number, reason: string): Promise<void>;
}

export const imageUrl = (sha256: string): string => `/api/images/${sha256}`;

export function createStationApi(fetch: Fetch): StationApi {
  const call = createJsonClient({ fetch, words: strings.errors });
  const id = encodeURIComponent;
  return {
    view: () => call('GET', '/api/view'),
    parts: async (verdict, before, limit) => {
      const query = new URLSearchParams({ limit: String(limit) });
      if (before !== null) query.set('before', before);
      if (verdict !== 'all') query.set('verdict', verdict);
      return call('GET', `/api/parts?${query.toString()}`);
    },
    part: (resultId) => call('GET', `/api/parts/${id(resultId)}`),
    delivery: (resultId) => call('GET', `/api/parts/${id(resultId)}/delivery`),
    drift: () => call('GET', '/api/drift'),
    signIn: async (pin) => void (await call('POST', '/api/sign-in', { pin })),
    signOut: async () => void (await call('POST', '/api/sign-out')),
    signedIn: async () => (await call<{ signedIn: boolean }>('GET', '/api/session')).signedIn,
    overrule: async (resultId, verdict, reason) =>
      void (await call('POST', `/api/parts/${id(resultId)}/overrule`, { verdict, reason })),
    runGolden: async () => void (await call('POST', '/api/golden/run')),
    thresholdCost: (classIndex) => call('GET', `/api/thresholds/${classIndex}/cost`),
    setThreshold: async (classIndex, threshold, reason) =>
      void (await call('PUT', '/api/thresholds', { classIndex, threshold, reason })),
  };
}
