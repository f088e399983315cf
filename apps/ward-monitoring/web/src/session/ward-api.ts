import { createContext, useContext } from 'react';
import type {
  AlarmAct,
  AlarmRecord,
  AuditEvidence,
  AuditPage,
  BedHistory,
  EmergencyUse,
  HandoverView,
  PatientView,
  WardSession,
  WardView,
} from '@edge-blueprints/contracts';
import { ApiError, createJsonClient } from '@edge-blueprints/web-kit';
import type { Fetch } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';

/** Decimal strings as they were typed; what is absent was not observed. */
export type TypedObservations = Readonly<
  Partial<
    Record<
      | 'respiration'
      | 'oxygenSaturation'
      | 'supplementalOxygen'
      | 'systolic'
      | 'diastolic'
      | 'pulse'
      | 'consciousness'
      | 'temperature',
      string
    >
  >
>;

/** `GET /api/beds/{bed}/limits` */
export interface LimitsView {
  readonly bed: string;
  readonly limits: Readonly<Record<string, number>>;
  readonly ward: Readonly<Record<string, number>>;
}

/** The interface of the gateway. A refused act is an ApiError `ward.refused` with the gateway's own words. */
export interface WardApi {
  session(): Promise<WardSession | null>;
  signIn(name: string, pin: string): Promise<WardSession>;
  signOut(): Promise<void>;
  view(): Promise<WardView>;
  act(act: AlarmAct): Promise<void>;
  observe(bed: string, observations: TypedObservations): Promise<void>;
  associate(bed: string, device: string | null, reason: string): Promise<void>;
  setScale(bed: string, scale: 1 | 2, reason: string): Promise<void>;
  limits(bed: string): Promise<LimitsView>;
  setLimits(bed: string, limits: Readonly<Record<string, number>>, reason: string): Promise<void>;
  answerProposal(id: string, confirm: boolean): Promise<void>;
  breakGlass(reason: string): Promise<void>;
  emergencies(): Promise<readonly EmergencyUse[]>;
  reviewEmergency(id: string, words: string): Promise<void>;
  history(bed: string, hours: number): Promise<BedHistory>;
  patient(bed: string): Promise<PatientView>;
  alarmHistory(): Promise<readonly AlarmRecord[]>;
  handover(): Promise<HandoverView>;
  audit(search: string, before: number | null, limit: number): Promise<AuditPage>;
  evidence(seq: number): Promise<AuditEvidence>;
}

export const ApiContext = createContext<WardApi | null>(null);

export function useApi(): WardApi {
  const api = useContext(ApiContext);
  if (api === null) throw new TypeError('ApiContext has no client: wrap the page in ApiContext.Provider');
  return api;
}

/** `bed/07` is `/api/beds/07` and `#/beds/07`. */
export const bedNumber = (bed: string): string => bed.replace(/^bed\//, '');
const bedPath = (bed: string, what: string): string => `/api/beds/${encodeURIComponent(bedNumber(bed))}/${what}`;

export const evidenceUrl = (seq: number): string => `/api/audit/${seq}/evidence`;

interface Outcome {
  readonly outcome: 'done' | 'refused' | 'pending';
  readonly why?: string;
}

export function createWardApi(fetch: Fetch): WardApi {
  const call = createJsonClient({
    fetch,
    words: { unreachable: strings.errors.unreachable, status: strings.errors.status },
  });
  const done = async (path: string, body: unknown): Promise<void> => {
    const answer = await call<Outcome | null>('POST', path, body);
    // It is not done yet: whoever asked has to know that.
    if (answer?.outcome === 'pending') throw new ApiError('ward.pending', answer.why ?? strings.errors.refused, 200);
    if (answer?.outcome === 'refused') throw new ApiError('ward.refused', answer.why ?? strings.errors.refused, 200);
  };
  return {
    session: () =>
      call<WardSession | null>('GET', '/api/session').catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }),
    signIn: (name, pin) => call('POST', '/api/session', { name, pin }),
    signOut: () => call('DELETE', '/api/session'),
    view: () => call('GET', '/api/view'),
    act: (act) => done('/api/alarms/act', act),
    observe: (bed, observations) => done(bedPath(bed, 'observations'), observations),
    associate: (bed, device, reason) => done(bedPath(bed, 'association'), { device, reason }),
    setScale: (bed, scale, reason) => done(bedPath(bed, 'scale'), { scale, reason }),
    limits: (bed) => call('GET', bedPath(bed, 'limits')),
    setLimits: (bed, limits, reason) => done(bedPath(bed, 'limits'), { limits, reason }),
    answerProposal: (id, confirm) => done(`/api/proposals/${encodeURIComponent(id)}`, { confirm }),
    breakGlass: (reason) => done('/api/break-glass', { reason }),
    emergencies: () => call('GET', '/api/break-glass'),
    reviewEmergency: (id, words) => done(`/api/break-glass/${encodeURIComponent(id)}/review`, { words }),
    history: (bed, hours) => call('GET', `${bedPath(bed, 'history')}?hours=${hours}`),
    patient: (bed) => call('GET', bedPath(bed, 'patient')),
    alarmHistory: () => call('GET', '/api/alarms/history'),
    handover: () => call('GET', '/api/handover'),
    audit: (search, before, limit) => {
      const query = new URLSearchParams({ search, limit: String(limit) });
      if (before !== null) query.set('before', String(before));
      return call('GET', `/api/audit?${query.toString()}`);
    },
    evidence: (seq) => call('GET', evidenceUrl(seq)),
  };
}
