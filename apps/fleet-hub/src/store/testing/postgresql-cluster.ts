// Loaded by the test run's set-up, before its module resolution holds: imports nothing of this workspace.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PostgresqlOptions } from '../postgresql.js';

const candidates = ['18', '17', '16', '15', '14'].map((version) => `/usr/lib/postgresql/${version}/bin`);

/** The folder of a PostgreSQL server on this machine. */
export function postgresqlPrograms(): string | undefined {
  return candidates.find((folder) => existsSync(join(folder, 'initdb')));
}

export interface PostgresqlCluster {
  readonly options: PostgresqlOptions;
  stop(): Promise<void>;
}

/** Starts a server of its own on a free port of loopback, as a user that is not root; `stop` deletes it. */
export async function startPostgresqlCluster(programs: string): Promise<PostgresqlCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-pg-'));
  const asRoot = process.getuid?.() === 0;
  const user = asRoot ? userIds('postgres') : {};
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'hub', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...user, cwd: folder, encoding: 'utf8', timeout: 60_000 },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'fsync=off', '-c', 'shared_buffers=64MB'],
    { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    server.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000);
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`postgres ended: ${said}`)));
  });
  return {
    options: {
      host: '127.0.0.1',
      port,
      database: 'postgres',
      user: 'hub',
      password: undefined,
      tlsCaFile: null,
      connections: 8,
      maxWaiting: 200,
      statementTimeoutMs: 30_000,
    },
    stop: async () => {
      server.kill('SIGINT');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function userIds(name: string): { readonly uid?: number; readonly gid?: number } {
  const id = (flag: string): number => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
