/** Cuts a stream without separators into frames of equal size; each frame has memory of its own. */
export interface RawFrameCutter {
  push(chunk: Uint8Array): readonly Uint8Array[];
  /** Bytes of an unfinished frame. */
  readonly pendingBytes: number;
}

export function createRawFrameCutter(frameBytes: number): RawFrameCutter {
  let frame = new Uint8Array(frameBytes);
  let filled = 0;
  return {
    push(chunk) {
      const frames: Uint8Array[] = [];
      for (let at = 0; at < chunk.length;) {
        const take = Math.min(frameBytes - filled, chunk.length - at);
        frame.set(chunk.subarray(at, at + take), filled);
        filled += take;
        at += take;
        if (filled === frameBytes) {
          frames.push(frame);
          frame = new Uint8Array(frameBytes);
          filled = 0;
        }
      }
      return frames;
    },
    get pendingBytes() {
      return filled;
    },
  };
}
