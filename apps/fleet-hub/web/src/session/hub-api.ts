import { createJsonClient } from '@edge-blueprints/web-kit';
import type { Fetch } from '@edge-blueprints/web-kit';
import type {
  AlertView,
  AuditEntryView,
  AuditProofView,
  DeviceDetailView,
  DevicePageView,
  FleetSummaryView,
  HubDriftView,
  HubRole,
  HubSessionView,
  HubStoresView,
  HubUserView,
  LabelAccuracyView,
  LabelQueueView,
} from '@edge-blueprints/contracts';
import { mostDevices } from '../feed/device-rows.js';
import { strings } from '../strings.js';

export interface UserChange {
  readonly role?: HubRole;
  readonly disabled?: boolean;
  readonly password?: string;
}

export interface HubApi {
  session(): Promise<HubSessionView>;
  signIn(user: string, password: string): Promise<HubSessionView>;
  signOut(): Promise<HubSessionView>;
  fleet(): Promise<FleetSummaryView>;
  devices(): Promise<DevicePageView>;
  device(site: string, device: string): Promise<DeviceDetailView>;
  revoke(site: string, device: string, reason: string): Promise<void>;
  drift(): Promise<HubDriftView>;
  stores(): Promise<HubStoresView>;
  labels(state: 'open' | 'done', limit: number): Promise<LabelQueueView>;
  label(id: number, truth: 'good' | 'bad', note: string): Promise<void>;
  unlabel(id: number): Promise<void>;
  accuracy(): Promise<LabelAccuracyView>;
  alerts(state: 'open' | 'all', limit: number): Promise<readonly AlertView[]>;
  acknowledge(id: number, note: string): Promise<void>;
  testOutputs(): Promise<void>;
  /** Newest first; `before` is the id of the last entry that is already there. */
  audit(search: string, before: number | null, limit: number): Promise<readonly AuditEntryView[]>;
  verifyAudit(): Promise<AuditProofView>;
  /** One's own; it ends the sessions of this user. */
  changePassword(current: string, next: string): Promise<void>;
  users(): Promise<readonly HubUserView[]>;
  addUser(name: string, password: string, role: HubRole): Promise<void>;
  changeUser(name: string, change: UserChange): Promise<void>;
}

export const pictureUrl = (id: number, role: 'test' | 'template'): string => `/api/labels/${id}/pictures/${role}`;
export const auditExportUrl = (search: string): string =>
  `/api/audit/export?${new URLSearchParams({ search, format: 'csv' }).toString()}`;

/** @param csrfToken of the session as it is now, read at each act */
export function createHubApi(fetch: Fetch, csrfToken: () => string | null): HubApi {
  const call = createJsonClient({
    fetch,
    words: strings.errors,
    actHeaders: () => {
      const token = csrfToken();
      return token === null ? {} : { 'x-csrf-token': token };
    },
  });
  const id = encodeURIComponent;
  const devicePath = (site: string, device: string): string => `/api/devices/${id(site)}/${id(device)}`;
  return {
    session: () => call('GET', '/api/session'),
    signIn: (user, password) => call('POST', '/api/sign-in', { user, password }),
    signOut: () => call('POST', '/api/sign-out'),
    fleet: () => call('GET', '/api/fleet'),
    devices: () => call('GET', `/api/devices?limit=${mostDevices}`),
    device: (site, device) => call('GET', devicePath(site, device)),
    revoke: async (site, device, reason) => void (await call('POST', `${devicePath(site, device)}/revoke`, { reason })),
    drift: () => call('GET', '/api/drift'),
    stores: () => call('GET', '/api/stores'),
    labels: (state, limit) => call('GET', `/api/labels?state=${state}&limit=${limit}`),
    label: async (task, truth, note) => void (await call('PUT', `/api/labels/${task}`, { truth, note })),
    unlabel: async (task) => void (await call('DELETE', `/api/labels/${task}`)),
    accuracy: () => call('GET', '/api/labels/accuracy'),
    alerts: (state, limit) => call('GET', `/api/alerts?state=${state}&limit=${limit}`),
    acknowledge: async (alert, note) => void (await call('POST', `/api/alerts/${alert}/acknowledge`, { note })),
    testOutputs: async () => void (await call('POST', '/api/alerts/test')),
    audit: (search, before, limit) => {
      const query = new URLSearchParams({ limit: String(limit) });
      if (search.trim() !== '') query.set('search', search.trim());
      if (before !== null) query.set('before', String(before));
      return call('GET', `/api/audit?${query.toString()}`);
    },
    verifyAudit: () => call('GET', '/api/audit/verify'),
    changePassword: async (current, next) => void (await call('PUT', '/api/account/password', { current, next })),
    users: () => call('GET', '/api/users'),
    addUser: async (name, password, role) => void (await call('POST', '/api/users', { name, password, role })),
    changeUser: async (name, change) => void (await call('PUT', `/api/users/${id(name)}`, change)),
  };
}
