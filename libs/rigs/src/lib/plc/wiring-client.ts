import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { z } from 'zod';
import { pause } from '@edge-blueprints/plc';

const u32 = z.int().min(0).max(0xffff_ffff);
const count = z.int().nonnegative();

/** What the line's sensors tell the PLC. Unknown fields are the line's own business. */
const sensorSchema = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('eye'),
    n: count,
    encoder: u32,
    atMs: z.number(),
    partId: z.string(),
    productId: z.string().default(''),
    recipe: z.int().min(0).max(0xffff).default(1),
  }),
  z.object({ t: z.literal('encoder'), encoder: u32, atMs: z.number() }),
  z.object({ t: z.literal('gate-eye'), n: count, encoder: u32 }),
  z.object({ t: z.literal('accept-eye'), n: count }),
  z.object({ t: z.literal('reject-eye'), n: count }),
  z.object({
    t: z.literal('config'),
    countsPerMm: z.number().positive(),
    cameraToGateMm: z.number().positive(),
    beltMmPerS: z.number().positive(),
    valveDelayMs: z.number().nonnegative(),
  }),
]);

export type SensorMessage = z.infer<typeof sensorSchema>;
export type LineGeometry = Extract<SensorMessage, { readonly t: 'config' }>;

export type OutputMessage =
  | { readonly t: 'accept-coil'; readonly on: boolean }
  | { readonly t: 'belt'; readonly run: boolean };

export interface WiringHandlers {
  readonly onMessage: (message: SensorMessage) => void;
  readonly onConnected: () => void;
  readonly onLost: () => void;
  readonly onInvalid: (line: string) => void;
}

export interface WiringClient {
  send(message: OutputMessage): void;
  connected(): boolean;
  close(): Promise<void>;
}

const reconnectMs = 200;
/** A line of the wiring protocol is short; more without a line end is not this protocol. */
const longestLineBytes = 64 * 1024;

/** The wires between PLC and line: NDJSON over TCP, the line is the server. Reconnects until it is closed. */
export function createWiringClient(target: { readonly host: string; readonly port: number }, handlers: WiringHandlers): WiringClient {
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

function parse(text: string): SensorMessage | null {
  try {
    const parsed = sensorSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
