import type { Clock, Logger } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { createPlcBrain } from './plc-brain.js';
import { createPlcFaults, plcFaultNames } from './plc-faults.js';
import { createPlcModbusServer } from './plc-modbus-server.js';
import { createStationPoller } from './station-poller.js';
import type { ModbusSide } from './station-poller.js';
import { createWiringClient } from './wiring-client.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface PlcProcessOptions {
  /** Of the station: `server` is polled at `station`, `client` writes to `listen`. */
  readonly modbus:
    { readonly role: 'server'; readonly station: Address } | { readonly role: 'client'; readonly listen: Address };
  readonly wiring: Address;
  readonly scanMs: number;
  readonly autoResetMs: number | null;
}

export interface PlcProcessDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly emit: (event: Readonly<Record<string, unknown>>) => void;
}

export const plcCommandSchema = z.discriminatedUnion('command', [
  z.object({
    command: z.literal('fault'),
    name: z.enum(plcFaultNames),
    on: z.boolean().default(true),
    ms: z.number().nonnegative().max(600_000).optional(),
  }),
  z.object({ command: z.literal('reset') }),
  z.object({ command: z.literal('empty-bin') }),
  z.object({ command: z.literal('power-cycle') }),
]);

export type PlcCommand = z.infer<typeof plcCommandSchema>;

export interface PlcProcess {
  /** Ports for the ready event. */
  readonly ports: Readonly<Record<string, number>>;
  command(command: PlcCommand): void;
  close(): Promise<void>;
}

const tickMs = 20;

export async function createPlcProcess(options: PlcProcessOptions, deps: PlcProcessDeps): Promise<PlcProcess> {
  const { clock, logger, emit } = deps;
  const faults = createPlcFaults();
  let side: ModbusSide | null = null;
  const brain = createPlcBrain({
    clock,
    faults,
    scanMs: options.scanMs,
    autoResetMs: options.autoResetMs,
    send: (message) => wiring.send(message),
    emit,
    onUrgent: () => side?.urgent(),
  });
  const wiring = createWiringClient(options.wiring, {
    onMessage: brain.sensor,
    onConnected: brain.wiringConnected,
    onLost: () => {
      logger.warn('plc.wiring-lost', { ...options.wiring });
      brain.wiringLost();
    },
    onInvalid: (line) => logger.warn('plc.wiring-invalid', { line }),
  });
  try {
    side = await openModbus(options, faults, logger, brain);
  } catch (error) {
    await wiring.close();
    throw error;
  }
  const opened = side;
  const timer = setInterval(brain.tick, tickMs);
  return {
    ports: opened.port === null ? {} : { modbus: opened.port },
    command: (command) => {
      if (command.command === 'fault') faults.set(command.name, command.on, command.ms);
      else if (command.command === 'reset') brain.reset();
      else if (command.command === 'empty-bin') brain.emptyBin();
      else brain.powerCycle();
    },
    close: async () => {
      clearInterval(timer);
      await opened.close();
      await wiring.close();
    },
  };
}

async function openModbus(
  options: PlcProcessOptions,
  faults: ReturnType<typeof createPlcFaults>,
  logger: Logger,
  brain: ReturnType<typeof createPlcBrain>,
): Promise<ModbusSide> {
  if (options.modbus.role === 'client') return createPlcModbusServer({ ...options.modbus.listen, faults }, brain);
  const onDisconnected = (code: string, message: string): void => logger.warn(code, { message });
  return createStationPoller({ ...options.modbus.station, faults, onDisconnected }, brain);
}
