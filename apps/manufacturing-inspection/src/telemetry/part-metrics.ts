import type { PartRecord } from '@edge-blueprints/contracts';
import type { Metrics } from '@edge-blueprints/telemetry';

/** Counts one part and its times. A stage that was not reached (0 ms) is left out: it would pull the quantiles down. */
export function measurePart(metrics: Metrics, record: PartRecord, abstainCode: string | undefined): void {
  const { timings, model, verdict } = record;
  const of = { model: `${model.bundle} ${model.version}`, variant: model.variant, provider: model.provider };
  metrics.add('edge.parts', 1, { verdict });
  if (abstainCode !== undefined) metrics.add('edge.parts.abstained', 1, { code: abstainCode });
  for (const { label, counted } of record.detections) if (counted) metrics.add('edge.defects', 1, { label });
  metrics.record('edge.capture_to_act.duration', timings.captureToActMs / 1_000, of);
  if (timings.runMs > 0) metrics.record('edge.inference.duration', timings.runMs / 1_000, of);
  const stages = {
    transport: timings.transportMs,
    preprocess: timings.preprocessMs,
    infer: timings.inferMs,
    postprocess: timings.postprocessMs,
    decide: timings.decideMs,
    act: timings.actMs,
  };
  for (const [stage, ms] of Object.entries(stages))
    if (ms > 0) metrics.record('edge.stage.duration', ms / 1_000, { stage });
}
