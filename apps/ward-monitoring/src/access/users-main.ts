import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { ConfigError, errorCode, errorMessage, wardRoles } from '@edge-blueprints/contracts';
import { readWardConfig } from '../config.js';
import { listWardUsers, putWardUser, removeWardUser } from './ward-users.js';

const help = `The people of a ward. A running gateway reads a change within seconds; who was removed, or got another PIN, is signed out.

  node tools/run.mjs apps/ward-monitoring/src/access/users-main.ts COMMAND --config FILE

  list                      everybody
  put NAME --role ROLE      a new user, or another role and PIN; the PIN is the first line of standard input
  remove NAME

Roles: ${wardRoles.filter((role) => role !== 'wall').join(', ')}.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { config: { type: 'string' }, role: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) return void process.stdout.write(help);
  const [command, name] = positionals;
  const role = wardRoles.find((each) => each === values.role);
  if (values.config === undefined) throw new ConfigError('ward.user-invalid', `--config FILE is needed\n\n${help}`);
  const { usersFile } = readWardConfig(values.config);
  if (command === 'put' && name !== undefined && role !== undefined)
    await putWardUser(usersFile, name, role, (await text(process.stdin)).split(/\r?\n/, 1)[0] ?? '');
  else if (command === 'remove' && name !== undefined) removeWardUser(usersFile, name);
  else if (command !== 'list') throw new ConfigError('ward.user-invalid', help);
  for (const user of listWardUsers(usersFile)) process.stdout.write(`${user.name.padEnd(32)} ${user.role}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorCode(error)}: ${errorMessage(error)}\n`);
  process.exitCode = 1;
});
