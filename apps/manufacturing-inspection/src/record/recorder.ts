import { errorCode, errorMessage } from '@edge-blueprints/contracts';
import type { Frame, LivePart, Logger, PartRecord } from '@edge-blueprints/contracts';
import { createBoundedQueue } from '@edge-blueprints/pipeline';
import type { Picture } from '@edge-blueprints/vision';
import type { InspectedPart } from '../judgement.js';
import type { Evidence } from './evidence.js';
import { partRecord } from './part-record.js';
import type { RecordContext } from './part-record.js';
import type { PartImage, PartStore } from './part-store-port.js';

export interface RecorderOptions {
  readonly store: Pick<PartStore, 'put'>;
  readonly evidence: Evidence;
  readonly context: RecordContext;
  readonly newResultId: () => string;
  /** The template that the part was compared with, for the evidence of a part that did not pass. Undefined: no templates. */
  readonly templateOf: ((frame: Frame) => Picture | Promise<Picture>) | undefined;
  /** True for the share of passed and of untracked parts whose picture is kept. */
  readonly samplePass: () => boolean;
  /** True when the page wants a picture now. */
  readonly wantsLive: () => boolean;
  readonly publishLive: (part: LivePart, image: Uint8Array) => void;
  /** Called at once, before anything is stored: the counts do not depend on the disk. */
  readonly onRecord: (record: PartRecord, part: InspectedPart) => void;
  readonly onStored: () => void;
  /** Pause before a part is offered again to a store that is full or whose disk fails. Ends at once with the signal. */
  readonly pause: (stop: AbortSignal) => Promise<void>;
  readonly log: Logger;
}

export interface Recorder {
  /** Returns at once and never throws. A full queue counts the part as dropped; its verdict stands. */
  record(part: InspectedPart): void;
  /** Parts that have no record, by cause. */
  drops(): Readonly<Record<string, number>>;
  /** True while the store refuses the part at hand. It is offered again and again, so that the first room ends the fault. */
  isStoreFull(): boolean;
  /** Works off what is queued, each part offered once more, then ends. */
  close(): Promise<void>;
}

interface Entry {
  readonly record: PartRecord;
  readonly frame: Frame | undefined;
  readonly keepImages: boolean;
  readonly live: boolean;
}

const capacity = 64;
/** The live picture shows what counted and what came near, as a share of the threshold. */
const nearMiss = 0.7;
/** A full store is waited for; a store that fails otherwise may fail because of this very part. */
const maxDiskAttempts = 10;

/** Encodes and stores parts one after the other, away from the data path. */
export function createRecorder(options: RecorderOptions): Recorder {
  const queue = createBoundedQueue<Entry>(capacity);
  const drops = { 'record.queue-full': 0, 'record.not-stored': 0, 'record.no-image': 0, 'record.failed': 0 };
  let storeFull = false;
  const closing = new AbortController();

  const imagesOf = async ({ record, frame, keepImages, live }: Entry): Promise<readonly PartImage[]> => {
    if (frame === undefined || (!keepImages && !live)) return [];
    try {
      const test = await options.evidence.testImage(frame);
      if (live) options.publishLive(livePart(record, test), test.bytes);
      if (!keepImages) return [];
      const crops = await options.evidence.crops(frame, record.detections);
      return [test, ...(await templateImage(options, frame)), ...crops];
    } catch (error) {
      drops['record.no-image'] += 1;
      options.log.warn('record.image.failed', { resultId: record.resultId, message: errorMessage(error) });
      return [];
    }
  };
  const store = async (entry: Entry): Promise<void> => {
    const images = await imagesOf(entry);
    const record = { ...entry.record, images: images.map(storedImage) };
    const distinct = [...new Map(images.map((image) => [image.sha256, image])).values()];
    for (let attempt = 1; ; attempt += 1) {
      try {
        await options.store.put(record, distinct);
        storeFull = false;
        return options.onStored();
      } catch (error) {
        const code = errorCode(error);
        if (!storeFull)
          options.log.error('record.store.failed', { resultId: record.resultId, code, message: errorMessage(error) });
        storeFull = code.startsWith('store.');
        const hopeless = !storeFull || (code !== 'store.full' && attempt >= maxDiskAttempts);
        if (hopeless || closing.signal.aborted) {
          drops['record.not-stored'] += 1;
          return;
        }
        await options.pause(closing.signal);
      }
    }
  };
  const working = (async () => {
    const untilClosed = new AbortController();
    for (;;) {
      const entry = await queue.take(untilClosed.signal);
      if (entry === undefined) return;
      await store(entry);
    }
  })();

  const enter = (part: InspectedPart): void => {
    const record = partRecord(part, options.newResultId(), options.context);
    const tracked = part.act.trigger !== undefined;
    const keepImages = (tracked && record.verdict !== 'pass') || options.samplePass();
    const live = part.frame !== undefined && options.wantsLive();
    const frame = keepImages || live ? part.frame : undefined;
    if (!queue.offer({ record, frame, keepImages, live })) drops['record.queue-full'] += 1;
    options.onRecord(record, part);
  };

  return {
    record: (part) => {
      try {
        enter(part);
      } catch (error) {
        drops['record.failed'] += 1;
        options.log.error('record.failed', { code: errorCode(error), message: errorMessage(error) });
      }
    },
    drops: () => ({ ...drops }),
    isStoreFull: () => storeFull,
    close: async () => {
      queue.close();
      closing.abort();
      await working;
    },
  };
}

async function templateImage(options: RecorderOptions, frame: Frame): Promise<readonly PartImage[]> {
  if (options.templateOf === undefined) return [];
  let template: Picture;
  try {
    template = await options.templateOf(frame);
  } catch {
    return []; // the part has no template, which is its reason
  }
  return [await options.evidence.templateImage(template)];
}

function storedImage({ role, sha256, mime, width, height, bytes, detection }: PartImage): PartRecord['images'][number] {
  return { role, sha256, mime, width, height, bytes: bytes.length, ...(detection === undefined ? {} : { detection }) };
}

function livePart(record: PartRecord, image: PartImage): LivePart {
  const { resultId, partId, verdict } = record;
  const detections = record.detections.filter(({ score, threshold }) => score >= nearMiss * threshold);
  return { resultId, partId, width: image.width, height: image.height, mime: image.mime, verdict, detections };
}
