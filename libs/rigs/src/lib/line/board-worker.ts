import { parentPort, workerData } from 'node:worker_threads';
import { ConfigError, createRandom } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { BoardDesign } from '../boards/board-design.js';
import { createBoardDesign } from '../boards/board-design.js';
import type { DefectLabel } from '../boards/board-geometry.js';
import { boardSide, defectLabels } from '../boards/board-geometry.js';
import { renderBoard } from '../boards/render-board.js';

export const boardWorkerSettings = z.strictObject({
  seed: z.int(),
  designs: z.int().min(1),
  defectRate: z.number().min(0).max(1),
  /** Relative frequency of each class, in the order of `defectLabels`. */
  defectWeights: z.array(z.number().min(0)).length(defectLabels.length),
  misregistration: z.int().min(0).max(8),
});

const requestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('board'), index: z.int() }),
  z.object({ kind: z.literal('golden'), round: z.int() }),
]);

/** Artwork on which every class of defect finds room and that is worth looking at. */
function chooseDesigns(seed: number, count: number): [BoardDesign, ...BoardDesign[]] {
  const designs: BoardDesign[] = [];
  for (let candidate = 0; designs.length < count && candidate < count * 20; candidate += 1) {
    const design = createBoardDesign(seed * 1000 + candidate);
    const copper = design.template.reduce((sum, level) => sum + (level === 0 ? 1 : 0), 0) / design.template.length;
    const roomy = design.openSites.length >= 12 && design.bareSites.length > 400 && design.solidSites.length > 400;
    if (roomy && copper > 0.1 && copper < 0.6) designs.push(design);
  }
  const [first, ...others] = designs;
  if (!first)
    throw new ConfigError(
      'rig.no-design',
      `Seed ${seed} gives no artwork with room for all defects. Choose another seed.`,
    );
  return [first, ...others];
}

if (parentPort) {
  const port = parentPort;
  const settings = boardWorkerSettings.parse(workerData);
  const designs = chooseDesigns(settings.seed, settings.designs);
  const randoms = createRandom(settings.seed).fork('line');
  const mixed = randoms.integer(0, 0xffff_ffff);
  const total = settings.defectWeights.reduce((sum, weight) => sum + weight, 0);

  const defectsOf = (index: number): { design: BoardDesign; defects: DefectLabel[]; seed: number } => {
    const random = createRandom((mixed + Math.imul(index, 0x9e3779b1)) >>> 0);
    const design = random.pick(designs);
    const bad = total > 0 && random.next() < settings.defectRate;
    const pick = (): DefectLabel => {
      let at = random.next() * total;
      return defectLabels.find((_, k) => (at -= settings.defectWeights[k] ?? 0) < 0) ?? 'open';
    };
    return {
      design,
      defects: bad ? Array.from({ length: random.integer(1, 4) }, pick) : [],
      seed: random.integer(0, 0xffff_ffff),
    };
  };
  const send = (
    kind: 'board' | 'golden',
    partId: string,
    design: BoardDesign,
    defects: DefectLabel[],
    seed: number,
  ): void => {
    const { pixels, truth } = renderBoard(design, { seed, defects, misregistration: settings.misregistration });
    const { productId } = design;
    port.postMessage({ kind, partId, productId, width: boardSide, height: boardSide, pixels, truth });
  };

  port.on('message', (message: unknown) => {
    const request = requestSchema.parse(message);
    if (request.kind === 'board') {
      const { design, defects, seed } = defectsOf(request.index);
      send('board', `B${String(request.index).padStart(8, '0')}`, design, defects, seed);
      return;
    }
    const design = designs[request.round % designs.length] ?? designs[0];
    send('golden', `G-${request.round}-good`, design, [], mixed + request.round);
    for (const label of defectLabels)
      send('golden', `G-${request.round}-${label}`, design, [label], mixed + request.round);
  });
  port.postMessage({
    kind: 'templates',
    templates: designs.map(({ productId, template }) => ({ productId, pixels: template })),
  });
}
