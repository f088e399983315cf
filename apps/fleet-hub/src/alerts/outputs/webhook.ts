import { createHmac } from 'node:crypto';
import { DeviceError, withDeadline } from '@edge-blueprints/contracts';
import type { AlertMessage, AlertOutput } from '../alert-message.js';
import type { WebhookOutputConfig } from '../alerts-config.js';
import { outputFault } from './output-fault.js';

/**
 * Signature of a webhook: HMAC-SHA256 of `{timestamp}.{body}`, hex. The receiver computes it again and refuses an old
 * timestamp, so that nobody can forge a message or send a real one twice.
 */
export function webhookSignature(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`, 'utf8').digest('hex');
}

/** POSTs the message as JSON. Redirects are not followed: they would carry the message to a place nobody configured. */
export function createWebhookOutput(
  config: WebhookOutputConfig,
  deps: { readonly secret: string | undefined; readonly epochMs: () => number },
): AlertOutput {
  return {
    name: config.name,
    minSeverity: config.minSeverity,
    send: async (message: AlertMessage, signal) => {
      const body = JSON.stringify(message);
      const timestamp = String(Math.floor(deps.epochMs() / 1000));
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'edge-blueprints-fleet-hub',
        'x-edge-delivery': `${message.id}-${message.phase}`,
        'x-edge-timestamp': timestamp,
        ...(deps.secret === undefined
          ? {}
          : { 'x-edge-signature': `sha256=${webhookSignature(deps.secret, timestamp, body)}` }),
      };
      const answer = await withDeadline(config.timeoutMs, signal, (limit) =>
        fetch(config.url, { method: 'POST', body, headers, redirect: 'manual', signal: limit }),
      ).catch((error: unknown) => {
        throw outputFault(config.name, error instanceof TypeError ? (error.cause ?? error) : error);
      });
      await answer.body?.cancel();
      if (answer.ok) return;
      const again = answer.status >= 500 || answer.status === 408 || answer.status === 429;
      throw new DeviceError('alerts.output-refused', `Alert output ${config.name}: HTTP ${answer.status}`, {
        retry: again ? 'safe' : 'never',
      });
    },
  };
}
