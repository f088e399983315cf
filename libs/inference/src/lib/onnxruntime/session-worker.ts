import { parentPort } from 'node:worker_threads';
import type { Tensors } from '@edge-blueprints/contracts';
import { SessionFault } from '../session-fault.js';
import type { FromWorker, SessionReply, SessionRequest, ToWorker } from './session-protocol.js';
import { firstLine } from './provider-trial.js';
import { createSessionHost } from './session-host.js';
import { privateBuffers } from '../tensor-buffers.js';

/*
 * Entry of the worker thread that owns the session. `session.run` blocks this thread, never the one that does I/O. The
 * process would abort if this thread were torn down inside a run, so it ends only when asked, between two requests.
 */
const port = parentPort;
if (port !== null) {
  const host = createSessionHost();
  let tail: Promise<void> = Promise.resolve();

  const answer = async (id: number, request: SessionRequest): Promise<void> => {
    const reply = await host.serve(request).catch((error: unknown) => failure(error, request));
    const message: FromWorker = { id, reply };
    try {
      port.postMessage(message, [...buffersOf(reply)]);
    } catch {
      // Some Node versions refuse to transfer memory that native code allocated: clone instead.
      port.postMessage(message);
    }
  };

  port.on('message', (message: ToWorker) => {
    tail = tail.then(async () => {
      if ('stop' in message) {
        await host.release();
        port.close();
      } else {
        await answer(message.id, message.request);
      }
    });
  });
  port.postMessage({ runtime: host.runtime } satisfies FromWorker);
}

function failure(error: unknown, request: SessionRequest): SessionReply {
  const inputs: { readonly inputs?: Tensors } = request.kind === 'run' ? { inputs: request.inputs } : {};
  if (error instanceof SessionFault) {
    const { code, message, retry, context } = error;
    return { kind: 'failed', code, message, retry, context, ...inputs };
  }
  return { kind: 'failed', code: 'infer.failed', message: firstLine(error), retry: 'safe', context: {}, ...inputs };
}

function buffersOf(reply: SessionReply): ReadonlySet<ArrayBuffer> {
  if (reply.kind === 'ran') return new Set([...privateBuffers(reply.inputs), ...privateBuffers(reply.outputs)]);
  if (reply.kind === 'failed' && reply.inputs !== undefined) return new Set(privateBuffers(reply.inputs));
  return new Set();
}
