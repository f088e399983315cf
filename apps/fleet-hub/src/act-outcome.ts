/** What became of something that a person asked for: done, or why not, as the API answers it. */
export type ActOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly status: 400 | 401 | 403 | 404 | 409;
      readonly code: string;
      readonly message: string;
    };

export const done = <T>(value: T): ActOutcome<T> => ({ ok: true, value });

export const refused = (
  status: 400 | 401 | 403 | 404 | 409,
  code: string,
  message: string,
): {
  readonly ok: false;
  readonly status: 400 | 401 | 403 | 404 | 409;
  readonly code: string;
  readonly message: string;
} => ({
  ok: false,
  status,
  code,
  message,
});
