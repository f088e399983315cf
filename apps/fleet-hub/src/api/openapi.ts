import { z } from 'zod';
import type { Endpoint } from './endpoint.js';
import { problemSchema, sessionSchema } from './work-answers.js';
import { signInSchema } from '../users/user-access.js';

type Json = Readonly<Record<string, unknown>>;

const refusals: Readonly<Record<string, string>> = {
  '400': 'The request is not as described; the message lists every problem.',
  '401': 'Nobody is signed in.',
  '403': 'The role does not allow it, or the CSRF token is missing.',
  '404': 'There is no such thing.',
  '409': 'It does not fit what is there.',
  '429': 'Too many requests; Retry-After says how long to wait.',
  '503': 'The store or a neighbour does not answer; try again.',
};

/** OpenAPI 3.1 of the endpoints, made from the schemas that check them. @see https://spec.openapis.org/oas/v3.1.0 */
export function openApiDocument(endpoints: readonly Endpoint[], version: string): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  const add = (path: string, method: string, operation: Json): void => {
    paths[path] = { ...paths[path], [method]: operation };
  };
  add('/api/session', 'get', {
    summary: 'Who is signed in, and the CSRF token for acts',
    security: [],
    responses: { '200': jsonResponse('The session', sessionSchema) },
  });
  add('/api/sign-in', 'post', {
    summary: 'Signs in and sets the session cookie',
    security: [],
    requestBody: jsonBody(signInSchema),
    responses: { '200': jsonResponse('The new session', sessionSchema), ...problems(['400', '401', '429']) },
  });
  add('/api/sign-out', 'post', {
    summary: 'Ends the session',
    responses: { '200': jsonResponse('Nobody is signed in', sessionSchema), ...problems(['403']) },
  });
  for (const each of endpoints) add(each.path, each.route.method, operationOf(each));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fleet hub',
      version,
      description: 'State and acts of the fleet hub. Acts carry the CSRF token of the session as x-csrf-token.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ session: [] }],
    paths,
    components: {
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'edge_hub',
          description: 'Set by POST /api/sign-in; under TLS its name is __Host-edge_hub.',
        },
      },
      schemas: { Problem: schemaOf(problemSchema, 'output') },
    },
  };
}

function operationOf({ route, summary, params, query, body, answer }: Endpoint): Json {
  const codes = ['400', '429', '503'];
  if (route.access !== 'public') codes.push('401', '403');
  if (Object.keys(params.shape).length > 0) codes.push('404');
  if (route.method !== 'get') codes.push('409');
  const acts = route.method !== 'get';
  const parameters = [
    ...parametersOf(params, 'path'),
    ...parametersOf(query, 'query'),
    ...(acts ? [{ name: 'x-csrf-token', in: 'header', required: true, schema: { type: 'string' } }] : []),
  ];
  const good =
    answer.kind === 'json'
      ? jsonResponse('Done', answer.schema)
      : { description: 'The bytes', content: Object.fromEntries(answer.mimes.map((mime) => [mime, {}])) };
  return {
    summary,
    description: route.access === 'public' ? 'For everybody.' : `Needs the role ${route.access} or one above it.`,
    ...(route.access === 'public' ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: jsonBody(body) }),
    responses: { '200': good, ...problems(codes.sort()) },
  };
}

function parametersOf(schema: z.ZodObject, place: 'path' | 'query'): readonly Json[] {
  const { properties, required } = z
    .object({
      properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
      required: z.array(z.string()).default([]),
    })
    .parse(schemaOf(schema, 'input'));
  return Object.entries(properties).map(([name, each]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: each,
  }));
}

function problems(codes: readonly string[]): Json {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(codes.map((code) => [code, { description: refusals[code] ?? 'Refused', content }]));
}

function jsonBody(schema: z.ZodType): Json {
  return { required: true, content: { 'application/json': { schema: schemaOf(schema, 'input') } } };
}

function jsonResponse(description: string, schema: z.ZodType): Json {
  return { description, content: { 'application/json': { schema: schemaOf(schema, 'output') } } };
}

/** JSON Schema 2020-12, the dialect of OpenAPI 3.1, with its parts in place instead of in a list of definitions. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', reused: 'inline' });
  return rest;
}
