// The hub as its own page talks to it: session cookie, CSRF token, JSON.
import type { Page } from 'playwright-core';

export interface HubClient {
  get<T>(path: string): Promise<T>;
  /** @returns the HTTP status and the answer */
  act(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: unknown,
  ): Promise<{ readonly status: number; readonly answer: unknown }>;
  /** Gives the session to a browser page. */
  lend(page: Page): Promise<void>;
}

export async function signInToHub(url: string, user: string, password: string): Promise<HubClient> {
  const headers = { 'content-type': 'application/json', origin: url };
  const answer = await fetch(`${url}/api/sign-in`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ user, password }),
  });
  if (!answer.ok) throw new Error(`The hub did not let ${user} in: HTTP ${answer.status} ${await answer.text()}`);
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const session = (await (await fetch(`${url}/api/session`, { headers: { cookie } })).json()) as { csrfToken: string };
  return {
    get: async <T>(path: string) => {
      const response = await fetch(`${url}${path}`, { headers: { cookie } });
      if (!response.ok) throw new Error(`${path}: HTTP ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    act: async (method, path, body) => {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { ...headers, cookie, 'x-csrf-token': session.csrfToken },
        body: JSON.stringify(body),
      });
      return { status: response.status, answer: await response.json().catch(() => null) };
    },
    lend: async (page) => {
      const [name = '', value = ''] = cookie.split('=', 2);
      await page.context().addCookies([{ name, value, url, httpOnly: true, sameSite: 'Strict' }]);
    },
  };
}
