/** Watches the frames of an MQTT byte stream go by, so that a length that is too large is seen before anything waits for it. */
export interface PacketGuard {
  /** @returns what is wrong with the stream so far, or null */
  check(chunk: Uint8Array): string | null;
  /** Counts from the next packet on. */
  allow(packetBytes: number): void;
}

/**
 * Fixed header and Remaining Length as MQTT 3.1.1 section 2.2 says: one byte of type and flags, then one to four bytes of
 * seven bits each, least significant first. State of a few numbers for each connection, no copy of the stream.
 */
export function createPacketGuard(packetBytes: number): PacketGuard {
  let limit = packetBytes;
  /** Bytes of the current packet's body that are still to come; -1 within the fixed header. */
  let rest = -1;
  let headerBytes = 0;
  let length = 0;
  let problem: string | null = null;

  const header = (byte: number): string | null => {
    headerBytes += 1;
    if (headerBytes === 1) {
      length = 0;
      return null;
    }
    length += (byte & 0x7f) * 128 ** (headerBytes - 2);
    if (byte >= 0x80) return headerBytes > 4 ? 'the length field has more than four bytes' : null;
    if (headerBytes + length > limit) return `a packet of ${headerBytes + length} bytes, more than ${limit}`;
    rest = length;
    headerBytes = 0;
    return null;
  };

  return {
    allow: (bytes) => {
      limit = bytes;
    },
    check(chunk) {
      for (let at = 0; at < chunk.length && problem === null;) {
        if (rest > 0) {
          const skipped = Math.min(rest, chunk.length - at);
          rest -= skipped;
          at += skipped;
        } else {
          problem = header(chunk[at] ?? 0);
          at += 1;
        }
        if (rest === 0) rest = -1;
      }
      return problem;
    },
  };
}
