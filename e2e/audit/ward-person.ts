import type { WardView } from '@edge-blueprints/contracts';
import { pause } from '../running-line.js';

/** Somebody who is signed in at a ward's gateway. */
export async function signIn(port: number, name: string, pin: string) {
  const at = (path: string): string => `http://127.0.0.1:${port}${path}`;
  const headers = { 'content-type': 'application/json' };
  const answer = await ask(at('/api/session'), { method: 'POST', headers, body: JSON.stringify({ name, pin }) });
  if (!answer.ok) throw new RangeError(`${name} could not sign in: ${answer.status} ${await answer.text()}`);
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const call = async (method: string, path: string, body?: unknown): Promise<Response> =>
    ask(at(path), {
      method,
      headers: { ...headers, cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const isDone = async (reply: Response): Promise<boolean> => (await reply.text()).includes('"outcome":"done"');
  const view = async (): Promise<WardView> => JSON.parse(await (await call('GET', '/api/view')).text());
  return {
    view,
    /** @returns the alarm of a bed that is shown within that time */
    async alarmOf(bed: string, timeoutMs: number): Promise<string | undefined> {
      for (const limit = Date.now() + timeoutMs; Date.now() < limit; await pause(200)) {
        const found = (await view()).alarms.find(({ subject, phase }) => subject === bed && phase === 'on');
        if (found !== undefined) return found.alarmId;
      }
      return undefined;
    },
    acknowledge: async (alarmId: string) =>
      isDone(await call('POST', '/api/alarms/act', { act: 'acknowledge', alarmId })),
    observe: async (bed: string, values: Readonly<Record<string, string>>) =>
      isDone(await call('POST', `/api/beds/${bed.slice('bed/'.length)}/observations`, values)),
    /** Reads who lies in bed 1, each time an entry of the trail. */
    async readPatient(times: number): Promise<void> {
      for (let done = 0; done < times; done += 20) {
        const some = Array.from({ length: Math.min(20, times - done) }, () => call('GET', '/api/beds/01/patient'));
        for (const reply of await Promise.all(some))
          if (!reply.ok) throw new RangeError(`The patient was not shown: ${reply.status} ${await reply.text()}`);
      }
    },
    /** True where the page proves the entry by all of its checks. */
    async proves(seq: number): Promise<boolean> {
      const { checks }: { checks: readonly { ok: boolean | null }[] } = JSON.parse(
        await (await call('GET', `/api/audit/${seq}/evidence`)).text(),
      );
      return checks.length === 4 && checks.every(({ ok }) => ok === true);
    },
  };
}

/** A kept connection may be closed by the server in the moment in which it is used again: then once more. */
function ask(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, init).catch((error: unknown) => {
    if (error instanceof TypeError) return fetch(url, init);
    throw error;
  });
}
