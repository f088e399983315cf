import type { Detection } from '@edge-blueprints/contracts';

/** A part with its picture, ready before it reaches the camera. */
export interface PreparedPart {
  /** At most 16 printable ASCII characters, unique within a run. */
  readonly partId: string;
  readonly productId: string;
  readonly recipe: number;
  readonly width: number;
  readonly height: number;
  /** gray8, top row first. */
  readonly pixels: Uint8Array;
  /** Null where nobody labelled the picture. */
  readonly truth: readonly Detection[] | null;
  readonly name?: string;
}

export interface GoldenTemplate {
  readonly productId: string;
  readonly png: Uint8Array;
}

/** Where the parts of a run come from. */
export interface PartSource {
  /** Golden templates of all products, for the station. */
  readonly templates: readonly GoldenTemplate[];
  /** The next part; undefined when there are no more. Called one at a time. */
  next(): Promise<PreparedPart | undefined>;
  /** A known-good part and known-bad ones; empty where the source has none. */
  golden(): Promise<readonly PreparedPart[]>;
  close(): Promise<void>;
}
