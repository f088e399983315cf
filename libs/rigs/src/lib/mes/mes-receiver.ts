import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { ConfigError } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { DeliveryBook, DeliveryEntry, MesState } from './delivery-book.js';
import { createDeliveryBook } from './delivery-book.js';
import { openDeliveryFile } from './delivery-file.js';
import { cfxEnvelopeSchema } from './units-inspected-schema.js';

/** How the receiver can be told to misbehave. */
export const mesFaultNames = ['error-500', 'hang', 'slow', 'ack-lost', 'gone'] as const;
export type MesFault = (typeof mesFaultNames)[number];

export type MesEvent =
  | { readonly event: 'received'; readonly uniqueId: string; readonly units: readonly string[] }
  | { readonly event: 'duplicate' | 'conflict' | 'invalid'; readonly reason: string }
  | { readonly event: 'fault'; readonly name: MesFault; readonly on: boolean };

export interface MesReceiver {
  readonly port: number;
  state(): MesState;
  setFault(name: MesFault, on: boolean): Promise<void>;
  close(): Promise<void>;
}

/** A message with the pictures of many defects; more is refused before it is read. */
const maxBytes = 16 * 1024 * 1024;
const slowMs = 3000;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * An MES that takes IPC-CFX messages over HTTP: POST /cfx, GET /state. It checks what it gets against the standard and
 * takes each message over exactly once.
 * @param options.storeFile keeps what was taken over across restarts
 * @throws ConfigError `rig.port-in-use`, `mes.store-unreadable`
 */
export async function createMesReceiver(options: {
  readonly port: number;
  readonly storeFile?: string | undefined;
  readonly emit: (event: MesEvent) => void;
}): Promise<MesReceiver> {
  const { emit } = options;
  const book: DeliveryBook = createDeliveryBook();
  const file = options.storeFile === undefined ? undefined : await openDeliveryFile(options.storeFile);
  for (const entry of file?.entries ?? []) book.enter(entry);
  const faults = new Set<MesFault>();
  const server = createServer((request, response) => void serve(request, response));
  const slow = new Set<NodeJS.Timeout>();
  let port = options.port;

  // One message at a time: two copies that arrive together must not both be new.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work, work);
    turn = result.catch(() => undefined);
    return result;
  };

  const take = async (bytes: Buffer): Promise<Answer> => {
    const invalid = (reason: string): Answer => {
      book.countInvalid();
      emit({ event: 'invalid', reason });
      return { status: 400, body: { error: 'mes.invalid', reason } };
    };
    let json: unknown;
    try {
      json = JSON.parse(bytes.toString('utf8'));
    } catch {
      return invalid('the body is not JSON');
    }
    const envelope = cfxEnvelopeSchema.safeParse(json);
    if (!envelope.success) return invalid(z.prettifyError(envelope.error));
    const delivery = book.judge(envelope.data);
    const uniqueId = envelope.data.UniqueID;
    if (delivery.kind === 'conflict') {
      emit({ event: 'conflict', reason: delivery.reason });
      return { status: 409, body: { error: 'mes.conflict', reason: delivery.reason } };
    }
    if (delivery.kind === 'duplicate') {
      emit({ event: 'duplicate', reason: uniqueId });
      return { status: 200, body: { accepted: true, duplicate: true, uniqueId } };
    }
    await keep(delivery.entry);
    emit({ event: 'received', uniqueId, units: delivery.entry.units.map((unit) => unit.id) });
    return { status: 200, body: { accepted: true, duplicate: false, uniqueId } };
  };
  const keep = async (entry: DeliveryEntry): Promise<void> => {
    await file?.append(entry);
    book.enter(entry);
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const answer = await route(request);
      if (answer === 'silence') return;
      if (answer === 'drop') return void request.socket.destroy();
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    } catch {
      response.destroy();
    }
  };
  const route = async (request: IncomingMessage): Promise<Answer | 'silence' | 'drop'> => {
    const path = new URL(request.url ?? '/', 'http://mes').pathname;
    if (path === '/state') {
      if (request.method !== 'GET') return { status: 405, body: { error: 'mes.method', reason: 'use GET' } };
      return { status: 200, body: { ...book.state(), faults: [...faults] } };
    }
    if (path !== '/cfx')
      return { status: 404, body: { error: 'mes.path', reason: `there is no ${path}, only /cfx and /state` } };
    if (request.method !== 'POST') return { status: 405, body: { error: 'mes.method', reason: 'use POST' } };
    const bytes = await readBody(request);
    if (bytes === undefined)
      return { status: 413, body: { error: 'mes.too-large', reason: `more than ${maxBytes} bytes` } };
    if (faults.has('hang')) return 'silence';
    if (faults.has('error-500')) return { status: 500, body: { error: 'mes.broken', reason: 'told to fail' } };
    const answer = await inTurn(() => take(bytes));
    if (faults.has('ack-lost')) return 'drop';
    if (faults.has('slow')) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          slow.delete(timer);
          resolve();
        }, slowMs);
        slow.add(timer);
      });
    }
    return answer;
  };

  const open = async (): Promise<void> => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) =>
        reject(
          new ConfigError(
            'rig.port-in-use',
            `The MES cannot listen on port ${port}: ${error.message}. Choose another port, or 0.`,
            { cause: error },
          ),
        ),
      );
      server.listen(port, '127.0.0.1', () => {
        server.removeAllListeners('error');
        resolve();
      });
    });
    const address = server.address();
    if (typeof address === 'object' && address) port = address.port;
  };
  const shut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await open();

  return {
    get port() {
      return port;
    },
    state: () => book.state(),
    async setFault(name, on) {
      const changes = faults.has(name) !== on;
      if (on) faults.add(name);
      else faults.delete(name);
      if (name === 'gone' && changes) await (on ? shut() : open());
      // Senders that wait for an answer are let go when the fault ends.
      if (name === 'hang' && !on) server.closeAllConnections();
      emit({ event: 'fault', name, on });
    },
    async close() {
      for (const timer of slow) clearTimeout(timer);
      await shut();
      await turn;
      await file?.close();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes <= maxBytes) chunks.push(part);
  }
  return bytes > maxBytes ? undefined : Buffer.concat(chunks);
}
