import { createServer } from 'node:http';
import { errorMessage, type Logger } from '@edge-blueprints/contracts';
import type { Witness } from './open-witness.js';

/** 63 proof lines and a note of many signatures. */
const maxBodyBytes = 64 * 1_024;

export interface WitnessServer {
  readonly url: string;
  close(): Promise<void>;
}

/** `POST /add-checkpoint`. No login: only a signed checkpoint of a known log is answered. */
export async function serveWitness(options: {
  readonly witness: Witness;
  readonly host: string;
  readonly port: number;
  readonly logger: Logger;
}): Promise<WitnessServer> {
  const { witness, logger } = options;
  const server = createServer((request, response) => {
    const say = (status: number, body: string, type = 'text/plain; charset=utf-8'): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    };
    if (request.method !== 'POST' || request.url !== '/add-checkpoint') {
      say(404, 'Only POST /add-checkpoint is there\n');
      return;
    }
    const parts: Buffer[] = [];
    let length = 0;
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length <= maxBodyBytes) parts.push(part);
    });
    request.on('error', (error) => logger.warn('witness.request', { error: error.message }));
    request.on('end', () => {
      if (length > maxBodyBytes) {
        say(413, 'The request is too large\n');
        return;
      }
      witness.addCheckpoint(Buffer.concat(parts).toString('utf8')).then(
        ({ status, body, contentType }) => {
          logger.info('witness.answer', { status });
          say(status, body, contentType);
        },
        (error: unknown) => {
          logger.error('witness.fault', { error: errorMessage(error) });
          say(500, 'The witness cannot sign now\n');
        },
      );
    });
  });
  server.requestTimeout = 10_000;
  server.maxConnections = 64;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `http://${options.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
