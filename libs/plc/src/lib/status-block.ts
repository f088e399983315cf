import type { VerdictKind } from '@edge-blueprints/contracts';
import { crc16OfWords } from './crc16.js';
import {
  crcRange,
  goldenStateCode,
  mapSignature,
  mapVersion,
  statusBlockArea,
  statusWord as w,
  verdictCode,
} from './register-map.js';
import type { GoldenState } from './register-map.js';
import { readU32, readU48, writeU32, writeU48 } from './word-order.js';
import type { WordOrder } from './word-order.js';

/** What the station tells the PLC, decoded. `verdict` is null while no result was ever published. */
export interface StatusBlock {
  readonly statusBits: number;
  readonly heartbeat: number;
  /** RESULT_SEQ_HEAD and RESULT_SEQ_TAIL. */
  readonly resultSeq: number;
  readonly partSeq: number;
  readonly verdict: VerdictKind | null;
  readonly reasonCode: number;
  readonly defectClassMask: number;
  readonly defectCount: number;
  /** 0 to 1, kept to 1/10000. */
  readonly topScore: number;
  /** Kept to 0.1 ms, at most 6553.5 ms. */
  readonly latencyMs: number;
  readonly inferenceMs: number;
  readonly encoder: number;
  readonly recipeActive: number;
  readonly modelHash16: number;
  readonly queueDepth: number;
  readonly errorCode: number;
  readonly inspected: number;
  readonly rejected: number;
  readonly missedTriggers: number;
  readonly epochMs: number;
  readonly goldenState: GoldenState;
}

/**
 * What a read of 32 words turned out to be. Only `valid` is a result. STATUS and the heartbeat lie outside of the CRC,
 * so that a PLC can watch them even when the result words of the same read are torn.
 */
export type StatusReading =
  | { readonly kind: 'valid'; readonly block: StatusBlock; readonly verdict: VerdictKind }
  /** Intact, but VERDICT holds none of the four patterns. */
  | { readonly kind: 'not-a-result'; readonly block: StatusBlock; readonly found: number }
  /** HEAD and TAIL differ: the words belong to two results. Read again. */
  | { readonly kind: 'torn'; readonly statusBits: number; readonly heartbeat: number }
  | {
      readonly kind: 'corrupt';
      readonly what: 'crc' | 'complement';
      readonly statusBits: number;
      readonly heartbeat: number;
    }
  | { readonly kind: 'wrong-word-order' }
  | { readonly kind: 'wrong-map'; readonly signature: number; readonly version: number };

export function encodeStatusBlock(block: StatusBlock, order: WordOrder): Uint16Array {
  const words = new Uint16Array(statusBlockArea.words);
  const verdict = block.verdict === null ? 0 : verdictCode[block.verdict];
  writeU32(words, w.MAP_SIGNATURE, mapSignature * 0x10000 + mapVersion, order);
  words[w.STATUS] = block.statusBits;
  words[w.STATION_HEARTBEAT] = block.heartbeat;
  words[w.RESULT_SEQ_HEAD] = block.resultSeq;
  words[w.PART_SEQ_ECHO] = block.partSeq;
  words[w.VERDICT] = verdict;
  words[w.VERDICT_COMPLEMENT] = ~verdict;
  words[w.REASON_CODE] = block.reasonCode;
  words[w.DEFECT_CLASS_MASK] = block.defectClassMask;
  words[w.DEFECT_COUNT] = saturate(block.defectCount);
  words[w.TOP_SCORE] = saturate(block.topScore * 10_000);
  words[w.LATENCY] = saturate(block.latencyMs * 10);
  words[w.INFERENCE] = saturate(block.inferenceMs * 10);
  writeU32(words, w.ENCODER_ECHO, block.encoder, order);
  words[w.RECIPE_ACTIVE] = block.recipeActive;
  words[w.MODEL_HASH16] = block.modelHash16;
  words[w.QUEUE_DEPTH] = block.queueDepth;
  words[w.ERROR_CODE] = block.errorCode;
  writeU32(words, w.INSPECTED_TOTAL, block.inspected, order);
  writeU32(words, w.REJECTED_TOTAL, block.rejected, order);
  writeU32(words, w.MISSED_TOTAL, block.missedTriggers, order);
  writeU48(words, w.TIME, block.epochMs, order);
  words[w.GOLDEN_STATE] = goldenStateCode[block.goldenState];
  words[w.CRC16] = crc16OfWords(words, crcRange.first, crcRange.last);
  words[w.RESULT_SEQ_TAIL] = block.resultSeq;
  return words;
}

