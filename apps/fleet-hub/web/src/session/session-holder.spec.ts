import { describe, expect, it } from 'vitest';
import { covers } from './roles.js';
import { createSessionHolder } from './session-holder.js';

describe('createSessionHolder', () => {
  it('ends the session once when the hub no longer knows it', async () => {
    const holder = createSessionHolder();
    let ended = 0;
    holder.onEnded(() => (ended += 1));
    const fetch = holder.watching(() => Promise.resolve(new Response('{}', { status: 401 })));
    await fetch('/api/sign-in', {});
    expect(ended).toBe(0);
    holder.take({ user: { name: 'eve', role: 'admin' }, csrfToken: 't', secure: true });
    expect(holder.csrfToken()).toBe('t');
    await fetch('/api/fleet', {});
    await fetch('/api/fleet', {});
    expect(ended).toBe(1);
    expect(holder.csrfToken()).toBeNull();
  });
});

describe('covers', () => {
  it('lets each role do what the ones before it may, and no more', () => {
    expect([covers('viewer', 'operator'), covers('operator', 'operator'), covers('admin', 'operator')]).toEqual([
      false,
      true,
      true,
    ]);
    expect(covers('operator', 'admin')).toBe(false);
  });
});
