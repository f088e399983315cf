import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Clock, ConfigError, DeviceError, errorMessage, type Logger } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { createFhirRequests, outcome, type PlainRequest } from './fhir-requests.js';
import { createHeldRepository } from './held-repository.js';
import { loadResourceCheck } from './resource-check.js';
import { openResourceLog } from './resource-log.js';
import { createResourceStore } from './resource-store.js';

export const fhirServerConfigSchema = z.strictObject({
  /** The server has no users and no TLS of its own, so it listens on this machine only. */
  host: z.enum(['127.0.0.1', '::1', 'localhost']).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(0),
  /** Append-only file of everything held; left out, nothing outlives the process. */
  file: z.string().min(1).optional(),
  maxResources: z.int().min(10).max(2_000_000).default(200_000),
  maxBytes: z.int().min(10_000).max(2_000_000_000).default(400_000_000),
  maxVersions: z.int().min(0).max(100).default(10),
  maxBodyBytes: z.int().min(1_000).max(50_000_000).default(8_000_000),
  /** Checks the profiles that a resource claims as well; about ten times the work of the base check. */
  checkProfiles: z.boolean().default(false),
});
export type FhirServerConfig = z.input<typeof fhirServerConfigSchema>;

export interface FhirServer {
  /** Address to hand to a FHIR client, without a slash at the end. */
  readonly baseUrl: string;
  stats(): {
    readonly resources: number;
    readonly bytes: number;
    readonly evicted: number;
    readonly requests: number;
    readonly refused: number;
    /** Bytes of a half-written line that the start cut away. */
    readonly tornBytes: number;
  };
  close(): Promise<void>;
}

/**
 * An R4 server for demonstration and tests: Medplum's router over a checked, bounded, durable store. It loads its definitions first,
 * which takes about a second; use a process of its own.
 * @throws ConfigError `fhir.config`, DeviceError `fhir.listen`, `fhir.store`, `fhir.definitions`
 */
export async function startFhirServer(
  config: FhirServerConfig,
  parts: { readonly clock: Clock; readonly log: Logger },
): Promise<FhirServer> {
  const parsed = fhirServerConfigSchema.safeParse(config);
  if (!parsed.success)
    throw new ConfigError('fhir.config', `the FHIR server cannot start with this:\n${z.prettifyError(parsed.error)}`);
  const limits = parsed.data;
  const check = await loadResourceCheck();
  const store = createResourceStore(limits);
  const opened =
    limits.file === undefined ? undefined : await openResourceLog(limits.file, (change) => store.apply(change));
  if (opened !== undefined && opened.tornBytes > 0) parts.log.warn('fhir.torn-tail', { bytes: opened.tornBytes });
  const repository = await createHeldRepository(
    store,
    (resource) => check(resource, { profiles: limits.checkProfiles }),
    parts.clock,
  );
  let baseUrl = '';
  const handle = await createFhirRequests({
    store,
    log: opened?.log,
    repository,
    baseUrl: () => baseUrl,
    startedMs: parts.clock.epochMs(),
  });
  let requests = 0;
  let refused = 0;

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests++;
    const answer = await plainRequest(request, limits.maxBodyBytes)
      .then((plain) => ('status' in plain ? plain : handle(plain)))
      .catch((error: unknown) => {
        parts.log.error('fhir.request-failed', { error: errorMessage(error) });
        return { status: 500, body: outcome('exception', 'the request failed; see the log of the server') };
      });
    if (answer.status >= 400) refused++;
    const body = Buffer.from(JSON.stringify(answer.body), 'utf8');
    response.writeHead(answer.status, {
      'content-type': 'application/fhir+json; charset=utf-8',
      'content-length': body.length,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(answer.status === 413 ? { connection: 'close' } : {}),
    });
    response.end(body);
  };
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 10_000 },
    (req, res) => {
      void respond(req, res);
    },
  );
  server.maxConnections = 64;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new DeviceError(
          'fhir.listen',
          `the FHIR server cannot listen on ${limits.host}:${limits.port}: ${cause.message}`,
          {
            cause,
          },
        ),
      );
    });
    server.listen(limits.port, limits.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : limits.port;
  baseUrl = `http://${limits.host === '::1' ? '[::1]' : limits.host}:${port}/fhir`;

  return {
    baseUrl,
    stats: () => ({ ...store.counts, requests, refused, tornBytes: opened?.tornBytes ?? 0 }),
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
      await opened?.log.close();
    },
  };
}

const localHost = /^(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?$/;

/** The request as values, or the answer that refuses it. */
async function plainRequest(
  request: IncomingMessage,
  maxBodyBytes: number,
): Promise<PlainRequest | { readonly status: number; readonly body: unknown }> {
  const refuse = (status: number, code: string, text: string) => ({ status, body: outcome(code, text) });
  // A page from elsewhere that resolves its name to this machine still says its own name here.
  if (!localHost.test(request.headers.host ?? ''))
    return refuse(421, 'security', 'this server answers to its loopback name only');
  const path = /^\/fhir(?:\/([^#]*)|(\?.*)?)$/.exec(request.url ?? '');
  if (path === null) return refuse(404, 'not-found', 'the base address ends in /fhir');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > maxBodyBytes)
      return refuse(413, 'too-long', `a body may have ${maxBodyBytes} bytes; send smaller bundles`);
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  const plain = { method: request.method ?? 'GET', path: path[1] ?? path[2] ?? '', headers };
  if (size === 0) return { ...plain, body: undefined };
  if (!/^application\/(fhir\+)?json\b/.test(request.headers['content-type'] ?? ''))
    return refuse(415, 'not-supported', 'send application/fhir+json');
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return { ...plain, body };
  } catch {
    return refuse(400, 'structure', 'the body is no JSON');
  }
}
