// A second, naive telling of the alarm rules, to hold the engine against: it walks second by second and has no deadlines to sort.
type Grade = 'PL' | 'PM' | 'PH';
export interface ReferenceAlarm {
  phase: 'pending' | 'on' | 'acknowledged' | 'latched';
  grade: Grade;
  latching: boolean;
  lost: boolean;
  seconds: number;
  due: number;
  ackUntil: number;
  pausedUntil: number;
  asked: 'undefined' | 'offered' | 'accepted' | 'rejected';
  step: number;
  owner: string;
  answerBy: number;
  unowned: boolean;
  shelved: boolean;
}

export const referenceRules = {
  'spo2-low': { grade: 'PM', delay: 15, latching: false },
  'spo2-very-low': { grade: 'PH', delay: 5, latching: true },
  'news2-low-change': { grade: 'PL', delay: 0, latching: false },
  'news2-red': { grade: 'PM', delay: 0, latching: true },
  'device-link-lost': { grade: 'PM', delay: 0, latching: false },
} as const satisfies Record<string, { grade: Grade; delay: number; latching: boolean }>;
export type ReferenceCondition = keyof typeof referenceRules;

const never = Number.POSITIVE_INFINITY;
const order: Readonly<Record<Grade, number>> = { PL: 0, PM: 1, PH: 2 };
const answerWithin = (grade: Grade, step: number): number =>
  grade === 'PL' ? never : grade === 'PH' ? 60 : step === 0 ? 180 : 120;
const ackSeconds: Readonly<Record<Grade, number>> = { PH: 180, PM: 600, PL: 3_600 };
const caller = 'no-responsible-person';

