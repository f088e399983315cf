import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import type { AlertMessage } from '../alert-message.js';
import { emailOutputSchema } from '../alerts-config.js';
import { createEmailOutput } from './email.js';

const alert: AlertMessage = {
  ...{ phase: 'raised', id: 7, site: 'hall', device: 'd1', kind: 'temperature', severity: 'alarm' },
  ...{ text: '92 °C (limit 85 °C)\r\nBcc: eve@example.com', raisedAt: '2026-05-01T08:00:00.000Z', clearedAt: null },
};
const stop = new AbortController().signal;
let server: SMTPServer | undefined;
afterEach(() => new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve()))));

interface Mail {
  readonly to: readonly string[];
  readonly text: string;
}

async function listen(options: { readonly refuse?: number; readonly password?: string } = {}) {
  const mails: Mail[] = [];
  const made = new SMTPServer({
    authOptional: options.password === undefined,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      done(password === options.password ? null : new TypeError('no'), { user: username }),
    onRcptTo: (_address, _session, done) =>
      done(options.refuse === undefined ? null : Object.assign(new TypeError('no'), { responseCode: options.refuse })),
    onData: (stream, session, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text });
        done();
      });
    },
  });
  server = made;
  const port = await new Promise<number>((resolve) => {
    const listener = made.listen(0, '127.0.0.1', () => {
      const address = listener.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const make = (more: object = {}, password: string | undefined = undefined) =>
    createEmailOutput(
      emailOutputSchema.parse({
        ...{ kind: 'email', name: 'mail', host: '127.0.0.1', port, tls: 'none', timeoutMs: 2_000 },
        ...{ from: 'hub@example.com', to: ['ann@example.com', 'bob@example.com'], ...more },
      }),
      { password, ca: undefined },
    );
  return { mails, make };
}

describe('e-mail', () => {
  it('goes to everybody with a subject for the phone, and text cannot become a header', async () => {
    const { mails, make } = await listen();
    await make().send(alert, stop);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.to).toEqual(['ann@example.com', 'bob@example.com']);
    const text = mails[0]?.text ?? '';
    const head = text.slice(0, text.indexOf('\r\n\r\n'));
    expect(head).toMatch(/^Subject: \[fleet-hub\] alarm: temperature at hall\/d1$/m);
    expect(head).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(head).not.toMatch(/^Bcc:/m);
    expect(text.slice(head.length)).toMatch(/Device: d1/);
  });

  it('signs in where it must', async () => {
    const { mails, make } = await listen({ password: 'sesame' });
    await make({ user: 'hub' }, 'sesame').send(alert, stop);
    expect(mails).toHaveLength(1);
    await expect(make({ user: 'hub' }, 'wrong').send(alert, stop)).rejects.toMatchObject({ retry: 'never' });
  });

  it.each([
    [450, 'safe'],
    [550, 'never'],
  ] as const)('says of answer %d whether trying again may help: %s', async (refuse, retry) => {
    const { make } = await listen({ refuse });
    await expect(make().send(alert, stop)).rejects.toMatchObject({ code: 'alerts.output-failed', retry });
  });

  it('is not sent in plain where TLS was asked for', async () => {
    const { mails, make } = await listen();
    await expect(make({ tls: 'starttls' }).send(alert, stop)).rejects.toMatchObject({ code: 'alerts.output-failed' });
    expect(mails).toEqual([]);
  });
});
