import type { RowModel } from './feature-rows.js';
import {
  modelSignals,
  signalRange,
  windowFeatures,
  windowHours,
  type ModelSignal,
  type PatientWindow,
} from './features.js';

/** Hours of one segment; four segments in a window. */
export const segmentHours = 3;
export const segments = windowHours / segmentHours;

/** How much lower the output is when one signal had been at its neutral value during one segment. */
export interface OcclusionPart {
  readonly signal: ModelSignal;
  /** 0 the newest three hours. */
  readonly segment: number;
  readonly effect: number;
}

/** Values of the segment become neutral; what was missing stays missing. Undefined where nothing was measured in it. */
export function occluded(window: PatientWindow, signal: ModelSignal, segment: number): PatientWindow | undefined {
  const inside = (hour: number): boolean => Math.floor(hour / segmentHours) === segment;
  const hours = window[signal];
  if (!hours.some((value, hour) => value !== null && inside(hour))) return undefined;
  const { neutral } = signalRange[signal];
  return { ...window, [signal]: hours.map((value, hour) => (value === null || !inside(hour) ? value : neutral)) };
}

export interface OcclusionRows {
  /** The window itself first. */
  readonly rows: readonly Float32Array[];
  /** What the rows from the second on leave out. */
  readonly parts: readonly { readonly signal: ModelSignal; readonly segment: number }[];
}

/** At most 29 rows: the window and each signal in each segment where something was measured. */
export function occlusionRows(window: PatientWindow): OcclusionRows {
  const parts = modelSignals
    .flatMap((signal) =>
      Array.from({ length: segments }, (_, segment) => ({
        signal,
        segment,
        window: occluded(window, signal, segment),
      })),
    )
    .flatMap(({ signal, segment, window: without }) => (without === undefined ? [] : [{ signal, segment, without }]));
  return {
    rows: [windowFeatures(window), ...parts.map(({ without }) => windowFeatures(without))],
    parts: parts.map(({ signal, segment }) => ({ signal, segment })),
  };
}

/** Largest effect first; equal ones in the order of the signals. */
export function occlusionOf({ parts }: OcclusionRows, values: readonly number[]): readonly OcclusionPart[] {
  const whole = values[0] ?? Number.NaN;
  return parts
    .map((part, at) => ({ ...part, effect: whole - (values[at + 1] ?? Number.NaN) }))
    .sort((a, b) => b.effect - a.effect);
}

export async function explainByOcclusion(
  model: RowModel,
  window: PatientWindow,
  label: number,
  signal?: AbortSignal,
): Promise<{ readonly output: readonly number[]; readonly parts: readonly OcclusionPart[] }> {
  const plan = occlusionRows(window);
  const outputs = await model.probabilities(plan.rows, signal);
  return {
    output: [...(outputs[0] ?? [])],
    parts: occlusionOf(
      plan,
      outputs.map((row) => row[label] ?? Number.NaN),
    ),
  };
}
