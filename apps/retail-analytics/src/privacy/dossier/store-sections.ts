import { fill, heading, list, table, text, type Block } from './blocks.js';
import { dataFlowDiagram } from './diagram.js';
import { duration, factor, metricFacts, type DossierFacts } from './facts.js';

/** What this store does, keeps and lets out: from its settings, its plan and its ledger. */
export function storeSections(facts: DossierFacts): readonly Block[] {
  return [...summary(facts), ...flow(facts), ...kept(facts), ...channels(facts), ...guarantee(facts), ...budget(facts)];
}

const many = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;

function summary({
  store,
  simulated,
  cameras,
  privacy,
  plan,
  calibrationPictures,
  maxFrameAgeMs,
}: DossierFacts): readonly Block[] {
  return [
    heading('In short'),
    list(
      `${many(cameras.length, 'camera')} (${cameras.map(({ id, mount }) => `${id}, ${mount}`).join('; ')}) count people in ${many(plan.zones.length, 'zone')}, at ${many(plan.lines.length, 'line')} and ${many(plan.queues.length, 'queue')} of ${store}.`,
      `Pictures are in the memory of one process, ${maxFrameAgeMs / 1_000} s at most before they are looked at. They are not stored, sent or logged, and there is no switch for it. ${calibrationPictures ? 'A signed-in operator may look at a background without people, to calibrate; each look is audited.' : 'Nobody is shown one.'}`,
      'Nobody is recognised. No face, body shape, clothing or walk is measured or compared; who comes back is a new person.',
      `What leaves the store are sums with random noise. One visit of one person changes them so little that nobody can tell from them, with confidence, whether it took place (differential privacy, epsilon ${privacy.epsilonPerDay} a day for one tracked visit).`,
      'A tamper-evident ledger pays for each number before it is computed, answers the same question always with the same number, and refuses when the budget is spent or the ledger is damaged.',
      ...(simulated ? ['This store is simulated: there is nobody in it.'] : []),
    ),
    text(
      'This document describes the system as configured. It is written by the program from its own settings; it is no legal advice. What only the operator knows is marked.',
    ),
  ];
}

function flow({ cameras, hub }: DossierFacts): readonly Block[] {
  return [
    heading('The way of the data'),
    {
      kind: 'figure',
      svg: dataFlowDiagram(cameras.length, hub),
      text: `A picture becomes boxes and body points, these become tracks with a random number, these a place on the floor, and this a contribution to an open window. Bounds cut what one track may add; the budget is reserved; noise is added; only then is there a number that may leave.${hub ? '' : ' No hub is configured.'}`,
    },
    text(
      'Body points (head, shoulders, hips, feet) serve one purpose: to find where somebody stands. They are not kept from one picture to the next beyond the smoothing of that place, and are not compared between visits.',
    ),
  ];
}

function kept({ privacy, calibrationPictures, hub }: DossierFacts): readonly Block[] {
  return [
    heading('What is kept, where, how long'),
    table(
      ['what', 'where', 'how long', 'about a person?'],
      ['pictures', 'memory', 'two of each camera, until a newer one comes', 'yes, never written'],
      ['boxes, body points', 'memory', 'one picture', 'yes, never written'],
      [
        'tracks: random number, place, speed',
        'memory',
        'until the track has been unseen for its limit (at most 30 s)',
        'yes, never written',
      ],
      [
        'contributions of tracks to open windows',
        'memory',
        `until the window of ${duration(privacy.windows.shortS)} has closed and its grace is over`,
        'yes, never written',
      ],
      [
        'sums of open long windows',
        'memory',
        `until the window of ${duration(privacy.windows.longS)} has closed; a crash loses them`,
        'sums without identities',
      ],
      [
        'released numbers',
        'budget ledger on this disk',
        `${privacy.ledger.keepDays} days`,
        'no: differentially private',
      ],
      ...(hub
        ? [
            [
              'released numbers on their way',
              'outbox on this disk, then the hub',
              'until the hub has them; there by its own rule',
              'no: differentially private',
            ],
            ['how far the hub has the releases: two hashes of the ledger', 'this disk', 'until the next release', 'no'],
          ]
        : []),
      [
        'scene of a calibrated camera: 128 bytes, for each cell of a 30 x 17 grid one of four directions of its steepest edge, from a background over time',
        'this disk',
        'until the camera is calibrated again',
        'the only thing made from pictures that is written. No brightness, colour or texture; it could tell the rough outline of somebody who stood still during the whole calibration',
      ],
      ['settings, floor plan, calibration, engine cache, revisions of models', 'this disk', 'until changed', 'no'],
      [
        'log and metrics',
        'standard output, metrics address',
        'by the operator',
        'no: state of equipment, counts of faults',
      ],
      ...(calibrationPictures
        ? [
            [
              'background without people, for calibration',
              'memory',
              'until the process ends',
              'people are kept out of it; every look is in the audit',
            ],
          ]
        : []),
    ),
    fill(
      'How long does the operator keep logs, exports and what the hub receives?',
      'A period for each, and who deletes.',
    ),
  ];
}

