import { DeviceError } from '@edge-blueprints/contracts';
import type { FailedReply, ProviderProbe } from './session-protocol.js';
import type { StartSessionThread } from './session-thread.js';
import { startSessionThread } from './session-thread.js';

export interface RuntimeProbe {
  /** `onnxruntime 1.30.0` */
  readonly runtime: string;
  readonly providers: readonly ProviderProbe[];
}

/**
 * Finds out which execution providers really work here, by running a small graph on each, in a worker of its own.
 * @throws DeviceError `infer.runtime-missing` when the runtime's library does not load at all
 */
export async function probeProviders(start: StartSessionThread = startSessionThread): Promise<RuntimeProbe> {
  const thread = await start();
  try {
    const reply = await thread.request({ kind: 'probe' });
    if (reply.kind === 'failed') throw failedReply(reply);
    return { runtime: thread.runtime, providers: reply.kind === 'probed' ? reply.providers : [] };
  } finally {
    await thread.stop();
  }
}

export function failedReply({ code, message, retry, context }: FailedReply): DeviceError {
  return new DeviceError(code, message, { retry, context });
}
