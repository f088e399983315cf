import { userInfo } from 'node:os';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { ConfigError, createJsonLogger, errorCode, errorMessage } from '@edge-blueprints/contracts';
import type { HubRole } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { ActOutcome } from '../act-outcome.js';
import { readHubConfig } from '../config.js';
import { openHubStore } from '../hub/open-store.js';
import { machineSurroundings } from '../hub/surroundings.js';
import { createHubUsers } from './hub-users.js';
import type { HubUsers } from './hub-users.js';

const help = `The people who may use the fleet hub. A PGlite store belongs to one process: stop the hub first.

  node tools/run.mjs apps/fleet-hub/src/users/users-main.ts COMMAND --config FILE

  list                       everybody
  add NAME --role ROLE       a new user; the password is read from standard input, its first line
  password NAME              a new password from standard input; ends the user's sessions
  role NAME --role ROLE      viewer looks; operator acknowledges and labels; admin manages users and revokes devices
  disable NAME | enable NAME may not, or may again, sign in

Example: printf %s "$PASSWORD" | node tools/run.mjs apps/fleet-hub/src/users/users-main.ts add ann --role admin --config hub.json
`;
const roleSchema = z.enum(['viewer', 'operator', 'admin']);
const commands = ['list', 'add', 'password', 'role', 'disable', 'enable'] as const;
type Command = (typeof commands)[number];

async function act(
  users: HubUsers,
  command: Exclude<Command, 'list'>,
  name: string,
  role: HubRole | undefined,
): Promise<ActOutcome<unknown>> {
  const by = `command line: ${userInfo().username}`;
  const password = async (): Promise<string> => (await text(process.stdin)).split(/\r?\n/, 1)[0] ?? '';
  const needed = (): HubRole => {
    if (role === undefined) throw new ConfigError('users.command', `--role is one of ${roleSchema.options.join(', ')}`);
    return role;
  };
  if (command === 'add') return users.add(by, name, needed(), await password());
  if (command === 'password') return users.change(by, name, { password: await password() });
  if (command === 'role') return users.change(by, name, { role: needed() });
  return users.change(by, name, { disabled: command === 'disable' });
}

async function main(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { config: { type: 'string' }, role: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) return console.log(help);
  const command = commands.find((known) => known === positionals[0]);
  const name = positionals[1];
  if (command === undefined || values.config === undefined || (command !== 'list' && name === undefined))
    throw new ConfigError('users.command', `A command, a name and --config FILE are needed\n\n${help}`);
  const log = createJsonLogger({ write: (line) => process.stderr.write(line), now: () => Date.now(), level: 'warn' });
  const surroundings = machineSurroundings(process.env);
  const { store: stored } = readHubConfig(values.config);
  const store = await openHubStore(stored, { ...surroundings, role: 'web', worker: 'users', version: '', log });
  try {
    const users = createHubUsers(store, { nowIso: () => new Date(surroundings.clock.epochMs()).toISOString() });
    if (name !== undefined && command !== 'list') {
      const outcome = await act(users, command, name, roleSchema.optional().parse(values.role));
      if (!outcome.ok) throw new ConfigError(outcome.code, outcome.message);
    }
    for (const user of await users.list())
      console.log(
        `${user.name.padEnd(32)} ${user.role.padEnd(8)} ${user.disabled ? 'disabled' : 'enabled '} last sign-in ${user.lastSignInAt ?? 'never'}`,
      );
  } finally {
    await store.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`${errorCode(error)}: ${errorMessage(error)}`);
  process.exitCode = 1;
});
