import { randomFillSync } from 'node:crypto';
import type { RandomBits } from './release-ports.js';

const poolBytes = 8_192;

/** The operating system's generator, drawn from in blocks. What was handed out is wiped from the block. */
export function createSystemBits(): RandomBits {
  const pool = Buffer.alloc(poolBytes);
  let used = poolBytes;
  return {
    source: 'system',
    bytes(count) {
      if (count > poolBytes) return randomFillSync(new Uint8Array(count));
      if (used + count > poolBytes) {
        randomFillSync(pool);
        used = 0;
      }
      const taken = Uint8Array.from(pool.subarray(used, used + count));
      pool.fill(0, used, used + count);
      used += count;
      return taken;
    },
  };
}

/** Uniform in 0 .. bound - 1, exactly: bits beyond the bound's length are cut off, values beyond it are drawn again. */
export function uniformBelow(bound: bigint, bits: RandomBits): bigint {
  const length = (bound - 1n).toString(2).length;
  const count = Math.ceil(length / 8);
  const mask = (1n << BigInt(length)) - 1n;
  for (;;) {
    let value = 0n;
    for (const byte of bits.bytes(count)) value = (value << 8n) | BigInt(byte);
    value &= mask;
    if (value < bound) return value;
  }
}
