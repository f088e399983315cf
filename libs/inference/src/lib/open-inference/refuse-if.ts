import { DeviceError } from '@edge-blueprints/contracts';

/** Throws one error for all problems of a call, if there are any. */
export function refuseIf(problems: readonly string[], code: string, what: string): void {
  if (problems.length > 0) throw new DeviceError(code, `${what}: ${problems.join('; ')}.`, { context: { problems } });
}
