import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeControlBlock, encodeControlBlock } from './control-block.js';
import { crc16OfWords } from './crc16.js';
import { nextSequence, sequenceDistance, statusWord, verdictCode } from './register-map.js';
import { reasonCodeOf, reasonCodes, reasonNameOf } from './reason-codes.js';
import { decodeStatusBlock, encodeStatusBlock } from './status-block.js';
import type { StatusBlock } from './status-block.js';
import { encoderAdd, encoderDistance } from './word-order.js';
import type { WordOrder } from './word-order.js';

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const order = fc.constantFrom<WordOrder>('high-first', 'low-first');
const block: fc.Arbitrary<StatusBlock> = fc.record({
  statusBits: u16,
  heartbeat: u16,
  resultSeq: u16,
  partSeq: u16,
  verdict: fc.constantFrom('pass' as const, 'reject' as const, 'review' as const, 'error' as const),
  reasonCode: u16,
  defectClassMask: u16,
  defectCount: u16,
  topScore: fc.integer({ min: 0, max: 10_000 }).map((score) => score / 10_000),
  latencyMs: u16.map((tenths) => tenths / 10),
  inferenceMs: u16.map((tenths) => tenths / 10),
  encoder: u32,
  recipeActive: u16,
  modelHash16: u16,
  queueDepth: fc.integer({ min: 0, max: 8 }),
  errorCode: u16,
  inspected: u32,
  rejected: u32,
  missedTriggers: u32,
  epochMs: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  goldenState: fc.constantFrom(
    'never' as const,
    'due' as const,
    'passed' as const,
    'failed' as const,
    'bypassed' as const,
  ),
});

