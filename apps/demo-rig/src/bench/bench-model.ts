import { type InferenceEngine, type Tensors, type VerifiedModel } from '@edge-blueprints/contracts';
import { createOnnxEngine, loadBundle, readTrustedKeys, type LoadedBundle } from '@edge-blueprints/inference';
import { createBoardDesign, renderBoard } from '@edge-blueprints/rigs';
import {
  createDecoder,
  createTestAndTemplatePacker,
  type Decoder,
  type Picture,
  type TestAndTemplatePacker,
} from '@edge-blueprints/vision';

/** The shipped model and boards to judge with it. */
export interface BenchModel {
  readonly bundle: LoadedBundle;
  readonly int8: VerifiedModel;
  readonly fp32: VerifiedModel;
  readonly boards: readonly Picture[];
  readonly template: Picture;
  readonly pack: TestAndTemplatePacker;
  readonly decode: Decoder;
  board(i: number): Picture;
  engine(model: VerifiedModel, threads: number | 'auto'): Promise<InferenceEngine>;
}

export async function loadBenchModel(folder: string, trustedKeys: string): Promise<BenchModel> {
  const bundle = await loadBundle(folder, { trustedKeys: await readTrustedKeys(trustedKeys) });
  const variant = (precision: string): VerifiedModel => {
    const found = bundle.manifest.variants.find((v) => v.precision === precision);
    if (!found) throw new RangeError(`The bundle ${folder} has no ${precision} variant.`);
    return bundle.variant(found.id);
  };
  const int8 = variant('int8');
  const [width = 640, height = 640] = [int8.inputs[0]?.dims[3], int8.inputs[0]?.dims[2]];
  const design = createBoardDesign(11);
  const gray = (pixels: Uint8Array): Picture => ({ width: 640, height: 640, format: 'gray8', pixels });
  const boards = Array.from({ length: 8 }, (_, n) => gray(renderBoard(design, { seed: n, defectRate: 0.5 }).pixels));
  return {
    bundle,
    int8,
    fp32: variant('fp32'),
    boards,
    template: gray(design.template),
    pack: createTestAndTemplatePacker({ width, height }),
    decode: createDecoder(bundle.manifest.postprocess, { labels: bundle.manifest.labels, width, height }),
    board: (i) => boards[i % boards.length] ?? gray(design.template),
    async engine(model, threads) {
      const engine = createOnnxEngine(threads === 'auto' ? {} : { threads });
      await engine.load(model);
      await engine.warmUp(10);
      return engine;
    },
  };
}

/** The bytes of the model's one image input. */
export function imageOf(inputs: Tensors): Uint8Array {
  const data = Object.values(inputs)[0]?.data;
  if (!(data instanceof Uint8Array)) throw new RangeError('The model takes no uint8 image.');
  return data;
}
