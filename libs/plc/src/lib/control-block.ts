import { UsageError } from '@edge-blueprints/contracts';
import { controlBlockArea, controlWord as w } from './register-map.js';
import { readU32, writeU32 } from './word-order.js';
import type { WordOrder } from './word-order.js';

/** What the PLC tells the station, decoded. */
export interface ControlBlock {
  readonly controlBits: number;
  readonly heartbeat: number;
  /** 1 to 65535; 0 is no part. */
  readonly partSeq: number;
  readonly recipeId: number;
  readonly encoder: number;
  /** At most 16 printable ASCII characters. */
  readonly partId: string;
  readonly expectedMapVersion: number;
}

export const emptyControlBlock: ControlBlock = {
  controlBits: 0,
  heartbeat: 0,
  partSeq: 0,
  recipeId: 0,
  encoder: 0,
  partId: '',
  expectedMapVersion: 0,
};

const partIdWords = 8;

/** @throws UsageError `plc.part-id` when the part id does not fit into 16 printable ASCII characters */
export function encodeControlBlock(block: ControlBlock, order: WordOrder): Uint16Array {
  if (!/^[\x20-\x7e]{0,16}$/.test(block.partId)) {
    throw new UsageError(
      'plc.part-id',
      `Part id ${JSON.stringify(block.partId)} does not fit the register map; use at most 16 printable ASCII characters`,
    );
  }
  const words = new Uint16Array(controlBlockArea.words);
  words[w.CONTROL] = block.controlBits;
  words[w.PLC_HEARTBEAT] = block.heartbeat;
  words[w.PART_SEQ] = block.partSeq;
  words[w.RECIPE_ID] = block.recipeId;
  writeU32(words, w.ENCODER_AT_TRIGGER, block.encoder, order);
  for (let word = 0; word < partIdWords; word += 1) {
    const high = byteAt(block.partId, word * 2);
    words[w.PART_ID + word] = high * 0x100 + byteAt(block.partId, word * 2 + 1);
  }
  words[w.EXPECTED_MAP_VERSION] = block.expectedMapVersion;
  return words;
}

/** Bytes that are not printable ASCII become `?`: a bad barcode must not stop the line. */
export function decodeControlBlock(words: ArrayLike<number>, order: WordOrder): ControlBlock {
  const at = (offset: number): number => words[offset] ?? 0;
  let partId = '';
  for (let index = 0; index < partIdWords * 2; index += 1) {
    const word = at(w.PART_ID + (index >> 1));
    const byte = index % 2 === 0 ? word >>> 8 : word & 0xff;
    if (byte === 0) break;
    partId += byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : '?';
  }
  return {
    controlBits: at(w.CONTROL),
    heartbeat: at(w.PLC_HEARTBEAT),
    partSeq: at(w.PART_SEQ),
    recipeId: at(w.RECIPE_ID),
    encoder: readU32(words, w.ENCODER_AT_TRIGGER, order),
    partId,
    expectedMapVersion: at(w.EXPECTED_MAP_VERSION),
  };
}

function byteAt(text: string, index: number): number {
  return index < text.length ? text.charCodeAt(index) : 0;
}
