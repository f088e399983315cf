import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { isIPv6 } from 'node:net';
import { DeviceError, octetCounted, withDeadline } from '@edge-blueprints/contracts';
import type { AlertOutput } from '../alert-message.js';
import type { SyslogOutputConfig } from '../alerts-config.js';
import { outputFault } from './output-fault.js';
import { syslogMessage } from './syslog-format.js';

/**
 * Syslog over UDP (no sign of arrival), TCP or TLS. TCP has no acknowledgement either: `sent` means that the receiver took
 * the bytes and closed without an error.
 */
export function createSyslogOutput(
  config: SyslogOutputConfig,
  deps: {
    readonly ca: string | undefined;
    readonly hostname: string;
    readonly processId: number;
    readonly epochMs: () => number;
  },
): AlertOutput {
  const { facility, host, port } = config;
  const { hostname, processId } = deps;
  return {
    name: config.name,
    minSeverity: config.minSeverity,
    send: async (message, signal) => {
      const at = new Date(deps.epochMs()).toISOString();
      const bytes = syslogMessage(message, { facility, hostname, processId, at });
      await withDeadline(config.timeoutMs, signal, (limit) =>
        config.transport === 'udp'
          ? sendDatagram(bytes, config, limit)
          : sendStream(octetCounted(bytes), () => open(), limit),
      ).catch((error: unknown) => {
        throw outputFault(config.name, error);
      });
    },
  };

  function open(): { readonly socket: Socket; readonly ready: 'connect' | 'secureConnect' } {
    if (config.transport === 'tcp') return { socket: connect({ host, port }), ready: 'connect' };
    const ca = deps.ca === undefined ? {} : { ca: deps.ca };
    return { socket: connectTls({ host, port, servername: host, ...ca }), ready: 'secureConnect' };
  }
}

function sendDatagram(bytes: Uint8Array, { host, port }: SyslogOutputConfig, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', signal }).once('error', reject);
    signal.addEventListener('abort', () => reject(late(signal)), { once: true });
    socket.send(bytes, port, host, (error) => {
      if (!signal.aborted) socket.close();
      if (error === null) resolve();
      else reject(error);
    });
  });
}

function sendStream(
  bytes: Uint8Array,
  open: () => { readonly socket: Socket; readonly ready: 'connect' | 'secureConnect' },
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const { socket, ready } = open();
    const stop = (): void => {
      socket.destroy();
      reject(late(signal));
    };
    signal.addEventListener('abort', stop, { once: true });
    socket.once(ready, () => socket.end(bytes));
    // Without a reader the end of the other side would never be seen.
    socket.resume();
    socket.once('error', reject);
    socket.once('close', () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
  });
}

function late(signal: AbortSignal): DeviceError {
  return new DeviceError('alerts.output-timeout', 'The syslog receiver did not take the message in time', {
    retry: 'safe',
    cause: signal.reason,
  });
}
