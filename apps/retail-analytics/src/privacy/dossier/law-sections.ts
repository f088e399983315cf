import { fill, heading, list, table, text, type Block } from './blocks.js';
import { factor, type DossierFacts } from './facts.js';

/** Threats, law and what the operator has to decide. */
export function lawSections(facts: DossierFacts): readonly Block[] {
  return [
    ...threats(facts),
    ...aiAct(),
    ...video(),
    ...assessment(facts),
    ...identifiability(facts),
    ...worksCouncil(facts),
    ...checks(),
  ];
}

function threats({ privacy }: DossierFacts): readonly Block[] {
  return [
    heading('Threats and the answer to each'),
    table(
      ['threat', 'answer'],
      [
        'Two answers are subtracted to find one person (differencing)',
        'Every number has its own noise, drawn once; no total is released beside its parts; a window that overlaps a paid one is refused.',
      ],
      [
        'The same question is asked again and again to average the noise away',
        'The stored answer comes back, to the digit. Noise is never drawn twice for a window.',
      ],
      [
        'The ledger is put back from a backup to spend a day twice',
        'High-water mark beside the ledger and, where configured, in a second place; every release names its ledger entry, so that the hub sees numbers fall. Then nothing is released.',
      ],
      ['The ledger is edited', 'Each line holds the hash of the one before. A break stops all releases.'],
      ['The clock is put back', 'Nothing is released until it has passed the newest entry.'],
      ['Power or process dies while a number is computed', 'The reservation is burnt: that window is never released.'],
      [
        'Small numbers: one visitor in an hour',
        `Noise is on every number, empty ones too; the noisy number is suppressed below ${privacy.minimumCount}. The true number is never tested.`,
      ],
      [
        'Rounding errors of the computer give the noise away',
        'The noise is drawn and added in whole numbers of any size, from the random source of the operating system. No floating point is between count and noisy count.',
      ],
      [
        'The number of people who hit a bound, or the doubt about a queue, tells about them',
        'Neither is released. Reasons for doubt that go out are of cameras, clock and plan only.',
      ],
      [
        'Somebody watches the live page closely',
        'It never shows fewer than the minimum, no identity, no path and no past. It is a promise of its own, for people who stand in the store anyway. Differences of two looks a moment apart can tell more than one look; queue lengths are shown as they are.',
      ],
      [
        'Times or metrics tell how many were there',
        'Metrics hold no counts of people. Times per picture vary a little with their number; with many causes, and only as distributions.',
      ],
      [
        'An update or a developer turns on recording',
        'There is no code path that writes a picture, and a test watches every write of the running process. Changing that means another build.',
      ],
      [
        'The camera itself, its network, or its maker',
        'Outside of this program: cameras belong in a network of their own.',
      ],
    ),
    fill('How are cameras and node kept from others: network, accounts, updates, physical access?'),
  ];
}

function aiAct(): readonly Block[] {
  return [
    heading('AI Act self-check (Regulation (EU) 2024/1689)'),
    table(
      ['question', 'answer', 'why'],
      [
        'Article 5: manipulation, exploiting weakness, social scoring, prediction of crime',
        'no',
        'it counts; it judges nobody and influences nobody',
      ],
      ['Article 5: untargeted collection of face images', 'no', 'no face is looked for, cut out or stored'],
      ['Article 5: emotions at work or in education', 'no', 'none are inferred'],
      [
        'Article 5: categorising by biometric data (race, opinions, orientation ...)',
        'no',
        'no attribute of a person is computed, neither age nor sex',
      ],
      [
        'Article 5: real-time remote biometric identification',
        'no',
        'nobody is identified; there is no list to compare with',
      ],
      [
        'Annex III 1(a): remote biometric identification',
        'no',
        'tracks end when they leave the picture for longer than their limit; nothing of appearance or gait is computed that could find somebody again. Body points give the standing place and height only. Guidance counts gait recognition as identification: therefore they are never stored or matched between visits',
      ],
      ['Annex III 1(b): biometric categorisation by sensitive attributes', 'no', 'none are inferred'],
      ['Annex III 1(c): emotion recognition', 'no', 'none'],
      [
        'Annex III 4: management of workers',
        'no, as long as staff areas are drawn and used',
        'staff are left out of all figures; there are no figures of a single worker. The operator must not use queue figures to judge a single cashier',
      ],
      ['Article 50: transparency', 'signs', 'people do not interact with it; signs are due under data protection law'],
    ),
    text(
      'Self-assessment: not prohibited, not high-risk under Annex III as configured. A change of purpose needs a new assessment.',
    ),
    fill('Who has checked this self-assessment, and when?', 'Name, role, date.'),
  ];
}

