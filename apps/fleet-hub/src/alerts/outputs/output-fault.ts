import { DeviceError, EdgeError, errorMessage } from '@edge-blueprints/contracts';

/** Any failure of an output as one error that names it. `retry` says whether trying again may help. */
export function outputFault(name: string, error: unknown, retry: 'safe' | 'never' = 'safe'): EdgeError {
  if (error instanceof EdgeError) return error;
  return new DeviceError('alerts.output-failed', `Alert output ${name}: ${errorMessage(error)}`, {
    cause: error,
    retry,
    context: { output: name },
  });
}
