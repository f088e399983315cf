import type { Overrule } from './part-store-port.js';
import type { PartRecord } from '@edge-blueprints/contracts';
import { messageId } from './cfx-units-inspected.js';

/**
 * An operator's word against a verdict, as the second inspection that it is in IPC-CFX: `UnitsInspected` by method Human,
 * for the same unit, with the verification that CFX has for it and the reason as the comment. Its UniqueID is derived
 * from result and overrule, so that every retry carries the same one, and another than the machine's message.
 * @see IPC-2591, structures Inspection and InspectedUnit (Verification)
 */
export function cfxOverrule(record: PartRecord & { readonly overrule: Overrule }): string {
  const { overrule, resultId, station } = record;
  const identifier = `${resultId}#overrule-${overrule.at}`;
  const id = messageId(station, `${identifier}-${overrule.verdict}-${overrule.reason}`);
  const result = overrule.verdict === 'pass' ? 'Passed' : 'Failed';
  const verification = overrule.verdict === 'pass' ? 'DefectRejected' : 'DefectConfirmed';
  return JSON.stringify({
    MessageName: 'CFX.Production.TestAndInspection.UnitsInspected',
    Version: '1.7',
    TimeStamp: overrule.at,
    UniqueID: id,
    Source: station,
    Target: null,
    RequestID: null,
    MessageBody: {
      $type: 'CFX.Production.TestAndInspection.UnitsInspected, CFX',
      TransactionId: id,
      InspectionMethod: 'Human',
      SamplingInformation: { SamplingMethod: 'NoSampling', LotSize: null, SampleSize: null },
      Inspector: { OperatorIdentifier: overrule.by, ActorType: 'Human' },
      RecipeName: `recipe-${record.recipeId}`,
      RecipeRevision: record.thresholdsDigest.slice(0, 16),
      InspectedUnits: [
        {
          UnitIdentifier: record.partId,
          UnitPositionNumber: 1,
          OverallResult: result,
          Verification: verification,
          Inspections: [
            {
              UniqueIdentifier: identifier,
              InspectionName: `Operator overrules ${record.verdict} of ${resultId}`,
              InspectionStartTime: overrule.at,
              InspectionEndTime: overrule.at,
              Comments: overrule.reason,
              TestProcedure: null,
              Result: result,
              Verification: verification,
              Error: null,
              DefectsFound: [],
              Symptoms: [],
              Measurements: [],
            },
          ],
        },
      ],
    },
  });
}
