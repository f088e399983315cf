import { join } from 'node:path';
import { decodeGray } from '@edge-blueprints/cameras';
import type { Clock, PartRecord } from '@edge-blueprints/contracts';
import type { ValidationScores } from '@edge-blueprints/inference';
import type { StationConfig } from '../config.js';
import { createJudge } from '../create-judge.js';
import type { Judge } from '../line.js';
import { createOperatorThresholds } from '../decide/operator-thresholds.js';
import { createThresholdBook } from '../decide/threshold-book.js';
import type { ThresholdBook } from '../decide/threshold-book.js';
import { createFrameCheck } from '../frame/frame-check.js';
import { openTemplates } from '../frame/templates.js';
import type { Templates } from '../frame/templates.js';
import { createGoldenCheck } from '../golden/golden-check.js';
import type { GoldenCheck } from '../golden/golden-check.js';
import { createGoldenInterlock } from '../golden/golden-interlock.js';
import type { GoldenInterlock } from '../golden/golden-interlock.js';
import { createGoldenJudge } from '../golden/golden-judge.js';
import { readGoldenSet } from '../golden/golden-set.js';
import type { StationEngine } from './open-engine.js';

export interface StationJudging {
  readonly judge: Judge;
  /** Undefined for a model that looks at the part alone. */
  readonly templates: Templates | undefined;
  readonly thresholds: ThresholdBook;
  /** What thresholds cost on held-out pictures; null in a bundle without them. */
  readonly validationScores: ValidationScores | null;
  /** Audited: the reason stands in the provenance of every later record. Makes the golden check due. */
  readonly setThreshold: (classIndex: number, threshold: number, reason: string) => void;
  readonly interlock: GoldenInterlock;
  /** Undefined where no golden set is configured. */
  readonly goldenCheck: GoldenCheck | undefined;
}

/** Everything between a frame and a decision: templates, thresholds, the judge, and the golden set that guards them. */
export async function openStationJudging(
  config: StationConfig,
  { engine, standIn, manifest, validationScores }: StationEngine,
  deps: { readonly clock: Clock; readonly modelAtRest: () => PartRecord['model']; readonly onGoldenChange: () => void },
): Promise<StationJudging> {
  const { clock, modelAtRest } = deps;
  const nowIso = (): string => new Date(clock.epochMs()).toISOString();
  const templates = config.templates === null ? undefined : openTemplates(config.templates);
  await templates?.preload();
  const saved = createOperatorThresholds(
    join(config.record.folder, 'thresholds.json'),
    `${manifest.name} ${manifest.version}`,
  );
  const thresholds = createThresholdBook({
    labels: manifest.labels,
    bundle: manifest.thresholds,
    recipe: config.decide.thresholds,
    operator: saved.read(),
    regions: config.decide.regions,
  });
  const shared = { engine, bundle: manifest, thresholds, modelAtRest, clock };
  const size = { width: config.frame.width, height: config.frame.height, light: config.light ?? undefined };
  const interlock = createGoldenInterlock({ nowIso });
  const goldenParts = config.golden.folder === null ? undefined : await readGoldenSet(config.golden.folder, decodeGray);
  const checkFrame = createFrameCheck({ ...size, frozenFrames: 0 });
  const judgeGolden = createGoldenJudge({ ...shared, checkFrame });
  const judgeStandIn = standIn && createGoldenJudge({ ...shared, engine: standIn, checkFrame });

  return {
    judge: createJudge({
      ...shared,
      templateOf: templates?.of,
      checkFrame: createFrameCheck({ ...size, frozenFrames: config.frame.frozenFrames }),
      partDeadlineMs: config.decide.partDeadlineMs,
    }),
    templates,
    thresholds,
    validationScores,
    setThreshold: (classIndex, threshold, reason) => {
      thresholds.setByOperator(classIndex, threshold, `operator ${nowIso()}: ${reason}`);
      saved.write(thresholds.operatorChanges());
      interlock.makeDue(
        `The threshold of ${manifest.labels[classIndex] ?? classIndex} was changed to ${threshold}: ${reason}`,
      );
      deps.onGoldenChange();
    },
    interlock,
    goldenCheck:
      goldenParts === undefined
        ? undefined
        : createGoldenCheck({
            parts: goldenParts,
            interlock,
            judge: judgeGolden,
            standIn: judgeStandIn,
            onChange: deps.onGoldenChange,
          }),
  };
}
