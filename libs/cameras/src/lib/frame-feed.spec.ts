import { EdgeError, type Frame } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFedSource, type FrameFeed } from './frame-feed.js';

const frame = (sequence: number): Frame => ({
  source: 'c',
  sequence,
  capturedAtMs: 0,
  receivedAtMs: 0,
  epochMs: 0,
  width: 1,
  height: 1,
  format: 'gray8',
  pixels: new Uint8Array(1),
});

const never = new AbortController().signal;

async function collect(frames: AsyncIterable<Frame>): Promise<number[]> {
  const seen: number[] = [];
  for await (const f of frames) seen.push(f.sequence);
  return seen;
}

/** A source that the test feeds by hand. */
function manual(): {
  feed: Promise<FrameFeed>;
  end: (error?: unknown) => void;
  source: ReturnType<typeof createFedSource>;
} {
  let give: (feed: FrameFeed) => void = () => undefined;
  let end: (error?: unknown) => void = () => undefined;
  const feed = new Promise<FrameFeed>((resolve) => (give = resolve));
  const over = new Promise<void>(
    (resolve, reject) => (end = (error) => (error === undefined ? resolve() : reject(error))),
  );
  const source = createFedSource('c', (f, stop) => {
    give(f);
    stop.addEventListener('abort', () => end(), { once: true });
    return over;
  });
  return { feed, end, source };
}

describe('createFedSource', () => {
  it('gives the newest frame to a consumer that was busy and counts the others', async () => {
    const { feed, end, source } = manual();
    const frames = source.frames(never)[Symbol.asyncIterator]();
    const first = frames.next();
    const feeding = await feed;
    feeding.put(frame(0));
    await first;
    [1, 2, 3].forEach((n) => feeding.put(frame(n)));
    expect((await frames.next()).value).toMatchObject({ sequence: 3 });
    end();
    expect((await frames.next()).done).toBe(true);
    expect(source.stats()).toEqual({
      captured: 4,
      delivered: 2,
      superseded: 2,
      corrupt: 0,
      reconnects: 0,
      connected: false,
    });
  });

  it('delivers the frame that waits when the source ends, then ends', async () => {
    const source = createFedSource('c', (feed) => Promise.resolve(feed.put(frame(5))));
    expect(await collect(source.frames(never))).toEqual([5]);
  });

  it('throws what the source throws', async () => {
    const source = createFedSource('c', () => Promise.reject(new EdgeError('camera.test', 'broken')));
    await expect(collect(source.frames(never))).rejects.toMatchObject({ code: 'camera.test' });
  });

  it('ends when stop fires, and counts a frame that nobody took', async () => {
    const stop = new AbortController();
    const { feed, source } = manual();
    const frames = source.frames(stop.signal)[Symbol.asyncIterator]();
    const first = frames.next();
    (await feed).put(frame(0));
    await first;
    (await feed).put(frame(1));
    stop.abort();
    expect((await frames.next()).done).toBe(true);
    expect(source.stats()).toMatchObject({ captured: 2, delivered: 1, superseded: 1 });
  });

  it('stops its work when the consumer leaves the loop', async () => {
    let stopped = false;
    const source = createFedSource('c', async (feed, stop) => {
      feed.put(frame(0));
      await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
      stopped = true;
    });
    for await (const f of source.frames(never)) if (f.sequence === 0) break;
    expect(stopped).toBe(true);
  });

  it('lets a patient source hand over every frame', async () => {
    const source = createFedSource('c', async (feed) => {
      for (let n = 0; n < 50; n += 1) {
        if (!(await feed.demand())) return;
        feed.put(frame(n));
      }
    });
    expect(await collect(source.frames(never))).toEqual(Array.from({ length: 50 }, (_, n) => n));
    expect(source.stats()).toMatchObject({ captured: 50, delivered: 50, superseded: 0 });
  });

  it('releases a patient source that waits when stop fires', async () => {
    const stop = new AbortController();
    const answers: boolean[] = [];
    const source = createFedSource('c', async (feed) => {
      feed.put(frame(0));
      answers.push(await feed.demand());
      answers.push(await feed.demand());
    });
    const frames = source.frames(stop.signal)[Symbol.asyncIterator]();
    await frames.next();
    stop.abort();
    await frames.next();
    expect(answers).toEqual([false, false]);
  });

  it('releases a patient source that waits when the consumer leaves', async () => {
    const answers: boolean[] = [];
    const source = createFedSource('c', async (feed) => {
      for (let wanted = true; wanted; answers.push(wanted)) {
        wanted = await feed.demand();
        if (wanted) feed.put(frame(0));
      }
    });
    for await (const f of source.frames(never)) {
      await new Promise((resolve) => setImmediate(resolve));
      if (f.sequence === 0) break;
    }
    expect(answers).toEqual([true, false]);
  });

  it('can be iterated once', () => {
    const source = createFedSource('c', () => Promise.resolve());
    source.frames(never);
    expect(() => source.frames(never)).toThrow(expect.objectContaining({ code: 'camera.iterated-twice' }));
  });

  it('keeps its counters in balance whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('put', 'corrupt', 'take'), { maxLength: 40 }), async (steps) => {
        const { feed, end, source } = manual();
        const frames = source.frames(never)[Symbol.asyncIterator]();
        const pending: Promise<unknown>[] = [frames.next()];
        const feeding = await feed;
        for (const step of steps) {
          if (step === 'put') feeding.put(frame(0));
          else if (step === 'corrupt') feeding.corrupt();
          else pending.push(frames.next());
          await Promise.resolve();
        }
        await source.close();
        end();
        await Promise.all([...pending, frames.next()]);
        const { captured, delivered, superseded, corrupt } = source.stats();
        expect(delivered + superseded + corrupt).toBe(captured);
        expect(captured).toBe(steps.filter((s) => s !== 'take').length);
      }),
    );
  });
});
