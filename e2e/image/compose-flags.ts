import { join } from 'node:path';

/** Of a service that neither changes how it is run nor is asked of podman. */
const aside = ['image', 'build', 'env_file', 'restart', 'logging'];

/** What the compose file asks for its service `station`, as options of `podman run`. @throws RangeError for a key not known here */
export function composeFlags(text: string, folder: string, volumePrefix: string): readonly string[] {
  const block = /^ {2}station:\n((?: {4}.*\n)+)/m.exec(text)?.[1] ?? '';
  const values = new Map<string, string[]>();
  let key = '';
  for (const line of block.split('\n')) {
    const [, name, rest = ''] = /^ {4}(\w+):(.*)$/.exec(line) ?? [];
    if (name !== undefined) key = name;
    const found = name === undefined ? (/^ {6}- (.*)$/.exec(line)?.[1] ?? '') : rest.trim();
    const items = found
      .replace(/^\[|\]$/g, '')
      .split(', ')
      .map((item) => item.replace(/^'|'$/g, ''));
    values.set(key, [...(values.get(key) ?? []), ...items.filter((item) => item !== '')]);
  }
  values.delete('');
  const options: Readonly<Record<string, (value: string) => readonly string[]>> = {
    network_mode: (mode) => ['--network', mode],
    read_only: (is) => [`--read-only=${is}`, '--read-only-tmpfs=false'],
    user: (user) => ['--user', user],
    cap_drop: (capability) => ['--cap-drop', capability],
    security_opt: (option) => ['--security-opt', option],
    tmpfs: (place) => ['--tmpfs', place],
    volumes: (volume) => ['--volume', volume.startsWith('.') ? join(folder, volume) : `${volumePrefix}-${volume}`],
    stop_grace_period: (time) => ['--stop-timeout', time.replace(/s$/, '')],
  };
  return [...values].flatMap(([name, given]) => {
    const option = options[name];
    if (option === undefined && !aside.includes(name))
      throw new RangeError(`compose.yaml: "${name}" is not known here`);
    return option === undefined ? [] : given.flatMap((value) => option(value));
  });
}