function video(): readonly Block[] {
  return [
    heading('Video devices (EDPB Guidelines 3/2019)'),
    table(
      ['point', 'what the system does', 'what the operator does'],
      [
        'purpose for each camera',
        'zones, lines and queues by camera in the floor plan',
        'write down the purpose of each camera',
      ],
      [
        'lawful basis',
        'only what is needed for the purpose is computed',
        'legitimate interest (Article 6(1)(f) GDPR) with its balancing, or another basis',
      ],
      [
        'need and milder means',
        'no recording; no recognition; sums with noise',
        'say why a light barrier or a count by hand is not enough',
      ],
      [
        'data minimisation',
        "pictures overwritten at once; masks for screens, mirrors and places that are nobody's business",
        'point cameras away from street, changing rooms, toilets, staff rooms',
      ],
      ['storage', 'none of pictures', 'none added elsewhere: no recorder on the same stream'],
      ['information', 'this document', 'layered signs: first layer at the entrance, second layer with the full notice'],
      [
        'rights',
        'nothing is kept that belongs to a person, so there is nothing to give out or erase (Article 11 GDPR)',
        'a contact that says so',
      ],
      ['processors', 'none by itself', 'contracts with whoever runs hub or node'],
    ),
    fill('Purpose of each camera'),
    fill('Where are the signs, and what does the second layer say?'),
  ];
}

function assessment({ privacy }: DossierFacts): readonly Block[] {
  return [
    heading('Data protection impact assessment: skeleton (Article 35 GDPR)'),
    text(
      'Systematic watching of a place that is open to the public on a large scale asks for an assessment (Article 35(3)(c)). What is known from the system is filled in.',
    ),
    list(
      'Description: see the first four chapters. Data subjects: visitors, among them children; staff outside of staff areas; passers-by where a camera sees the street.',
      'Personal data in memory for moments: pictures, places, tracks. None at rest.',
      `Aggregates at rest: differentially private, epsilon ${privacy.epsilonPerDay} a day and track-visit.`,
      'Measures against the risks: the threat table above, each with a test named in docs/privacy.md.',
    ),
    fill('Controller, representative, data protection officer'),
    fill('Purposes, and the legitimate interest behind each'),
    fill('Why is it necessary and proportionate?', 'Milder means that were considered, and why they are not enough.'),
    fill(
      'Risks seen from the visitors: likelihood and severity of each',
      'Feeling watched; function creep; recognition by others who have access to the stream; a breach of the node.',
    ),
    fill('What did visitors, staff or their representatives say?', 'Article 35(9).'),
    fill(
      'Remaining risk, decision, next review',
      'Review when cameras, plan, model or purpose change, and at least once a year.',
    ),
  ];
}

function identifiability({ privacy }: DossierFacts): readonly Block[] {
  return [
    heading('De-identification by ISO/IEC 27559'),
    table(
      ['step', 'answer'],
      [
        'context',
        'released numbers go to managers, to whoever gets the export and, where configured, to the hub; they may be joined with till data, weather, rosters',
      ],
      ['data', 'counts per public cell and window; no record of a person; no free text'],
      [
        'identifiability, in numbers',
        `a belief about one track-visit changes by a factor of at most ${factor(privacy.epsilonPerDay)} by all numbers of a day, whatever else somebody knows`,
      ],
      [
        'adversarial testing',
        'an audit on neighbouring inputs runs in the tests and must not prove more than the promised epsilon; it must catch a mechanism with half of the noise',
      ],
      [
        'governance',
        'budget in the configuration, ledger with verifier, audit entries for edits of the plan and looks at calibration pictures',
      ],
    ),
  ];
}

function worksCouncil({ plan }: DossierFacts): readonly Block[] {
  return [
    heading('For the works council'),
    list(
      `Staff areas drawn: ${plan.staffAreas.length}. Who stands in one is no customer and is in no figure.`,
      'Staff are told from customers by where they stand, never by clothing, face or a tag.',
      'There is no figure of one worker, no attendance, no speed of service by name. Waits are sums of a day with noise.',
      'Staff who walk outside of staff areas are counted like anybody, without identity.',
      'Nobody can look through the cameras with this program.',
    ),
    fill('Works agreement: number, date, and what may not be done with the figures'),
  ];
}

function checks(): readonly Block[] {
  return [
    heading('Check it yourself'),
    table(
      ['claim', 'command'],
      [
        'the ledger is whole, and no day is overspent',
        '`node tools/run.mjs apps/retail-analytics/src/privacy/verify-ledger-main.ts DIR --epsilon N`',
      ],
      [
        'noise follows the exact distribution and shows no more than epsilon',
        '`npx vitest run --root apps/retail-analytics src/privacy`, longer with `npm run test:long`',
      ],
      ['the ledger survives kills and power cuts', '`npm run e2e -- ledger`'],
      ['no picture, place or track number is written or sent', '`npm run e2e -- privacy`'],
      ['how often tracks break', '`npm run mot-score`'],
      [
        'this document',
        '`node tools/run.mjs apps/retail-analytics/src/privacy/dossier-main.ts --config FILE --out DIR`',
      ],
    ),
  ];
}
