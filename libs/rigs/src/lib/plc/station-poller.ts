import { createRandom } from '@edge-blueprints/contracts';
import { controlBlockArea, maintainModbusSession, pause, statusBlockArea } from '@edge-blueprints/plc';
import type { ModbusClient } from '@edge-blueprints/plc';
import type { PlcBrain } from './plc-brain.js';
import type { PlcFaults } from './plc-faults.js';

export interface StationPollerOptions {
  readonly host: string;
  readonly port: number;
  readonly faults: PlcFaults;
  readonly onDisconnected: (code: string, message: string) => void;
}

export interface ModbusSide {
  /** Scan now instead of at the next interval. */
  urgent(): void;
  /** Bound port where this side is a server. */
  readonly port: number | null;
  close(): Promise<void>;
}

/** Between looks at whether a dead PLC has come back. */
const deadCheckMs = 10;

/**
 * The PLC as Modbus client: each scan writes the control block and reads the status block in one function code 23. Fast
 * during the phases of the handshake, and without any pause while a verdict is due: timers are no finer than a millisecond.
 */
export function createStationPoller(options: StationPollerOptions, brain: PlcBrain): ModbusSide {
  const { faults } = options;
  const stop = new AbortController();
  let wake: () => void = () => undefined;
  let urgent = false;

  const sleep = (ms: number, ended: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        ended.removeEventListener('abort', done);
        wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      ended.addEventListener('abort', done, { once: true });
      wake = done;
    });
  const rest = (ms: number, ended: AbortSignal): Promise<void> => (ms === 0 ? nextTurn() : sleep(ms, ended));
  const scan = async (client: ModbusClient): Promise<void> => {
    const write = { address: controlBlockArea.holding, words: brain.control() };
    if (!faults.on('torn-registers')) {
      const read = { address: statusBlockArea.holding, quantity: statusBlockArea.words };
      return brain.status(await client.writeReadHolding(write, read));
    }
    // A PLC that reads the block in two pieces, with a pause in which the station may change it.
    const half = statusBlockArea.words / 2;
    const first = await client.writeReadHolding(write, { address: statusBlockArea.holding, quantity: half });
    await pause(faults.ms('torn-registers'), stop.signal);
    brain.status([...first, ...(await client.readHolding(statusBlockArea.holding + half, half))]);
  };
  const work = async (client: ModbusClient, ended: AbortSignal): Promise<void> => {
    while (!ended.aborted && !faults.on('gone')) {
      urgent = false;
      await scan(client);
      if (faults.on('slow')) await pause(faults.ms('slow'), ended);
      else if (!urgent) await rest(brain.scanPauseMs(), ended);
    }
    if (!client.open) throw await client.closed;
    client.close();
    while (faults.on('gone') && !stop.signal.aborted) await pause(deadCheckMs, stop.signal);
  };
  const running = maintainModbusSession(
    {
      client: { host: options.host, port: options.port, unitId: 1, timeoutMs: 250, connectTimeoutMs: 1000 },
      backoffMinMs: 50,
      backoffMaxMs: 500,
      random: createRandom(options.port),
      work: async (client, ended) => {
        try {
          await work(client, ended);
        } finally {
          brain.stationGap();
        }
      },
      onDisconnected: options.onDisconnected,
    },
    stop.signal,
  );
  return {
    urgent: () => {
      urgent = true;
      wake();
    },
    port: null,
    close: async () => {
      stop.abort();
      await running;
    },
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
