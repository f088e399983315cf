import type { MesView, PartDelivery, PartRecord } from '@edge-blueprints/contracts';

/** An encoded picture of a part; `sha256` is the hex digest of `bytes`. */
export interface PartImage {
  readonly role: 'test' | 'template' | 'crop';
  readonly bytes: Uint8Array;
  readonly mime: string;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
  /** Index into the record's detections, for a crop. */
  readonly detection?: number;
}

export interface PartQuery {
  readonly limit: number;
  /** A `resultId`, exclusive: older parts than this one. */
  readonly before?: string;
  readonly verdict?: PartRecord['verdict'];
}

/** The best score of each class that was detected in a part, for the cost of moving a threshold. */
export interface PartScores {
  readonly resultId: string;
  readonly verdict: PartRecord['verdict'];
  readonly topByClass: readonly { readonly classIndex: number; readonly score: number }[];
}

export interface PartStoreStats {
  readonly parts: number;
  readonly bytes: number;
  readonly maxBytes: number;
  readonly full: boolean;
  /** What was given up to stay within the bound, by kind. */
  readonly dropped: Readonly<Record<string, number>>;
}

export interface Overrule {
  readonly verdict: 'pass' | 'reject';
  readonly reason: string;
  readonly by: string;
  /** UTC, ISO 8601. */
  readonly at: string;
}

/** The station's durable memory of parts: bounded, and honest about what it stored. */
export interface PartStore {
  /** Durable when it returns. @throws DeviceError `store.full`, `store.failed`; then nothing of the part is stored */
  put(record: PartRecord, images: readonly PartImage[]): Promise<void>;
  get(resultId: string): Promise<PartRecord | undefined>;
  /** Newest first. */
  list(query: PartQuery): Promise<readonly PartRecord[]>;
  image(sha256: string): Promise<{ readonly bytes: Uint8Array; readonly mime: string } | undefined>;
  /**
   * Tells the MES too, once: the same word again changes nothing and sends nothing.
   * @returns the record as it is now, undefined when there is no such part
   */
  overrule(resultId: string, overrule: Overrule): Promise<PartRecord | undefined>;
  /** What the MES knows of a part that is stored. */
  delivery(resultId: string): Promise<PartDelivery>;
  /** Of the parts at hand, newest first, at most some thousands. */
  scores(): Promise<readonly PartScores[]>;
  stats(): PartStoreStats;
  close(): Promise<void>;
}

/** The delivery of stored parts to an MES. */
export interface MesDelivery {
  view(): MesView;
  close(): Promise<void>;
}
