import { json, problem } from '@edge-blueprints/dashboard';
import type { ApiReply, ApiRoute, RouteAccess, SignedInUser } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import type { ActOutcome } from '../act-outcome.js';

/** What a checked request looks like to its handler. */
export interface EndpointInput<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly user: SignedInUser | null;
  readonly bearer: string | null;
}

/** What an endpoint answers with: JSON of a schema, or a text of a type. */
export type EndpointAnswer =
  { readonly kind: 'json'; readonly schema: z.ZodType } | { readonly kind: 'bytes'; readonly mimes: readonly string[] };

export interface Endpoint {
  readonly route: ApiRoute;
  /** `/api/devices/{site}/{device}` */
  readonly path: string;
  readonly summary: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** Undefined where there is none. */
  readonly body: z.ZodType | undefined;
  readonly answer: EndpointAnswer;
}

interface EndpointOptions<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  readonly method: ApiRoute['method'];
  readonly path: string;
  readonly access: RouteAccess;
  readonly summary: string;
  readonly params: P;
  readonly query: Q;
  /** `noBody` where there is none. */
  readonly body: B;
  readonly answer: EndpointAnswer;
  readonly handle: (input: EndpointInput<z.infer<P>, z.infer<Q>, z.infer<B>>) => ApiReply | Promise<ApiReply>;
}

/** No parameters. */
export const none = z.strictObject({});
/** A body that is sent nevertheless is not looked at. */
export const noBody = z.unknown();

/** One endpoint from one description: its check, its route and its part of the OpenAPI document. */
export function endpoint<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  options: EndpointOptions<P, Q, B>,
): Endpoint {
  const { method, path, access, summary, answer } = options;
  const body: z.ZodType = options.body;
  return {
    path,
    summary,
    params: options.params,
    query: options.query,
    body: body === noBody ? undefined : body,
    answer,
    route: {
      method,
      path: path.replace(/\{(\w+)\}/g, ':$1'),
      access,
      handle: (request) => {
        const parsed = {
          params: options.params.safeParse(request.params),
          query: options.query.safeParse(request.query),
          body: options.body.safeParse(request.body),
        };
        if (!parsed.params.success || !parsed.query.success || !parsed.body.success) {
          const issues = Object.entries(parsed).flatMap(([part, { error }]) =>
            (error?.issues ?? []).map((issue) => ({ ...issue, path: [part, ...issue.path] })),
          );
          return problem(400, 'request.invalid', z.prettifyError(new z.ZodError(issues)));
        }
        const { user, bearer } = request;
        const { params, query } = parsed;
        return options.handle({ params: params.data, query: query.data, body: parsed.body.data, user, bearer });
      },
    },
  };
}

/** The outcome of an act as an answer. */
export function reply<T>(outcome: ActOutcome<T>): ApiReply {
  return outcome.ok ? json(outcome.value) : problem(outcome.status, outcome.code, outcome.message);
}

/** The name for the audit; routes that act have a user. */
export function nameOf(user: SignedInUser | null): string {
  return user?.name ?? 'nobody';
}

export const jsonAnswer = (schema: z.ZodType): EndpointAnswer => ({ kind: 'json', schema });
