/** A process of the demo that a step may disturb, always from outside. */
export type StoryActor = 'line' | 'plc' | 'mes' | 'link';

export interface StoryStep {
  readonly id: string;
  readonly title: string;
  /** What the audience should look at. */
  readonly watch: string;
  /** What is expected to happen, so that a failure is seen as one. */
  readonly expect: string;
  /** Page to look at. */
  readonly page: 'station' | 'hub';
  /** Goes back by itself after so long; null stays until reset. */
  readonly seconds: number | null;
  readonly begin: readonly StoryCommand[];
  readonly end: readonly StoryCommand[];
}

export interface StoryCommand {
  readonly to: StoryActor;
  readonly command: Readonly<Record<string, unknown>>;
}

const fault = (to: StoryActor, name: string, on: boolean): StoryCommand => ({
  to,
  command: { command: 'fault', name, on },
});
const link = (state: string): StoryCommand => ({ to: 'link', command: { command: 'link', state } });

/** The story of the demo in the order in which it is best told. */
export const story: readonly StoryStep[] = [
  {
    id: 'network-cut',
    title: 'Pull the network for a minute',
    watch: 'The buffer of the station, here and on its page; the device on the hub.',
    expect:
      'The line goes on. Events wait on the station; the hub marks it as stale, then offline. After the minute the buffer drains, live events first, and nothing is missing.',
    page: 'hub',
    seconds: 60,
    begin: [link('cut')],
    end: [link('up')],
  },
  {
    id: 'network-slow',
    title: 'A line of 2 kB/s for a minute',
    watch: 'The buffer of the station.',
    expect: 'Alarms and audit overtake metrics. The rest waits and drains afterwards.',
    page: 'station',
    seconds: 60,
    begin: [{ to: 'link', command: { command: 'link', state: 'slow', bytesPerSecond: 2_000 } }],
    end: [link('up')],
  },
  {
    id: 'light-drift',
    title: 'The light fades slowly',
    watch: 'The drift panel of the station, then the drift page of the hub.',
    expect:
      'Within the stated number of parts an alarm names brightness, since when and by how much, with examples. Verdicts go on.',
    page: 'hub',
    seconds: null,
    begin: [fault('line', 'light-fade', true)],
    end: [fault('line', 'light-fade', false)],
  },
  {
    id: 'plc-frozen',
    title: 'The PLC freezes for 15 seconds',
    watch: 'The state of the line on the station.',
    expect: 'The heartbeat stands still, the station withholds READY and says so; it comes back by itself.',
    page: 'station',
    seconds: 15,
    begin: [fault('plc', 'frozen-heartbeat', true)],
    end: [fault('plc', 'frozen-heartbeat', false)],
  },
  {
    id: 'camera-freeze',
    title: 'The camera repeats one picture for 10 seconds',
    watch: 'The verdict strip of the station.',
    expect: 'No part passes on an old picture: frozen frames are rejected with that reason.',
    page: 'station',
    seconds: 10,
    begin: [fault('line', 'camera-freeze', true)],
    end: [fault('line', 'camera-freeze', false)],
  },
  {
    id: 'mes-gone',
    title: 'The MES is gone for 30 seconds',
    watch: 'The MES row of the station.',
    expect: 'Records wait and are delivered once, later.',
    page: 'station',
    seconds: 30,
    begin: [fault('mes', 'gone', true)],
    end: [fault('mes', 'gone', false)],
  },
];
