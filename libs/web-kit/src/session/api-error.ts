/** A refusal by the server, with its code, or `page.unreachable` when there was no answer. */
export class ApiError extends Error {
  readonly code: string;
  /** HTTP status, 0 without an answer. */
  readonly status: number;
  constructor(code: string, message: string, status: number) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError
    ? error
    : new ApiError('page.unexpected', error instanceof Error ? error.message : String(error), 0);
}
