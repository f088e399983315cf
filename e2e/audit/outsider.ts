import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const packages = '/usr/share/gocode';
const go = ['/usr/bin/go', '/usr/local/go/bin/go'].find((path) => existsSync(path));

/** Go and the packages of its checksum database, as Debian ships them. */
export const outsiderPresent = go !== undefined && existsSync(join(packages, 'src/golang.org/x/mod/sumdb/tlog'));

/** Builds the outsider offline. @returns the program: `audit-outsider VKEY DIR...` */
export function buildOutsider(folder: string): string {
  const program = join(folder, 'audit-outsider');
  const source = join(import.meta.dirname, '../../libs/audit/go/audit-outsider/main.go');
  execFileSync(go ?? '', ['build', '-o', program, source], {
    env: { ...process.env, GO111MODULE: 'off', GOPATH: packages, GOCACHE: join(folder, 'cache'), GOFLAGS: '' },
    stdio: 'inherit',
    timeout: 300_000,
  });
  return program;
}
