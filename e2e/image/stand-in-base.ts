// Where no container registry can be asked: images of the same names as the official ones, made of the same parts. Debian's minimal
// system, and the Node.js that its makers publish as an npm package with npm, or the Python of Debian with pip.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Podman } from './podman.js';

/** That comes with Node.js 20. */
const npmVersion = '10.8.2';
const recipes = {
  node: `FROM scratch
ADD base.tar /
COPY node/bin/node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node \\
 && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \\
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
CMD ["node"]
`,
  // The official image's Python takes packages; Debian's own wants to be told.
  python: `FROM scratch
ADD base.tar /
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-pip \\
 && rm -rf /var/lib/apt/lists/* /usr/lib/python3*/EXTERNALLY-MANAGED
CMD ["python3"]
`,
} as const;

/** @param name as in a Dockerfile: `node:20.20.2-bookworm-slim`. @returns why it could not be made */
export function makeBase(podman: Podman, folder: string, name: string): string | undefined {
  const [, kind, version, suite] = /^(node|python):([\d.]+)-(\w+)-slim$/.exec(slimLast(name)) ?? [];
  if ((kind !== 'node' && kind !== 'python') || suite === undefined)
    return `${name} is not the slim image of a Node.js or Python on Debian`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'Dockerfile'), recipes[kind]);
  const failed = makeDebian(folder, suite) ?? (kind === 'node' ? addNode(folder, version ?? '') : undefined);
  if (failed !== undefined) return failed;
  const built = podman.build(folder, `docker.io/library/${name}`, ['--layers=false']);
  return built.status === 0 ? undefined : built.stderr.slice(-800);
}

/** Python's images are named `-slim-bookworm`, those of Node.js `-bookworm-slim`. */
const slimLast = (name: string): string => name.replace(/-slim-(\w+)$/, '-$1-slim');

const makeDebian = (folder: string, suite: string): string | undefined =>
  existsSync(join(folder, 'base.tar'))
    ? undefined
    : run(folder, 'mmdebstrap', ['--quiet', '--variant=minbase', '--dpkgopt=force-unsafe-io', suite, 'base.tar']);

const addNode = (folder: string, version: string): string | undefined =>
  unpack(folder, `node-linux-${process.arch}@${version}`, 'node') ?? unpack(folder, `npm@${npmVersion}`, 'npm');

function unpack(folder: string, what: string, into: string): string | undefined {
  mkdirSync(join(folder, into));
  const packed = run(folder, 'npm', ['pack', '--silent', what]);
  if (packed !== undefined) return packed;
  const file = readdirSync(folder).find((each) => each === `${what.replace('@', '-')}.tgz`);
  return run(folder, 'tar', ['xzf', file ?? what, '-C', into, '--strip-components=1']);
}

function run(cwd: string, program: string, args: readonly string[]): string | undefined {
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  return status === 0 ? undefined : `${program}: ${error?.message ?? ''}${stdout}${stderr}`.slice(-800);
}
