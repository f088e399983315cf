import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig, silentLogger } from '@edge-blueprints/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { json } from './api-route.js';
import { dashboardConfigSchema } from './dashboard-config.js';
import { createDashboardServer } from './dashboard-server.js';
import type { DashboardServer } from './dashboard-server.js';
import type { HttpLimits } from './http-limits.js';
import { createPinAccess } from './pin-access.js';

const maxConnections = 8;
const large = new Uint8Array(24_000_000);
let server: DashboardServer;
let answered: () => void = () => undefined;
afterEach(() => server.close());

async function open(limits: Partial<HttpLimits>): Promise<void> {
  const nowMs = () => performance.now();
  server = await createDashboardServer(
    {
      config: parseConfig(dashboardConfigSchema, { port: 0 }, 'test'),
      staticFolder: join(tmpdir(), 'no-such-page'),
      access: createPinAccess({ pin: '4711', pinConfigured: true, nowMs, newToken: () => 'a-token' }),
      liveAccess: 'public',
      plainRemote: 'refused',
      routes: [
        {
          method: 'get',
          path: '/api/large',
          access: 'public',
          handle: () => {
            answered();
            return { kind: 'bytes', bytes: large, mime: 'image/png', immutable: false };
          },
        },
        { method: 'get', path: '/api/view', access: 'public', handle: () => json('view') },
      ],
      limits,
    },
    { logger: silentLogger, nowMs },
  );
}

const short = {
  headersTimeoutMs: 120,
  requestTimeoutMs: 120,
  checkEveryMs: 40,
  maxHeaderBytes: 2_048,
  maxConnections,
} as const;

/** What the server answered until it closed the connection; the client itself never does. */
function told(text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host: '127.0.0.1', port: server.port, allowHalfOpen: true });
    socket.on('data', (data) => void (answer += data.toString('latin1')));
    for (const event of ['end', 'close', 'error'] as const)
      socket.on(event, () => {
        resolve(answer);
        socket.destroy();
      });
    socket.write(text);
  });
}

/** Bytes that a client got which did not read for a while after the answer was given. */
function receivedLate(text: string, pauseMs: number): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: server.port, allowHalfOpen: true });
    let bytes = 0;
    socket.on('data', (data) => void (bytes += data.length));
    for (const event of ['end', 'close', 'error'] as const)
      socket.on(event, () => {
        resolve(bytes);
        socket.destroy();
      });
    socket.pause();
    socket.write(text);
    answered = () => void setTimeout(() => socket.resume(), pauseMs);
  });
}

const head = `Host: 127.0.0.1\r\n`;

describe('limits of the server', () => {
  it('cut those who are slow on purpose, and answer others meanwhile', async () => {
    await open(short);
    const slow = {
      silent: told(''),
      headers: told(`GET /api/view HTTP/1.1\r\n${head}X-Part: `),
      body: told(
        `POST /api/sign-in HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{"pi`,
      ),
      hugeHeaders: told(`GET /api/view HTTP/1.1\r\n${head}X-Part: ${'x'.repeat(4_000)}\r\n\r\n`),
    };
    const served = await fetch(`http://127.0.0.1:${server.port}/api/view`);
    expect(served.status).toBe(200);
    expect(await slow.headers).toContain(' 408 ');
    expect(await slow.body).toContain(' 408 ');
    expect(await slow.hugeHeaders).toContain(' 431 ');
    expect(await slow.silent).not.toContain(' 200 ');
  });

  it('let a client go that does not read its answer', async () => {
    await open({ idleTimeoutMs: 80 });
    const bytes = await receivedLate(`GET /api/large HTTP/1.1\r\n${head}\r\n`, 400);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(large.byteLength);
  });

  it('close a connection too many unread', async () => {
    await open(short);
    const held = Array.from({ length: maxConnections + 3 }, () => told(`GET /api/view HTTP/1.1\r\n${head}X-Part: `));
    const answers = await Promise.all(held);
    expect(answers.filter((answer) => answer === '')).toHaveLength(3);
  });
});
