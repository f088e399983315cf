// Where no container registry can be asked: an image of the same name as the official one, made of the same parts. Debian's minimal
// system, the Node.js that its makers publish as an npm package, and npm.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Podman } from './podman.js';

/** That comes with Node.js 20. */
const npmVersion = '10.8.2';
const recipe = `FROM scratch
ADD base.tar /
COPY node/bin/node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node \\
 && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \\
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
CMD ["node"]
`;

/** @param name as in a Dockerfile: `node:20.20.2-bookworm-slim`. @returns why it could not be made */
export function makeBase(podman: Podman, folder: string, name: string): string | undefined {
  const [, version, suite] = /^node:(\d+\.\d+\.\d+)-(\w+)-slim$/.exec(name) ?? [];
  if (version === undefined || suite === undefined) return `${name} is not the slim image of a Node.js on Debian`;
  mkdirSync(folder, { recursive: true });
  const run = (program: string, args: readonly string[]) => {
    const { status, error, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
    return status === 0 ? undefined : `${program}: ${error?.message ?? ''}${stdout}${stderr}`.slice(-800);
  };
  const unpack = (what: string, into: string): string | undefined => {
    mkdirSync(join(folder, into));
    const packed = run('npm', ['pack', '--silent', what]);
    const file = readdirSync(folder).find(
      (each) => each.endsWith('.tgz') && each.startsWith(what.split('@')[0] ?? what),
    );
    return packed ?? run('tar', ['xzf', file ?? '', '-C', into, '--strip-components=1']);
  };
  writeFileSync(join(folder, 'Dockerfile'), recipe);
  const failed =
    run('mmdebstrap', ['--quiet', '--variant=minbase', '--dpkgopt=force-unsafe-io', suite, 'base.tar']) ??
    unpack(`node-linux-${process.arch}@${version}`, 'node') ??
    unpack(`npm@${npmVersion}`, 'npm');
  if (failed !== undefined) return failed;
  const built = podman.build(folder, `docker.io/library/${name}`, ['--layers=false']);
  return built.status === 0 ? undefined : built.stderr.slice(-800);
}
