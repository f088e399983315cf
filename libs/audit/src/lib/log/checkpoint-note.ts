import type { LogSigner } from './log-signer.js';

/** Head of the log: `note` is the signed text as it is published. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** 32 bytes as base64. */
  readonly root: string;
  readonly note: string;
}

/** The text that is signed. @see C2SP tlog-checkpoint */
export function checkpointText(origin: string, size: number, root: string): string {
  return `${origin}\n${size}\n${root}\n`;
}

/** A note with one signature line for each signer; two of them while a key is being replaced. @see C2SP signed-note */
export async function signCheckpoint(
  head: { readonly origin: string; readonly size: number; readonly root: Buffer },
  signers: readonly LogSigner[],
): Promise<Checkpoint> {
  const { origin, size } = head;
  const root = head.root.toString('base64');
  const text = checkpointText(origin, size, root);
  const lines = await Promise.all(
    signers.map(async (signer) => {
      const signature = Buffer.concat([signer.keyId, await signer.sign(Buffer.from(text))]);
      return signatureLine(signer.name, signature);
    }),
  );
  return { origin, size, root, note: `${text}\n${lines.join('')}` };
}

export function signatureLine(name: string, signature: Uint8Array): string {
  return `\u2014 ${name} ${Buffer.from(signature).toString('base64')}\n`;
}

/** The head that a note tells; no signature is checked here. Undefined where it is none. */
export function readCheckpoint(note: string): Checkpoint | undefined {
  const [origin = '', size = '', root = '', empty, ...signatures] = note.split('\n');
  const fits = /^(0|[1-9]\d{0,15})$/.test(size) && /^[A-Za-z0-9+/]{43}=$/.test(root) && empty === '';
  return fits && origin !== '' && signatures.length > 1 ? { origin, size: Number(size), root, note } : undefined;
}
