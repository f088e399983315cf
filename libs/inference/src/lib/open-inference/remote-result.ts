import { DeviceError, type InferenceResult, type VerifiedModel } from '@edge-blueprints/contracts';
import type { InferResponse } from './infer-message.js';

interface Exchange {
  readonly base: URL;
  readonly provider: string;
  readonly totalMs: number;
}

/**
 * What a server answered as an engine's result. Timings, provider and degradation are taken from the parameters that our
 * server adds; without them the whole exchange counts as run.
 * @throws DeviceError `infer.model-mismatch` when the server says that it ran another model than was loaded
 */
export function remoteResult(
  { outputs, parameters }: InferResponse,
  model: VerifiedModel,
  exchange: Exchange,
): InferenceResult {
  const { base, totalMs } = exchange;
  const digest = text(parameters['model_digest']);
  if (digest !== undefined && digest !== model.modelDigest) {
    throw new DeviceError(
      'infer.model-mismatch',
      `${base.host} ran model ${digest.slice(0, 16)}, loaded was ${model.modelDigest.slice(0, 16)}. The server was changed; load again.`,
      { context: { digest, want: model.modelDigest } },
    );
  }
  const told = text(parameters['provider']);
  const provider = told === undefined ? exchange.provider : `${told}@${base.host}`;
  const runMs = Math.min(number(parameters['run_ms']) ?? totalMs, totalMs);
  const queueMs = Math.min(number(parameters['queue_ms']) ?? 0, totalMs - runMs);
  return {
    outputs: Object.fromEntries(outputs),
    timings: { queueMs, runMs, totalMs, transferMs: totalMs - runMs - queueMs },
    provider,
    modelDigest: model.modelDigest,
    variant: model.variant,
    degradation: {
      level: number(parameters['degradation_level']) ?? 0,
      reason: text(parameters['degradation_reason']) ?? `${model.variant} on ${provider}`,
    },
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === 'number' && value >= 0 ? value : undefined);
