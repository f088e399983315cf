// T11 and T12, small: what happens on the way to the FHIR server while the ward goes on.
import { z } from 'zod';
import type { Check } from '../check.js';
import { holdsWithin, pause } from '../running-line.js';
import { readTrail, type Gateway } from './faulty-ward.js';
import { fhirFaults, type FhirFront } from './fhir-front.js';

/** Each fault for one bundle, the server as it should be for the next. */
export async function throughFaults(gateway: Gateway, front: FhirFront, check: Check): Promise<void> {
  const waiting = async (): Promise<number> => (await gateway.view()).gateway.fhirWaiting;
  const piled = await waiting();
  // A good answer between two faults keeps the writer's pauses short.
  front.set(
    'up',
    fhirFaults.flatMap((fault) => [fault, 'up'] as const),
  );
  await holdsWithin(40_000, () => fhirFaults.every((fault) => (front.met.get(fault) ?? 0) > 0));
  const met = fhirFaults.map((fault) => `${fault} ${front.met.get(fault) ?? 0}`).join(', ');
  check(
    'T12: each fault of the server was met',
    fhirFaults.every((fault) => (front.met.get(fault) ?? 0) > 0),
    met,
  );
  check('T11: resources wait on the disk while the server is away', piled > 20, `${piled} waited`);
}

const totalSchema = z.object({ total: z.number() });

/** After everything that was queued has gone. */
export async function nothingLostOrTwice(
  gateway: Gateway,
  front: FhirFront,
  server: string,
  check: Check,
): Promise<void> {
  const drained = await holdsWithin(40_000, async () => (await gateway.view()).gateway.fhirWaiting === 0);
  check('T11: the queue drains by itself', drained, `${(await gateway.view()).gateway.fhirWaiting} wait`);
  await pause(500);
  const offered = [...front.offered].filter((url) => url !== front.poison());
  const types = [...new Set(offered.map((url) => url.split('/')[0] ?? ''))].sort();
  const counts = await Promise.all(
    types.map(async (type) => {
      const reply = await fetch(`${server}/${type}?_count=1`);
      const { total } = totalSchema.parse(await reply.json());
      return { type, total, sent: offered.filter((url) => url.startsWith(`${type}/`)).length };
    }),
  );
  const wrong = counts.filter(({ total, sent }) => total !== sent);
  check(
    'T11, T12: the server has every resource once, whatever failed in between',
    wrong.length === 0 && offered.length > 20,
    counts.map(({ type, total, sent }) => `${type} ${total}${total === sent ? '' : ` of ${sent}`}`).join(', '),
  );
  const aside = (await readTrail(await gateway.signIn('a.auditor'), 'fhir.quarantine')).filter(
    ({ type }) => type === 'fhir.quarantine',
  );
  check(
    'T12: the one resource that the server refuses is set aside, in the trail, and blocks nothing',
    aside.length === 1 && aside[0]?.object === front.poison(),
    aside.map(({ object }) => object).join(', '),
  );
}
