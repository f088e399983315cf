import { expect, it } from 'vitest';
import { stationIdentity } from './station-identity.js';

it('keeps name and key of the address once, takes them out of it, and knows them from then on', () => {
  const store = new Map<string, string>();
  const kept = {
    getItem: (name: string) => store.get(name) ?? null,
    setItem: (n: string, v: string) => store.set(n, v),
  };
  let cleared = 0;
  const open = (hash: string) => stationIdentity(hash, kept, () => (cleared += 1));
  expect(open('#/')).toBeUndefined();
  expect(open('#/station/Desk 1/x')).toBeUndefined();
  expect(open('#/station/desk-1/Zm9vYmFy_-12')).toEqual({ name: 'desk-1', key: 'Zm9vYmFy_-12' });
  expect(cleared).toBe(1);
  expect(open('#/beds/07')).toEqual({ name: 'desk-1', key: 'Zm9vYmFy_-12' });
  expect(cleared).toBe(1);
});
