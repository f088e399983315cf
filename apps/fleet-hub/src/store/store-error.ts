import { DeviceError, errorMessage, EdgeError } from '@edge-blueprints/contracts';

const temporary = new Set(['08', '53', '57', '58']);
const systemErrors = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);

/**
 * Any failure of a database as one of: `hub.store-refused` (the data; trying again does not help), `hub.store-conflict`
 * (a deadlock or a lost race; try again), `hub.store-unavailable` (no connection, no room; try again later),
 * `hub.store-failed`. The SQLSTATE stands in the context.
 * @see https://www.postgresql.org/docs/15/errcodes-appendix.html
 */
export function storeError(error: unknown): EdgeError {
  if (error instanceof EdgeError) return error;
  const state = sqlState(error);
  const text = errorMessage(error) || state;
  const kind = state.slice(0, 2);
  const options = { cause: error, context: { sqlState: state } };
  if (kind === '22' || kind === '23' || state === '54000')
    return new DeviceError('hub.store-refused', `The database refuses these values (${state}): ${text}`, options);
  if (kind === '40')
    return new DeviceError('hub.store-conflict', `The database broke a tie between two writers (${state}): ${text}`, {
      ...options,
      retry: 'safe',
    });
  if (temporary.has(kind) || systemErrors.has(state) || /terminat|timeout|connection/i.test(text))
    return new DeviceError(
      'hub.store-unavailable',
      `The database does not answer (${state || 'no code'}): ${text}. Check that it runs, its disk and hub config store.`,
      { ...options, retry: 'safe' },
    );
  return new DeviceError('hub.store-failed', `The database could not do it (${state || 'no code'}): ${text}`, options);
}

function sqlState(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
