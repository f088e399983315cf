import { describe, expect, it } from 'vitest';
import { story, type StoryCommand } from './story.js';
import { createStoryTeller } from './story-teller.js';

function make() {
  const sent: StoryCommand[] = [];
  const timers: { at: number; then: () => void; cancelled: boolean }[] = [];
  let nowMs = 0;
  const teller = createStoryTeller(story, {
    send: (command) => void sent.push(command),
    nowMs: () => nowMs,
    after: (ms, then) => {
      const timer = { at: nowMs + ms, then, cancelled: false };
      timers.push(timer);
      return () => void (timer.cancelled = true);
    },
  });
  const pass = (ms: number): void => {
    nowMs += ms;
    for (const timer of timers.filter(({ at, cancelled }) => !cancelled && at <= nowMs)) {
      timer.cancelled = true;
      timer.then();
    }
  };
  return { teller, sent, pass };
}

describe('the story', () => {
  it('pulls the network and gives it back after a minute', () => {
    const { teller, sent, pass } = make();
    teller.begin('network-cut');
    pass(59_000);
    expect(teller.view().find(({ id }) => id === 'network-cut')).toEqual({
      id: 'network-cut',
      running: true,
      secondsLeft: 1,
    });
    pass(1_000);
    expect(sent.map(({ command }) => command['state'])).toEqual(['cut', 'up']);
    expect(teller.view().every(({ running }) => !running)).toBe(true);
  });

  it('told twice, runs once and starts its time anew', () => {
    const { teller, sent, pass } = make();
    teller.begin('plc-frozen');
    pass(10_000);
    teller.begin('plc-frozen');
    pass(10_000);
    expect(sent).toHaveLength(2);
    pass(5_000);
    expect(sent).toHaveLength(3);
  });

  it('is reset as a whole, and only what ran is told', () => {
    const { teller, sent } = make();
    teller.begin('light-drift');
    teller.reset();
    teller.reset();
    expect(sent.map(({ command }) => command['on'])).toEqual([true, false]);
    expect(() => teller.begin('nonsense')).toThrow(/network-cut/);
  });

  it('has a way back for every step', () => {
    for (const step of story) expect(step.end.length, step.id).toBe(step.begin.length);
  });
});
