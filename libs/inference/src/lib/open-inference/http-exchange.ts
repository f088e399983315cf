import http from 'node:http';
import https from 'node:https';
import { DeviceError } from '@edge-blueprints/contracts';
import { bodyHeaders, type EncodedBody } from './binary-body.js';
import { collectBytes } from './collect-bytes.js';
import { protocolError } from './protocol-error.js';

export interface HttpReply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Uint8Array;
}

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: EncodedBody;
  /** A longer reply is cut off and refused. */
  readonly maxReplyBytes: number;
  /** Ends the exchange at once; its reason is what the call rejects with. */
  readonly signal: AbortSignal;
}

/** Keep-alive connections to one server. */
export interface HttpPeer {
  /** @throws DeviceError `infer.unreachable`, `infer.protocol`, and the reason of the signal */
  call(call: HttpCall): Promise<HttpReply>;
  /** Connections that were opened so far. */
  opened(): number;
  close(): void;
}

export function createHttpPeer(base: URL, maxConnections: number, token: string | undefined): HttpPeer {
  const library = base.protocol === 'https:' ? https : http;
  const agent = new library.Agent({ keepAlive: true, maxSockets: maxConnections, scheduling: 'lifo' });
  const prefix = base.pathname.replace(/\/$/, '');
  let opened = 0;

  const once = (call: HttpCall): Promise<HttpReply> =>
    new Promise((resolve, reject) => {
      const request = library.request({
        agent,
        method: call.method,
        host: base.hostname.replace(/^\[|\]$/g, ''),
        port: base.port,
        path: `${prefix}${call.path}`,
        headers: {
          ...(call.body === undefined ? {} : bodyHeaders(call.body)),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
      });
      const stop = () => request.destroy(asError(call.signal.reason));
      const settle = (outcome: () => void) => {
        call.signal.removeEventListener('abort', stop);
        outcome();
      };
      call.signal.addEventListener('abort', stop, { once: true });
      request.on('socket', (socket) => {
        if (socket.connecting) opened += 1;
      });
      request.on('error', (error) => settle(() => reject(failure(error, call, base, request.reusedSocket))));
      request.on('response', (response) => {
        readReply(response, call.maxReplyBytes).then(
          (reply) => settle(() => resolve(reply)),
          (error: unknown) => {
            request.destroy();
            settle(() => reject(failure(error, call, base, false)));
          },
        );
      });
      for (const part of call.body?.parts ?? []) request.write(part);
      request.end();
    });

  return {
    call: async (call) => {
      call.signal.throwIfAborted();
      try {
        return await once(call);
      } catch (error) {
        // The server closed an idle connection at the moment of its reuse: nothing was computed, and inference has no effect.
        if (error instanceof DeviceError && error.context['staleConnection'] === true && !call.signal.aborted)
          return once(call);
        throw error;
      }
    },
    opened: () => opened,
    close: () => agent.destroy(),
  };
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : protocolError(String(reason)));

function failure(error: unknown, { signal }: HttpCall, base: URL, reusedSocket: boolean): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof DeviceError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const why = error instanceof Error ? error.message : String(error);
  // A parse error of node:http means that the peer speaks something else.
  if (code.startsWith('HPE_')) return protocolError(`${base.host} does not answer with valid HTTP: ${why}`, error);
  const staleConnection = reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
  return new DeviceError(
    'infer.unreachable',
    `Inference server ${base.host} cannot be reached: ${why}. Check that it runs and the address.`,
    {
      cause: error,
      retry: 'safe',
      context: { host: base.host, code, staleConnection },
    },
  );
}

async function readReply(response: http.IncomingMessage, maxBytes: number): Promise<HttpReply> {
  const length = response.headers['content-length'];
  const tooLong = () => protocolError(`The reply is longer than ${maxBytes} bytes`);
  const body = await collectBytes(response, length === undefined ? undefined : Number(length), maxBytes, tooLong);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}
