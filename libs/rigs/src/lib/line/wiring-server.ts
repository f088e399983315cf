import type { Socket } from 'node:net';
import type { Logger } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { listen } from './listening.js';
import type { PlcOutput, WiringSignal } from './wiring.js';
import { plcOutputSchema } from './wiring.js';

const maxLineBytes = 4096;
/** A PLC that leaves a megabyte unread has stopped; its wires are cut. */
const maxUnreadBytes = 1024 * 1024;

export interface WiringServer {
  readonly port: number;
  readonly connected: boolean;
  send(signal: WiringSignal): void;
  close(): Promise<void>;
}

/** The field wiring of the line: one JSON object a line, both ways. */
export async function createWiringServer(options: {
  readonly port: number;
  readonly logger: Logger;
  /** Sent to each PLC as it connects. */
  readonly greeting: WiringSignal;
  readonly onOutput: (output: PlcOutput) => void;
  readonly onChange: () => void;
}): Promise<WiringServer> {
  const { logger } = options;
  const read = (socket: Socket): void => {
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > maxLineBytes) {
        logger.warn('wiring.line-too-long', { bytes: rest.length });
        socket.destroy();
        return;
      }
      for (const line of lines) if (line.trim() !== '') accept(line);
    });
    socket.write(`${JSON.stringify(options.greeting)}\n`);
  };
  const accept = (line: string): void => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      logger.warn('wiring.not-json', { line: line.slice(0, 80) });
      return;
    }
    const output = plcOutputSchema.safeParse(value);
    if (output.success) options.onOutput(output.data);
    else logger.warn('wiring.unknown', { problem: z.prettifyError(output.error) });
  };
  const listening = await listen('field wiring', options.port, read, options.onChange);
  return {
    get port() {
      return listening.port;
    },
    get connected() {
      return listening.sockets.size > 0;
    },
    send(signal) {
      if (listening.sockets.size === 0) return;
      const line = `${JSON.stringify(signal)}\n`;
      for (const socket of listening.sockets) {
        if (socket.writableLength > maxUnreadBytes) socket.destroy();
        else socket.write(line);
      }
    },
    close: () => listening.shut(),
  };
}
