import type { PartDelivery, PartRecord, StationView, ThresholdCostPoint } from '@edge-blueprints/contracts';
import { strings } from '../strings.js';
import type { VerdictFilter } from '../shell/route.js';

/** A refusal by the station, with its code, or `page.unreachable` when there was no answer. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status: number) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

export interface StationApi {
  view(): Promise<StationView>;
  /** Newest first; `before` is the result id of the last row that is already there. */
  parts(verdict: VerdictFilter, before: string | null, limit: number): Promise<readonly PartRecord[]>;
  part(resultId: string): Promise<PartRecord>;
  delivery(resultId: string): Promise<PartDelivery>;
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

export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

async function refusal(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const field = (name: string): string | null => {
    const value = body !== null && typeof body === 'object' ? Reflect.get(body, name) : null;
    return typeof value === 'string' ? value : null;
  };
  return new ApiError(
    field('code') ?? `http.${response.status}`,
    field('message') ?? strings.errors.status(response.status),
    response.status,
  );
}

export function createStationApi(fetchIt: Fetch): StationApi {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const init: RequestInit = { method, credentials: 'same-origin', headers: { accept: 'application/json' } };
    if (method !== 'GET') {
      init.headers = { accept: 'application/json', 'content-type': 'application/json' };
      init.body = JSON.stringify(body ?? {});
    }
    const response = await fetchIt(path, init).catch(() => {
      throw new ApiError('page.unreachable', strings.errors.unreachable, 0);
    });
    if (!response.ok) throw await refusal(response);
    const text = await response.text();
    const answer: T = text === '' ? null : JSON.parse(text);
    return answer;
  };
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
