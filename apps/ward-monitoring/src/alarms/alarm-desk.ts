import { setTimeout as sleep } from 'node:timers/promises';
import { alarmActSchema, UsageError, type AlarmSnapshot } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { mayConfigure } from './act-rights.js';
import type { AlarmConfig } from './alarm-config.js';
import type { ActResult, AlarmDesk, AlarmDeskOptions } from './alarm-desk-port.js';
import type { AlarmTransition } from './alarm-transition.js';
import { damageDraft, draftOf, unrecordedActDraft } from './audit-drafts.js';
import { canonicalJson } from './canonical-json.js';
import { conditionInputSchema, rosterInputSchema, type Actor, type ConditionInput } from './engine-input.js';
import { byKey, keyOf, type EngineState } from './engine-state.js';
import { applyEntry } from './fold-journal.js';
import type { JournalDraft } from './journal-entry.js';
import { createRecorder, type RecordedEntry } from './recorder.js';
import { refusalWords, type ActRefusal } from './refusal-words.js';

const auditKey = keyOf('ward', 'audit-failed');
const overloadKey = keyOf('ward', 'overload');

interface Job {
  readonly entry: JournalDraft;
  readonly done?: (result: ActResult) => void;
}

interface AppliedJob extends RecordedEntry {
  readonly job: Job;
}

