// Writes docs/errors.md from docs/errors.d/*.md: one row a code, in order. `--check` only compares.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const folder = new URL('docs/errors.d/', root);
const rows = readdirSync(folder)
  .sort()
  .flatMap((name) => readFileSync(new URL(name, folder), 'utf8').split('\n'))
  .filter((line) => line.startsWith('| `'))
  .sort();
const page = `# Error codes

Every error of this workspace carries a stable code. \`retry\` says what a repetition may do: \`safe\`, \`ambiguous\` (the
effect may already have happened, never repeat it blindly) or \`never\`. This page is written by
\`node tools/errors-page.mjs\` from \`docs/errors.d/\`; a test fails when a code of the source is missing here.

| code | what happened | what to do |
|---|---|---|
${rows.join('\n')}
`;
const target = new URL('docs/errors.md', root);
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== page) {
    process.stderr.write('docs/errors.md is not current: run node tools/errors-page.mjs\n');
    process.exit(1);
  }
} else writeFileSync(target, page);
