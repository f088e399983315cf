import type { RouteAccess, SignedInUser } from './access.js';

/** What a handler sees of a request. Values are untrusted: parse them with a schema. */
export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** Null on a public route without a session. */
  readonly user: SignedInUser | null;
  /** Remote address. */
  readonly peer: string;
  /** Token of `Authorization: Bearer ...`, for programs that have no session. */
  readonly bearer: string | null;
}

/** Statuses that a handler may answer a problem with. */
export type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 413 | 429 | 503;

/**
 * `json` is the usual answer; `bytes` serves content-addressed data; `text` streams chunks, as a download where `fileName`
 * is given; `problem` is an error that the page shows.
 */
export type ApiReply =
  | { readonly kind: 'json'; readonly value: unknown; readonly status?: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly mime: string; readonly immutable: boolean }
  | {
      readonly kind: 'text';
      readonly mime: string;
      readonly chunks: Iterable<string> | AsyncIterable<string>;
      readonly fileName?: string;
    }
  | { readonly kind: 'problem'; readonly status: ProblemStatus; readonly code: string; readonly message: string };

/** One endpoint. Anything that acts needs at least `operator`; the page's own origin is checked for all but GET. */
export interface ApiRoute {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** `/api/parts/:id` */
  readonly path: string;
  readonly access: RouteAccess;
  /** Largest request body; 16 kB unless given. */
  readonly maxBodyBytes?: number;
  readonly handle: (request: ApiRequest) => ApiReply | Promise<ApiReply>;
}

export const json = (value: unknown): ApiReply => ({ kind: 'json', value });

export const problem = (status: ProblemStatus, code: string, message: string): ApiReply => ({
  kind: 'problem',
  status,
  code,
  message,
});