function channels({ privacy, hub, pageHost, calibrationPictures }: DossierFacts): readonly Block[] {
  const local = pageHost === '127.0.0.1' || pageHost === '::1' || pageHost === 'localhost';
  return [
    heading('Every way out, and how it is protected'),
    table(
      ['way out', 'what goes through', 'protection'],
      [
        'live page',
        'counts of now, in and out since midnight, queue, heat of 15 minutes, state of cameras',
        `level 1: no noise; nothing below ${privacy.liveMinimumCount} people in zones; queue lengths and the totals since midnight as they are; no identity, no path, no history. Served at \`${pageHost}\`${local ? ' (this machine only)' : ' (reachable from the network: keep it inside the store)'}.`,
      ],
      [
        'history and export (page, CSV, Parquet)',
        'released numbers',
        `level 2: differential privacy, budget ledger, suppressed below ${privacy.minimumCount}, rounded to ${privacy.roundTo}`,
      ],
      [
        'hub',
        hub ? 'released numbers, device and budget state, audit entries' : 'nothing: not configured',
        'level 2; over TLS with a certificate of the device',
      ],
      [
        'metrics and log',
        'camera state and rate, times, drops by cause, budget',
        'no counts of people; times vary a little with the number of people in the picture',
      ],
      [
        'calibration picture',
        calibrationPictures ? 'people-free background, to a signed-in operator' : 'nothing: off in these settings',
        calibrationPictures
          ? 'built up over time from places where nobody is; refused while the detector is not looking; audit entry before each look'
          : 'off',
      ],
      ['floor plan and calibration files', 'what the operator drew and clicked', 'nothing from pictures'],
    ),
    text(
      'The two levels are different promises, and are labelled wherever they appear. Whoever stands in the store can see what the live page counts; the live page must therefore not be photographed every minute, recorded or forwarded: that would be an export without noise. The program offers no way to do so.',
    ),
    fill('Who may see the live page, on which devices, and how is it kept from being recorded?'),
  ];
}

function guarantee({ privacy }: DossierFacts): readonly Block[] {
  const epsilon = privacy.epsilonPerDay;
  const person = epsilon * privacy.fragmentation;
  return [
    heading('Whom the guarantee protects, and how far'),
    text(
      'The unit is one track-visit: what the cameras followed as one. Take any one track away, and the probability of every possible set of released numbers of a day changes by at most a factor of',
      `e^${epsilon} = ${factor(epsilon)}.`,
    ),
    text(
      `Tracks break: one person makes ${privacy.fragmentation} tracks on average by the setting \`privacy.fragmentation\`. For an average person's whole visit the guarantee is therefore ${privacy.fragmentation} x ${epsilon} = ${person}, a factor of ${factor(person)}. The number is measured on labelled public clips with \`npm run mot-score\`; it is an average, and somebody whose track breaks more often is protected less.`,
    ),
    text(
      'Somebody who comes on many days is protected for each day. The numbers of many days together tell more about a habit than those of one day.',
    ),
    text(
      "Not covered: what the live page shows to people in the store; what tracks do to one another before they are counted (somebody who hides another changes that one's track); that cameras and their outages are public.",
    ),
  ];
}

function budget(facts: DossierFacts): readonly Block[] {
  const { privacy, ledger, spentToday, madeAt } = facts;
  const metrics = metricFacts(facts);
  return [
    heading('Budget and errors'),
    table(
      [
        'metric',
        'what',
        'window',
        'one track adds at most',
        'sensitivity',
        'epsilon',
        '95 % of noise within',
        'numbers',
      ],
      ...metrics.map((m) => [
        m.metric,
        m.what,
        m.window,
        m.bound,
        `${m.sensitivity}`,
        `${m.epsilon}`,
        `± ${m.error95} ${m.unit}`,
        `${m.cells}`,
      ]),
    ),
    text(
      `Together ${Number(metrics.reduce((sum, m) => sum + m.epsilon, 0).toFixed(6))} of ${privacy.epsilonPerDay}. A track belongs whole to the window in which it began, so each track pays each metric once, however many windows a day has.`,
      'The list of numbers is fixed by floor plan and settings; it does not depend on who was there. No total is released beside its parts.',
    ),
    table(
      [`ledger at ${madeAt}`, ''],
      ['verdict', ledger.verdict + (ledger.problems.length > 0 ? `: ${ledger.problems.join('; ')}` : '')],
      ['entries', `${ledger.entries}, ${ledger.days.length} daily files`],
      ['head', `\`${ledger.head}\``],
      ['released windows', `${ledger.released}; burnt by interruptions: ${ledger.burnt}; open: ${ledger.open}`],
      ['spent for today (UTC)', `${spentToday} of ${privacy.epsilonPerDay}`],
      ['dearest day', ledger.mostSpent ? `${ledger.mostSpent.day}: ${ledger.mostSpent.epsilon}` : 'none yet'],
      [
        'witness of the high-water mark',
        privacy.ledger.witnessFile === null
          ? 'none: a folder put back together with its mark is noticed by the hub alone'
          : 'kept in a second place',
      ],
    ),
  ];
}
