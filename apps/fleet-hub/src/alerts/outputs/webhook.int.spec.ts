import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertMessage } from '../alert-message.js';
import { webhookOutputSchema } from '../alerts-config.js';
import { createWebhookOutput } from './webhook.js';

const alert: AlertMessage = {
  ...{ phase: 'raised', id: 7, site: 'hall', device: '*', kind: 'offline', severity: 'alarm' },
  ...{ text: '40 devices of hall', raisedAt: '2026-05-01T08:00:00.000Z', clearedAt: null },
};
let server: Server;
let port: number;
let received: { headers: NodeJS.Dict<string | string[]>; body: string }[];
let status: number | 'silent';

beforeEach(async () => {
  received = [];
  status = 204;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      if (status !== 'silent') response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end('x'.repeat(1_000));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const make = (secret: string | undefined, timeoutMs = 2_000) =>
  createWebhookOutput(
    webhookOutputSchema.parse({
      kind: 'webhook',
      name: 'on-call',
      url: `http://127.0.0.1:${port}/hook?a=1`,
      timeoutMs,
    }),
    { secret, epochMs: () => Date.parse('2026-05-01T08:00:01.500Z') },
  );
const stop = new AbortController().signal;

describe('webhook', () => {
  it('sends the alert as JSON that the receiver can prove', async () => {
    await make('a secret').send(alert, stop);
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(JSON.parse(body)).toEqual(alert);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['x-edge-delivery']).toBe('7-raised');
    expect(headers['x-edge-timestamp']).toBe('1777622401');
    const expected = createHmac('sha256', 'a secret').update(`1777622401.${body}`).digest('hex');
    expect(headers['x-edge-signature']).toBe(`sha256=${expected}`);
    await make(undefined).send(alert, stop);
    expect(received[1]?.headers).not.toHaveProperty('x-edge-signature');
  });

  it.each([
    [500, 'safe'],
    [429, 'safe'],
    [404, 'never'],
    [302, 'never'],
  ] as const)('says of HTTP %d whether trying again may help: %s', async (code, retry) => {
    status = code;
    await expect(make(undefined).send(alert, stop)).rejects.toMatchObject({ code: 'alerts.output-refused', retry });
    expect(received).toHaveLength(1);
  });

  it('gives up on a receiver that does not answer, or is not there', async () => {
    status = 'silent';
    await expect(make(undefined, 150).send(alert, stop)).rejects.toMatchObject({
      code: 'alerts.output-failed',
      retry: 'safe',
    });
    server.closeAllConnections();
    server.close();
    await expect(make(undefined).send(alert, stop)).rejects.toMatchObject({
      message: expect.stringMatching(/on-call/),
    });
  });
});

describe('webhook configuration', () => {
  const parse = (url: string, allowPlain = false) =>
    webhookOutputSchema.safeParse({ kind: 'webhook', name: 'a', url, allowPlain }).success;

  it('wants TLS beyond loopback unless told otherwise', () => {
    expect(parse('https://alerts.example.com/x')).toBe(true);
    expect(parse('http://127.0.0.1:8080/x')).toBe(true);
    expect(parse('http://alerts.example.com/x')).toBe(false);
    expect(parse('http://alerts.example.com/x', true)).toBe(true);
    expect(parse('file:///etc/passwd')).toBe(false);
  });
});
