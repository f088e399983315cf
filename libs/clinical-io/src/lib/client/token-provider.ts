import { createPrivateKey, createSign, type KeyObject } from 'node:crypto';
import { type Clock, ConfigError, DeviceError, errorMessage } from '@edge-blueprints/contracts';
import { z } from 'zod';

export interface TokenProvider {
  /** One token for all who ask at once; asked for anew at 80 % of its life. @throws DeviceError `fhir.token` */
  token(signal: AbortSignal): Promise<string>;
  /** The server refused this token: the next call gets another one, unless that has already happened. */
  refused(token: string): void;
  readonly requests: number;
}

export interface BackendServiceConfig {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly scope: string;
  /** PEM of an elliptic key on P-384 (ES384) or an RSA key (RS384), and its name at the server. */
  readonly privateKeyPem: string;
  readonly keyId: string;
  readonly timeoutMs: number;
}

const answerSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().default(300) });

/** Seconds that an assertion may live: SMART allows five minutes. */
const assertionLifeS = 240;

/**
 * SMART Backend Services: client credentials with a signed assertion (RFC 7523).
 * @throws ConfigError `fhir.key` when the key is none of the two kinds
 */
export function createTokenProvider(
  config: BackendServiceConfig,
  parts: { readonly clock: Clock; readonly newId: () => string; readonly fetch?: typeof fetch },
): TokenProvider {
  const key = readKey(config.privateKeyPem);
  const request = parts.fetch ?? fetch;
  let current: { readonly token: string; readonly renewAtMs: number } | undefined;
  let running: Promise<string> | undefined;
  let requests = 0;

  const ask = async (): Promise<string> => {
    requests++;
    const fail = (what: string, cause?: unknown): never => {
      throw new DeviceError('fhir.token', `no token from ${config.tokenUrl}: ${what}`, { cause, retry: 'safe' });
    };
    const response = await request(config.tokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: config.scope,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion(config, key, Math.floor(parts.clock.epochMs() / 1000), parts.newId()),
      }).toString(),
      signal: AbortSignal.timeout(config.timeoutMs),
      redirect: 'error',
    }).catch((error: unknown) => fail(errorMessage(error), error));
    if (!response.ok) fail(`HTTP ${response.status}; check client, key and scope`);
    const answer = answerSchema.safeParse(await response.json().catch(() => undefined));
    if (!answer.success) return fail('the answer has no access_token');
    const lifeMs = answer.data.expires_in * 1000;
    current = { token: answer.data.access_token, renewAtMs: parts.clock.monotonicMs() + 0.8 * lifeMs };
    return current.token;
  };

  return {
    token: async (signal) => {
      signal.throwIfAborted();
      if (current !== undefined && parts.clock.monotonicMs() < current.renewAtMs) return current.token;
      running ??= ask().finally(() => {
        running = undefined;
      });
      return running;
    },
    refused: (token) => {
      if (current?.token === token) current = undefined;
    },
    get requests() {
      return requests;
    },
  };
}

interface SigningKey {
  readonly key: KeyObject;
  readonly algorithm: 'ES384' | 'RS384';
}

function readKey(pem: string): SigningKey {
  const advice = 'give the PEM of a P-384 or RSA private key';
  const key = (() => {
    try {
      return createPrivateKey(pem);
    } catch (cause) {
      throw new ConfigError('fhir.key', `the client's key cannot be read; ${advice}`, { cause });
    }
  })();
  if (key.asymmetricKeyType === 'rsa') return { key, algorithm: 'RS384' };
  if (key.asymmetricKeyDetails?.namedCurve === 'secp384r1') return { key, algorithm: 'ES384' };
  throw new ConfigError('fhir.key', `the client's key is of another kind (${key.asymmetricKeyType}); ${advice}`);
}

function assertion(config: BackendServiceConfig, { key, algorithm }: SigningKey, nowS: number, jti: string): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
  const signed = `${encode({ alg: algorithm, kid: config.keyId, typ: 'JWT' })}.${encode({
    iss: config.clientId,
    sub: config.clientId,
    aud: config.tokenUrl,
    iat: nowS,
    exp: nowS + assertionLifeS,
    jti,
  })}`;
  const signature = createSign('SHA384').update(signed).sign({ key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
