import { createHash } from 'node:crypto';
import type { PartRecord } from '@edge-blueprints/contracts';
import type { PartImage } from './part-store-port.js';

/**
 * One part as an IPC-CFX message, `CFX.Production.TestAndInspection.UnitsInspected`. This message spells
 * `TransactionId`; others of the standard write TransactionID. The envelope's UniqueID is derived from station and
 * result, so that every retry carries the same one and the MES can recognise it.
 * @see IPC-2591 (Connected Factory Exchange)
 */
export function cfxUnitsInspected(record: PartRecord, crops: readonly PartImage[]): string {
  const id = messageId(record.station, record.resultId);
  const inspected = new Date(record.capturedAt);
  const decided = new Date(inspected.getTime() + record.timings.captureToActMs);
  return JSON.stringify({
    MessageName: 'CFX.Production.TestAndInspection.UnitsInspected',
    Version: '1.7',
    TimeStamp: decided.toISOString(),
    UniqueID: id,
    Source: record.station,
    Target: null,
    RequestID: null,
    MessageBody: {
      $type: 'CFX.Production.TestAndInspection.UnitsInspected, CFX',
      TransactionId: id,
      InspectionMethod: 'AOI',
      SamplingInformation: { SamplingMethod: 'NoSampling', LotSize: null, SampleSize: null },
      Inspector: null,
      RecipeName: `recipe-${record.recipeId}`,
      RecipeRevision: record.thresholdsDigest.slice(0, 16),
      InspectedUnits: [
        {
          UnitIdentifier: record.partId,
          UnitPositionNumber: 1,
          OverallResult: overallResult(record.verdict),
          Inspections: [
            {
              UniqueIdentifier: record.resultId,
              InspectionName: `${record.model.bundle} ${record.model.version} ${record.model.variant}`,
              InspectionStartTime: inspected.toISOString(),
              InspectionEndTime: decided.toISOString(),
              Comments: record.reason,
              TestProcedure: record.model.digest,
              Result: overallResult(record.verdict),
              Error: record.verdict === 'error' ? record.reason || 'not judged' : null,
              DefectsFound: record.detections.flatMap((detection, i) =>
                detection.counted
                  ? [
                      {
                        UniqueIdentifier: `${record.resultId}#${i}`,
                        DefectCode: detection.label,
                        DefectCategory: 'Copper pattern',
                        Description: `score ${detection.score.toFixed(4)} at threshold ${detection.threshold} (${detection.provenance})`,
                        ComponentOfInterest: null,
                        RegionOfInterest: region(detection.box),
                        DefectImages: crops
                          .filter((crop) => crop.detection === i)
                          .map((crop) => ({
                            MimeType: crop.mime,
                            ImageData: Buffer.from(crop.bytes).toString('base64'),
                          })),
                        Priority: 1,
                        ConfidenceLevel: Math.round(detection.score * 10_000) / 100,
                        RelatedMeasurements: [],
                        RelatedSymptoms: [],
                      },
                    ]
                  : [],
              ),
              Symptoms: [],
              Measurements: [],
            },
          ],
        },
      ],
    },
  });
}

/** CFX knows Passed, Failed, Error and Aborted; a part that a person must look at has not passed. */
function overallResult(verdict: PartRecord['verdict']): string {
  return { pass: 'Passed', reject: 'Failed', review: 'Failed', error: 'Error' }[verdict];
}

function region(box: PartRecord['detections'][number]['box']) {
  const corners = [
    [box.xMax, box.yMin],
    [box.xMax, box.yMax],
    [box.xMin, box.yMax],
    [box.xMin, box.yMin],
  ] as const;
  return {
    StartPointX: box.xMin,
    StartPointY: box.yMin,
    RegionSegments: corners.map(([x, y]) => ({ X: x, Y: y })),
  };
}

/** RFC 4122 version 5 layout over SHA-256 of station and result. */
export function messageId(station: string, resultId: string): string {
  const h = createHash('sha256').update(`${station}\n${resultId}`).digest('hex');
  const variant = ((Number.parseInt(h.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-5${h.slice(13, 16)}-${variant}${h.slice(18, 20)}-${h.slice(20, 32)}`;
}
