/** A message as the standard's examples write one: two inspected boards, one with two defects. Written by hand. */
export function cfxMessage(
  changes: { readonly uniqueId?: string; readonly transactionId?: string; readonly unit?: string } = {},
) {
  const unit = changes.unit ?? 'B00000017';
  return {
    MessageName: 'CFX.Production.TestAndInspection.UnitsInspected',
    Version: '1.7',
    TimeStamp: '2026-11-22T12:05:45.636+00:00',
    UniqueID: changes.uniqueId ?? '5d2b30fc-e41c-4183-aa11-01678c9afafd',
    Source: 'plant-1.line-1.aoi-1',
    Target: null,
    RequestID: null,
    MessageBody: {
      $type: 'CFX.Production.TestAndInspection.UnitsInspected, CFX',
      TransactionId: changes.transactionId ?? '14d48338-09b7-4d20-acb9-bf951270793a',
      InspectionMethod: 'AOI',
      SamplingInformation: { SamplingMethod: 'NoSampling', LotSize: null, SampleSize: null },
      Inspector: { OperatorIdentifier: 'aoi-1', ActorType: 'Robot', LastName: null, FirstName: null, LoginName: null },
      RecipeName: 'recipe-1',
      RecipeRevision: '3',
      InspectedUnits: [
        {
          UnitIdentifier: unit,
          UnitPositionNumber: 1,
          OverallResult: 'Failed',
          Inspections: [
            {
              UniqueIdentifier: '27e4a632-5670-4683-9b54-b67b7df98260',
              InspectionName: 'bare board',
              InspectionStartTime: '2026-11-22T12:05:45.600Z',
              InspectionEndTime: '2026-11-22T12:05:45.630Z',
              TestProcedure: null,
              Comments: null,
              Result: 'Failed',
              Error: null,
              DefectsFound: [defect('open', 97.5), defect('pin-hole', 61)],
              Symptoms: null,
              Measurements: [
                {
                  $type: 'CFX.Structures.NumericMeasurement, CFX',
                  UniqueIdentifier: 'm-1',
                  MeasurementName: 'threshold open',
                  TimeRecorded: null,
                  Sequence: 0,
                  Result: 'Passed',
                  CRDs: null,
                  MeasuredValue: { Value: 0.42, ValueUnits: null },
                },
              ],
            },
          ],
        },
        {
          UnitIdentifier: `${unit}-b`,
          UnitPositionNumber: 1,
          OverallResult: 'Passed',
          Inspections: [
            {
              UniqueIdentifier: 'i-2',
              InspectionName: 'bare board',
              Result: 'Passed',
              Error: null,
              DefectsFound: [],
              Symptoms: null,
              Measurements: [],
            },
          ],
        },
      ],
    },
  };
}

function defect(code: string, confidence: number) {
  return {
    UniqueIdentifier: `d-${code}`,
    DefectCode: code,
    DefectCategory: 'Bare board',
    Description: null,
    Comments: null,
    ComponentOfInterest: { ReferenceDesignator: null, UnitPosition: null, PartNumber: null },
    RegionOfInterest: { StartPointX: 2.3, StartPointY: 4, RegionSegments: [{ X: 5.6, Y: 4 }] },
    DefectImages: [{ MimeType: 'image/png', ImageData: 'iVBORw0KGgo=' }],
    Priority: 1,
    ConfidenceLevel: confidence,
    RelatedMeasurements: [],
    RelatedSymptoms: [],
  };
}
