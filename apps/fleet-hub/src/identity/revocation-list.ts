import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import {
  type Clock,
  type DeviceIdentity,
  DeviceError,
  errorMessage,
  fleetIdPattern,
  identityName,
  type Logger,
  UsageError,
} from '@edge-blueprints/contracts';
import { z } from 'zod';

/** Who is shut out: every certificate of the name, until one that was issued afterwards is accepted. */
export interface Revocation {
  readonly name: string;
  /** UTC. */
  readonly at: string;
  readonly by: string;
  readonly reason: string;
  /** Serial numbers that were let in again, upper-case hex. */
  readonly accepted: readonly string[];
}

/** Fits `DeniedIdentities` of the embedded broker. */
export interface RevocationList {
  /** `serialNumber` null asks for the name alone, as the ingest does, which sees topics and no certificates. */
  isDenied(name: string, serialNumber: string | null): boolean;
  isRevoked(identity: DeviceIdentity): boolean;
  /** Durable when it returns. @throws UsageError `identity.revocation` @throws DeviceError `identity.disk` */
  revoke(entry: { readonly name: string; readonly by: string; readonly reason: string }): void;
  /** Lets one certificate of a revoked name in; the older ones stay out. @throws DeviceError `identity.disk` */
  accept(entry: { readonly name: string; readonly serialNumber: string; readonly by: string }): void;
  list(): readonly Revocation[];
  /** @returns a function that ends the listening */
  onChange(listener: () => void): () => void;
  /** Looks at the file now instead of at the next look. */
  refresh(): void;
  close(): void;
}

const fleetName = z
  .string()
  .refine((name) => name.split('.').length === 2 && name.split('.').every((part) => fleetIdPattern.test(part)));
const base = { at: z.iso.datetime(), name: fleetName, by: z.string().max(128) };
const lineSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('revoke'), ...base, reason: z.string().max(500) }),
  z.strictObject({ action: z.literal('accept'), ...base, serialNumber: z.string().regex(/^[0-9A-F]{2,40}$/) }),
]);
type Line = z.infer<typeof lineSchema>;

/**
 * A file of JSON lines that is only ever appended to, so that the command and the hub can both write it, and so that it
 * tells who did what. Every reader looks again each `lookMs`. A file that vanishes or cannot be read lets nobody in again.
 */
export function openRevocationList(options: {
  readonly file: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly lookMs?: number;
}): RevocationList {
  const { file, clock, log } = options;
  const listeners = new Set<() => void>();
  let revocations = new Map<string, Revocation>();
  let seen = '';

  const refresh = (): void => {
    let text: string;
    try {
      if (!existsSync(file) && seen === '') return;
      const { mtimeMs, size } = statSync(file);
      const stamp = `${mtimeMs}/${size}`;
      if (stamp === seen) return;
      text = readFileSync(file, 'utf8');
      seen = stamp;
    } catch (error) {
      log.error('identity.revocations-unreadable', { file, message: errorMessage(error) });
      return;
    }
    revocations = fold(text, (line, problem) => log.error('identity.revocations-line', { file, line, problem }));
    for (const listener of listeners) listener();
  };
  const append = (line: Line): void => {
    try {
      const torn = existsSync(file) && statSync(file).size > 0 && !readFileSync(file, 'utf8').endsWith('\n');
      const handle = openSync(file, 'a', 0o640);
      try {
        // One write call, so that two programs that append at a time do not mix their lines.
        writeSync(handle, `${torn ? '\n' : ''}${JSON.stringify(line)}\n`);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
    } catch (cause) {
      throw new DeviceError('identity.disk', `Cannot append to ${file}: ${errorMessage(cause)}`, {
        cause,
        retry: 'safe',
      });
    }
    // A coarse clock of the file system may give two writes one time; the size differs always.
    refresh();
  };
  const now = (): string => new Date(clock.epochMs()).toISOString();
  const isDenied = (name: string, serialNumber: string | null): boolean => {
    const revocation = revocations.get(name);
    if (revocation === undefined) return false;
    return serialNumber === null ? revocation.accepted.length === 0 : !revocation.accepted.includes(serialNumber);
  };

  refresh();
  const timer = setInterval(refresh, options.lookMs ?? 1_000).unref();
  return {
    isDenied,
    isRevoked: (identity) => isDenied(identityName(identity), null),
    revoke: (entry) => append(checked({ action: 'revoke', at: now(), ...entry })),
    accept: (entry) => append(checked({ action: 'accept', at: now(), ...entry })),
    list: () => [...revocations.values()],
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    refresh,
    close: () => clearInterval(timer),
  };
}

function checked(line: Line): Line {
  const parsed = lineSchema.safeParse(line);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    'identity.revocation',
    `Not a revocation of a device or worker: ${z.prettifyError(parsed.error)}`,
  );
}

/** A line that says nothing we know is reported and left out; the others hold. */
function fold(text: string, onProblem: (line: number, problem: string) => void): Map<string, Revocation> {
  const revocations = new Map<string, Revocation>();
  const lines = text.split('\n');
  lines.forEach((raw, index) => {
    if (raw.trim() === '') return;
    let line: Line;
    try {
      line = lineSchema.parse(JSON.parse(raw));
    } catch (error) {
      // The last line may be in the middle of being written.
      if (index < lines.length - 1) onProblem(index + 1, errorMessage(error));
      return;
    }
    const known = revocations.get(line.name);
    if (line.action === 'revoke')
      revocations.set(line.name, { name: line.name, at: line.at, by: line.by, reason: line.reason, accepted: [] });
    else if (known !== undefined)
      revocations.set(line.name, { ...known, accepted: [...known.accepted, line.serialNumber] });
  });
  return revocations;
}
