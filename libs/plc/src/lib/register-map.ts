import type { VerdictKind } from '@edge-blueprints/contracts';

/** First word of the status block. Read together with MAP_VERSION as one 32-bit value it tells a PLC its word order. */
export const mapSignature = 0x4531;

/** Raised with every change of a register's place or meaning; a PLC that expects another version is refused. */
export const mapVersion = 1;

/** Written by the PLC. Holding registers 0 to 15, coils 0 to 9 mirror word 0. */
export const controlBlockArea = { holding: 0, coils: 0, words: 16 } as const;

/**
 * Written by the station. Server role: input registers 0 to 31 and, for PLCs that cannot read 3x, holding registers 100 to
 * 131; discrete inputs 0 to 15 mirror STATUS. Client role: the PLC's holding registers 100 to 131, its coils 100 to 115
 * mirror STATUS, because a Modbus client cannot write discrete inputs.
 */
export const statusBlockArea = { input: 0, holding: 100, discrete: 0, coils: 100, words: 32 } as const;

/** Holding registers 200 and 201, a u32: the key that BYPASS_REQ needs. The station never lets it be read back. */
export const bypassKeyArea = { holding: 200, words: 2 } as const;

/** Masks of the CONTROL word, bit 0 first. */
export const controlBit = {
  TRIGGER_ENABLE: 0x0001,
  TRIGGER: 0x0002,
  RESULT_ACK: 0x0004,
  BUFFER_ENABLE: 0x0008,
  CLEAR_ERROR: 0x0010,
  GO_ONLINE: 0x0020,
  RECIPE_REQ: 0x0040,
  GOLDEN_REQ: 0x0080,
  TIME_STROBE: 0x0100,
  BYPASS_REQ: 0x0200,
} as const;

/** Masks of the STATUS word, bit 0 first. */
export const statusBit = {
  ONLINE: 0x0001,
  TRIGGER_READY: 0x0002,
  TRIGGER_ACK: 0x0004,
  BUSY: 0x0008,
  RESULT_VALID: 0x0010,
  RESULT_OVERRUN: 0x0020,
  MISSED_TRIGGER: 0x0040,
  ERROR: 0x0080,
  GOLDEN_DUE: 0x0100,
  GOLDEN_FAILED: 0x0200,
  DEGRADED: 0x0400,
  LIGHT_FAULT: 0x0800,
  STORE_FULL: 0x1000,
  SIMULATED: 0x2000,
  BYPASSED: 0x4000,
  CLOCK_UNSYNC: 0x8000,
} as const;

/** Number of the RESULT_VALID bit, for its coil and its discrete input. */
export const resultValidBitIndex = 4;

/**
 * Patterns with eight ones and eight zeros, any two of them at least eight bits apart. All other values, 0x0000 and 0xFFFF
 * first of all, are not a result.
 */
export const verdictCode: Readonly<Record<VerdictKind, number>> = {
  pass: 0x5aa5,
  reject: 0xc33c,
  review: 0x3cc3,
  error: 0x0ff0,
};

/** Word offsets in the control block. */
export const controlWord = {
  CONTROL: 0,
  PLC_HEARTBEAT: 1,
  PART_SEQ: 2,
  RECIPE_ID: 3,
  ENCODER_AT_TRIGGER: 4,
  PART_ID: 6,
  EXPECTED_MAP_VERSION: 14,
  RESERVED: 15,
} as const;

/** Word offsets in the status block. */
export const statusWord = {
  MAP_SIGNATURE: 0,
  MAP_VERSION: 1,
  STATUS: 2,
  STATION_HEARTBEAT: 3,
  RESULT_SEQ_HEAD: 4,
  PART_SEQ_ECHO: 5,
  VERDICT: 6,
  VERDICT_COMPLEMENT: 7,
  REASON_CODE: 8,
  DEFECT_CLASS_MASK: 9,
  DEFECT_COUNT: 10,
  TOP_SCORE: 11,
  LATENCY: 12,
  INFERENCE: 13,
  ENCODER_ECHO: 14,
  RECIPE_ACTIVE: 16,
  MODEL_HASH16: 17,
  QUEUE_DEPTH: 18,
  ERROR_CODE: 19,
  INSPECTED_TOTAL: 20,
  REJECTED_TOTAL: 22,
  MISSED_TOTAL: 24,
  TIME: 26,
  GOLDEN_STATE: 29,
  CRC16: 30,
  RESULT_SEQ_TAIL: 31,
} as const;

/** The CRC covers the words from RESULT_SEQ_HEAD to GOLDEN_STATE. */
export const crcRange = { first: 4, last: 29 } as const;

/** Results that may wait for the PLC's acknowledgement. */
export const resultQueueCapacity = 8;

/** Values of GOLDEN_STATE. */
export const goldenStateCode = { never: 0, due: 1, running: 2, passed: 3, failed: 4, bypassed: 5 } as const;
export type GoldenState = keyof typeof goldenStateCode;

/** Values of ERROR_CODE: the first reason why TRIGGER_READY is withheld. */
export const stationErrorCode = {
  none: 0,
  'station-offline': 1,
  'map-version': 2,
  'plc-heartbeat': 3,
  'plc-keeps-offline': 4,
  'light-fault': 5,
  'store-full': 6,
  'golden-failed': 7,
  'golden-due': 8,
  'recipe-mismatch': 9,
  'trigger-disabled': 10,
  'queue-full': 11,
} as const;
export type StationError = keyof typeof stationErrorCode;

export type ControlBitName = keyof typeof controlBit;
export type StatusBitName = keyof typeof statusBit;

/** Names of the bits that are set, lowest bit first. */
export function namesOfBits(masks: Readonly<Record<string, number>>, bits: number): readonly string[] {
  return Object.entries(masks)
    .filter(([, mask]) => (bits & mask) !== 0)
    .map(([name]) => name);
}

/** Part and result sequences run from 1 to 65535 and wrap to 1; 0 means none. */
export function nextSequence(sequence: number): number {
  return sequence >= 0xffff ? 1 : sequence + 1;
}

/** Steps from one sequence forward to another, 0 to 65534, across the wrap. */
export function sequenceDistance(from: number, to: number): number {
  return (to - from + 0xffff) % 0xffff;
}
