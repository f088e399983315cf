import type { AlarmAct, AlarmRecord, WardView } from '@edge-blueprints/contracts';

const answerMs = 10_000;

/** Somebody who is signed in at a nurse station. */
export interface WardPerson {
  get(path: string): Promise<unknown>;
  /** @returns true where it was done; false where the ward refused or did not answer */
  post(path: string, body: unknown): Promise<boolean>;
}

/** Reads the ward's gateway as any nurse station would, over its HTTP interface. */
export function createWardApi(url: string) {
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(answerMs) });
  const json = { 'content-type': 'application/json' };
  return {
    view: async (): Promise<WardView> => (await (await ask('/api/view')).json()) as WardView,
    /** @returns undefined where name or PIN are not taken */
    async signIn(name: string, pin: string): Promise<WardPerson | undefined> {
      const answer = await ask('/api/session', { method: 'POST', headers: json, body: JSON.stringify({ name, pin }) });
      const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
      if (!answer.ok || cookie === '') return undefined;
      return {
        get: async (path) => (await ask(path, { headers: { cookie } })).json(),
        async post(path, body) {
          const reply = await ask(path, {
            method: 'POST',
            headers: { ...json, cookie },
            body: JSON.stringify(body),
          }).catch(() => undefined);
          const said: unknown = await reply?.json().catch(() => undefined);
          return typeof said === 'object' && said !== null && 'outcome' in said && said.outcome === 'done';
        },
      };
    },
  };
}
export type WardApi = ReturnType<typeof createWardApi>;

/** `bed/07` as it stands in an address. */
export const bedPath = (bed: string): string => `/api/beds/${bed.slice(bed.indexOf('/') + 1)}`;

export const alarmHistory = async (person: WardPerson): Promise<readonly AlarmRecord[]> =>
  (await person.get('/api/alarms/history')) as readonly AlarmRecord[];

export const actOn = (person: WardPerson, act: AlarmAct): Promise<boolean> => person.post('/api/alarms/act', act);
