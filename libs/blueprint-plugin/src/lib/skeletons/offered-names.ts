import type { Tree } from '@nx/devkit';
import { z } from 'zod';

const schemaFiles = ['client-starter', 'preset'].map((name) => `libs/blueprint-plugin/schema/${name}.json`);
const namesSchema = z.array(z.string());

/**
 * What the prompts of `client-starter` and `preset` offer: a schema is a file, so a new folder of data has to be written into it. Only the list
 * changes; the rest of the text stays as somebody laid it out.
 */
export function offerName(tree: Tree, kind: 'blueprint' | 'target', id: string): void {
  for (const file of schemaFiles) offerIn(file, tree, kind, id);
}

function offerIn(schemaFile: string, tree: Tree, kind: 'blueprint' | 'target', id: string): void {
  const text = tree.read(schemaFile, 'utf8') ?? '';
  const [, before = '', list = '[]', after = ''] =
    new RegExp(`^([^]*?\\n    "${kind}": [^]*?"items": )(\\[[^\\]]*\\])([^]*)$`).exec(text) ?? [];
  const names = namesSchema.parse(JSON.parse(list));
  if (before === '' || names.includes(id)) return;
  const offered = kind === 'blueprint' ? [...names, id].sort() : [...names, id];
  tree.write(schemaFile, `${before}${JSON.stringify(offered)}${after}`);
}