/** Starts the desk: announces every live alarm of the journal once more, meets the deadlines of the absence, and takes inputs. */
export async function createAlarmDesk(options: AlarmDeskOptions): Promise<AlarmDesk> {
  const { journal, audit, publish, now, start, continueEveryMs = 30_000, mostQueued = 20_000 } = options;
  const { recovered } = journal;
  let { state, config }: { state: EngineState; config: AlarmConfig } = recovered;
  let queue: Job[] = [];
  let isDraining = false;
  let idle: Promise<void> = Promise.resolve();
  let dropped = 0;
  let publishFaults = 0;
  let continuedMs = now();
  const startInput = { kind: 'start' as const, atMs: now(), ...start };
  const recorder = createRecorder({
    journal,
    audit,
    now,
    wait: options.wait ?? ((ms, signal) => sleep(ms, undefined, { signal })),
    deadlineMs: options.recordDeadlineMs ?? 1_000,
    retryEveryMs: options.retryEveryMs ?? 5_000,
    lastStart: startInput,
    late: [
      ...recovered.damage.map(damageDraft),
      ...recovered.unaudited.flatMap(({ entry, transitions }) =>
        transitions.map((transition) => draftOf(transition, entry.seq, 'restart')),
      ),
    ],
  });

  function push(job: Job): void {
    if (queue.length >= mostQueued) {
      dropped += 1;
      job.done?.(refusedBecause('overloaded'));
      return;
    }
    queue.push(job);
    if (isDraining) return;
    isDraining = true;
    idle = drain();
  }

  async function drain(): Promise<void> {
    // What arrives in the same turn of the event loop goes into one batch; what arrives during a sync into the next one.
    await Promise.resolve();
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      if (batch.length >= mostQueued) batch.push(wardCondition('overload', 'true', overloadWords(dropped)));
      await take(batch);
      if (batch.length < mostQueued && !state.crowded && state.alarms[overloadKey] !== undefined)
        await take([wardCondition('overload', 'false', 'Nothing waits any more')]);
    }
    isDraining = false;
  }

  async function take(batch: readonly Job[]): Promise<void> {
    if (recorder.failedSinceMs() === undefined) {
      const applied = applyAll(batch);
      if (await recorder.record(applied.jobs.filter(({ isEffective }) => isEffective))) {
        commit(applied);
        if (journal.isFull) await recorder.rotate(state, config);
        return;
      }
    }
    const isTold = state.alarms[auditKey] !== undefined;
    const failure = wardCondition('audit-failed', 'true', 'Journal or audit trail cannot be written: acts are refused');
    takeUnrecorded(isTold ? batch : [...batch, failure]);
    if (!(await recorder.heal(state, config))) return;
    await take([wardCondition('audit-failed', 'false', 'Journal and audit trail are written again')]);
  }

  /** Alarms fail open, acts fail closed. */
  function takeUnrecorded(batch: readonly Job[]): void {
    const open = batch.filter(({ entry }) => !isOfPerson(entry));
    const applied = applyAll(open);
    recorder.miss(applied.jobs.filter(({ isEffective }) => isEffective));
    commit(applied);
    for (const { entry, done } of batch) {
      if (!isOfPerson(entry)) continue;
      if (entry.kind === 'input' && entry.input.kind === 'act') recorder.keep([unrecordedActDraft(entry.input)]);
      done?.(refusedBecause('record-failed'));
    }
  }

  function applyAll(batch: readonly Job[]): { jobs: readonly AppliedJob[]; state: EngineState; config: AlarmConfig } {
    let next: { state: EngineState; config: AlarmConfig } = { state, config };
    const jobs = batch.map((job) => {
      const { transitions, ...after } = applyEntry(next.state, next.config, job.entry);
      const isEffective = after.state !== next.state || after.config !== next.config || transitions.length > 0;
      next = after;
      return { job, entry: job.entry, transitions, isEffective };
    });
    return { jobs, ...next };
  }

  function commit(applied: ReturnType<typeof applyAll>): void {
    ({ state, config } = applied);
    const told = applied.jobs.flatMap(({ transitions }) => transitions.filter(({ kind }) => kind !== 'refused'));
    announce(told);
    for (const { job, transitions } of applied.jobs) job.done?.(resultOf(transitions));
  }

  function wardCondition(condition: ConditionInput['condition'], to: ConditionInput['state'], text: string): Job {
    const input = { kind: 'condition' as const, atMs: now(), subject: 'ward', condition, state: to, text };
    return { entry: { kind: 'input', input } };
  }

  /** A listener that fails must not stop the alarms behind it. */
  function announce(transitions: readonly AlarmTransition[]): void {
    if (transitions.length === 0) return;
    try {
      publish(transitions);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      publishFaults += 1;
    }
  }

  /** Refused before it reached the engine; still a line of the trail. */
  function deny(actor: Actor, why: 'malformed' | 'not-permitted', done: (result: ActResult) => void): void {
    const refused = { kind: 'refused' as const, atMs: now(), subject: 'ward', actor, why };
    recorder.keep([draftOf(why === 'malformed' ? refused : { ...refused, refusal: why }, undefined)]);
    done(refusedBecause(why));
  }

  function hand<T>(schema: z.ZodType<T>, input: unknown): T {
    const parsed = schema.safeParse(input);
    if (parsed.success) return parsed.data;
    throw new UsageError(
      'alarms.input',
      `The alarm engine was given what is not an input:\n${z.prettifyError(parsed.error)}`,
    );
  }

  function live(): readonly AlarmSnapshot[] {
    return Object.values(state.alarms)
      .filter(({ closed }) => !closed)
      .sort(byKey)
      .map(({ alarm }) => alarm);
  }

  const settled = async (): Promise<void> => {
    while (isDraining) await idle;
  };

  if (options.config !== undefined && canonicalJson(options.config) !== canonicalJson(config))
    push({ entry: { kind: 'config', atMs: startInput.atMs, config: options.config } });
  push({ entry: { kind: 'input', input: startInput } });
  // Of the life before: this one begins with room and with a disk that is asked anew.
  if (state.alarms[auditKey] !== undefined) push(wardCondition('audit-failed', 'false', 'The gateway started again'));
  if (state.alarms[overloadKey] !== undefined && !state.crowded)
    push(wardCondition('overload', 'false', 'The gateway started again'));
  const lost = recovered.damage.filter(({ kind }) => kind === 'damaged').map(({ segment }) => segment);
  if (lost.length > 0)
    push(
      wardCondition('missed-during-outage', 'true', `Alarm journal damaged (${lost.join(', ')}): look at every bed`),
    );
  await settled();

  return {
    sense: (input) =>
      push({
        entry: { kind: 'input', input: hand(conditionInputSchema, { ...input, kind: 'condition', atMs: now() }) },
      }),
    assign: (roster) =>
      push({ entry: { kind: 'input', input: hand(rosterInputSchema, { ...roster, kind: 'roster', atMs: now() }) } }),
    act: (actor, asked) =>
      new Promise((done) => {
        const act = alarmActSchema.safeParse(asked);
        if (act.success)
          push({ entry: { kind: 'input', input: { kind: 'act', atMs: now(), actor, act: act.data } }, done });
        else deny(actor, 'malformed', done);
      }),
    configure: (actor, next) =>
      new Promise((done) => {
        if (mayConfigure(actor.role))
          return push({ entry: { kind: 'config', atMs: now(), actor, config: next }, done });
        deny(actor, 'not-permitted', done);
      }),
    tick() {
      push({ entry: { kind: 'input', input: { kind: 'tick', atMs: now() } } });
      if (now() - continuedMs < continueEveryMs) return;
      continuedMs = now();
      const again = live().filter(({ phase }) => phase !== 'pending');
      if (again.length > 0)
        announce(
          again.map((alarm) => ({ kind: 'continue', atMs: now(), subject: alarm.subject, alarm, why: 'periodic' })),
        );
    },
    view: () => ({
      alarms: live(),
      shelves: state.shelves,
      flood: state.flood,
      unrecordedSinceMs: recorder.failedSinceMs(),
      dropped,
      publishFaults,
      nextDueMs: state.nextDueMs,
    }),
    state: () => state,
    settled,
  };
}

const overloadWords = (dropped: number): string =>
  `The alarm engine was handed too much at once: ${dropped} inputs dropped`;

const refusedBecause = (why: ActRefusal): ActResult => ({ outcome: 'refused', why, message: refusalWords(why) });

/** Acts and configurations of a person; the gateway's own are not refused. */
function isOfPerson(entry: JournalDraft): boolean {
  return (
    (entry.kind === 'input' && entry.input.kind === 'act') || (entry.kind === 'config' && entry.actor !== undefined)
  );
}

function resultOf(transitions: readonly AlarmTransition[]): ActResult {
  const refused = transitions.find(({ refusal }) => refusal !== undefined);
  if (refused?.refusal === undefined) return { outcome: 'done', transitions };
  const { refusal, alarm } = refused;
  return {
    outcome: 'refused',
    why: refusal,
    message: refusalWords(refusal, alarm),
    ...(alarm === undefined ? {} : { alarm }),
  };
}