/** Never throws: a read is judged, not trusted. */
export function decodeStatusBlock(words: ArrayLike<number>, order: WordOrder): StatusReading {
  const at = (offset: number): number => words[offset] ?? 0;
  const mapId = mapSignature * 0x10000 + mapVersion;
  if (words.length !== statusBlockArea.words || readU32(words, w.MAP_SIGNATURE, order) !== mapId) {
    const swapped = readU32(words, w.MAP_SIGNATURE, order === 'high-first' ? 'low-first' : 'high-first') === mapId;
    if (swapped) return { kind: 'wrong-word-order' };
    return { kind: 'wrong-map', signature: at(w.MAP_SIGNATURE), version: at(w.MAP_VERSION) };
  }
  const live = { statusBits: at(w.STATUS), heartbeat: at(w.STATION_HEARTBEAT) };
  if (at(w.RESULT_SEQ_HEAD) !== at(w.RESULT_SEQ_TAIL)) return { kind: 'torn', ...live };
  if (crc16OfWords(words, crcRange.first, crcRange.last) !== at(w.CRC16))
    return { kind: 'corrupt', what: 'crc', ...live };
  const found = at(w.VERDICT);
  if ((found ^ at(w.VERDICT_COMPLEMENT)) !== 0xffff) return { kind: 'corrupt', what: 'complement', ...live };
  const verdict = verdictOfCode(found);
  const block: StatusBlock = {
    ...live,
    resultSeq: at(w.RESULT_SEQ_HEAD),
    partSeq: at(w.PART_SEQ_ECHO),
    verdict,
    reasonCode: at(w.REASON_CODE),
    defectClassMask: at(w.DEFECT_CLASS_MASK),
    defectCount: at(w.DEFECT_COUNT),
    topScore: at(w.TOP_SCORE) / 10_000,
    latencyMs: at(w.LATENCY) / 10,
    inferenceMs: at(w.INFERENCE) / 10,
    encoder: readU32(words, w.ENCODER_ECHO, order),
    recipeActive: at(w.RECIPE_ACTIVE),
    modelHash16: at(w.MODEL_HASH16),
    queueDepth: at(w.QUEUE_DEPTH),
    errorCode: at(w.ERROR_CODE),
    inspected: readU32(words, w.INSPECTED_TOTAL, order),
    rejected: readU32(words, w.REJECTED_TOTAL, order),
    missedTriggers: readU32(words, w.MISSED_TOTAL, order),
    epochMs: readU48(words, w.TIME, order),
    goldenState: goldenStateOfCode(at(w.GOLDEN_STATE)),
  };
  return verdict === null ? { kind: 'not-a-result', block, found } : { kind: 'valid', block, verdict };
}

/** The verdict of an exact pattern; null for every other value. */
export function verdictOfCode(code: number): VerdictKind | null {
  if (code === verdictCode.pass) return 'pass';
  if (code === verdictCode.reject) return 'reject';
  if (code === verdictCode.review) return 'review';
  if (code === verdictCode.error) return 'error';
  return null;
}

function goldenStateOfCode(code: number): GoldenState {
  const names: readonly GoldenState[] = ['never', 'due', 'running', 'passed', 'failed', 'bypassed'];
  return names[code] ?? 'never';
}

/** Rounds into a register; a value that does not fit must not wrap into a small one. */
function saturate(value: number): number {
  return Number.isFinite(value) ? Math.min(0xffff, Math.max(0, Math.round(value))) : 0xffff;
}
