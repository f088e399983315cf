import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from './starter-source.js';
import { nodeRange, starterVersions } from './versions.js';

describe('versions of generated workspaces', () => {
  it('are those of this repository, whose lock file they are taken from', () => {
    const own: unknown = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
    expect(own).toMatchObject({ engines: { node: nodeRange }, devDependencies: starterVersions });
  });
});
