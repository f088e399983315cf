import { connect, type TLSSocket } from 'node:tls';
import { DeviceError, errorMessage, octetCounted, withDeadline } from '@edge-blueprints/contracts';

/** One connection to the SIEM. */
export interface SyslogConnection {
  /** Resolves when the system has taken the bytes, which is not yet their arrival. @throws DeviceError `audit.siem` */
  send(message: Uint8Array): Promise<void>;
  /** Aborted when the connection is gone. */
  readonly gone: AbortSignal;
  close(): void;
}

export type SyslogConnector = (signal: AbortSignal) => Promise<SyslogConnection>;

export interface SyslogReceiverOptions {
  readonly host: string;
  readonly port: number;
  /** Name in the receiver's certificate; `host` when absent. */
  readonly serverName?: string;
  /** PEM: who signs the receiver's certificate, and our own certificate and key. Both sides are checked. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly timeoutMs?: number;
}

/** Syslog over TLS with certificates on both sides. @see RFC 5425 */
export function createSyslogConnector(options: SyslogReceiverOptions): SyslogConnector {
  const { host, port, ca, cert, key } = options;
  const timeoutMs = options.timeoutMs ?? 10_000;
  const fault = (what: string, cause?: unknown): DeviceError =>
    new DeviceError('audit.siem', `The SIEM's receiver ${host}:${port} ${what}`, { retry: 'safe', cause });

  return async (signal) => {
    const gone = new AbortController();
    const servername = options.serverName ?? host;
    const socket = connect({ host, port, servername, ca, cert, key, minVersion: 'TLSv1.2' });
    const reason = { text: 'closed the connection' };
    socket.on('error', (error) => (reason.text = `failed: ${errorMessage(error)}`));
    socket.once('close', () => gone.abort(fault(reason.text)));
    // Nothing is expected from the other side; without a reader its end would not be seen.
    socket.resume().setKeepAlive(true, 10_000);
    const either = AbortSignal.any([signal, gone.signal]);
    await withDeadline(timeoutMs, either, (limit) => ready(socket, limit)).catch((cause: unknown) => {
      socket.destroy();
      throw gone.signal.aborted ? gone.signal.reason : fault('does not answer', cause);
    });
    return {
      gone: gone.signal,
      close: () => void socket.end(() => socket.destroy()),
      send: (message) =>
        new Promise((resolve, reject) => {
          const stop = (): void => reject(gone.signal.reason);
          if (gone.signal.aborted) return stop();
          gone.signal.addEventListener('abort', stop, { once: true });
          const late = setTimeout(() => socket.destroy(), timeoutMs);
          socket.write(octetCounted(message), (error) => {
            clearTimeout(late);
            gone.signal.removeEventListener('abort', stop);
            if (error === undefined || error === null) resolve();
            else reject(fault(`failed: ${error.message}`, error));
          });
        }),
    };
  };
}

function ready(socket: TLSSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
  });
}
