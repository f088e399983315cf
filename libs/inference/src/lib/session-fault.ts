import type { Retry } from '@edge-blueprints/contracts';

/**
 * What goes wrong inside the worker. The main thread turns it into a `DeviceError`; the worker itself loads no library
 * but the runtime, because each further one delays every start and restart.
 */
export class SessionFault extends Error {
  readonly code: string;
  readonly retry: Retry;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, context: Readonly<Record<string, unknown>> = {}, retry: Retry = 'never') {
    super(message);
    this.name = 'SessionFault';
    this.code = code;
    this.retry = retry;
    this.context = context;
  }
}
