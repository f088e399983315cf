/**
 * The definitions that all figures of this app follow, in seconds and metres. They hold at any frame rate. A change of one
 * of them changes what the numbers mean: raise `definitionsVersion`.
 */
export const definitionsVersion = 2;

export const lineRules = {
  /** Nearer to the line than this a person is on no side. */
  hysteresisM: 0.15,
  /** So long on one side before a crossing can begin, and on the other before it counts. */
  settleMs: 400,
  /** Once per track and direction in this time. */
  repeatMs: 3_000,
  /** Who was not seen for longer while passing has not crossed: it may be somebody else who is seen now. */
  gapMs: 3_000,
  /** Who passes the line beyond its ends by less still passed it. */
  endSlackM: 0.15,
} as const;

export const zoneRules = {
  borderM: 0.15,
  enterMs: 500,
  exitMs: 1_000,
  shortestVisitMs: 1_000,
  /** Who comes back sooner never left. */
  mergeMs: 3_000,
} as const;

export const queueRules = {
  /** Slower than this is standing. */
  standingMps: 0.3,
  joinMs: 3_000,
  linkM: 1.5,
  bendDeg: 70,
  /** The first of the chain is served when it stands this near to the service point. */
  serviceM: 0.6,
  abandonMs: 10_000,
  /** A member whose link broke is given this long while it stays where it was. */
  breakMs: 5_000,
  /** A member that has walked away is given this long. */
  leaveMs: 2_000,
  /** A member that is out of sight stands where it was for so long. */
  hiddenMs: 5_000,
  /** A new track at the place of a lost member is that member, for so long and so near. */
  inheritMs: 15_000,
  inheritM: 0.6,
  /** Little's law over this time, and how far it may be missed. */
  littleMs: 900_000,
  littleLimit: 0.15,
  littleLeast: 8,
} as const;

export const partyRules = {
  /** 0.6 m between people, and what two measured places are wrong by. */
  nearM: 0.9,
  togetherMs: 2_000,
  movingMps: 0.3,
  /** Velocities of people who walk together differ by less, m/s. */
  differenceMps: 0.6,
  /** Who is farther apart than this for longer than `partMs` walks alone again. */
  apartM: 3,
  partMs: 10_000,
} as const;

export const trackRules = {
  /** Nobody is believed to be where it was last seen for longer. */
  freshMs: 2_000,
  /** A track that was not seen for so long has ended. */
  endMs: 25_000,
  /** Who was in a staff area for so long is staff as long as the track lasts, as is who began there. */
  staffMs: 10_000,
} as const;

/** A camera that sent nothing for so long sees nothing. */
export const cameraSilentMs = 2_000;
