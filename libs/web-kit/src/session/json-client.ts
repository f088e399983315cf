import { ApiError } from './api-error.js';

export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

export interface JsonClientOptions {
  readonly fetch: Fetch;
  /** What the person reads when there is no answer, and when the answer has no words of its own. */
  readonly words: { readonly unreachable: string; status(status: number): string };
  /** Headers of acts, read at each call. */
  readonly actHeaders?: () => Readonly<Record<string, string>>;
}

export type JsonMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One call of a JSON interface; an empty answer reads as null.
 * @throws ApiError with the code and sentence of the server, `http.<status>` where it gave none, `page.unreachable`
 */
export type JsonCall = <T>(method: JsonMethod, path: string, body?: unknown) => Promise<T>;

export function createJsonClient({ fetch, words, actHeaders }: JsonClientOptions): JsonCall {
  return async <T>(method: JsonMethod, path: string, body?: unknown): Promise<T> => {
    const init: RequestInit = { method, credentials: 'same-origin', headers: { accept: 'application/json' } };
    if (method !== 'GET') {
      init.headers = { accept: 'application/json', 'content-type': 'application/json', ...actHeaders?.() };
      init.body = JSON.stringify(body ?? {});
    }
    const response = await fetch(path, init).catch(() => {
      throw new ApiError('page.unreachable', words.unreachable, 0);
    });
    if (!response.ok) throw await refusal(response, words);
    const text = await response.text();
    const answer: T = text === '' ? null : JSON.parse(text);
    return answer;
  };
}

async function refusal(response: Response, words: JsonClientOptions['words']): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const field = (name: string): string | null => {
    const value = body !== null && typeof body === 'object' ? Reflect.get(body, name) : null;
    return typeof value === 'string' ? value : null;
  };
  return new ApiError(
    field('code') ?? `http.${response.status}`,
    field('message') ?? words.status(response.status),
    response.status,
  );
}
