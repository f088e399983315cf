import type { CameraCalibration, Frame, FrameSource, StorePlan, Tensors } from '@edge-blueprints/contracts';
import { createFakeEngine } from '@edge-blueprints/testing';
import type { OpenedModel } from '../perception/open-perception.js';

/** A store of 8 x 6 m, seen from straight above at 10 pixels a metre, with people who are bright rectangles. */
export const blobSize = { width: 80, height: 60 } as const;
const pixelsPerM = 10;
const person = { width: 6, height: 16 } as const;
const maxBlobs = 16;

export const blobPlan: StorePlan = {
  format: 'edge-store-plan/1',
  revision: 1,
  name: 'Blob store',
  widthM: 8,
  depthM: 6,
  fixtures: [],
  zones: [
    {
      id: 'back',
      name: 'Back',
      polygon: [
        [0, 4],
        [8, 4],
        [8, 6],
        [0, 6],
      ],
    },
  ],
  lines: [{ id: 'entrance', name: 'Entrance', from: [0.2, 2], to: [7.8, 2], inside: 'left' }],
  queues: [],
  staffAreas: [],
  masks: [],
};

export function blobCalibration(camera: string): CameraCalibration {
  const grid = [0, 2, 4, 6].flatMap((x) => [0, 2, 4, 6].map((y) => [x, y] as const));
  return {
    format: 'edge-camera-calibration/1',
    camera,
    imageWidth: blobSize.width,
    imageHeight: blobSize.height,
    mount: 'oblique',
    heightM: 4,
    nadir: [4, -1],
    points: grid.map(([x, y]) => ({ pixel: [x * pixelsPerM, blobSize.height - y * pixelsPerM], floor: [x, y] })),
    homography: [1 / pixelsPerM, 0, 0, 0, -1 / pixelsPerM, blobSize.height / pixelsPerM, 0, 0, 1],
    heldOut: { medianM: 0, p95M: 0 },
    authority: [
      [0, 0],
      [8, 0],
      [8, 6],
      [0, 6],
    ],
    calibratedAt: '2026-11-22T00:00:00.000Z',
  };
}

/** A picture with people whose feet stand at these places. */
export function blobPicture(feet: readonly (readonly [x: number, y: number])[]): Uint8Array {
  const pixels = new Uint8Array(blobSize.width * blobSize.height).fill(40);
  for (const [x, y] of feet) {
    const left = Math.round(x * pixelsPerM - person.width / 2);
    const bottom = Math.round(blobSize.height - y * pixelsPerM);
    for (let row = Math.max(0, bottom - person.height); row < Math.min(blobSize.height, bottom); row += 1)
      pixels.fill(
        255,
        row * blobSize.width + Math.max(0, left),
        row * blobSize.width + Math.min(blobSize.width, left + person.width),
      );
  }
  return pixels;
}

/** A camera that shows where people are at each moment, in real time. */
export function blobCamera(options: {
  readonly id: string;
  readonly fps: number;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Feet of everybody; undefined while the camera is away. */
  readonly feet: (atMs: number) => readonly (readonly [x: number, y: number])[] | undefined;
}): FrameSource {
  let captured = 0;
  let connected = false;
  return {
    id: options.id,
    async *frames(stop): AsyncGenerator<Frame> {
      while (!stop.aborted) {
        await new Promise((resolve) => setTimeout(resolve, 1_000 / options.fps));
        const atMs = options.nowMs();
        const feet = options.feet(atMs);
        connected = feet !== undefined;
        if (feet === undefined || stop.aborted) continue;
        captured += 1;
        yield {
          source: options.id,
          sequence: captured,
          capturedAtMs: atMs,
          receivedAtMs: atMs,
          epochMs: Date.now(),
          ...blobSize,
          format: 'gray8',
          pixels: blobPicture(feet),
        };
      }
    },
    stats: () => ({ captured, delivered: captured, superseded: 0, corrupt: 0, reconnects: 0, connected }),
    close: async () => undefined,
  };
}

/** A model that finds bright rectangles. */
export async function openBlobModel(): Promise<OpenedModel> {
  const engine = createFakeEngine({ compute: findBlobs });
  const { width, height } = blobSize;
  await engine.load({
    bundle: 'blobs',
    version: '1.0.0',
    variant: 'fp32',
    precision: 'fp32',
    modelDigest: 'c'.repeat(64),
    bytes: new Uint8Array(0),
    inputs: [{ name: 'image', dtype: 'uint8', dims: [1, 1, height, width] }],
    outputs: [{ name: 'boxes', dtype: 'float32', dims: [1, maxBlobs, 6] }],
  });
  return {
    engine,
    variant: 'fp32',
    provider: 'fake',
    manifest: {
      name: 'blobs',
      version: '1.0.0',
      labels: ['person'],
      thresholds: [{ label: 'person', threshold: 0.5, provenance: 'blobs' }],
      preprocess: {
        kind: 'letterbox',
        input: 'image',
        layout: 'nchw',
        channels: 'gray',
        padValue: 114,
        scale: 1,
        mean: [],
        std: [],
      },
      postprocess: { decoder: 'nms-free', scoreFloor: 0.1, topK: maxBlobs },
      variants: [{ id: 'fp32', width, height }],
    },
  };
}

function findBlobs(inputs: Tensors): Tensors {
  const pixels = inputs['image']?.data;
  const rows = new Float32Array(maxBlobs * 6);
  const { width, height } = blobSize;
  const taken = new Uint8Array(width * height);
  const isBright = (x: number, y: number): boolean =>
    x < width && y < height && pixels?.[y * width + x] === 255 && taken[y * width + x] === 0;
  let found = 0;
  for (let y = 0; y < height && found < maxBlobs; y += 1)
    for (let x = 0; x < width && found < maxBlobs; x += 1) {
      if (!isBright(x, y)) continue;
      let [right, bottom] = [x, y];
      while (isBright(right, y)) right += 1;
      while (isBright(x, bottom)) bottom += 1;
      for (let row = y; row < bottom; row += 1) taken.fill(1, row * width + x, row * width + right);
      rows.set([x, y, right, bottom, 0.9, 0], found * 6);
      found += 1;
    }
  return { boxes: { dtype: 'float32', dims: [1, maxBlobs, 6], data: rows } };
}
