// What must be true after every power cut, and the hub that the events go to.
import { gapSchema, type SequenceRange } from '@edge-blueprints/contracts';
import { mergeRanges, rangesOf, subtractRanges } from '../../libs/telemetry/src/lib/outbox/number-ranges.js';

export interface SeenEntry {
  readonly sequence: number;
  readonly type: string;
  readonly data: string;
}

interface Accepted {
  readonly sequence: number;
  readonly critical: boolean;
}

export class Violation extends Error {}

/** Where a run may lose what was accepted: nowhere, or also into `corrupt` gap records when bytes were damaged on purpose. */
export type Rules = 'power-cut' | 'damage';

const tokenOf = (data: string): string => /"who":"([^"]+)"/.exec(data)?.[1] ?? '?';

/** A hub that never forgets: one stream an epoch, a number is new only once. */
export function createReferenceHub() {
  const delivered = new Map<string, Map<number, string>>();
  const declared = new Map<string, SequenceRange[]>();
  const evicted = new Map<string, SequenceRange[]>();
  const tokens = new Map<string, string>();
  let duplicates = 0;
  const stream = (epoch: string): Map<number, string> => {
    const known = delivered.get(epoch) ?? new Map<number, string>();
    delivered.set(epoch, known);
    return known;
  };
  return {
    receive(epoch: string, batch: readonly SeenEntry[]): readonly SequenceRange[] {
      for (const { sequence, type, data } of batch) {
        const gap = type === 'edge-blueprints.gap.v1';
        const content = gap ? data : tokenOf(data);
        const before = stream(epoch).get(sequence);
        if (before !== undefined) {
          if (before !== content) throw new Violation(`number ${sequence} came as ${before} and as ${content}`);
          duplicates++;
          continue;
        }
        stream(epoch).set(sequence, content);
        if (gap) {
          const { epoch: of, ranges, cause } = gapSchema.parse(JSON.parse(data));
          declared.set(of, [...mergeRanges([...(declared.get(of) ?? []), ...ranges])]);
          if (cause !== 'corrupt') evicted.set(of, [...mergeRanges([...(evicted.get(of) ?? []), ...ranges])]);
          continue;
        }
        const at = `${epoch}-${sequence}`;
        if (tokens.has(content))
          throw new Violation(`event ${content} was stored twice: ${tokens.get(content)}, ${at}`);
        tokens.set(content, at);
      }
      return rangesOf(batch.map(({ sequence }) => sequence));
    },
    has: (epoch: string, sequence: number): boolean => stream(epoch).has(sequence),
    declared: (epoch: string): readonly SequenceRange[] => declared.get(epoch) ?? [],
    /** Given up for another reason than damage; a repair declares these again, as `corrupt`. */
    evicted: (epoch: string): readonly SequenceRange[] => evicted.get(epoch) ?? [],
    /** Holes of 1..highest that are neither delivered nor declared. */
    holes(epoch: string, highest: number): readonly SequenceRange[] {
      const covered = [...rangesOf([...stream(epoch).keys()]), ...(declared.get(epoch) ?? [])];
      return highest < 1 ? [] : subtractRanges([[1, highest]], covered);
    },
    duplicates: (): number => duplicates,
    events: (): number => tokens.size,
  };
}

export type ReferenceHub = ReturnType<typeof createReferenceHub>;

