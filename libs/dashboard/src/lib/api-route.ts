/** What a handler sees of a request. Values are untrusted: parse them with a schema. */
export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** `json` is the usual answer; `bytes` serves content-addressed data; `problem` is an error that the page shows. */
export type ApiReply =
  | { readonly kind: 'json'; readonly value: unknown; readonly status?: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly mime: string; readonly immutable: boolean }
  | {
      readonly kind: 'problem';
      readonly status: 400 | 404 | 409 | 413 | 503;
      readonly code: string;
      readonly message: string;
    };

/** One endpoint. `operator: true` needs a signed-in operator and the page's own origin; anything that acts must set it. */
export interface ApiRoute {
  readonly method: 'get' | 'post' | 'put';
  /** `/api/parts/:id` */
  readonly path: string;
  readonly operator: boolean;
  readonly handle: (request: ApiRequest) => ApiReply | Promise<ApiReply>;
}

export const json = (value: unknown): ApiReply => ({ kind: 'json', value });

export const problem = (status: 400 | 404 | 409 | 413 | 503, code: string, message: string): ApiReply => ({
  kind: 'problem',
  status,
  code,
  message,
});
