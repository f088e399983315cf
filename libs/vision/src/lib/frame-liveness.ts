import type { Picture } from './test-and-template.js';
import { measureLight } from './light.js';

export type FrameFault = 'black' | 'frozen';

export interface FrameLivenessOptions {
  /** A frame whose mean grey and contrast are both below these is black: lens cap, dead light, dead sensor. */
  readonly blackMean?: number;
  readonly blackContrast?: number;
  /** This many frames in a row with identical pixels are a frozen camera; 0 switches the check off. */
  readonly frozenFrames?: number;
}

/**
 * Tells a camera that still delivers frames but no longer sees. A real sensor's noise makes two equal frames all but
 * impossible; a source that repeats noiseless pictures must switch the frozen check off or allow more repeats.
 */
export function createFrameLiveness(options: FrameLivenessOptions = {}): (picture: Picture) => FrameFault | undefined {
  const { blackMean = 8, blackContrast = 4, frozenFrames = 5 } = options;
  let lastHash = 0;
  let repeats = 0;
  return (picture) => {
    const light = measureLight(picture);
    const hash = pixelHash(picture.pixels);
    repeats = hash === lastHash ? repeats + 1 : 1;
    lastHash = hash;
    if (light.mean < blackMean && light.contrast < blackContrast) return 'black';
    return frozenFrames > 0 && repeats >= frozenFrames ? 'frozen' : undefined;
  };
}

/** A 32-bit FNV-1a style hash over all bytes, in four lanes of words. For equality of frames only, not for content ids. */
export function pixelHash(pixels: Uint8Array): number {
  const aligned = pixels.byteOffset % 4 === 0;
  const words = aligned
    ? new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length >> 2)
    : new Uint32Array(pixels.slice(0, pixels.length & ~3).buffer);
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  let c = 0x85ebca6b;
  let d = 0xc2b2ae35;
  const whole = words.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a = Math.imul(a ^ (words[i] ?? 0), 0x01000193);
    b = Math.imul(b ^ (words[i + 1] ?? 0), 0x01000193);
    c = Math.imul(c ^ (words[i + 2] ?? 0), 0x01000193);
    d = Math.imul(d ^ (words[i + 3] ?? 0), 0x01000193);
  }
  for (let i = whole * 4; i < pixels.length; i += 1) a = Math.imul(a ^ (pixels[i] ?? 0), 0x01000193);
  const mixed =
    Math.imul(a ^ (a >>> 15), 0x2c1b3c6d) ^
    Math.imul(b ^ (b >>> 13), 0x297a2d39) ^
    Math.imul(c ^ (c >>> 11), 0x165667b1) ^
    d;
  return (mixed ^ pixels.length) >>> 0;
}
