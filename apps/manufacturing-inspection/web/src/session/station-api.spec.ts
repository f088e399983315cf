import { describe, expect, it } from 'vitest';
import { ApiError } from '@edge-blueprints/web-kit';
import { createStationApi } from './station-api.js';

interface Call {
  readonly path: string;
  readonly init: RequestInit;
}

function apiThat(answer: () => Response): { api: ReturnType<typeof createStationApi>; calls: Call[] } {
  const calls: Call[] = [];
  const api = createStationApi((path, init) => {
    calls.push({ path, init });
    return Promise.resolve().then(answer);
  });
  return { api, calls };
}
const json =
  (value: unknown, status = 200) =>
  (): Response =>
    new Response(JSON.stringify(value), { status });

describe('createStationApi', () => {
  it('asks for parts as the station expects', async () => {
    const { api, calls } = apiThat(json([]));
    await api.parts('reject', 'a/b', 50);
    await api.parts('all', null, 10);
    expect(calls.map((call) => call.path)).toEqual([
      '/api/parts?limit=50&before=a%2Fb&verdict=reject',
      '/api/parts?limit=10',
    ]);
  });

  it('asks for the distributions that the view leaves out', async () => {
    const { api, calls } = apiThat(json({ state: 'stable' }));
    await expect(api.drift()).resolves.toEqual({ state: 'stable' });
    expect(calls.map((call) => call.path)).toEqual(['/api/drift']);
  });

  it('sends acts as JSON to the part that was named', async () => {
    const { api, calls } = apiThat(json({}));
    await api.overrule('r 1', 'pass', 'dust');
    expect(calls[0]?.path).toBe('/api/parts/r%201/overrule');
    expect(calls[0]?.init).toMatchObject({ method: 'POST', body: '{"verdict":"pass","reason":"dust"}' });
  });

  it('passes on the code and the sentence of a refusal', async () => {
    const { api } = apiThat(json({ code: 'golden.running', message: 'A check is running' }, 409));
    await expect(api.runGolden()).rejects.toMatchObject({
      code: 'golden.running',
      message: 'A check is running',
      status: 409,
    });
  });

  it('makes an error of its own for an answer that is none, and for no answer', async () => {
    const broken = apiThat(() => new Response('<html>', { status: 502 }));
    await expect(broken.api.view()).rejects.toMatchObject({ code: 'http.502', status: 502 });
    const gone = apiThat(() => {
      throw new TypeError('network');
    });
    await expect(gone.api.view()).rejects.toBeInstanceOf(ApiError);
    await expect(gone.api.view()).rejects.toMatchObject({ code: 'page.unreachable', status: 0 });
  });

  it('accepts an empty answer to an act', async () => {
    const { api } = apiThat(() => new Response('', { status: 200 }));
    await expect(api.signOut()).resolves.toBeUndefined();
  });
});