/** Remembers what the outbox promised. */
export function createWorld(rules: Rules) {
  const hub = createReferenceHub();
  const accepted = new Map<string, Accepted>();
  const unsure = new Set<string>();
  const bound = new Map<number, string>();
  const refused = new Set<number>();
  let epoch: string | undefined;
  let next = 0;
  let promised = 0;

  const bind = (sequence: number, token: string): void => {
    const known = bound.get(sequence);
    if (known !== undefined && known !== token)
      throw new Violation(`number ${sequence} was given to ${known} and to ${token}`);
    bound.set(sequence, token);
  };
  const covered = (ranges: readonly SequenceRange[], n: number): boolean => ranges.some(([a, b]) => a <= n && n <= b);

  return {
    hub,
    promised: (): number => promised,
    /** A name for an event that is about to be appended; until `accept`, it may or may not be stored. */
    token(): string {
      const token = `t${next++}`;
      unsure.add(token);
      return token;
    },
    /** How many names were given. */
    tokens: (): number => next,
    /** As `token`, with a name that the device chose: `t` and the next number. */
    attempt(token: string): void {
      unsure.add(token);
      next = Math.max(next, Number(token.slice(1)) + 1);
    },
    accept(token: string, sequence: number, critical: boolean): void {
      unsure.delete(token);
      bind(sequence, token);
      accepted.set(token, { sequence, critical });
      promised++;
    },
    /** Reported as not stored, and no power was lost: it must not be there. */
    deny: (token: string): void => void unsure.delete(token),
    /** Events as the outbox hands them out. */
    see(entries: readonly SeenEntry[]): void {
      for (const { sequence, type, data } of entries) {
        if (type === 'edge-blueprints.gap.v1') continue;
        const token = tokenOf(data);
        const known = accepted.get(token);
        if (known === undefined && !unsure.has(token) && bound.get(sequence) !== token)
          throw new Violation(`${token} is there with number ${sequence}, but was reported as not stored`);
        if (known && known.sequence !== sequence)
          throw new Violation(`${token} was stored with number ${known.sequence} and is there with ${sequence}`);
        bind(sequence, token);
      }
    },
    /**
     * After a start: everything that was accepted waits, is at the hub, or is declared.
     *
     * @param waiting all that waits
     */
    check(
      found: { readonly epoch: string; readonly highest: number; readonly missing: number; readonly twice: number },
      waiting: readonly SeenEntry[],
    ): void {
      if (found.missing + found.twice > 0)
        throw new Violation(`contiguity: ${found.missing} missing, ${found.twice} twice of ${found.highest}`);
      if (epoch !== undefined && epoch !== found.epoch) throw new Violation(`the epoch changed to ${found.epoch}`);
      epoch = found.epoch;
      this.see(waiting);
      const gaps = waiting
        .filter(({ type }) => type === 'edge-blueprints.gap.v1')
        .map(({ data }) => gapSchema.parse(JSON.parse(data)));
      const ranges = (wanted: boolean): readonly SequenceRange[] =>
        mergeRanges(gaps.filter((gap) => !wanted || gap.cause !== 'corrupt').flatMap((gap) => gap.ranges));
      const [declared, evicted] = [ranges(false), ranges(true)];
      const there = new Set(waiting.map(({ sequence }) => sequence));
      for (const [token, { sequence, critical }] of accepted) {
        if (hub.has(found.epoch, sequence)) {
          accepted.delete(token);
          continue;
        }
        if (there.has(sequence)) continue;
        const [isDeclared, isEvicted] = [
          covered(declared, sequence) || covered(hub.declared(found.epoch), sequence),
          covered(evicted, sequence) || covered(hub.evicted(found.epoch), sequence),
        ];
        if (!isDeclared) throw new Violation(`${token}, number ${sequence}, is gone without a word`);
        if (rules === 'power-cut' && !isEvicted)
          throw new Violation(`${token}, number ${sequence}, was lost as corrupt by a mere power cut`);
        if (rules === 'power-cut' && critical && !refused.has(sequence))
          throw new Violation(`${token}, number ${sequence}, is critical and was given up`);
        accepted.delete(token);
      }
    },
    /** At the end, when nothing waits any more. */
    checkHub(highest: number): void {
      const holes = epoch === undefined ? [] : hub.holes(epoch, highest);
      if (holes.length > 0) throw new Violation(`the hub has holes: ${JSON.stringify(holes)} of ${highest}`);
    },
    refuse: (sequence: number): void => void refused.add(sequence),
  };
}

export type World = ReturnType<typeof createWorld>;
