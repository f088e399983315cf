import './no-telemetry.js';
import type { TensorSpec } from '@edge-blueprints/contracts';
import * as ort from 'onnxruntime-node';
import { modelProblems, outputProblems } from '../model-check.js';
import type { ModelSource, OptimisedModel } from './optimised-model.js';
import { optimisedModel } from './optimised-model.js';
import type { OrtSession } from './ort-session.js';
import { createSession, runSession, sessionTensors } from './ort-session.js';
import { firstLine, providerMissing, requireProvider, tryAllProviders } from './provider-trial.js';
import { SessionFault } from '../session-fault.js';
import type { LoadRequest, SessionReply, SessionRequest } from './session-protocol.js';
import { allocateTensors } from '../tensor-buffers.js';
import { timeThreadSettings } from './thread-trial.js';

/** The worker's side: one session at a time, and everything that needs the runtime's library. */
export interface SessionHost {
  /** `onnxruntime 1.30.0` */
  readonly runtime: string;
  /** @throws SessionFault `infer.provider-missing`, `infer.model-invalid`, `infer.model-mismatch`, `infer.failed` */
  serve(request: SessionRequest): Promise<SessionReply>;
  release(): Promise<void>;
}

interface Holding {
  readonly session: OrtSession;
  readonly source: ModelSource;
  readonly provider: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

export function createSessionHost(): SessionHost {
  ort.env.logLevel = 'fatal'; // what fails is thrown; the runtime need not print it as well
  let holding: Holding | undefined;
  const held = (): Holding => {
    if (holding === undefined) throw new SessionFault('infer.not-loaded', 'The worker holds no model.');
    return holding;
  };
  const replace = async (next: Holding | undefined): Promise<void> => {
    const last = holding;
    holding = next;
    await last?.session.release();
  };

  return {
    runtime: `onnxruntime ${ort.env.versions.node ?? ort.env.versions.common}`,
    release: async () => replace(undefined),
    serve: async (request) => {
      switch (request.kind) {
        case 'load': {
          const startedMs = performance.now();
          const { next, cache, found } = await open(request);
          await replace(next);
          return { kind: 'loaded', ...found, cache, loadMs: performance.now() - startedMs };
        }
        case 'run': {
          const { session, outputs: wanted } = held();
          const { outputs, runMs } = await runSession(session, request.inputs);
          const problems = outputProblems(wanted, outputs);
          if (problems.length > 0) throw unusableOutputs(problems);
          return { kind: 'ran', inputs: request.inputs, outputs, runMs };
        }
        case 'tune': {
          const { source, provider, inputs } = held();
          const { settings, budgetMs } = request;
          const trial = { source, provider, settings, budgetMs, inputs: allocateTensors(inputs) };
          return { kind: 'tuned', samples: await timeThreadSettings(trial) };
        }
        case 'use': {
          const { source, provider, inputs, outputs } = held();
          const session = await createSession(source, { provider, setting: request.setting });
          await replace({ session, source, provider, inputs, outputs });
          return { kind: 'used' };
        }
        case 'probe':
          return { kind: 'probed', providers: await tryAllProviders() };
      }
    },
  };
}

type ModelTensors = ReturnType<typeof sessionTensors>;

async function open(
  request: LoadRequest,
): Promise<{ readonly next: Holding; readonly cache: OptimisedModel['cache']; readonly found: ModelTensors }> {
  const { provider, setting, inputs, outputs } = request;
  await requireProvider(provider);
  // Only the CPU's optimised graph can be kept; other providers compile parts of it into forms of their own.
  const path = provider === 'cpu' ? request.cachePath : null;
  const { source, cache } = await optimisedModel(path, request.bytes, async (writeTo) => {
    const maker = await createSession({ bytes: request.bytes, optimised: false }, { provider, setting, writeTo });
    await maker.release();
  });
  const session = await createSession(source, { provider, setting }).catch((error: unknown) => {
    throw refusal(provider, error);
  });
  try {
    const found = sessionTensors(session);
    const problems = modelProblems({ inputs, outputs }, found);
    if (problems.length > 0) throw anotherModel(problems);
    // Zeros are far from an image, so only the run itself is judged here, not the numbers.
    await runSession(session, allocateTensors(inputs)).catch((error: unknown) => {
      throw refusal(provider, error);
    });
    return { next: { session, source, provider, inputs, outputs }, cache, found };
  } catch (error) {
    await session.release();
    throw error;
  }
}

function anotherModel(problems: readonly string[]): SessionFault {
  const list = problems.join('; ');
  return new SessionFault(
    'infer.model-mismatch',
    `The model is not what its bundle says: ${list}. Pack the bundle again from this model file.`,
    { problems },
  );
}

function unusableOutputs(problems: readonly string[]): SessionFault {
  const list = problems.join('; ');
  return new SessionFault(
    'infer.failed',
    `The model gave outputs that cannot be used: ${list}. Check the inputs' range and the model.`,
    { problems },
    'safe',
  );
}

function refusal(provider: string, error: unknown): SessionFault {
  const reason = firstLine(error);
  if (reason.includes('fallback to CPU EP has been explicitly disabled')) {
    return providerMissing(provider, 'the provider cannot run the whole model; parts of it would run on the CPU');
  }
  const message = `onnxruntime cannot run this model on ${provider}: ${reason}. Check the file and its operators.`;
  return new SessionFault('infer.model-invalid', message, { provider, reason });
}
