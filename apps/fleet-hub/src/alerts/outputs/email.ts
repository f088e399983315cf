import { createTransport } from 'nodemailer';
import { DeviceError, errorMessage } from '@edge-blueprints/contracts';
import type { AlertOutput } from '../alert-message.js';
import { subjectOf } from '../alert-message.js';
import type { EmailOutputConfig } from '../alerts-config.js';

/** Plain text by SMTP, one connection a message. */
export function createEmailOutput(
  config: EmailOutputConfig,
  deps: { readonly password: string | undefined; readonly ca: string | undefined },
): AlertOutput {
  const { host, port, timeoutMs, tls, user } = config;
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(user === null || deps.password === undefined ? {} : { auth: { user, pass: deps.password } }),
    tls: { minVersion: 'TLSv1.2', ...(deps.ca === undefined ? {} : { ca: deps.ca }) },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    name: config.name,
    minSeverity: config.minSeverity,
    send: async (message) => {
      const lines = [
        message.text,
        '',
        `Site: ${message.site}`,
        `Device: ${message.device === '*' ? 'the whole site' : message.device}`,
        `Raised: ${message.raisedAt}`,
        ...(message.clearedAt === null ? [] : [`Cleared: ${message.clearedAt}`]),
      ];
      try {
        await transport.sendMail({
          from: config.from,
          to: [...config.to],
          subject: `[fleet-hub] ${subjectOf(message)}`,
          text: lines.join('\n'),
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw new DeviceError('alerts.output-failed', `Alert output ${config.name}: ${errorMessage(error)}`, {
          cause: error,
          retry: isFinal(error) ? 'never' : 'safe',
        });
      }
    },
  };
}

/** An answer of 500 and above says that the same message will not be taken later either. */
function isFinal(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'responseCode' in error ? error.responseCode : undefined;
  return typeof code === 'number' && code >= 500;
}
