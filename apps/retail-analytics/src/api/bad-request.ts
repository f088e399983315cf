import { problem } from '@edge-blueprints/dashboard';
import type { ApiReply } from '@edge-blueprints/dashboard';
import { z } from 'zod';

/** All problems of a request in one sentence. */
export function badRequest(error: z.ZodError): ApiReply {
  return problem(400, 'request.invalid', z.prettifyError(error));
}