export function createReferenceWard() {
  const alarms = new Map<string, ReferenceAlarm>();
  const shelves = new Map<string, number>();
  const chains = new Map<string, readonly string[]>();
  let now = 0;

  const bedOf = (key: string): string => key.slice(0, key.indexOf(' '));
  const conditionOf = (key: string): string => key.slice(key.indexOf(' ') + 1);
  const chain = (key: string): readonly string[] => chains.get(bedOf(key)) ?? chains.get('ward') ?? [];
  const calls = (a: ReferenceAlarm): boolean => a.phase === 'on' || a.phase === 'latched';
  const shelvable = (key: string): boolean => conditionOf(key) !== 'device-link-lost' && conditionOf(key) !== caller;

  function timeAnswer(key: string, a: ReferenceAlarm): void {
    const waits = calls(a) && a.asked !== 'accepted' && !a.shelved && !a.unowned && conditionOf(key) !== caller;
    a.answerBy = waits ? now + answerWithin(a.grade, a.step) : never;
  }

  function begin(key: string, a: ReferenceAlarm): void {
    a.phase = 'on';
    a.shelved = shelves.has(bedOf(key)) && shelvable(key);
    askFirst(key, a);
  }

  function askFirst(key: string, a: ReferenceAlarm): void {
    if (conditionOf(key) === caller) return;
    if (a.phase === 'acknowledged') silenceOver(a);
    a.asked = chain(key).length > 0 ? 'offered' : 'undefined';
    a.step = 0;
    a.owner = '';
    a.unowned = false;
    timeAnswer(key, a);
  }

  function silenceOver(a: ReferenceAlarm): void {
    a.phase = 'on';
    a.ackUntil = never;
  }

  function askNext(key: string, a: ReferenceAlarm, refused: boolean): void {
    if (a.phase === 'acknowledged') silenceOver(a);
    a.owner = '';
    if (a.step + 1 < chain(key).length) {
      a.step += 1;
      a.asked = 'offered';
      a.unowned = false;
      timeAnswer(key, a);
    } else {
      a.asked = refused ? 'rejected' : 'undefined';
      a.unowned = true;
      a.answerBy = never;
    }
  }

  /** "Nobody takes it" is there exactly while an alarm of the bed has nobody left to ask. */
  function settle(bed: string): void {
    const key = `${bed} ${caller}`;
    const needed = [...alarms].some(([k, a]) => bedOf(k) === bed && a.unowned);
    if (needed && !alarms.has(key)) alarms.set(key, { ...fresh('PH', false), phase: 'on' });
    if (!needed) alarms.delete(key);
  }

  function fresh(grade: Grade, latching: boolean): ReferenceAlarm {
    const times = { due: now, seconds: now, ackUntil: never, pausedUntil: never, answerBy: never };
    const people = { asked: 'undefined' as const, step: 0, owner: '', unowned: false, shelved: false };
    return { phase: 'pending', grade, latching, lost: false, ...times, ...people };
  }

  function endShelf(bed: string): void {
    shelves.delete(bed);
    for (const [key, a] of alarms)
      if (bedOf(key) === bed && a.shelved) {
        a.shelved = false;
        timeAnswer(key, a);
      }
  }

  function second(): void {
    now += 1;
    for (const [bed, until] of shelves) if (until <= now) endShelf(bed);
    const isDue = (a: ReferenceAlarm): boolean =>
      (a.phase === 'pending' && a.due <= now) || a.ackUntil <= now || a.pausedUntil <= now || a.answerBy <= now;
    for (const [key, a] of [...alarms].filter(([, each]) => isDue(each)).sort()) {
      if (a.phase === 'pending' && a.due <= now) begin(key, a);
      if (a.ackUntil <= now) {
        silenceOver(a);
        timeAnswer(key, a);
      }
      if (a.pausedUntil <= now) a.pausedUntil = never;
      if (a.answerBy <= now) {
        askNext(key, a, false);
        settle(bedOf(key));
      }
    }
  }

  return {
    alarms,
    shelves,
    now: () => now,
    wait(seconds: number): void {
      for (let i = 0; i < seconds; i += 1) second();
    },
    sense(bed: string, condition: ReferenceCondition, to: 'true' | 'false' | 'unknown', asked?: Grade): void {
      const key = `${bed} ${condition}`;
      const rule = referenceRules[condition];
      const grade = asked !== undefined && order[asked] > order[rule.grade] ? asked : rule.grade;
      const a = alarms.get(key);
      if (to === 'true') {
        if (a === undefined) {
          const begun = { ...fresh(grade, rule.latching || grade === 'PH'), due: now + rule.delay };
          alarms.set(key, begun);
          if (rule.delay === 0) begin(key, begun);
        } else if (a.phase === 'pending') {
          a.grade = grade;
          a.latching = rule.latching || grade === 'PH';
        } else {
          a.lost = false;
          a.latching ||= grade === 'PH';
          const change = order[grade] - order[a.grade];
          a.grade = grade;
          if (a.phase === 'latched') a.phase = 'on';
          if (change > 0) {
            silenceOver(a);
            a.pausedUntil = never;
          }
          if (change !== 0) timeAnswer(key, a);
        }
      } else if (a !== undefined) {
        if (a.phase === 'pending') alarms.delete(key);
        else if (a.phase !== 'latched' && to === 'unknown') a.lost = true;
        else if (a.phase === 'on' && a.latching) Object.assign(a, { phase: 'latched', lost: false });
        else if (a.phase !== 'latched') alarms.delete(key);
      }
      settle(bed);
    },
    roster(bed: string, people: readonly string[]): void {
      if (chains.has(bed) && chains.get(bed)?.join() === people.join()) return;
      const old = new Map([...alarms.keys()].map((key) => [key, chain(key)]));
      chains.set(bed, people);
      for (const [key, a] of alarms) {
        const was = old.get(key) ?? [];
        if (chain(key).join() === was.join() || a.phase === 'pending' || conditionOf(key) === caller) continue;
        const left = a.asked === 'accepted' && was.includes(a.owner) && !chain(key).includes(a.owner);
        const moved = a.asked === 'offered' && was[a.step] !== chain(key)[a.step];
        if (left || moved || a.unowned || a.asked === 'undefined') askFirst(key, a);
      }
      for (const key of [...alarms.keys()]) settle(bedOf(key));
    },
    /** @returns whether it is done */
    act(
      who: string,
      role: string,
      act: string,
      key: string,
      options: { minutes?: number; reason?: string } = {},
    ): boolean {
      const bed = bedOf(key);
      const a = alarms.get(key);
      const inCharge = role === 'charge-nurse' || role === 'physician';
      if (role !== 'nurse' && !inCharge) return false;
      const result = ((): boolean => {
        if (act === 'shelve') {
          if (!inCharge || shelves.has(bed) || (options.minutes ?? 0) > 30) return false;
          shelves.set(bed, now + (options.minutes ?? 0) * 60);
          for (const [k, each] of alarms)
            if (bedOf(k) === bed && shelvable(k) && each.phase !== 'pending')
              Object.assign(each, { shelved: true, unowned: false, answerBy: never });
          return true;
        }
        if (act === 'unshelve') {
          if (!inCharge || !shelves.has(bed)) return false;
          endShelf(bed);
          return true;
        }
        if (act === 'pause-audio') {
          const sounding = [...alarms].filter(([k, each]) => bedOf(k) === bed && calls(each));
          for (const [, each] of sounding) each.pausedUntil = now + 60;
          return sounding.length > 0;
        }
        if (a === undefined || a.phase === 'pending') return false;
        if (act === 'acknowledge') {
          if (a.phase === 'acknowledged') return false;
          if (a.phase === 'latched') alarms.delete(key);
          const silence = { phase: 'acknowledged', ackUntil: now + ackSeconds[a.grade], pausedUntil: never };
          Object.assign(a, { ...silence, answerBy: never, unowned: false });
          return true;
        }
        if (act === 'accept') {
          if (a.asked === 'accepted') return false;
          const taken =
            conditionOf(key) === caller
              ? [...alarms].filter(([k, e]) => bedOf(k) === bed && e.unowned)
              : [[key, a] as const];
          for (const [, each] of taken)
            Object.assign(each, { asked: 'accepted', owner: who, unowned: false, answerBy: never });
          return true;
        }
        if (act === 'reject') {
          if ((a.asked === 'offered' ? chain(key)[a.step] : a.owner || undefined) !== who) return false;
          askNext(key, a, true);
          return true;
        }
        if (act === 'escalate') {
          if (conditionOf(key) === caller) return false;
          askNext(key, a, false);
          return true;
        }
        if (a.phase !== 'latched' && !(a.lost && options.reason !== undefined)) return false;
        alarms.delete(key);
        return true;
      })();
      if (result) settle(bed);
      return result;
    },
  };
}
