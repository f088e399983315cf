/** What a retry may do. `ambiguous` means that the effect may already have happened: never repeat it blindly. */
export type Retry = 'safe' | 'ambiguous' | 'never';

export interface EdgeErrorOptions {
  readonly cause?: unknown;
  readonly retry?: Retry;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** Base of every error this workspace throws. `code` is stable and listed in docs/errors.md; `message` is for people. */
export class EdgeError extends Error {
  readonly code: string;
  readonly retry: Retry;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: EdgeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retry = options.retry ?? 'never';
    this.context = options.context ?? {};
  }
}

/** The operator must change something: a file, a setting, an address. */
export class ConfigError extends EdgeError {}

/** Our own caller broke the contract of a function. */
export class UsageError extends EdgeError {}

/** A device, broker, server or file outside of this process failed or broke its protocol. */
export class DeviceError extends EdgeError {}

/** The code of any thrown value, for records and counters. */
export function errorCode(error: unknown): string {
  return error instanceof EdgeError ? error.code : 'unexpected';
}

/** The sentence of any thrown value. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
