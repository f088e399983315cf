/** Modbus exception codes. @see Modbus application protocol specification V1.1b3, section 7 */
export const modbusException = {
  illegalFunction: 0x01,
  illegalAddress: 0x02,
  illegalValue: 0x03,
  deviceFailure: 0x04,
  deviceBusy: 0x06,
  gatewayTargetSilent: 0x0b,
} as const;
export type ModbusException = (typeof modbusException)[keyof typeof modbusException];

export type BitTable = 'coils' | 'discrete-inputs';
export type WordTable = 'holding' | 'input';

export type ModbusRequest =
  | { readonly kind: 'read-bits'; readonly table: BitTable; readonly address: number; readonly quantity: number }
  | { readonly kind: 'read-words'; readonly table: WordTable; readonly address: number; readonly quantity: number }
  | { readonly kind: 'write-bits'; readonly address: number; readonly bits: readonly boolean[] }
  | { readonly kind: 'write-words'; readonly address: number; readonly words: readonly number[] }
  | {
      readonly kind: 'write-read-words';
      readonly write: { readonly address: number; readonly words: readonly number[] };
      readonly read: { readonly address: number; readonly quantity: number };
    };

export type ParsedRequest =
  | { readonly kind: 'request'; readonly functionCode: number; readonly request: ModbusRequest }
  | { readonly kind: 'exception'; readonly functionCode: number; readonly exception: ModbusException };

/** Most items of one request, from the specification: they keep the PDU within 253 bytes. */
const limits = { readBits: 2000, readWords: 125, writeBits: 1968, writeWords: 123, writeWordsWithRead: 121 } as const;

/** Parses one request PDU (function code first). Never throws: whatever is wrong becomes the exception to answer. */
export function parseRequestPdu(pdu: Buffer): ParsedRequest {
  const functionCode = pdu.readUInt8(0);
  const fail = (exception: ModbusException): ParsedRequest => ({ kind: 'exception', functionCode, exception });
  const known = minimumLengths.get(functionCode);
  if (known === undefined) return fail(modbusException.illegalFunction);
  if (pdu.length < known) return fail(modbusException.illegalValue);
  const request = parseBody(functionCode, pdu);
  return request === null ? fail(modbusException.illegalValue) : { kind: 'request', functionCode, request };
}

const minimumLengths: ReadonlyMap<number, number> = new Map([
  [1, 5],
  [2, 5],
  [3, 5],
  [4, 5],
  [5, 5],
  [6, 5],
  [15, 7],
  [16, 8],
  [23, 12],
]);

function parseBody(functionCode: number, pdu: Buffer): ModbusRequest | null {
  const address = pdu.readUInt16BE(1);
  const value = pdu.readUInt16BE(3);
  switch (functionCode) {
    case 1:
    case 2:
      if (!within(value, limits.readBits) || pdu.length !== 5) return null;
      return { kind: 'read-bits', table: functionCode === 1 ? 'coils' : 'discrete-inputs', address, quantity: value };
    case 3:
    case 4:
      if (!within(value, limits.readWords) || pdu.length !== 5) return null;
      return { kind: 'read-words', table: functionCode === 3 ? 'holding' : 'input', address, quantity: value };
    case 5:
      if ((value !== 0xff00 && value !== 0x0000) || pdu.length !== 5) return null;
      return { kind: 'write-bits', address, bits: [value === 0xff00] };
    case 6:
      return pdu.length === 5 ? { kind: 'write-words', address, words: [value] } : null;
    case 15:
      if (!within(value, limits.writeBits) || !announces(pdu, 5, Math.ceil(value / 8))) return null;
      return { kind: 'write-bits', address, bits: unpackBits(pdu.subarray(6), value) };
    case 16:
      if (!within(value, limits.writeWords) || !announces(pdu, 5, value * 2)) return null;
      return { kind: 'write-words', address, words: unpackWords(pdu, 6, value) };
    default:
      return parseWriteRead(pdu, address, value);
  }
}

function parseWriteRead(pdu: Buffer, readAddress: number, readQuantity: number): ModbusRequest | null {
  const writeQuantity = pdu.readUInt16BE(7);
  if (!within(readQuantity, limits.readWords) || !within(writeQuantity, limits.writeWordsWithRead)) return null;
  if (!announces(pdu, 9, writeQuantity * 2)) return null;
  return {
    kind: 'write-read-words',
    write: { address: pdu.readUInt16BE(5), words: unpackWords(pdu, 10, writeQuantity) },
    read: { address: readAddress, quantity: readQuantity },
  };
}

export function exceptionPdu(functionCode: number, exception: ModbusException): Buffer {
  return Buffer.from([functionCode | 0x80, exception]);
}

export function bitsPdu(functionCode: number, bits: readonly boolean[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
  bits.forEach((bit, index) => {
    if (bit) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7));
  });
  return Buffer.concat([Buffer.from([functionCode, bytes.length]), bytes]);
}

export function wordsPdu(functionCode: number, words: ArrayLike<number>): Buffer {
  const pdu = Buffer.alloc(2 + words.length * 2);
  pdu.writeUInt8(functionCode, 0);
  pdu.writeUInt8(words.length * 2, 1);
  for (let index = 0; index < words.length; index += 1) pdu.writeUInt16BE(words[index] ?? 0, 2 + index * 2);
  return pdu;
}

/** The echo that answers a write: the request's first five bytes. */
export function writeEchoPdu(requestPdu: Buffer): Buffer {
  return Buffer.from(requestPdu.subarray(0, 5));
}

function within(quantity: number, limit: number): boolean {
  return quantity >= 1 && quantity <= limit;
}

function announces(pdu: Buffer, at: number, bytes: number): boolean {
  return pdu.readUInt8(at) === bytes && pdu.length === at + 1 + bytes;
}

function unpackWords(pdu: Buffer, at: number, quantity: number): readonly number[] {
  return Array.from({ length: quantity }, (_, index) => pdu.readUInt16BE(at + index * 2));
}

function unpackBits(bytes: Buffer, quantity: number): readonly boolean[] {
  return Array.from({ length: quantity }, (_, index) => (((bytes[index >> 3] ?? 0) >> (index & 7)) & 1) === 1);
}
