import {
  type AuditedAgent,
  type FhirQueue,
  type FhirResource,
  type QueuedResource,
  type Reference,
  restAuditEvent,
} from '@edge-blueprints/clinical-io';
import type { DeliveryEntry, DeliveryInput, DeliveryQueue } from '@edge-blueprints/telemetry';
import { z } from 'zod';

export interface InteractionAudit {
  readonly client: AuditedAgent;
  readonly server: AuditedAgent;
  /** `records`: of all but the minute summaries. AuditEvents themselves are never audited: there would be no end. */
  readonly of: 'records' | 'all' | 'none';
  /** Random name of this process: with the number of the entry it names the request. */
  readonly boot: string;
  readonly epochMs: () => number;
}

const resourceSchema = z.looseObject({ resourceType: z.string(), id: z.string() });
const subjectSchema = z.looseObject({ reference: z.string().startsWith('Patient/') });

/**
 * The queue of the FHIR writer on disk. What was written and the AuditEvent (IHE BALP) that says so are one transaction: a crash
 * leaves both undone, and then both happen again.
 */
export function createDurableFhirQueue(store: DeliveryQueue, audit: InteractionAudit): FhirQueue {
  const lent = new Map<number, { readonly entry: DeliveryEntry; readonly resource: FhirResource }>();

  const auditOf = (sequence: number, refusedWith?: string): readonly DeliveryInput[] => {
    const known = lent.get(sequence);
    if (known === undefined || audit.of === 'none' || known.resource.resourceType === 'AuditEvent') return [];
    const { entry, resource } = known;
    if (entry.rank === 'summary' && audit.of === 'records' && refusedWith === undefined) return [];
    const patient = patientOf(resource);
    const event = restAuditEvent({
      requestId: `${audit.boot}/${sequence}`,
      atMs: audit.epochMs(),
      interaction: 'update',
      client: audit.client,
      server: audit.server,
      ...(patient === undefined ? {} : { patient }),
      data: { reference: `${resource.resourceType}/${resource.id}` },
      ok: refusedWith === undefined,
      ...(refusedWith === undefined ? {} : { outcomeText: refusedWith }),
    });
    return [{ rank: 'record', atMs: entry.atMs, body: JSON.stringify(event) }];
  };

  return {
    async peek(limit) {
      const found: QueuedResource[] = [];
      lent.clear();
      for (const entry of await store.oldest(limit)) {
        const resource = read(entry.body);
        if (resource === undefined) {
          await store.settle({ delivered: [], aside: { sequence: entry.sequence, reason: 'not a resource' } });
          continue;
        }
        lent.set(entry.sequence, { entry, resource });
        found.push({ sequence: entry.sequence, resource });
      }
      return found;
    },
    async done(sequences) {
      await store.settle({ delivered: sequences, append: sequences.flatMap((each) => auditOf(each)) });
      for (const each of sequences) lent.delete(each);
    },
    async quarantine({ sequence }, reason) {
      await store.settle({ delivered: [], aside: { sequence, reason }, append: auditOf(sequence, reason) });
      lent.delete(sequence);
    },
    depth: () => store.depth(),
  };
}

function read(body: string): FhirResource | undefined {
  try {
    const parsed = resourceSchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Whose data it is, where it says so. */
function patientOf(resource: FhirResource): Reference | undefined {
  for (const element of ['subject', 'for'] as const) {
    const found = subjectSchema.safeParse(resource[element]);
    if (found.success) return { reference: found.data.reference };
  }
  return undefined;
}
