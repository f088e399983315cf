import { createContext, useContext } from 'react';
import type {
  CalibrationPoint,
  CameraCalibration,
  ReleaseMetric,
  RetailRelease,
  StorePlan,
  StoreView,
} from '@edge-blueprints/contracts';
import { createJsonClient } from '@edge-blueprints/web-kit';
import type { Fetch, PinApi } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';

export interface ReleasePeriod {
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
}

/** How well the points of a calibration agree, centimetres, in the order of the points. */
export interface CalibrationErrors {
  readonly residualsCm: readonly number[];
  /** Each point predicted from the others. */
  readonly heldOutCm: readonly number[];
  readonly medianCm: number;
  readonly p95Cm: number;
  readonly deployable: boolean;
}

export interface CalibrationSave extends Pick<
  CameraCalibration,
  'points' | 'mount' | 'heightM' | 'nadir' | 'authority'
> {
  readonly reason: string;
}

export interface StoreApi extends PinApi {
  view(): Promise<StoreView>;
  /** Released numbers, oldest first; reading them again costs no budget. */
  releases(metric: ReleaseMetric, period: ReleasePeriod): Promise<readonly RetailRelease[]>;
  /** Null before the first. */
  calibration(camera: string): Promise<CameraCalibration | null>;
  /** Computes only; nothing is kept. */
  checkPoints(camera: string, points: readonly CalibrationPoint[]): Promise<CalibrationErrors>;
  saveCalibration(camera: string, save: CalibrationSave): Promise<void>;
  /** Keeps an edit of the revision in force as the next one, which is the answer. */
  savePlan(plan: StorePlan, reason: string): Promise<StorePlan>;
}

export const ApiContext = createContext<StoreApi | null>(null);

export function useApi(): StoreApi {
  const api = useContext(ApiContext);
  if (api === null) throw new TypeError('ApiContext has no client: wrap the page in ApiContext.Provider');
  return api;
}

function periodQuery(metric: ReleaseMetric, { fromEpochMs, toEpochMs }: ReleasePeriod): string {
  return new URLSearchParams({
    metric,
    from: new Date(fromEpochMs).toISOString(),
    to: new Date(toEpochMs).toISOString(),
  }).toString();
}

const calibrationPath = (camera: string): string => `/api/calibration/${encodeURIComponent(camera)}`;

/** The people-free background of a camera; only an operator gets it. `turn` makes each look a new picture. */
export const pictureUrl = (camera: string, turn: number): string =>
  `/api/camera/${encodeURIComponent(camera)}/picture.png?turn=${turn}`;

export function exportUrl(format: 'csv' | 'parquet', metric: ReleaseMetric, period: ReleasePeriod): string {
  return `/api/export.${format}?${periodQuery(metric, period)}`;
}

export function createStoreApi(fetch: Fetch): StoreApi {
  const call = createJsonClient({ fetch, words: strings.errors });
  return {
    view: () => call('GET', '/api/view'),
    releases: (metric, period) => call('GET', `/api/releases?${periodQuery(metric, period)}`),
    calibration: (camera) => call('GET', calibrationPath(camera)),
    checkPoints: (camera, points) => call('POST', `${calibrationPath(camera)}/check`, { points }),
    saveCalibration: async (camera, save) => void (await call('POST', calibrationPath(camera), save)),
    savePlan: (plan, reason) => call('POST', '/api/plan', { plan, reason }),
    signIn: async (pin) => void (await call('POST', '/api/sign-in', { pin })),
    signOut: async () => void (await call('POST', '/api/sign-out')),
    signedIn: async () => (await call<{ signedIn: boolean }>('GET', '/api/session')).signedIn,
  };
}
