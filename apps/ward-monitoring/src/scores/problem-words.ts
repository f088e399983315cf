import { z } from 'zod';

/** What is wrong with an input, all at once. Never with words of who sent it: they may be a patient's name, also as a field. */
export function problemWords(error: z.ZodError): string {
  const issues = error.issues.map((issue) =>
    issue.code === 'unrecognized_keys' ? { ...issue, keys: [], message: 'has fields that are not known' } : issue,
  );
  return z.prettifyError({ issues });
}
