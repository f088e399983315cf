import type { Worker } from 'node:worker_threads';
import { encodePng } from '@edge-blueprints/cameras';
import type { Detection } from '@edge-blueprints/contracts';
import { DeviceError, errorMessage } from '@edge-blueprints/contracts';
import { startWorker } from '@edge-blueprints/pipeline';
import { z } from 'zod';
import { boardSide, defectLabels } from '../boards/board-geometry.js';
import type { PartSource, PreparedPart } from './prepared-part.js';

export interface RenderedPartsOptions {
  readonly seed: number;
  readonly designs: number;
  /** Share of boards with defects, 0 to 1. */
  readonly defectRate: number;
  /** Relative frequency of the classes, in the order open, short, mousebite, spur, copper, pin-hole. */
  readonly defectWeights: readonly number[];
  /** Largest displacement of a board under the camera, pixels. */
  readonly misregistration: number;
}

const detectionSchema = z.object({
  label: z.string(),
  classIndex: z.int(),
  score: z.number(),
  box: z.object({ xMin: z.number(), yMin: z.number(), xMax: z.number(), yMax: z.number() }),
});
const partFields = {
  partId: z.string(),
  productId: z.string(),
  width: z.int(),
  height: z.int(),
  pixels: z.instanceof(Uint8Array),
  truth: z.array(detectionSchema),
};
const answerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('templates'),
    templates: z.array(z.object({ productId: z.string(), pixels: z.instanceof(Uint8Array) })),
  }),
  z.object({ kind: z.literal('board'), ...partFields }),
  z.object({ kind: z.literal('golden'), ...partFields }),
]);
type Answer = z.infer<typeof answerSchema>;

/**
 * Boards from the renderer, which works in a thread of its own so that the belt never waits for it.
 * Settles when the products are designed. @throws DeviceError `rig.renderer-failed`
 */
export async function openRenderedParts(options: RenderedPartsOptions): Promise<PartSource> {
  const worker = startWorker(import.meta.url, './board-worker', { workerData: options });
  const answers = receive(worker);
  const first = await answers.next();
  if (first.kind !== 'templates') throw failed(`it answered ${first.kind} instead of its products`);
  const templates = await Promise.all(
    first.templates.map(async ({ productId, pixels }) => {
      const { bytes } = await encodePng({ width: boardSide, height: boardSide, format: 'gray8', pixels });
      return { productId, png: bytes };
    }),
  );
  let index = 0;
  let round = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work, work);
    turn = result.catch(() => undefined);
    return result;
  };
  const part = async (): Promise<PreparedPart> => {
    const answer = await answers.next();
    if (answer.kind === 'templates') throw failed('it sent its products twice');
    const { partId, productId, width, height, pixels } = answer;
    const truth: readonly Detection[] = answer.truth;
    return { partId, productId, recipe: 1, width, height, pixels, truth };
  };
  return {
    templates,
    next: () =>
      inTurn(async () => {
        worker.postMessage({ kind: 'board', index: (index += 1) });
        return part();
      }),
    golden: () =>
      inTurn(async () => {
        worker.postMessage({ kind: 'golden', round: (round += 1) });
        const parts: PreparedPart[] = [];
        for (let count = 0; count <= defectLabels.length; count += 1) parts.push(await part());
        return parts;
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}

/** The worker's messages in order. At most the seven parts of a golden set wait at a time. */
function receive(worker: Worker): { next(): Promise<Answer> } {
  const waiting: { resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = [];
  const ready: Answer[] = [];
  let broken: DeviceError | undefined;
  const fail = (why: string): void => {
    broken ??= failed(why);
    for (const { reject } of waiting.splice(0)) reject(broken);
  };
  worker.on('message', (message: unknown) => {
    const parsed = answerSchema.safeParse(message);
    if (!parsed.success) return fail(`it answered ${z.prettifyError(parsed.error)}`);
    const taker = waiting.shift();
    if (taker) taker.resolve(parsed.data);
    else ready.push(parsed.data);
  });
  worker.on('error', (error) => fail(errorMessage(error)));
  worker.on('exit', () => fail('its thread has ended'));
  return {
    next: () => {
      const answer = ready.shift();
      if (answer) return Promise.resolve(answer);
      if (broken) return Promise.reject(broken);
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
  };
}

function failed(why: string): DeviceError {
  return new DeviceError('rig.renderer-failed', `The board renderer stopped: ${why}. Start the line again.`, {
    retry: 'safe',
  });
}
