import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '@edge-blueprints/contracts';

/** Path in the starter to what stands in the file. */
export type StarterFiles = ReadonlyMap<string, Buffer>;
export type TemplateValues = Readonly<Record<string, string>>;

/** `<%= key %>` becomes the value of the key. There is no other syntax: a template has no logic. */
export function renderTemplate(text: string, values: TemplateValues, file: string): string {
  return text.replaceAll(/<%= *([A-Za-z]+) *%>/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined)
      throw new UsageError(
        'starter.template',
        `${file} asks for "${key}", known are ${Object.keys(values).join(', ')}`,
      );
    return value;
  });
}

/**
 * Every file of a folder: `NAME.template` is rendered and loses its ending, anything else is copied as it is; `__key__` in a path
 * becomes the value. `dot-` at the beginning of a name becomes a dot, because packers leave out files such as .gitignore.
 */
export function renderFolder(folder: string, values: TemplateValues): StarterFiles {
  const files = new Map<string, Buffer>();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  for (const path of entries) {
    const bytes = readFileSync(join(folder, path));
    const named = path
      .split(/[\\/]/)
      .map((part) =>
        part.replace(/^dot-/, '.').replaceAll(/__([A-Za-z]+)__/g, (whole, key: string) => values[key] ?? whole),
      )
      .join('/');
    if (named.endsWith('.template'))
      files.set(named.slice(0, -'.template'.length), Buffer.from(renderTemplate(bytes.toString('utf8'), values, path)));
    else files.set(named, bytes);
  }
  return files;
}
