import { controlBlockArea, bypassKeyArea, controlWord, statusBlockArea, statusWord } from './register-map.js';
import { modbusException } from './modbus-pdu.js';
import type { ModbusException } from './modbus-pdu.js';
import type { ModbusDevice } from './modbus-server.js';

export interface StationRegistersOptions {
  /** The status block of this moment, 32 words. */
  readonly statusWords: () => Uint16Array;
  readonly onControl: (words: Uint16Array) => void;
  readonly onBypassKey: (words: readonly number[]) => void;
  /** The writer is gone, or another connection took its place. */
  readonly onWriterGone: () => void;
  readonly onRefusedWriter: (peer: string, writer: string) => void;
  /** A writer that does not write for this time loses its right to another that does. */
  readonly writerSilentMs: number;
  readonly monotonicMs: () => number;
}

export interface StationRegisters extends ModbusDevice {
  writer(): string | null;
}

/** The register map as a Modbus device: what a PLC sees of the station in server role. */
export function createStationRegisters(options: StationRegistersOptions): StationRegisters {
  const control = new Uint16Array(controlBlockArea.words);
  let writer: string | null = null;
  let lastWriteAtMs = 0;

  const mayWrite = (peer: string): boolean => {
    const now = options.monotonicMs();
    if (writer !== null && writer !== peer) {
      if (now - lastWriteAtMs < options.writerSilentMs) {
        options.onRefusedWriter(peer, writer);
        return false;
      }
      options.onWriterGone();
    }
    writer = peer;
    lastWriteAtMs = now;
    return true;
  };
  const setControl = (peer: string, change: (words: Uint16Array) => void): ModbusException | null => {
    if (!mayWrite(peer)) return modbusException.deviceBusy;
    change(control);
    options.onControl(control);
    return null;
  };

  return {
    readBits: (table, address, quantity) => {
      const size = table === 'coils' ? controlCoils : statusBits;
      if (address + quantity > size) return illegalAddress;
      const word =
        table === 'coils' ? (control[controlWord.CONTROL] ?? 0) : (options.statusWords()[statusWord.STATUS] ?? 0);
      return { ok: true, value: Array.from({ length: quantity }, (_, bit) => ((word >>> (address + bit)) & 1) === 1) };
    },
    readWords: (table, address, quantity) => {
      const end = address + quantity;
      if (table === 'input') {
        if (end > statusBlockArea.words) return illegalAddress;
        return { ok: true, value: options.statusWords().subarray(address, end) };
      }
      if (end <= controlBlockArea.words) return { ok: true, value: control.slice(address, end) };
      const first = address - statusBlockArea.holding;
      if (first >= 0 && first + quantity <= statusBlockArea.words) {
        return { ok: true, value: options.statusWords().subarray(first, first + quantity) };
      }
      return isBypassKey(address, quantity) ? { ok: true, value: new Uint16Array(quantity) } : illegalAddress;
    },
    writeBits: (peer, address, bits) => {
      if (address + bits.length > controlCoils) return modbusException.illegalAddress;
      return setControl(peer, (words) => {
        bits.forEach((bit, index) => {
          const mask = 1 << (address + index);
          const word = words[controlWord.CONTROL] ?? 0;
          words[controlWord.CONTROL] = bit ? word | mask : word & ~mask;
        });
      });
    },
    writeWords: (peer, address, words) => {
      if (isBypassKey(address, words.length)) {
        if (words.length !== bypassKeyArea.words) return modbusException.illegalValue;
        if (!mayWrite(peer)) return modbusException.deviceBusy;
        options.onBypassKey(words);
        return null;
      }
      if (address + words.length > controlBlockArea.words) return modbusException.illegalAddress;
      const reserved = words[controlWord.RESERVED - address];
      if (reserved !== undefined && reserved !== 0) return modbusException.illegalValue;
      return setControl(peer, (block) => block.set(words, address));
    },
    connected: () => undefined,
    disconnected: (peer) => {
      if (peer !== writer) return;
      writer = null;
      options.onWriterGone();
    },
    writer: () => writer,
  };
}

const controlCoils = 10;
const statusBits = 16;
const illegalAddress = { ok: false, exception: modbusException.illegalAddress } as const;

function isBypassKey(address: number, quantity: number): boolean {
  return address >= bypassKeyArea.holding && address + quantity <= bypassKeyArea.holding + bypassKeyArea.words;
}
