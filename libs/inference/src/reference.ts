import type { Tensors } from '@edge-blueprints/contracts';
import { createSession, runSession } from './lib/onnxruntime/ort-session.js';

/** A session on the calling thread, as `session.run` is used without an engine: it blocks the event loop. */
export interface MainThreadSession {
  run(inputs: Tensors): Promise<Tensors>;
  release(): Promise<void>;
}

/** What the engine is measured against in the bench. Not for use in an app. */
export async function createMainThreadSession(bytes: Uint8Array, threads: number): Promise<MainThreadSession> {
  const session = await createSession(
    { bytes, optimised: false },
    { provider: 'cpu', setting: { threads, spinning: false } },
  );
  return { run: async (inputs) => (await runSession(session, inputs)).outputs, release: () => session.release() };
}
