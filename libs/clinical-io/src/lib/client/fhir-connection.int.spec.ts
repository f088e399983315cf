import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '@edge-blueprints/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { type HostileFhirServer, type Mischief, startHostileFhirServer } from '../../testing/hostile-fhir-server.js';
import type { FhirResource } from '../resources/fhir-elements.js';
import { connectFhir } from './fhir-connection.js';
import { createMemoryFhirQueue } from './fhir-queue.js';
import { createFhirWriter } from './fhir-writer.js';
import { createTokenProvider } from './token-provider.js';

let server: HostileFhirServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
const privateKeyPem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));

/** An authorization server that hands out numbered tokens. */
function tokens(options: { clock?: { monotonicMs: () => number }; expiresInS?: number; delay?: Promise<void> } = {}) {
  const assertions: string[] = [];
  const provider = createTokenProvider(
    {
      tokenUrl: 'https://auth.example/token',
      clientId: 'ward',
      scope: 'system/*.cu',
      privateKeyPem,
      keyId: 'k1',
      timeoutMs: 1_000,
    },
    {
      clock: { epochMs: () => 1_760_000_000_000, monotonicMs: options.clock?.monotonicMs ?? (() => 0) },
      newId: () => `jti-${assertions.length}`,
      fetch: async (_url, init) => {
        await options.delay;
        assertions.push(new URLSearchParams(String(init?.body)).get('client_assertion') ?? '');
        return Response.json({ access_token: `token-${assertions.length}`, expires_in: options.expiresInS ?? 300 });
      },
    },
  );
  return { provider, assertions };
}

async function drain(script: readonly Mischief[], resources: readonly FhirResource[]) {
  server = await startHostileFhirServer(script);
  const queue = createMemoryFhirQueue({ entries: 1_000, quarantined: 100 });
  for (const resource of resources) queue.add(resource);
  const stop = new AbortController();
  const writer = createFhirWriter(
    {
      queue,
      connection: await connectFhir({ baseUrl: server.baseUrl, timeoutMs: 150 }),
      random: createRandom(3),
      sleep: async () => {
        if (queue.depth() === 0) stop.abort();
        await wait(1);
      },
    },
    { bundleEntries: 4, firstRetryMs: 1, maxRetryMs: 2, idleMs: 1 },
  );
  await writer.run(stop.signal);
  return { queue, writer, kept: server.kept };
}

it('converges to one copy of everything against a server that does what servers do wrong (T12)', async () => {
  const script: readonly Mischief[] = [
    'drop-after',
    '409',
    'half',
    '412',
    'hang',
    '429',
    '500',
    'ok',
    '503',
    'html',
    '404',
    'short',
    'drop-before',
    '403',
    'ok',
    'drop-after',
  ];
  const resources = Array.from({ length: 30 }, (_, at): FhirResource => ({
    resourceType: 'Observation',
    id: `o-${at % 20}`,
    value: at,
    ...(at === 7 || at === 22 ? { note: 'poison' } : {}),
  }));
  const { queue, writer, kept } = await drain(script, resources);
  expect(queue.quarantined().map(({ resource }) => resource['value'])).toEqual([7, 22]);
  expect(queue.quarantined()[0]?.reason).toBe('HTTP 422: poison');
  for (let at = 0; at < 20; at++) {
    const expected = resources
      .filter((each) => each.id === `o-${at}` && each['note'] === undefined)
      .map((each) => JSON.stringify(each));
    expect(kept.get(`Observation/o-${at}`) ?? []).toEqual(expected);
  }
  expect(writer.status().retries).toBeGreaterThanOrEqual(12);
});

it('splits a bundle that is too large instead of giving it up', async () => {
  const resources = Array.from({ length: 4 }, (_, at): FhirResource => ({
    resourceType: 'Observation',
    id: `o-${at}`,
  }));
  const { queue, kept } = await drain(['413'], resources);
  expect(queue.quarantined()).toEqual([]);
  expect(kept.size).toBe(4);
});

describe('with tokens', () => {
  const one: readonly FhirResource[] = [{ resourceType: 'Observation', id: 'o-1' }];

  it('asks for another token once after a 401, and not for ever', async () => {
    const { provider, assertions } = tokens();
    server = await startHostileFhirServer([], (token) => token === 'Bearer token-2');
    const connection = await connectFhir({ baseUrl: server.baseUrl, timeoutMs: 1_000, tokens: provider });
    expect(await connection.send(one, new AbortController().signal)).toEqual({ kind: 'written' });
    expect(assertions).toHaveLength(2);
    await server.close();

    const closed = tokens();
    server = await startHostileFhirServer([], () => false);
    const refused = await connectFhir({ baseUrl: server.baseUrl, timeoutMs: 1_000, tokens: closed.provider });
    expect(await refused.send(one, new AbortController().signal)).toMatchObject({ kind: 'later', status: 401 });
    expect(server.tokens).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('asks once for all who ask at once, renews at 80 % of the life, and signs what a server can check', async () => {
    let nowMs = 0;
    const { provider, assertions } = tokens({ clock: { monotonicMs: () => nowMs }, expiresInS: 100 });
    const { signal } = new AbortController();
    expect(await Promise.all([provider.token(signal), provider.token(signal), provider.token(signal)])).toEqual([
      'token-1',
      'token-1',
      'token-1',
    ]);
    nowMs = 79_999;
    expect(await provider.token(signal)).toBe('token-1');
    nowMs = 80_001;
    expect(await provider.token(signal)).toBe('token-2');
    // Somebody who was refused with the token before does not cost the new one.
    provider.refused('token-1');
    expect(await provider.token(signal)).toBe('token-2');
    const [header = '', payload = '', signature = ''] = (assertions[0] ?? '').split('.');
    const key = {
      key: createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
      dsaEncoding: 'ieee-p1363' as const,
    };
    expect(verify('SHA384', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect(claims).toMatchObject({
      iss: 'ward',
      aud: 'https://auth.example/token',
      iat: 1_760_000_000,
      exp: 1_760_000_240,
      jti: 'jti-0',
    });
  });

  it('refuses a key that it cannot sign with', () => {
    const config = { tokenUrl: 'https://auth.example', clientId: 'w', scope: 's', keyId: 'k', timeoutMs: 1 };
    const parts = { clock: { epochMs: () => 0, monotonicMs: () => 0 }, newId: () => 'x' };
    const ed = String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
    for (const privateKeyPem of ['none', ed])
      expect(() => createTokenProvider({ ...config, privateKeyPem }, parts)).toThrow(
        expect.objectContaining({ code: 'fhir.key' }),
      );
  });
});

it('names an address that is none', async () => {
  await expect(connectFhir({ baseUrl: 'fhir.example', timeoutMs: 1 })).rejects.toThrow(/fhir.example/);
});
