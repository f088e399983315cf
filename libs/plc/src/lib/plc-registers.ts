import { modbusException } from './modbus-pdu.js';
import type { ModbusDevice } from './modbus-server.js';
import { bypassKeyArea, controlBlockArea, statusBlockArea, statusWord } from './register-map.js';

export interface PlcRegistersOptions {
  /** The control block of this moment; each call may count as one heartbeat. */
  readonly controlWords: () => Uint16Array;
  /** The status block after each write of the station. */
  readonly onStatus: (words: Uint16Array) => void;
  readonly onStationGone: () => void;
}

/** The register map seen from a PLC that is the Modbus server: the station writes the status block, the PLC's own words are read-only. */
export function createPlcRegisters(options: PlcRegistersOptions): ModbusDevice {
  const status = new Uint16Array(statusBlockArea.words);
  let station: string | null = null;
  return {
    readBits: (table, address, quantity) => {
      const first = table === 'coils' ? address - statusBlockArea.coils : -1;
      if (first < 0 || first + quantity > 16) return illegalAddress;
      const word = status[statusWord.STATUS] ?? 0;
      return { ok: true, value: Array.from({ length: quantity }, (_, bit) => ((word >>> (first + bit)) & 1) === 1) };
    },
    readWords: (table, address, quantity) => {
      if (table === 'input') return illegalAddress;
      if (address + quantity <= controlBlockArea.words) {
        return { ok: true, value: options.controlWords().subarray(address, address + quantity) };
      }
      const first = address - statusBlockArea.holding;
      if (first >= 0 && first + quantity <= statusBlockArea.words) {
        return { ok: true, value: status.subarray(first, first + quantity) };
      }
      const isKey = address === bypassKeyArea.holding && quantity === bypassKeyArea.words;
      return isKey ? { ok: true, value: new Uint16Array(quantity) } : illegalAddress;
    },
    writeBits: (peer, address, bits) => {
      const first = address - statusBlockArea.coils;
      if (first < 0 || first + bits.length > 16) return modbusException.illegalAddress;
      station = peer;
      bits.forEach((bit, index) => {
        const mask = 1 << (first + index);
        const word = status[statusWord.STATUS] ?? 0;
        status[statusWord.STATUS] = bit ? word | mask : word & ~mask;
      });
      options.onStatus(status);
      return null;
    },
    writeWords: (peer, address, words) => {
      const first = address - statusBlockArea.holding;
      if (first < 0 || first + words.length > statusBlockArea.words) return modbusException.illegalAddress;
      station = peer;
      status.set(words, first);
      options.onStatus(status);
      return null;
    },
    connected: () => undefined,
    disconnected: (peer) => {
      if (peer !== station) return;
      station = null;
      status.fill(0);
      options.onStationGone();
    },
  };
}

const illegalAddress = { ok: false, exception: modbusException.illegalAddress } as const;
