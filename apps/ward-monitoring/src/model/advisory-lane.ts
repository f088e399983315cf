import { createHash } from 'node:crypto';
import { errorMessage, type AdvisoryView } from '@edge-blueprints/contracts';
import type { RowModel } from './feature-rows.js';
import { featureNames, windowFeatures, type PatientWindow } from './features.js';
import { explainByOcclusion, type OcclusionPart } from './occlusion.js';
import { explainByShapley } from './shapley.js';

/** What the lane may say to the alarm engine, and nothing else: one condition, low priority, no delay of its own. */
export interface AdvisoryInput {
  readonly subject: string;
  readonly condition: 'model-advisory';
  readonly state: 'true' | 'false' | 'unknown';
  readonly priority: 'PL';
  readonly text: string;
  readonly facts: Readonly<Record<string, string>>;
}

export interface AdvisoryColumn {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

export interface AdvisoryLaneOptions {
  readonly model: RowModel;
  /** `vitals-anomaly 1.0.3`. */
  readonly name: string;
  /** SHA-256 of the model file, hex. */
  readonly modelDigest: string;
  readonly columns: readonly AdvisoryColumn[];
  /** Which output raises the advisory, its words and its threshold. */
  readonly label: { readonly index: number; readonly name: string; readonly threshold: number };
}

export type AdvisoryOutcome =
  | {
      readonly kind: 'advice';
      readonly view: AdvisoryView;
      readonly occlusion: readonly OcclusionPart[];
      readonly input: AdvisoryInput;
    }
  | {
      readonly kind: 'silent';
      readonly why: 'out-of-range' | 'disabled';
      readonly detail: string;
      readonly input: AdvisoryInput;
    };

export interface AdvisoryLane {
  /** Never throws for what the model does: the lane falls silent, the rules go on. */
  judge(subject: string, window: PatientWindow, signal?: AbortSignal): Promise<AdvisoryOutcome>;
  /** SHA-256 of the model file, hex. */
  readonly modelDigest: string;
  /** Why the lane is off for good; undefined while it works. */
  readonly disabled: string | undefined;
  readonly counts: { readonly judged: number; readonly raised: number; readonly outOfRange: number };
}

/** A column may leave the range of the training by this share of it before the model is not asked. */
const margin = 0.1;

export function createAdvisoryLane(options: AdvisoryLaneOptions): AdvisoryLane {
  const { columns, label, modelDigest } = options;
  const model = withinCounts(options.model, columns);
  let disabled = columnProblem(columns);
  let judged = 0;
  let raised = 0;
  let outOfRange = 0;

  const silent = (subject: string, why: 'out-of-range' | 'disabled', detail: string): AdvisoryOutcome => {
    const input = advisoryInput(subject, 'unknown', `No advice of the model: ${detail}`.slice(0, 200), {
      model: modelDigest,
      silent: why,
    });
    return { kind: 'silent', why, detail, input };
  };

  const judge = async (subject: string, window: PatientWindow, signal?: AbortSignal): Promise<AdvisoryOutcome> => {
    if (disabled !== undefined) return silent(subject, 'disabled', disabled);
    const features = windowFeatures(window);
    const strange = outside(features, columns);
    if (strange !== undefined) {
      outOfRange += 1;
      return silent(subject, 'out-of-range', strange);
    }
    const { output, parts } = await explainByOcclusion(model, window, label.index, signal);
    const { shares, base, output: again } = await explainByShapley(model, features, label.index, signal);
    const probability = output[label.index] ?? Number.NaN;
    if (Math.abs(again - probability) > 1e-6) {
      disabled = `two runs of one window gave ${probability} and ${again}`;
      return silent(subject, 'disabled', disabled);
    }
    judged += 1;
    const over = probability >= label.threshold;
    if (over) raised += 1;
    const explanation = Object.entries(shares)
      .map(([feature, share]) => ({ feature, share }))
      .sort((a, b) => Math.abs(b.share) - Math.abs(a.share));
    const [first, second] = explanation;
    const percent = (probability * 100).toFixed(0);
    const because = [first, second].flatMap((part) => (part ? [part.feature] : [])).join(' and ');
    const facts = {
      model: modelDigest,
      label: label.name,
      input: sha256(new Uint8Array(features.buffer, features.byteOffset, features.byteLength)),
      output: String(probability),
      base: String(base),
      threshold: String(label.threshold),
      explanation: sha256(JSON.stringify({ shares, parts })),
    };
    return {
      kind: 'advice',
      view: { probability, raised: over, model: options.name, base, explanation },
      occlusion: parts,
      input: advisoryInput(
        subject,
        over ? 'true' : 'false',
        `Model: ${percent} % for ${label.name}, mostly by ${because}`,
        facts,
      ),
    };
  };

  return {
    modelDigest,
    judge: async (subject, window, signal) => {
      try {
        return await judge(subject, window, signal);
      } catch (error) {
        if (signal?.aborted !== true) disabled = errorMessage(error);
        return silent(subject, 'disabled', errorMessage(error));
      }
    },
    get disabled() {
      return disabled;
    },
    get counts() {
      return { judged, raised, outOfRange };
    },
  };
}

function advisoryInput(
  subject: string,
  state: AdvisoryInput['state'],
  text: string,
  facts: Readonly<Record<string, string>>,
): AdvisoryInput {
  return { subject, condition: 'model-advisory', state, priority: 'PL', text, facts };
}

function columnProblem(columns: readonly AdvisoryColumn[]): string | undefined {
  const same = columns.length === featureNames.length && columns.every(({ name }, at) => name === featureNames[at]);
  return same ? undefined : 'the bundle has other columns than this gateway computes';
}

/** How often and how long ago something was measured: not a measured value. */
const isCount = (name: string): boolean => name.endsWith('.missing') || name.endsWith('.age');

/**
 * Charts hold a value now and then, sensors always. Where a window was measured more (or less) often than any of the training, the
 * model is told the nearest that it knows; values themselves are never moved.
 */
function withinCounts(model: RowModel, columns: readonly AdvisoryColumn[]): RowModel {
  const move = (row: Float32Array): Float32Array =>
    row.map((value, at) => {
      const column = columns[at];
      return column !== undefined && isCount(column.name) ? Math.min(Math.max(value, column.low), column.high) : value;
    });
  return { ...model, probabilities: (rows, signal) => model.probabilities(rows.map(move), signal) };
}

/** The first feature that the training never saw the like of, in words; NaN is always outside. */
function outside(features: Float32Array, columns: readonly AdvisoryColumn[]): string | undefined {
  const at = columns.findIndex(({ name, low, high }, column) => {
    if (isCount(name)) return false;
    const slack = (high - low) * margin;
    const value = features[column] ?? Number.NaN;
    return !(value >= low - slack && value <= high + slack);
  });
  const column = columns[at];
  if (column === undefined) return undefined;
  return `${column.name} is ${features[at]?.toPrecision(4)}, the training saw ${column.low.toPrecision(4)} to ${column.high.toPrecision(4)}`;
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
