// What stands between a ward and its FHIR server: everything that goes wrong there, on command, and a list of what was ever sent.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';

export const fhirFaults = ['refused', 'hang', 'error', 'too-many', 'cut-request', 'answer-lost', 'answer-cut'] as const;
export type FhirFault = (typeof fhirFaults)[number];

export interface FhirFront {
  readonly baseUrl: string;
  /** `Type/id` of every resource that was ever offered. */
  readonly offered: ReadonlySet<string>;
  /** Bundles that met each fault. */
  readonly met: ReadonlyMap<string, number>;
  /** The first Observation that was offered: the server is made to refuse it for its content. */
  poison(): string | undefined;
  /** From now on; `first` for the next bundles, one each. */
  set(mode: FhirFault | 'up', first?: readonly (FhirFault | 'up')[]): void;
  close(): Promise<void>;
}

const bundleSchema = z.object({ entry: z.array(z.object({ request: z.object({ url: z.string() }) })) });

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function openFhirFront(upstream: string): Promise<FhirFront> {
  let mode: FhirFault | 'up' = 'up';
  let next: (FhirFault | 'up')[] = [];
  let poison: string | undefined;
  const offered = new Set<string>();
  const met = new Map<string, number>();
  const say = (response: ServerResponse, status: number, text: string): void => {
    response.writeHead(status, { 'content-type': 'application/fhir+json', 'retry-after': '1' });
    const issue = [{ severity: 'error', code: 'exception', details: { text } }];
    response.end(JSON.stringify({ resourceType: 'OperationOutcome', issue }));
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const now = next.shift() ?? mode;
    if (now === 'cut-request') {
      met.set(now, (met.get(now) ?? 0) + 1);
      request.once('data', () => request.destroy());
      return;
    }
    const body = await bodyOf(request);
    const names = request.method === 'POST' ? bundleSchema.parse(JSON.parse(body.toString())).entry : [];
    const urls = names.map((entry) => entry.request.url);
    for (const url of urls) offered.add(url);
    poison ??= urls.find((url) => url.startsWith('Observation/'));
    met.set(now, (met.get(now) ?? 0) + 1);
    if (now === 'refused') return void request.destroy();
    if (now === 'hang') return;
    if (now === 'error') return say(response, 500, 'out of order');
    if (now === 'too-many') return say(response, 429, 'too many requests');
    if (poison !== undefined && urls.includes(poison)) return say(response, 422, 'not understood');
    const answer = await fetch(new URL(request.url ?? '', upstream), {
      method: request.method ?? 'GET',
      headers: { 'content-type': request.headers['content-type'] ?? 'application/fhir+json' },
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
    });
    const text = await answer.text();
    if (now === 'answer-lost') return void request.destroy();
    response.writeHead(answer.status, {
      'content-type': 'application/fhir+json',
      'content-length': Buffer.byteLength(text),
    });
    if (now !== 'answer-cut') return void response.end(text);
    response.write(text.slice(0, text.length / 2), () => request.destroy());
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const { pathname } = new URL(upstream);
  return {
    baseUrl:
      `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}${pathname}`.replace(
        /\/$/,
        '',
      ),
    offered,
    met,
    poison: () => poison,
    set(to, first = []) {
      mode = to;
      next = [...first];
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
