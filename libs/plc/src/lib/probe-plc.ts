import { DeviceError } from '@edge-blueprints/contracts';
import { connectModbus } from './modbus-client.js';
import type { ModbusClient } from './modbus-client.js';
import { controlWord, mapSignature, mapVersion, statusBlockArea } from './register-map.js';

export type PlcProbe =
  | { readonly kind: 'station'; readonly wordOrder: 'high-first' | 'low-first'; readonly detail: string }
  | { readonly kind: 'plc'; readonly detail: string }
  | {
      readonly kind: 'wrong-map' | 'swapped-bytes' | 'silent' | 'unreachable' | 'not-modbus' | 'refused';
      readonly detail: string;
    };

export interface PlcProbeOptions {
  readonly unitId?: number;
  readonly timeoutMs?: number;
}

/** Looks at what answers at an address, without writing, and says what is wrong. Never throws for what it finds. */
export async function probePlc(host: string, port: number, options: PlcProbeOptions = {}): Promise<PlcProbe> {
  const timeoutMs = options.timeoutMs ?? 1000;
  const place = `${host}:${port}`;
  let client: ModbusClient;
  try {
    const target = { host, port, unitId: options.unitId ?? 1, timeoutMs, connectTimeoutMs: timeoutMs };
    client = await connectModbus(target, new AbortController().signal);
  } catch (error) {
    return { kind: 'unreachable', detail: error instanceof Error ? error.message : String(error) };
  }
  try {
    const [first = 0, second = 0] = await firstAnswer(client);
    const known = describeMapId(first, second, place);
    if (known !== null) return known;
    return await describePlc(client, first, second, place);
  } catch (error) {
    return describeFailure(error, place);
  } finally {
    client.close();
  }
}

/** Map words of a station from input registers 0 and 1, or of the mirror where 3x registers are not there. */
async function firstAnswer(client: ModbusClient): Promise<readonly number[]> {
  try {
    return await client.readInput(statusBlockArea.input, 2);
  } catch (error) {
    if (!(error instanceof DeviceError) || error.code !== 'plc.modbus-exception') throw error;
    return client.readHolding(statusBlockArea.holding, 2);
  }
}

function describeMapId(first: number, second: number, place: string): PlcProbe | null {
  if (first === mapSignature && second === mapVersion) {
    return {
      kind: 'station',
      wordOrder: 'high-first',
      detail: `${place} has the verdict block, map version ${second}`,
    };
  }
  if (second === mapSignature && first === mapVersion) {
    const detail = `${place} has the verdict block with the low word first; set wordOrder to low-first on both sides`;
    return { kind: 'station', wordOrder: 'low-first', detail };
  }
  if (first === swapBytes(mapSignature)) {
    return { kind: 'swapped-bytes', detail: `${place} swaps the bytes within words (${hex(first)} instead of 4531)` };
  }
  if (first !== mapSignature) return null;
  return { kind: 'wrong-map', detail: `${place} has map version ${second}, this side speaks version ${mapVersion}` };
}

/** A PLC that waits for a station to write has an empty status block and names the map version that it expects. */
async function describePlc(client: ModbusClient, first: number, second: number, place: string): Promise<PlcProbe> {
  const [expected = 0] = await client.readHolding(controlWord.EXPECTED_MAP_VERSION, 1);
  if (first === 0 && second === 0 && expected === mapVersion) {
    return { kind: 'plc', detail: `${place} is a PLC that expects a station to write map version ${expected}` };
  }
  const detail = `${place} speaks Modbus with another register map: found ${hex(first)} ${hex(second)} where 4531 0001 belongs`;
  return { kind: 'wrong-map', detail };
}

function describeFailure(error: unknown, place: string): PlcProbe {
  if (!(error instanceof DeviceError)) return { kind: 'not-modbus', detail: String(error) };
  if (error.code === 'plc.read-timeout') {
    return {
      kind: 'silent',
      detail: `${place} accepts connections and does not answer; check the unit id and that it runs`,
    };
  }
  if (error.code === 'plc.modbus-exception' && error.context['exceptionCode'] === 11) {
    return { kind: 'refused', detail: `${place} has no such unit id` };
  }
  if (error.code === 'plc.modbus-exception') {
    return { kind: 'wrong-map', detail: `${place} speaks Modbus but has no such registers: ${error.message}` };
  }
  if (error.code === 'plc.connection-lost') {
    return {
      kind: 'refused',
      detail: `${place} closed the connection; this address may not be among its allowed peers`,
    };
  }
  return { kind: 'not-modbus', detail: `${place} does not speak Modbus TCP: ${error.message}` };
}

function swapBytes(word: number): number {
  return ((word & 0xff) << 8) | (word >>> 8);
}

function hex(word: number): string {
  return word.toString(16).padStart(4, '0');
}
