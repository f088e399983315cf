import { allowedPeerList, createModbusServer, createPlcRegisters, statusBlockArea } from '@edge-blueprints/plc';
import type { ModbusServer } from '@edge-blueprints/plc';
import type { PlcBrain } from './plc-brain.js';
import type { PlcFaults } from './plc-faults.js';
import type { ModbusSide } from './station-poller.js';

export interface PlcModbusServerOptions {
  readonly host: string;
  readonly port: number;
  readonly faults: PlcFaults;
}

const watchFaultsMs = 20;

/** The PLC as Modbus server: the station writes into it, and each write is a read of the process image. */
export async function createPlcModbusServer(options: PlcModbusServerOptions, brain: PlcBrain): Promise<ModbusSide> {
  const { faults } = options;
  let before: Uint16Array = new Uint16Array(statusBlockArea.words);
  const registers = createPlcRegisters({
    controlWords: () => brain.control(),
    onStatus: (words) => {
      const now = Uint16Array.from(words);
      if (faults.on('torn-registers')) {
        const half = statusBlockArea.words / 2;
        const torn = Uint16Array.from(now);
        torn.set(before.subarray(half), half);
        brain.status(torn);
        setTimeout(() => brain.status(now), faults.ms('torn-registers'));
      } else if (faults.on('slow')) setTimeout(() => brain.status(now), faults.ms('slow'));
      else brain.status(now);
      before = now;
    },
    onStationGone: () => brain.stationGap(),
  });
  const open = (port: number): Promise<ModbusServer> =>
    createModbusServer(
      {
        host: options.host,
        port,
        unitId: 1,
        maxConnections: 8,
        idleTimeoutMs: 30_000,
        allowedPeers: allowedPeerList([]),
      },
      registers,
    );
  let server: ModbusServer | null = await open(options.port);
  const { port } = server;
  let busy = false;
  const follow = async (): Promise<void> => {
    if (busy || faults.on('gone') === (server === null)) return;
    busy = true;
    const closing = server;
    server = null;
    if (closing === null) server = await open(port);
    else await closing.close();
    busy = false;
  };
  const timer = setInterval(() => void follow(), watchFaultsMs);
  return {
    urgent: () => undefined,
    port,
    close: async () => {
      clearInterval(timer);
      await server?.close();
    },
  };
}
