import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacketGuard } from './packet-guard.js';
import { lengthField } from './testing/raw-mqtt-client.js';

const packetOf = (length: number): Buffer =>
  Buffer.concat([Buffer.from([0x30]), lengthField(length), Buffer.alloc(length)]);

describe('the packet guard', () => {
  it('lets any stream of small packets pass, however it is cut into chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 50 }),
        (lengths, cuts) => {
          const stream = Buffer.concat(lengths.map(packetOf));
          const guard = createPacketGuard(310);
          let at = 0;
          for (let turn = 0; at < stream.length; turn += 1) {
            const size = cuts[turn % cuts.length] ?? 1;
            expect(guard.check(stream.subarray(at, at + size))).toBeNull();
            at += size;
          }
        },
      ),
    );
  });

  it('names the first packet that is too large at its last length byte, before its body', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 10 }),
        fc.integer({ min: 1_000, max: 268_435_455 }),
        (lengths, large) => {
          const guard = createPacketGuard(1_000);
          const problems = [...Buffer.concat(lengths.map(packetOf))].map((byte) => guard.check(Buffer.from([byte])));
          expect(problems.every((problem) => problem === null)).toBe(true);
          const header = Buffer.concat([Buffer.from([0x30]), lengthField(large)]);
          expect(guard.check(header.subarray(0, -1))).toBeNull();
          expect(guard.check(header.subarray(-1))).toMatch(
            new RegExp(`${large + header.length} bytes, more than 1000`),
          );
        },
      ),
    );
  });

  it('counts the header: exactly the limit passes, one more does not', () => {
    expect(createPacketGuard(103).check(Buffer.concat([Buffer.from([0x30]), lengthField(101)]))).toBeNull();
    expect(createPacketGuard(102).check(Buffer.concat([Buffer.from([0x30]), lengthField(101)]))).toMatch(/103 bytes/);
  });

  it('refuses a length field that does not end', () => {
    expect(createPacketGuard(1e9).check(Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff]))).toMatch(/four bytes/);
  });

  it('takes a new limit from the next packet on', () => {
    const guard = createPacketGuard(10);
    expect(guard.check(packetOf(8))).toBeNull();
    guard.allow(100);
    expect(guard.check(packetOf(90))).toBeNull();
  });
});
