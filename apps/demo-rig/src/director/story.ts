/** A process of the demo that a step may disturb, always from outside. */
export type StoryActor = 'line' | 'plc' | 'mes' | 'shop' | 'patients' | 'link';

export interface StoryStep {
  readonly id: string;
  readonly title: string;
  /** What the audience should look at. */
  readonly watch: string;
  /** What is expected to happen, so that a failure is seen as one. */
  readonly expect: string;
  /** Page to look at. */
  readonly page: 'station' | 'store' | 'ward' | 'hub';
  /** Goes back by itself after so long; null stays until reset. */
  readonly seconds: number | null;
  readonly begin: readonly StoryCommand[];
  readonly end: readonly StoryCommand[];
}

export interface StoryCommand {
  readonly to: StoryActor;
  readonly command: Readonly<Record<string, unknown>>;
}

const fault = (to: StoryActor, name: string, on: boolean, of: Readonly<Record<string, string>> = {}): StoryCommand => ({
  to,
  command: { command: 'fault', name, on, ...of },
});
/** Of a patient's life, faster than it would be; `mend` ends it. */
const life = (name: string, patient: number, course: Readonly<Record<string, number>>): StoryCommand => ({
  to: 'patients',
  command: { command: 'story', name, patients: [patient], ...course },
});
const mend = (patient: number): StoryCommand => ({ to: 'patients', command: { command: 'mend', patients: [patient] } });
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
  {
    id: 'queue-rush',
    title: 'Everybody goes to the tills',
    watch: 'The queues of the store.',
    expect: "Length and expected wait rise; who gives up is counted. Little's law goes on checking the figures.",
    page: 'store',
    seconds: 90,
    begin: [fault('shop', 'queue-rush', true)],
    end: [fault('shop', 'queue-rush', false)],
  },
  {
    id: 'camera-moved',
    title: 'Somebody bumps the camera over the aisles',
    watch: 'The cameras and zones of the store.',
    expect:
      'The camera is told as moved; what it answers for is suspended until it looks as before, never shown as zero.',
    page: 'store',
    seconds: null,
    begin: [fault('shop', 'camera-moved', true, { camera: 'aisles' })],
    end: [fault('shop', 'camera-moved', false, { camera: 'aisles' })],
  },
  {
    id: 'camera-lost',
    title: 'The camera over the tills is gone for 30 seconds',
    watch: 'The queues of the store.',
    expect: 'Their figures are unknown, not zero. The other cameras go on; the gap stands in what is released.',
    page: 'store',
    seconds: 30,
    begin: [fault('shop', 'camera-lost', true, { camera: 'tills' })],
    end: [fault('shop', 'camera-lost', false, { camera: 'tills' })],
  },
  {
    id: 'oxygen-falls',
    title: 'The oxygen of the patient in bed 2 falls',
    watch: 'Bed 2 and the alarm on top of the nurse station.',
    expect:
      'Below 90 % the tile says at once, silently, that an alarm may come. After 15 seconds it is one of medium priority, below 85 % after 5 seconds one of high priority, with sound. It stays until somebody acknowledges it.',
    page: 'ward',
    seconds: 90,
    begin: [life('hypoxia', 2, { riseS: 15, holdS: 60, fallS: 15 })],
    end: [mend(2)],
  },
  {
    id: 'sensor-off',
    title: 'The sensor of the patient in bed 3 comes off for a minute',
    watch: 'Bed 3 of the nurse station, and its score.',
    expect:
      'No old sample stands there as if it were new: what a nurse measured last does, with its age, and once that is too old the score is a range of what it could be, never a green zero. A low technical alarm asks for the sensor.',
    page: 'ward',
    seconds: 60,
    begin: [life('probe-off', 3, { holdS: 60 })],
    end: [mend(3)],
  },
  {
    id: 'ward-radio-gone',
    title: 'No wearable of the ward is heard for 45 seconds',
    watch: 'All beds of the nurse station.',
    expect:
      'Every device is told as out of reach, and an alarm that was on stays, marked. Afterwards the wearables send what they kept: nothing is missing, and what is old sounds no alarm.',
    page: 'ward',
    seconds: 45,
    begin: [fault('patients', 'link-cut', true)],
    end: [fault('patients', 'link-cut', false)],
  },
];

/** Steps whose every actor is there. */
export const storyOf = (actors: readonly string[]): readonly StoryStep[] =>
  story.filter(({ begin, end }) => [...begin, ...end].every(({ to }) => actors.includes(to)));
