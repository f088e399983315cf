import type { FrameSocketHeader } from '@edge-blueprints/cameras';

/** How the line's pictures leave the camera. */
export interface FrameOutlet {
  /** Of the frame socket; 0 where pictures are pushed. */
  readonly port: number;
  /** Who takes the pictures now. */
  readonly clients: number;
  readonly sent: number;
  /** Frames that a slow client did not get. */
  readonly dropped: number;
  /** @param sentBytes how much of the pixels really goes out; the header tells the same number */
  send(header: FrameSocketHeader, pixels: Uint8Array, sentBytes?: number): void;
  /** The camera loses its power, and gets it back. */
  setPresent(present: boolean): Promise<void>;
  close(): Promise<void>;
}
