import { DeviceError, errorMessage, withDeadline } from '@edge-blueprints/contracts';
import { openNote, parseVkey } from '../../verify/note.js';
import type { AuditLog } from '../log/audit-log.js';
import { readCheckpoint, type Checkpoint } from '../log/checkpoint-note.js';

export interface WitnessLink {
  /** Has the checkpoint signed, and adds the signature to the log. @throws DeviceError `audit.witness` */
  submit(checkpoint: Checkpoint, signal: AbortSignal): Promise<Checkpoint>;
}

/** The log's side of a witness. It learns what the witness saw last from the witness. @see C2SP tlog-witness */
export function createWitnessLink(options: {
  readonly log: AuditLog;
  /** Submission prefix, without a slash at its end. */
  readonly url: string;
  readonly vkey: string;
  readonly timeoutMs?: number;
}): WitnessLink {
  const { log, url } = options;
  const key = parseVkey(options.vkey);
  let known = 0;
  const fail = (text: string, cause?: unknown): DeviceError =>
    new DeviceError('audit.witness', `The witness at ${url} ${text}`, { cause, retry: 'safe' });

  async function ask(checkpoint: Checkpoint, signal: AbortSignal): Promise<{ status: number; text: string }> {
    const proof = known === 0 ? [] : await log.proveConsistency(known, checkpoint.size);
    const lines = proof.map((hash) => `${hash.toString('base64')}\n`).join('');
    try {
      const body = `old ${known}\n${lines}\n${checkpoint.note}`;
      return await withDeadline(options.timeoutMs ?? 5_000, signal, async (limit) => {
        const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body, signal: limit });
        return { status: response.status, text: await response.text() };
      });
    } catch (cause) {
      throw fail(`does not answer: ${errorMessage(cause)}`, cause);
    }
  }

  return {
    submit: async (checkpoint, signal) => {
      let response = await ask(checkpoint, signal);
      if (response.status === 409) {
        const size = Number(response.text);
        if (!Number.isSafeInteger(size) || size < 0 || size > checkpoint.size)
          throw fail(`has seen ${size} entries, more than the ${checkpoint.size} of this log: was it set back?`);
        if (size === known) throw fail(`has seen another log of ${size} entries: this log shows two histories`);
        known = size;
        response = await ask(checkpoint, signal);
      }
      const { status, text } = response;
      if (status !== 200) throw fail(`refuses with ${status}: ${text.trim().slice(0, 200)}`);
      const signed = readCheckpoint(checkpoint.note + text);
      const opened = signed === undefined || key === undefined ? undefined : openNote(signed.note, [key]);
      if (signed === undefined || opened?.signedBy.length !== 1) throw fail('gave no signature of its key');
      known = checkpoint.size;
      await log.addSignatures(signed);
      return signed;
    },
  };
}
