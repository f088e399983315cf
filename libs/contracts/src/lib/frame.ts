/** Bytes per pixel: gray8 one, rgb24 three, rows packed without padding, top row first. */
export type PixelFormat = 'gray8' | 'rgb24';

/** What the camera latched with the exposure: the part's trigger count and the encoder, as industrial cameras report them. */
export interface PartTriggerTag {
  /** Counts triggers since the camera started; 0-based, never reused within a connection. */
  readonly triggerCount: number;
  /** Conveyor encoder latched at the trigger, u32 counts, wraps. */
  readonly encoder: number;
  /** Product or board design whose golden template applies. */
  readonly productId: string;
  /** Part identifier as read by the line (barcode), at most 16 ASCII characters. */
  readonly partId: string;
}

/**
 * One image. `pixels` may be reused by the source after the consumer asked for the next frame: copy what must stay.
 * `capturedAtMs` is the end of exposure on the monotonic clock; `epochMs` the same moment on the wall clock.
 */
export interface Frame {
  readonly source: string;
  /** Counts captured frames, gaps mean frames that were lost or superseded. */
  readonly sequence: number;
  readonly capturedAtMs: number;
  readonly receivedAtMs: number;
  readonly epochMs: number;
  readonly width: number;
  readonly height: number;
  readonly format: PixelFormat;
  readonly pixels: Uint8Array;
  readonly trigger?: PartTriggerTag;
  /** Stable name of the picture where it has one (file name of a folder source). */
  readonly name?: string;
}

export interface FrameSourceStats {
  readonly captured: number;
  readonly delivered: number;
  /** Replaced by a newer frame before anybody took it. */
  readonly superseded: number;
  readonly corrupt: number;
  readonly reconnects: number;
  readonly connected: boolean;
}

/** A camera in the widest sense. `frames` may be iterated once; it ends when the source ends or `stop` fires. */
export interface FrameSource {
  readonly id: string;
  frames(stop: AbortSignal): AsyncIterable<Frame>;
  stats(): FrameSourceStats;
  close(): Promise<void>;
}
