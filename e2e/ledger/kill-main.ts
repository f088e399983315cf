// One life of a store: waits for "go HOUR", asks again for the hours before, then goes on until it is killed.
import { readSync, writeSync } from 'node:fs';
import { openStore, type Told } from './store.js';

const [folder = ''] = process.argv.slice(2);
const tell = (told: Told | { readonly kind: 'open'; readonly state: string } | { readonly kind: 'ready' }): void => {
  // Straight to the pipe: what was told before the kill is told.
  writeSync(1, `${JSON.stringify(told)}\n`);
};
tell({ kind: 'ready' });
const line = Buffer.alloc(64);
const length = readSync(0, line, 0, line.length, null);
const hour = Number(line.toString('utf8', 0, length).replace('go ', ''));
if (Number.isInteger(hour)) {
  const store = openStore(folder, hour, tell);
  tell({ kind: 'open', state: store.ledger.view(hour * 3_600_000).ledger.state });
  for (let h = hour - 2; h < hour + 400; h += 1) store.hour(h);
}
