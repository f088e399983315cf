import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

/** What the server does to one bundle. `drop-after` keeps it and then cuts the line; `half` answers half of the body. */
export type Mischief = 'ok' | 'hang' | 'half' | 'drop-before' | 'drop-after' | 'html' | 'short' | `${number}`;

const bundleSchema = z.object({
  entry: z.array(z.object({ resource: z.looseObject({ resourceType: z.string(), id: z.string() }) })),
});

export interface HostileFhirServer {
  readonly baseUrl: string;
  /** Versions of each resource in the order in which they were kept, as their JSON. */
  readonly kept: ReadonlyMap<string, readonly string[]>;
  readonly tokens: readonly (string | undefined)[];
  close(): Promise<void>;
}

/**
 * A FHIR server that does what it is told to, bundle by bundle, and then behaves. A resource with `poison` in its `note` is always
 * answered with 422. With `accepts` every other token is answered with 401.
 */
export async function startHostileFhirServer(
  script: readonly Mischief[],
  accepts?: (token: string | undefined) => boolean,
): Promise<HostileFhirServer> {
  const todo = [...script];
  const kept = new Map<string, string[]>();
  const tokens: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      tokens.push(request.headers.authorization);
      if (accepts !== undefined && !accepts(request.headers.authorization)) {
        answer(response, 401, { resourceType: 'OperationOutcome', issue: [] });
        return;
      }
      const { entry } = bundleSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      if (entry.some(({ resource }) => resource['note'] === 'poison')) {
        answer(response, 422, { resourceType: 'OperationOutcome', issue: [{ details: { text: 'poison' } }] });
        return;
      }
      act(
        todo.shift() ?? 'ok',
        response,
        entry.map(({ resource }) => resource),
      );
    });
  });

  const keep = (resources: readonly { readonly resourceType: string; readonly id: string }[]): void => {
    for (const resource of resources) {
      const name = `${resource.resourceType}/${resource.id}`;
      const json = JSON.stringify(resource);
      const versions = kept.get(name) ?? [];
      if (versions.at(-1) !== json) kept.set(name, [...versions, json]);
    }
  };
  const act = (mischief: Mischief, response: ServerResponse, resources: Parameters<typeof keep>[0]): void => {
    const good = {
      resourceType: 'Bundle',
      type: 'transaction-response',
      entry: resources.map(() => ({ response: { status: '200' } })),
    };
    switch (mischief) {
      case 'hang':
        return;
      case 'drop-before':
        response.destroy();
        return;
      case 'drop-after':
        keep(resources);
        response.destroy();
        return;
      case 'half':
        keep(resources);
        response.writeHead(200, { 'content-type': 'application/fhir+json', 'content-length': 5_000 });
        response.write('{"resourceType":"Bundle","entry":[');
        setImmediate(() => response.destroy());
        return;
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>maintenance</h1>');
        return;
      case 'short':
        answer(response, 200, { ...good, entry: [] });
        return;
      case 'ok':
        keep(resources);
        answer(response, 200, good);
        return;
      default:
        answer(response, Number(mischief), { resourceType: 'OperationOutcome', issue: [{ diagnostics: mischief }] });
    }
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port }: AddressInfo = Object.assign({ port: 0, address: '', family: '' }, server.address());
  return {
    baseUrl: `http://127.0.0.1:${port}/fhir`,
    kept,
    tokens,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(body));
}