describe('status block', () => {
  it('comes back as it was written, in both word orders', () => {
    fc.assert(
      fc.property(block, order, (written, wordOrder) => {
        const read = decodeStatusBlock(encodeStatusBlock(written, wordOrder), wordOrder);
        expect(read).toEqual({ kind: 'valid', verdict: written.verdict, block: written });
      }),
    );
  });

  it('never yields a different result after one to three flipped bits', () => {
    const flips = fc.uniqueArray(fc.integer({ min: 0, max: 32 * 16 - 1 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(block, flips, (written, bits) => {
        const words = encodeStatusBlock(written, 'high-first');
        for (const bit of bits) words[bit >> 4] = (words[bit >> 4] ?? 0) ^ (1 << (bit & 15));
        const read = decodeStatusBlock(words, 'high-first');
        if (read.kind !== 'valid') return;
        const { statusBits: _readBits, heartbeat: _readBeat, ...result } = read.block;
        const { statusBits: _bits, heartbeat: _beat, ...expected } = written;
        expect(result).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('never yields a result from the halves of two results', () => {
    fc.assert(
      fc.property(block, block, fc.integer({ min: 5, max: 31 }), (older, newer, cut) => {
        fc.pre(older.resultSeq !== newer.resultSeq);
        const words = encodeStatusBlock(newer, 'high-first');
        words.set(encodeStatusBlock(older, 'high-first').subarray(cut), cut);
        expect(decodeStatusBlock(words, 'high-first').kind).toBe('torn');
      }),
    );
  });

  it.each([0x0000, 0xffff, 0x0001, 0x5aa4])('fault 4: VERDICT 0x%s is not a result even with a right CRC', (value) => {
    const words = withVerdict(value);
    const kind = decodeStatusBlock(words, 'high-first').kind;
    expect(kind).toBe('not-a-result');
  });

  it('fault 4: 32 zeros and 32 times 0xFFFF are another map, never a result', () => {
    expect(decodeStatusBlock(new Uint16Array(32), 'high-first').kind).toBe('wrong-map');
    expect(decodeStatusBlock(new Uint16Array(32).fill(0xffff), 'high-first').kind).toBe('wrong-map');
  });

  it('fault 5: a verdict whose complement does not fit is corrupt even with a right CRC', () => {
    const words = withVerdict(verdictCode.pass);
    words[statusWord.VERDICT_COMPLEMENT] = 0;
    words[statusWord.CRC16] = crc16OfWords(words, 4, 29);
    expect(decodeStatusBlock(words, 'high-first')).toMatchObject({ kind: 'corrupt', what: 'complement' });
  });

  it('fault 16: a peer with the other word order is told so', () => {
    expect(decodeStatusBlock(withVerdict(verdictCode.pass), 'low-first').kind).toBe('wrong-word-order');
  });

  it('keeps all verdict patterns at least eight bits apart', () => {
    const codes = Object.values(verdictCode);
    for (const a of codes) for (const b of codes) expect(a === b || bitsOf(a ^ b) >= 8).toBe(true);
  });

  it('saturates numbers that do not fit instead of wrapping them', () => {
    const words = encodeStatusBlock({ ...sample, latencyMs: 1e9, topScore: Number.NaN }, 'high-first');
    expect([words[statusWord.LATENCY], words[statusWord.TOP_SCORE]]).toEqual([0xffff, 0xffff]);
  });
});

describe('control block', () => {
  it('comes back as it was written, in both word orders', () => {
    const partId = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
      maxLength: 16,
    });
    const control = fc.record({
      controlBits: u16,
      heartbeat: u16,
      partSeq: u16,
      recipeId: u16,
      encoder: u32,
      partId,
      expectedMapVersion: u16,
    });
    fc.assert(
      fc.property(control, order, (written, wordOrder) => {
        expect(decodeControlBlock(encodeControlBlock(written, wordOrder), wordOrder)).toEqual(written);
      }),
    );
  });

  it('refuses a part id that does not fit', () => {
    const long = {
      controlBits: 0,
      heartbeat: 0,
      partSeq: 1,
      recipeId: 0,
      encoder: 0,
      expectedMapVersion: 1,
      partId: 'x'.repeat(17),
    };
    expect(() => encodeControlBlock(long, 'high-first')).toThrow(/at most 16/);
  });

  it('reads unprintable part id bytes as question marks', () => {
    const words = new Uint16Array(16);
    words.set([0x4107, 0xff42], 6);
    expect(decodeControlBlock(words, 'high-first').partId).toBe('A??B');
  });
});

describe('counters that wrap', () => {
  it('fault 8: sequences go from 65535 to 1 and keep their distance', () => {
    expect(nextSequence(65_535)).toBe(1);
    expect(sequenceDistance(65_535, 1)).toBe(1);
    expect(sequenceDistance(65_530, 4)).toBe(9);
    expect(sequenceDistance(7, 7)).toBe(0);
  });

  it('measures encoder distances across the u32 wrap', () => {
    fc.assert(
      fc.property(u32, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (encoder, counts) => {
        expect(encoderDistance(encoder, encoderAdd(encoder, counts))).toBe(counts);
      }),
    );
  });

  it('computes the CRC of the Modbus specification example', () => {
    // 02 07 gives 41 12 on the wire, low byte first (Modbus over serial line V1.02, 6.2.2).
    expect(crc16OfWords([0x0207], 0, 0)).toBe(0x1241);
  });
});

describe('reason codes', () => {
  it('maps error codes exactly, by area, or to unexpected', () => {
    expect(reasonCodeOf('infer.deadline')).toBe(reasonCodes['inference-deadline']);
    expect(reasonCodeOf('infer.anything')).toBe(reasonCodes['inference-failed']);
    expect(reasonCodeOf('defect')).toBe(reasonCodes.defect);
    expect(reasonCodeOf('what.is-this')).toBe(reasonCodes.unexpected);
    expect(reasonNameOf(reasonCodes['light-fault'])).toBe('light-fault');
    expect(reasonNameOf(777)).toBe('unknown-777');
  });

  it('gives every reason a value of its own', () => {
    const values = Object.values(reasonCodes);
    expect(new Set(values).size).toBe(values.length);
  });
});

const sample: StatusBlock = {
  statusBits: 0x13,
  heartbeat: 1,
  resultSeq: 5,
  partSeq: 17,
  verdict: 'pass',
  reasonCode: 0,
  defectClassMask: 0,
  defectCount: 0,
  topScore: 0.5,
  latencyMs: 9.1,
  inferenceMs: 7,
  encoder: 123_456_789,
  recipeActive: 1,
  modelHash16: 7,
  queueDepth: 0,
  errorCode: 0,
  inspected: 5,
  rejected: 1,
  missedTriggers: 0,
  epochMs: 1_700_000_000_000,
  goldenState: 'passed',
};

function withVerdict(value: number): Uint16Array {
  const words = encodeStatusBlock(sample, 'high-first');
  words[statusWord.VERDICT] = value;
  words[statusWord.VERDICT_COMPLEMENT] = ~value;
  words[statusWord.CRC16] = crc16OfWords(words, 4, 29);
  return words;
}

function bitsOf(value: number): number {
  return value.toString(2).replaceAll('0', '').length;
}
