import { decimal, type FhirResource, instant, type Reference } from './fhir-elements.js';
import { resourceId } from './resource-id.js';
import { concept, local, localUrl, systems } from './terminology.js';
import { patientReference, period, type WardStay } from './ward-place.js';

/** Which model. Its identity is the hash of its file. */
export interface RiskModel {
  readonly name: string;
  readonly version: string;
  /** Hex SHA-256 of the model file. */
  readonly sha256: string;
  /** When it was put to use, Unix milliseconds. */
  readonly activatedMs: number;
}

const modelReference = (model: RiskModel): Reference => ({ reference: `Device/${resourceId('Device', model.sha256)}` });
const cardReference = (model: RiskModel): Reference => ({
  reference: `DocumentReference/${resourceId('DocumentReference', model.sha256)}`,
});

/** The model as a Device and its card as a DocumentReference: written once, when it is put to use. */
export function modelResources(model: RiskModel, card: { readonly text: string }): readonly FhirResource[] {
  const identifier = [{ system: localUrl('NamingSystem', 'model-sha256'), value: model.sha256 }];
  return [
    {
      resourceType: 'Device',
      id: resourceId('Device', model.sha256),
      identifier,
      status: 'active',
      deviceName: [{ name: model.name, type: 'model-name' }],
      type: concept(local('model', 'Model beside the rules')),
      version: [{ value: model.version }],
    },
    {
      resourceType: 'DocumentReference',
      id: resourceId('DocumentReference', model.sha256),
      identifier,
      status: 'current',
      type: concept(local('model-card', 'Model card')),
      date: instant(model.activatedMs),
      description: `Model card of ${model.name} ${model.version}`,
      content: [
        { attachment: { contentType: 'text/markdown', data: Buffer.from(card.text, 'utf8').toString('base64') } },
      ],
    },
  ];
}

/** One advisory of the model. It stands beside the rules and never above them. */
export interface ModelAdvisory {
  readonly stay: WardStay;
  readonly advisoryId: string;
  readonly atMs: number;
  readonly model: RiskModel;
  /** 0 to 1. */
  readonly probability: number;
  readonly horizonMs: number;
  /** What it says may happen, in words. */
  readonly outcome: string;
  /** Ids of the Observations it went by. */
  readonly observationIds: readonly string[];
  /** Hex SHA-256 of the input, and the explanation in words. */
  readonly inputSha256: string;
  readonly explanation: string;
}

/** RiskAssessment, marked as asserted by artificial intelligence, and the Provenance that names model, card and input. */
export function riskResources(advisory: ModelAdvisory): readonly FhirResource[] {
  const { stay, model, atMs } = advisory;
  const basis = advisory.observationIds.map((id) => ({ reference: `Observation/${id}` }));
  const riskId = resourceId('RiskAssessment', stay.site, stay.ward, stay.bed, stay.stay, advisory.advisoryId);
  const risk: FhirResource = {
    resourceType: 'RiskAssessment',
    id: riskId,
    meta: { security: [{ system: systems.securityValue, code: 'AIAST' }] },
    identifier: [{ system: localUrl('NamingSystem', 'advisory'), value: advisory.advisoryId }],
    status: 'preliminary',
    method: { text: `${model.name} ${model.version}` },
    subject: patientReference(stay),
    occurrenceDateTime: instant(atMs),
    performer: modelReference(model),
    ...(basis.length > 0 ? { basis } : {}),
    prediction: [
      {
        outcome: { text: advisory.outcome },
        probabilityDecimal: decimal(advisory.probability, 4),
        whenPeriod: period(atMs, atMs + advisory.horizonMs),
        rationale: advisory.explanation,
      },
    ],
  };
  const provenance: FhirResource = {
    resourceType: 'Provenance',
    id: resourceId('Provenance', riskId),
    target: [{ reference: `RiskAssessment/${riskId}` }],
    occurredDateTime: instant(atMs),
    recorded: instant(atMs),
    agent: [
      {
        type: concept({
          system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
          code: 'assembler',
        }),
        who: modelReference(model),
      },
    ],
    entity: [
      { role: 'source', what: cardReference(model) },
      {
        role: 'source',
        what: { identifier: { system: localUrl('NamingSystem', 'input-sha256'), value: advisory.inputSha256 } },
      },
      ...basis.map((what) => ({ role: 'derivation', what })),
    ],
  };
  return [risk, provenance];
}
