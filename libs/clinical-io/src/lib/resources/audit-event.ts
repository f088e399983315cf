import type { AuditEntry } from '@edge-blueprints/contracts';
import { type CodeableConcept, type Coding, type FhirResource, instant, type Reference } from './fhir-elements.js';
import { resourceId } from './resource-id.js';
import { concept, local, localUrl, systems } from './terminology.js';
import { staffReference } from './ward-place.js';

const balp = 'https://profiles.ihe.net/ITI/BALP';
const dicom = (code: string, display: string): Coding => ({ system: systems.dicom, code, display });
const source = dicom('110153', 'Source Role ID');
const destination = dicom('110152', 'Destination Role ID');
const application = dicom('110150', 'Application');
const custodian: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
  code: 'custodian',
};

/** Names, roles and letters of IHE Basic Audit Log Patterns 1.1. Reading turns the roles of client and server round. */
const patterns = {
  create: { profile: 'Create', action: 'C', client: source, server: destination, user: 'AUT' },
  update: { profile: 'Update', action: 'U', client: source, server: destination, user: 'AUT' },
  read: { profile: 'Read', action: 'R', client: destination, server: source, user: 'IRCP' },
  search: { profile: 'Query', action: 'E', client: source, server: destination, user: 'IRCP' },
  delete: { profile: 'Delete', action: 'D', client: application, server: custodian, user: 'CST' },
} as const;
export type AuditedInteraction = keyof typeof patterns;

export interface AuditedAgent {
  readonly name: string;
  /** Address in the network: a DNS name or an IP address. */
  readonly address: string;
}

/** One RESTful interaction. A bundle is as many as it has entries. */
export interface RestAudit {
  readonly requestId: string;
  readonly atMs: number;
  readonly interaction: AuditedInteraction;
  readonly client: AuditedAgent;
  readonly server: AuditedAgent;
  /** Who asked, by pseudonym, where a person did. */
  readonly user?: string;
  readonly patient?: Reference;
  /** What was written or read; for a search the request as it was sent. */
  readonly data: Reference | { readonly query: string };
  readonly ok: boolean;
  readonly outcomeText?: string;
}

/** AuditEvent of one interaction by BALP, with the profile of the pattern. It is written by whoever observed it. */
export function restAuditEvent(audit: RestAudit): FhirResource {
  const pattern = patterns[audit.interaction];
  const entities = [
    ...('query' in audit.data
      ? [
          {
            type: { system: systems.entityType, code: '2', display: 'System Object' },
            role: { system: systems.objectRole, code: '24', display: 'Query' },
            query: Buffer.from(audit.data.query, 'utf8').toString('base64'),
          },
        ]
      : [
          {
            what: audit.data,
            type: { system: systems.entityType, code: '2', display: 'System Object' },
            role: { system: systems.objectRole, code: '4', display: 'Domain Resource' },
          },
        ]),
    ...(audit.patient === undefined
      ? []
      : [
          {
            what: audit.patient,
            type: { system: systems.entityType, code: '1', display: 'Person' },
            role: { system: systems.objectRole, code: '1', display: 'Patient' },
          },
        ]),
    {
      what: { identifier: { value: audit.requestId } },
      type: { system: `${balp}/CodeSystem/BasicAuditEntityType`, code: 'XrequestId' },
    },
  ];
  const data = 'query' in audit.data ? audit.data.query : (audit.data.reference ?? '');
  return {
    resourceType: 'AuditEvent',
    id: resourceId('AuditEvent', audit.requestId, audit.interaction, data),
    // The profiles are for what succeeded; a failure is the same event without the claim.
    ...(audit.ok
      ? {
          meta: {
            profile: [
              `${balp}/StructureDefinition/IHE.BasicAudit.${audit.patient === undefined ? '' : 'Patient'}${pattern.profile}`,
            ],
          },
        }
      : {}),
    type: { system: systems.auditType, code: 'rest', display: 'Restful Operation' },
    subtype: [{ system: systems.interaction, code: audit.interaction, display: audit.interaction }],
    action: pattern.action,
    recorded: instant(audit.atMs),
    outcome: audit.ok ? '0' : '8',
    ...(audit.outcomeText === undefined ? {} : { outcomeDesc: audit.outcomeText }),
    agent: [
      agent(pattern.client, audit.client, audit.user === undefined),
      agent(pattern.server, audit.server, false),
      ...(audit.user === undefined
        ? []
        : [
            {
              type: concept({ system: systems.participation, code: pattern.user }),
              who: staffReference(audit.user),
              requestor: true,
            },
          ]),
    ],
    source: { observer: { display: audit.client.name } },
    entity: entities,
  };
}

const isIp = (address: string): boolean => /^[\d.]+$|:/.test(address);

const agent = (type: Coding, who: AuditedAgent, requestor: boolean) => ({
  type: concept(type),
  who: { display: who.name },
  requestor,
  // 1 a name, 2 an address (network-type).
  network: { address: who.address, type: isIp(who.address) ? '2' : '1' },
});

/** Families of the trail that DICOM has a code for; everything else is an application's activity of our own code. */
const families: readonly (readonly [RegExp, Coding])[] = [
  [/^(session|login|logout)\b/, dicom('110114', 'User Authentication')],
  [/^(process|gateway)\b/, dicom('110100', 'Application Activity')],
  [/^(limits|roster|roles|shelve)\b/, dicom('110136', 'Security Roles Changed')],
  [/^config\b/, dicom('110129', 'Security Configuration')],
  [/^model\b/, dicom('110131', 'Software Configuration')],
  [/^security\b/, dicom('110113', 'Security Alert')],
  [/^export\b/, dicom('110106', 'Export')],
  [/^audit\.(read|query)\b/, dicom('110101', 'Audit Log Used')],
];

/** An entry of the ward's trail as an AuditEvent. The entry stays the record; this is for those who read FHIR. */
export function trailAuditEvent(
  entry: AuditEntry,
  stayOf?: (pseudonym: string) => Reference | undefined,
): FhirResource {
  const family = families.find(([pattern]) => pattern.test(entry.type))?.[1];
  const patient = entry.subject === undefined ? undefined : stayOf?.(entry.subject.pseudonym);
  const what: readonly { readonly what: Reference; readonly type: Coding; readonly role?: Coding }[] = [
    ...(patient === undefined
      ? []
      : [
          {
            what: patient,
            type: { system: systems.entityType, code: '1' },
            role: { system: systems.objectRole, code: '1' },
          },
        ]),
    {
      what: { identifier: { system: localUrl('NamingSystem', 'audit-entry'), value: `${entry.origin}#${entry.seq}` } },
      type: { system: systems.entityType, code: '2' },
    },
  ];
  return {
    resourceType: 'AuditEvent',
    id: resourceId('AuditEvent', entry.origin, entry.seq, entry.boot),
    type: family ?? dicom('110100', 'Application Activity'),
    subtype: [local(entry.type)],
    action: 'E',
    recorded: entry.tWall,
    outcome: entry.outcome === 'success' ? '0' : entry.outcome === 'refused' ? '4' : '8',
    ...(entry.reason === undefined ? {} : { outcomeDesc: entry.reason }),
    agent: [
      {
        type: roleConcept(entry.actor.role),
        who: staffReference(entry.actor.id),
        requestor: true,
      },
    ],
    source: { observer: { display: entry.origin } },
    entity: what,
  };
}

const roleConcept = (role: string): CodeableConcept => concept(local(`role-${role}`));
