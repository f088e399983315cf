import { ConfigError, errorMessage, withDeadline } from '@edge-blueprints/contracts';
import { transactionBundle } from '../resources/transaction.js';
import type { FhirResource } from '../resources/fhir-elements.js';
import type { TokenProvider } from './token-provider.js';

/**
 * What came of one bundle. `refused` is about what was sent and comes again however often it is sent; `later` is about the server
 * or the way to it, and the same bundle may go again: it is a transaction of PUTs.
 */
export type SendOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  | { readonly kind: 'later'; readonly status?: number; readonly reason: string };

export interface FhirConnection {
  send(resources: readonly FhirResource[], signal: AbortSignal): Promise<SendOutcome>;
}

/** Statuses that are the resource's fault. All others are the server's, the way's, or the configuration's, and keep the queue. */
const resourceFaults = new Set([400, 413, 422]);

/**
 * A FHIR server through fhir-kit-client.
 * @throws ConfigError `fhir.address`
 */
export async function connectFhir(config: {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly tokens?: TokenProvider;
}): Promise<FhirConnection> {
  if (!URL.canParse(config.baseUrl) || !/^https?:/.test(config.baseUrl))
    throw new ConfigError(
      'fhir.address',
      `not the address of a FHIR server: "${config.baseUrl}"; use https://.../fhir`,
    );
  const { Client } = await import('fhir-kit-client');
  const client = new Client({ baseUrl: config.baseUrl, requestOptions: { redirect: 'error' } });

  const once = async (
    resources: readonly FhirResource[],
    signal: AbortSignal,
  ): Promise<SendOutcome & { token?: string }> => {
    const token = await config.tokens?.token(signal);
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const body = { ...transactionBundle(resources) };
    try {
      const answer = await withDeadline(config.timeoutMs, signal, (limit) =>
        client.transaction({ body, options: { headers, signal: limit } }),
      );
      return judge(answer, resources.length);
    } catch (error) {
      signal.throwIfAborted();
      return { ...failure(error), ...(token === undefined ? {} : { token }) };
    }
  };

  return {
    send: async (resources, signal) => {
      try {
        const first = await once(resources, signal);
        if (first.kind !== 'later' || first.status !== 401 || config.tokens === undefined || first.token === undefined)
          return plain(first);
        config.tokens.refused(first.token);
        return plain(await once(resources, signal));
      } catch (error) {
        signal.throwIfAborted();
        return { kind: 'later', reason: errorMessage(error) };
      }
    },
  };
}

const plain = ({ token: _token, ...outcome }: SendOutcome & { token?: string }): SendOutcome => outcome;

/** A transaction is written when the answer says so for every entry; anything less is asked again. */
function judge(answer: Readonly<Record<string, unknown>>, entries: number): SendOutcome {
  const list = answer['entry'];
  const statuses = Array.isArray(list) ? list.map(statusOfEntry) : [];
  if (
    answer['resourceType'] === 'Bundle' &&
    statuses.length === entries &&
    statuses.every((status) => /^20[01]/.test(status))
  )
    return { kind: 'written' };
  return {
    kind: 'later',
    reason: `the answer confirms ${statuses.filter((s) => /^20[01]/.test(s)).length} of ${entries} entries`,
  };
}

function statusOfEntry(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null || !('response' in entry)) return '';
  const { response } = entry;
  if (typeof response !== 'object' || response === null || !('status' in response)) return '';
  return String(response.status);
}

function failure(error: unknown): SendOutcome {
  const response = typeof error === 'object' && error !== null && 'response' in error ? error.response : undefined;
  if (
    typeof response !== 'object' ||
    response === null ||
    !('status' in response) ||
    typeof response.status !== 'number'
  )
    return { kind: 'later', reason: errorMessage(error) };
  const { status } = response;
  const reason = `HTTP ${status}: ${said('data' in response ? response.data : undefined)}`;
  return { kind: resourceFaults.has(status) ? 'refused' : 'later', status, reason };
}

/** The sentences of an OperationOutcome, at most 500 characters. */
function said(data: unknown): string {
  const issues =
    typeof data === 'object' && data !== null && 'issue' in data && Array.isArray(data.issue) ? data.issue : [];
  const texts = issues.map((issue: unknown) => {
    if (typeof issue !== 'object' || issue === null) return '';
    const details = 'details' in issue && typeof issue.details === 'object' ? issue.details : undefined;
    const text = details !== undefined && details !== null && 'text' in details ? details.text : undefined;
    return String(text ?? ('diagnostics' in issue ? issue.diagnostics : ''));
  });
  return (
    texts
      .filter((text) => text !== '')
      .join('; ')
      .slice(0, 500) || 'no reason given'
  );
}
