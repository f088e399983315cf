import { describe, expect, it } from 'vitest';
import { createOperatorSessions } from './operator-sessions.js';

function openSessions() {
  let nowMs = 1_000_000;
  let tokens = 0;
  const sessions = createOperatorSessions({
    pin: '4711',
    nowMs: () => nowMs,
    newToken: () => `token-${(tokens += 1)}`,
  });
  return { sessions, pass: (ms: number) => (nowMs += ms) };
}

describe('operator sessions', () => {
  it('lets the right PIN in and nobody without a token', () => {
    const { sessions } = openSessions();
    expect(sessions.signIn('4711', 'a')).toEqual({ kind: 'signed-in', token: 'token-1' });
    expect(sessions.isSignedIn('token-1')).toBe(true);
    expect(sessions.isSignedIn('token-2')).toBe(false);
    expect(sessions.isSignedIn(undefined)).toBe(false);
  });

  it('stops guessing after five wrong PINs, even for the right one, until a minute has passed', () => {
    const { sessions, pass } = openSessions();
    for (let i = 0; i < 5; i += 1) expect(sessions.signIn('0000', 'a').kind).toBe('wrong-pin');
    expect(sessions.signIn('4711', 'a')).toEqual({ kind: 'limited', retryAfterMs: 60_000 });
    expect(sessions.signIn('4711', 'b').kind).toBe('signed-in');
    pass(60_000);
    expect(sessions.signIn('4711', 'a').kind).toBe('signed-in');
  });

  it('limits many peers together', () => {
    const { sessions } = openSessions();
    for (let i = 0; i < 20; i += 1) expect(sessions.signIn('0000', `peer-${i}`).kind).toBe('wrong-pin');
    expect(sessions.signIn('4711', 'fresh').kind).toBe('limited');
  });

  it('ends a session at sign-out and after eight hours', () => {
    const { sessions, pass } = openSessions();
    sessions.signIn('4711', 'a');
    sessions.signIn('4711', 'a');
    sessions.signOut('token-1');
    expect(sessions.isSignedIn('token-1')).toBe(false);
    pass(8 * 3_600_000);
    expect(sessions.isSignedIn('token-2')).toBe(false);
  });

  it('keeps a bounded number of sessions, the oldest leaves first', () => {
    const { sessions } = openSessions();
    for (let i = 0; i < 65; i += 1) sessions.signIn('4711', 'a');
    expect(sessions.isSignedIn('token-1')).toBe(false);
    expect(sessions.isSignedIn('token-65')).toBe(true);
  });
});
