import { EdgeError, errorMessage } from '@edge-blueprints/contracts';
import type { FhirRequest } from '@medplum/fhir-router';
import { capabilityStatement } from './capability.js';
import { heldTypes } from './definitions.js';
import type { createHeldRepository } from './held-repository.js';
import { createRequestLock } from './request-lock.js';
import type { ResourceLog } from './resource-log.js';
import type { ResourceStore } from './resource-store.js';

export interface FhirAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PlainRequest {
  readonly method: string;
  /** Path below the base, with its query: `Observation?subject=Patient/1`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed JSON. */
  readonly body: unknown;
}

/** An OperationOutcome with one error in it. */
export const outcome = (code: string, text: string) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code, details: { text } }],
});

interface Parts {
  readonly store: ResourceStore;
  readonly log: ResourceLog | undefined;
  readonly repository: Awaited<ReturnType<typeof createHeldRepository>>;
  readonly baseUrl: () => string;
  readonly startedMs: number;
}

const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const types: readonly string[] = heldTypes;

/** Answers requests. A request that writes has the store for itself, is undone when it fails, and is on disk before its answer. */
export async function createFhirRequests(parts: Parts): Promise<(request: PlainRequest) => Promise<FhirAnswer>> {
  const core = await import('@medplum/core');
  const { FhirRouter } = await import('@medplum/fhir-router');
  const { store, log } = parts;
  const router = new FhirRouter();
  const lock = createRequestLock();
  const failed = (status: number, code: string, text: string): FhirAnswer => ({ status, body: outcome(code, text) });

  const route = async (request: PlainRequest, method: FhirRequest['method']): Promise<FhirAnswer> => {
    const [result, resource] = await router.handleRequest(
      {
        method,
        url: request.path,
        pathname: '',
        body: request.body,
        params: {},
        query: {},
        headers: request.headers,
      },
      parts.repository,
    );
    const status = statusOf(result.issue?.[0]?.code, core.getStatus(result));
    return { status, body: resource ?? result };
  };

  /** Keeps what the request did, or takes it back. */
  const commit = async (answer: FhirAnswer): Promise<FhirAnswer> => {
    const refusal = answer.status >= 400 ? answer : undefined;
    if (refusal !== undefined) {
      store.rollback();
      return refusal;
    }
    const changes = store.pending();
    if (changes.length === 0) return answer;
    try {
      await log?.append(changes);
    } catch (error) {
      store.rollback();
      return failed(507, 'no-store', errorMessage(error));
    }
    store.commit();
    if (log !== undefined && log.bytes() > 2 * store.counts.bytes + 64_000_000) await log.rewrite(store.snapshot());
    return answer;
  };

  return async (request) => {
    const method = methods.find((known) => known === request.method);
    if (method === undefined)
      return failed(405, 'not-supported', `${request.method} is not supported; use ${methods.join(', ')}`);
    const [path = ''] = request.path.split('?');
    if (path === 'metadata') return { status: 200, body: capabilityStatement(parts.baseUrl(), parts.startedMs) };
    const [type = ''] = path.split('/');
    if (type !== '' && !types.includes(type))
      return failed(404, 'not-supported', `no such place: ${path.slice(0, 80)}; this server holds ${types.join(', ')}`);
    const problem = bodyProblem(method, path, request.body);
    if (problem !== undefined) return failed(400, 'structure', problem);
    if (method === 'GET') {
      const answer = await route(request, method);
      return { ...answer, body: withLinks(answer.body, parts.baseUrl(), request.path) };
    }
    return lock.run(async () => {
      try {
        const answer = await route(request, method);
        return await commit(isTransaction(request.body) ? asTransaction(answer) : answer);
      } catch (error) {
        store.rollback();
        const status = error instanceof EdgeError ? 500 : 400;
        return failed(status, 'exception', errorMessage(error));
      }
    });
  };
}

/** Our refusals by code; everything else as Medplum sees it. */
function statusOf(code: string | undefined, otherwise: number): number {
  if (otherwise < 400) return otherwise;
  return code === 'too-costly'
    ? 507
    : code === 'not-supported'
      ? 405
      : code === 'structure' && otherwise === 400
        ? 422
        : otherwise;
}

interface BundleLike {
  readonly resourceType: 'Bundle';
  readonly type: string;
  readonly entry: readonly Readonly<Record<string, unknown>>[];
}
function isBundle(body: unknown): body is BundleLike {
  return (
    typeof body === 'object' &&
    body !== null &&
    'resourceType' in body &&
    body.resourceType === 'Bundle' &&
    'type' in body &&
    typeof body.type === 'string' &&
    'entry' in body &&
    Array.isArray(body.entry) &&
    body.entry.every((entry) => typeof entry === 'object' && entry !== null)
  );
}
const isTransaction = (body: unknown): boolean => isBundle(body) && body.type === 'transaction';

function bodyProblem(method: string, path: string, body: unknown): string | undefined {
  if (method === 'GET' || method === 'DELETE') return undefined;
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return 'the body must be one JSON object, a resource';
  if (path !== '') return undefined;
  if (!isBundle(body)) return 'the base address takes a Bundle of type batch or transaction, with entries';
  const names = body.entry.flatMap(({ request }) =>
    typeof request === 'object' &&
    request !== null &&
    'method' in request &&
    'url' in request &&
    request.method !== 'GET' &&
    request.method !== 'POST'
      ? [String(request.url)]
      : [],
  );
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  return body.type === 'transaction' && twice !== undefined
    ? `a transaction may hold each resource once; twice: ${twice}`
    : undefined;
}

/**
 * Medplum's router runs a transaction entry by entry and takes at most 50 updates when it is told to mind them all. Run as a batch
 * it takes any number; that one failure fails all is seen to here, and the store takes everything back.
 */
function asTransaction(answer: FhirAnswer): FhirAnswer {
  if (!isBundle(answer.body)) return answer;
  for (const [at, { response }] of answer.body.entry.entries()) {
    if (typeof response !== 'object' || response === null || !('status' in response)) continue;
    const status = Number.parseInt(String(response.status), 10);
    if (status < 400) continue;
    const inner = 'outcome' in response ? response.outcome : undefined;
    const issues =
      typeof inner === 'object' && inner !== null && 'issue' in inner && Array.isArray(inner.issue) ? inner.issue : [];
    const code: unknown = issues[0]?.code;
    return {
      status: statusOf(typeof code === 'string' ? code : undefined, status),
      body: {
        resourceType: 'OperationOutcome',
        issue: [
          { severity: 'error', code: 'processing', details: { text: `nothing was kept: entry ${at} failed` } },
          ...issues,
        ],
      },
    };
  }
  return answer;
}

/** Self and next link of a page of a search. */
function withLinks(body: unknown, baseUrl: string, path: string): unknown {
  if (!isBundle(body) || body.type !== 'searchset' || !('total' in body)) return body;
  const url = new URL(path, `${baseUrl}/`);
  const offset = Number(url.searchParams.get('_offset') ?? 0) + body.entry.length;
  const next = new URL(url);
  next.searchParams.set('_offset', String(offset));
  return {
    ...body,
    link: [
      { relation: 'self', url: url.href },
      ...(offset < Number(body.total) ? [{ relation: 'next', url: next.href }] : []),
    ],
  };
}
