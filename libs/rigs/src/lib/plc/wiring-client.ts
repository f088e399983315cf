import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { pause } from '@edge-blueprints/plc';
import { wiringSignalSchema } from '../line/wiring.js';
import type { PlcOutput, WiringSignal } from '../line/wiring.js';

export type LineGeometry = Extract<WiringSignal, { readonly t: 'config' }>;

export interface WiringHandlers {
  readonly onMessage: (message: WiringSignal) => void;
  readonly onConnected: () => void;
  readonly onLost: () => void;
  readonly onInvalid: (line: string) => void;
}

export interface WiringClient {
  send(message: PlcOutput): void;
  connected(): boolean;
  close(): Promise<void>;
}

const reconnectMs = 200;
/** A line of the wiring protocol is short; more without a line end is not this protocol. */
const longestLineBytes = 64 * 1024;

/** The wires between PLC and line: NDJSON over TCP, the line is the server. Reconnects until it is closed. */
export function createWiringClient(
  target: { readonly host: string; readonly port: number },
  handlers: WiringHandlers,
): WiringClient {
  const stop = new AbortController();
  let socket: Socket | null = null;

  const read = (text: string): void => {
    const message = parse(text);
    if (message === null) handlers.onInvalid(text.slice(0, 200));
    else handlers.onMessage(message);
  };
  const once = (): Promise<void> =>
    new Promise((resolve) => {
      const wire = connect(target);
      const onStop = (): void => {
        wire.destroy();
      };
      stop.signal.addEventListener('abort', onStop, { once: true });
      let pending = '';
      wire.setNoDelay(true);
      wire.setEncoding('utf8');
      wire.on('connect', () => {
        socket = wire;
        handlers.onConnected();
      });
      wire.on('data', (chunk: string) => {
        const lines = (pending + chunk).split('\n');
        pending = lines.pop() ?? '';
        for (const text of lines) if (text.trim() !== '') read(text);
        if (pending.length > longestLineBytes) wire.destroy();
      });
      wire.on('error', () => undefined);
      wire.on('close', () => {
        stop.signal.removeEventListener('abort', onStop);
        if (socket === wire) {
          socket = null;
          handlers.onLost();
        }
        resolve();
      });
    });
  const running = (async () => {
    while (!stop.signal.aborted) {
      await once();
      await pause(reconnectMs, stop.signal);
    }
  })();
  return {
    send: (message) => socket?.write(`${JSON.stringify(message)}\n`),
    connected: () => socket !== null,
    close: async () => {
      stop.abort();
      await running;
    },
  };
}

function parse(text: string): WiringSignal | null {
  try {
    const parsed = wiringSignalSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
