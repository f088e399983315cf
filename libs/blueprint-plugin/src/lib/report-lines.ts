import type { StarterReport } from './apply-starter.js';

/** What was done, and what to type next. */
export function reportLines({ written, kept, unchanged }: StarterReport, folder: string): string {
  const lines = [`${folder}: ${written.length} files written, ${unchanged} as they were, ${kept.length} kept`];
  for (const path of kept) lines.push(`  kept, changed by hand: ${path}`);
  lines.push('', `  cd ${folder}`, '  npm ci && npm test', '  npm start', '');
  return lines.join('\n');
}
