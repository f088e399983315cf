import { createHash } from 'node:crypto';
import { createRandom } from '@edge-blueprints/contracts';
import type { LivePart, PartRecord, PartSummary, StoredImage } from '@edge-blueprints/contracts';
import { crop, drawPart, drawTemplate, labels, side } from './board-picture.js';
import { encodeGreyPng } from './png.js';

export interface InventedLine {
  /** Makes the next part; `burst` makes most of them bad. Good parts of the past come without pictures, to start fast. */
  next(
    atMs: number,
    burst: boolean,
    past: boolean,
  ): { readonly record: PartRecord; readonly live: LivePart; readonly picture: Buffer };
  readonly records: Map<string, PartRecord>;
  readonly images: Map<string, Buffer>;
  readonly thresholds: number[];
}

const kept = 900;
const cropSide = 96;

/** Invented parts for work on the page. Nothing here is measured; every figure comes from the seed. */
export function createInventedLine(seed: number): InventedLine {
  const random = createRandom(seed);
  const boards = Array.from({ length: 4 }, (_, index) => drawTemplate(random.fork(`board ${index}`)));
  const templates = boards.map((board) => encodeGreyPng(board.pixels, side, side));
  const records = new Map<string, PartRecord>();
  const images = new Map<string, Buffer>();
  const thresholds = labels.map(() => 0.5);
  let count = 0;

  const store = (role: StoredImage['role'], bytes: Buffer, edge: number, detection?: number): StoredImage => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    images.set(sha256, bytes);
    return {
      role,
      sha256,
      mime: 'image/png',
      width: edge,
      height: edge,
      bytes: bytes.length,
      ...(detection === undefined ? {} : { detection }),
    };
  };

  return {
    records,
    images,
    thresholds,
    next: (atMs, burst, past) => {
      count += 1;
      const boardIndex = random.integer(0, boards.length - 1);
      const board = boards[boardIndex] ?? drawTemplate(random);
      const bad = random.next() < (burst ? 0.55 : 0.06);
      const pictured = bad || !past;
      const { pixels, planted } = drawPart(board, bad ? random.integer(1, 3) : 0, pictured, random);
      const faint = random.next() < 0.08 ? drawPart(board, 1, false, random).planted : [];
      const detections: PartRecord['detections'] = [
        ...planted.map((defect) => ({ ...defect, score: 0.66 + random.next() * 0.33 })),
        ...faint.map((defect) => ({ ...defect, score: 0.2 + random.next() * 0.25 })),
      ].map((defect) => {
        const threshold = thresholds[defect.classIndex] ?? 0.5;
        return {
          ...defect,
          threshold,
          provenance: threshold === 0.5 ? 'bundle pcb-defects 1.0.0' : 'operator',
          counted: defect.score >= threshold,
        };
      });
      const counted = detections.filter((detection) => detection.counted);
      const fault = random.next() < 0.004;
      const verdict = fault ? 'error' : counted.length > 0 ? 'reject' : 'pass';
      const picture = pictured ? encodeGreyPng(pixels, side, side) : Buffer.alloc(0);
      const template = templates[boardIndex] ?? picture;
      const runMs = 6.4 + random.next() * 1.2 + (random.next() < 0.02 ? 2.5 : 0);
      const timings = {
        transportMs: 0.35 + random.next() * 0.2,
        preprocessMs: 0.3 + random.next() * 0.15,
        inferMs: runMs + 0.25,
        runMs,
        postprocessMs: 0.18 + random.next() * 0.1,
        decideMs: 0.02,
        actMs: 0.4 + random.next() * 0.3,
        captureToActMs: 0,
      };
      const partId = `B${String(count).padStart(8, '0')}`;
      const resultId = `st1-${1_795_000_000 + count}`;
      const record: PartRecord = {
        resultId,
        station: 'Line 4, AOI 1',
        partSeq: ((count - 1) % 65_535) + 1,
        partId,
        productId: `board-${boardIndex + 1}`,
        recipeId: 1,
        encoder: (count * 4_800) >>> 0,
        capturedAt: new Date(atMs).toISOString(),
        clockSynchronised: true,
        simulated: true,
        verdict,
        reason: fault
          ? 'no answer from the engine before the deadline'
          : counted.length === 0
            ? 'nothing at or above its threshold'
            : reasonOf(counted),
        reasonCode: fault ? 12 : counted.length > 0 ? 1 : 0,
        detections: fault ? [] : detections,
        model: {
          bundle: 'pcb-defects',
          version: '1.0.0',
          variant: 'int8-640',
          digest: createHash('sha256').update('model').digest('hex'),
          provider: 'cpu',
          degradationLevel: 0,
        },
        thresholdsDigest: createHash('sha256').update(thresholds.join()).digest('hex'),
        timings: {
          ...timings,
          captureToActMs:
            timings.transportMs +
            timings.preprocessMs +
            timings.inferMs +
            timings.postprocessMs +
            timings.decideMs +
            timings.actMs +
            0.3,
        },
        outcome: { kind: 'delivered', code: '' },
        images: !pictured
          ? []
          : [
              store('test', picture, side),
              store('template', template, side),
              ...detections.flatMap((detection, index) =>
                detection.counted
                  ? [
                      store(
                        'crop',
                        encodeGreyPng(crop(pixels, detection.box, cropSide), cropSide, cropSide),
                        cropSide,
                        index,
                      ),
                    ]
                  : [],
              ),
            ],
      };
      records.set(resultId, record);
      const oldest = records.size > kept ? records.keys().next().value : undefined;
      if (oldest !== undefined) {
        for (const image of records.get(oldest)?.images ?? [])
          if (image.role !== 'template') images.delete(image.sha256);
        records.delete(oldest);
      }
      const live: LivePart = {
        resultId,
        partId,
        width: side,
        height: side,
        mime: 'image/png',
        verdict,
        detections: record.detections,
      };
      return { record, live, picture };
    },
  };
}

function reasonOf(counted: PartRecord['detections']): string {
  const counts = new Map<string, number>();
  for (const { label } of counted) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, n]) => (n === 1 ? label : `${n} × ${label}`)).join(', ');
}

export function summaryOf(record: PartRecord): PartSummary {
  return {
    resultId: record.resultId,
    partSeq: record.partSeq,
    partId: record.partId,
    verdict: record.verdict,
    reason: record.reason,
    at: record.capturedAt,
    captureToActMs: record.timings.captureToActMs,
    overruled: record.overrule !== undefined,
  };
}
