import { ConfigError } from '@edge-blueprints/contracts';
import { z } from 'zod';

const share = z.number().min(0).max(1);
const seconds = z.number().min(0).max(60);

const shared = {
  referenceFps: z
    .number()
    .min(1)
    .max(240)
    .default(25)
    .describe('Frame rate that the noises of the filter are stated for; set it to the camera rate to follow a paper'),
  warmStart: z
    .boolean()
    .default(false)
    .describe('What is seen at the very beginning counts at once, as in the published trackers'),
  maxTracks: z.int().min(1).max(4096).default(256).describe('New objects beyond this are dropped and counted'),
  maxDetections: z.int().min(1).max(4096).default(512).describe('Detections beyond this are dropped and counted'),
  restartGapS: z
    .number()
    .gt(0)
    .max(3600)
    .default(5)
    .describe('After a gap this long without a picture, or a step back in time, every track ends'),
};
const maxLostS = seconds.describe('A track that was not seen for longer ends');
const minScore = share.describe('Detections below this score are not looked at');
const minIou = share.default(0.3).describe('A pair overlaps at least this much');
const confirmS = seconds.describe('Seen without a break for this long it counts');
const confirmation = z
  .enum(['once', 'streak'])
  .default('once')
  .describe('once: a confirmed track stays so; streak: after a break it must be seen for confirmS again, as published');

/**
 * How detections become tracks. Limits are seconds, so that they hold at any frame rate; the defaults suit people at 8 to
 * 25 frames per second.
 */
export const trackerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sort'),
    ...shared,
    minScore: minScore.default(0.5),
    minIou,
    maxLostS: maxLostS.default(0.5),
    confirmS: confirmS.default(0.35),
    confirmation,
  }),
  z.strictObject({
    kind: z.literal('byte'),
    ...shared,
    highScore: share.default(0.5).describe('Detections above this take part in the first stage'),
    lowScore: share.default(0.1).describe('Detections between this and highScore take part in the second stage'),
    newScore: share.default(0.6).describe('A new track needs this score'),
    firstLimit: share.default(0.8).describe('Cost limit (1 - IoU x score) of the first stage'),
    secondLimit: share.default(0.5).describe('Cost limit (1 - IoU) of the second stage'),
    unconfirmedLimit: share.default(0.7).describe('Cost limit (1 - IoU x score) of tracks not confirmed yet'),
    duplicateIou: share.default(0.85).describe('Of a seen and a lost track that overlap more, the younger ends'),
    maxLostS: maxLostS.default(1),
    confirmS: confirmS.default(0),
  }),
  z.strictObject({
    kind: z.literal('oc-sort'),
    ...shared,
    minScore: minScore.default(0.5),
    minIou,
    maxLostS: maxLostS.default(2),
    confirmS: confirmS.default(0.35),
    confirmation,
    directionS: seconds.default(0.3).describe('Direction is taken between observations this far apart'),
    directionWeight: share.default(0.2).describe('Weight of the agreement of directions beside the IoU'),
    lowScore: share
      .default(0.1)
      .describe('Detections between this and minScore take part in a second stage, as in ByteTrack; 1 leaves it out'),
  }),
]);

/** What may be left out has a default. */
export type TrackerOptions = z.input<typeof trackerSchema>;
/** Complete options. */
export type TrackerSettings = z.output<typeof trackerSchema>;
export type SortSettings = Extract<TrackerSettings, { kind: 'sort' }>;
export type ByteSettings = Extract<TrackerSettings, { kind: 'byte' }>;
export type ObservationSettings = Extract<TrackerSettings, { kind: 'oc-sort' }>;

/** @throws ConfigError `vision.tracker-options` that lists every problem */
export function completeTrackerOptions(options: TrackerOptions): TrackerSettings {
  const parsed = trackerSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    'vision.tracker-options',
    `Options of the tracker are wrong.\n${z.prettifyError(parsed.error)}`,
  );
}
