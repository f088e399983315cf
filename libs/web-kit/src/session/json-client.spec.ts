import { describe, expect, it } from 'vitest';
import { ApiError, asApiError } from './api-error.js';
import { createJsonClient } from './json-client.js';
import { isReason } from './reason.js';

const words = { unreachable: 'No answer.', status: (status: number) => `Status ${status}.` };
const clientThat = (answer: () => Response, calls: RequestInit[] = []) =>
  createJsonClient({
    words,
    actHeaders: () => ({ 'x-csrf-token': 't' }),
    fetch: (_path, init) => {
      calls.push(init);
      return Promise.resolve().then(answer);
    },
  });

describe('createJsonClient', () => {
  it('sends the headers of acts with acts only', async () => {
    const calls: RequestInit[] = [];
    const call = clientThat(() => new Response('{}'), calls);
    await call('GET', '/a');
    await call('POST', '/a', { x: 1 });
    expect(calls[0]?.headers).toEqual({ accept: 'application/json' });
    expect(calls[0]?.body).toBeUndefined();
    expect(calls[1]).toMatchObject({ method: 'POST', body: '{"x":1}', headers: { 'x-csrf-token': 't' } });
  });

  it('passes on the code and the sentence of a refusal', async () => {
    const call = clientThat(() => new Response('{"code":"a.b","message":"No."}', { status: 409 }));
    await expect(call('POST', '/a')).rejects.toMatchObject({ code: 'a.b', message: 'No.', status: 409 });
  });

  it('makes an error of its own for an answer that is none, and for no answer', async () => {
    const broken = clientThat(() => new Response('<html>', { status: 502 }));
    await expect(broken('GET', '/a')).rejects.toMatchObject({ code: 'http.502', message: 'Status 502.' });
    const gone = clientThat(() => {
      throw new TypeError('network');
    });
    await expect(gone('GET', '/a')).rejects.toBeInstanceOf(ApiError);
    await expect(gone('GET', '/a')).rejects.toMatchObject({ code: 'page.unreachable', status: 0 });
  });

  it('reads an empty answer as null', async () => {
    await expect(clientThat(() => new Response(''))('POST', '/a')).resolves.toBeNull();
  });
});

describe('asApiError', () => {
  it('keeps what is one and wraps the rest', () => {
    const error = new ApiError('a.b', 'No.', 409);
    expect(asApiError(error)).toBe(error);
    expect(asApiError(new TypeError('odd'))).toMatchObject({ code: 'page.unexpected', message: 'odd' });
    expect(asApiError('odd').message).toBe('odd');
  });
});

describe('isReason', () => {
  it('wants words, not blanks', () => {
    expect(['', '   ab  ', 'dust', 'x'.repeat(501)].map(isReason)).toEqual([false, false, true, false]);
  });
});
