import { z } from 'zod';

/*
 * IPC-CFX (IPC-2591) as a receiver understands it, written from the standard's own classes and not from what our station
 * sends. Every object is strict: a misspelt field (the standard says `TransactionId` in this message and `TransactionID` in
 * others) is refused by name instead of being lost. Types that this receiver does not know are refused, because building
 * whatever a sender names is how deserialisers are attacked.
 */

const text = z.string().max(4000);
const identifier = z.string().min(1).max(200);
const optionalText = text.nullish();
const timeStamp = z.iso.datetime({ offset: true });
const uuid = z.uuid();

const testResult = z.enum(['Passed', 'Failed', 'Error', 'Aborted']);
const verification = z.enum(['NotVerifiedYet', 'DefectConfirmed', 'DefectRejected']);

const measurementFields = {
  UniqueIdentifier: identifier,
  MeasurementName: identifier,
  TimeRecorded: timeStamp.nullish(),
  Sequence: z.int().nullish(),
  Result: testResult,
  CRDs: optionalText,
};
const numericValue = z.strictObject({
  Value: z.number().nullish(),
  ExpectedValue: z.number().nullish(),
  ExpectedValueUnits: optionalText,
  MinimumAcceptableValue: z.number().nullish(),
  MaximumAcceptableValue: z.number().nullish(),
  ValueUnits: optionalText,
});
const measurement = z.discriminatedUnion('$type', [
  z.strictObject({
    $type: z.literal('CFX.Structures.NumericMeasurement, CFX'),
    ...measurementFields,
    MeasuredValue: numericValue,
  }),
  z.strictObject({
    $type: z.literal('CFX.Structures.TextMeasurement, CFX'),
    ...measurementFields,
    MeasuredValue: text,
  }),
  z.strictObject({
    $type: z.literal('CFX.Structures.BooleanMeasurement, CFX'),
    ...measurementFields,
    MeasuredValue: z.boolean(),
  }),
]);

const symptom = z.strictObject({ UniqueIdentifier: identifier, SymptomCode: identifier, Description: optionalText });
const component = z.strictObject({
  ReferenceDesignator: optionalText,
  UnitPosition: z.unknown().optional(),
  PartNumber: optionalText,
});
const region = z.strictObject({
  StartPointX: z.number(),
  StartPointY: z.number(),
  RegionSegments: z.array(z.strictObject({ X: z.number(), Y: z.number() })).max(1000),
});
const image = z.strictObject({
  MimeType: z.string().regex(/^image\/(png|jpe?g|webp|bmp|tiff)$/, 'an image type'),
  ImageData: z.base64().min(1),
});

const defect = z.strictObject({
  UniqueIdentifier: identifier,
  DefectCode: identifier,
  DefectCategory: optionalText,
  Description: optionalText,
  Comments: optionalText,
  ComponentOfInterest: component.nullish(),
  RegionOfInterest: region.nullish(),
  DefectImages: z.array(image).max(100).nullish(),
  Priority: z.int().min(1).nullish(),
  /** The standard counts from 1 to 100, not from 0 to 1. */
  ConfidenceLevel: z.number().min(0).max(100).nullish(),
  RelatedMeasurements: z.array(measurement).nullish(),
  RelatedSymptoms: z.array(symptom).nullish(),
});

const inspection = z
  .strictObject({
    UniqueIdentifier: identifier,
    InspectionName: identifier,
    InspectionStartTime: timeStamp.nullish(),
    InspectionEndTime: timeStamp.nullish(),
    TestProcedure: optionalText,
    Comments: optionalText,
    Result: testResult,
    Verification: verification.nullish(),
    Error: optionalText,
    DefectsFound: z.array(defect).max(10_000),
    Symptoms: z.array(symptom).nullish(),
    Measurements: z.array(measurement).nullish(),
  })
  .superRefine((found, context) => {
    const complain = (message: string, path: string): void =>
      context.addIssue({ code: 'custom', message, path: [path] });
    if (found.Result === 'Passed' && found.DefectsFound.length > 0)
      complain('a passed inspection lists defects', 'DefectsFound');
    const reason = found.Error || found.Comments;
    if (found.Result === 'Failed' && found.DefectsFound.length === 0 && !reason)
      complain('a failed inspection names neither defect nor reason', 'DefectsFound');
    if (found.Result === 'Error' && !reason) complain('an inspection with result Error does not say which', 'Error');
    const { InspectionStartTime: from, InspectionEndTime: to } = found;
    if (from && to && Date.parse(to) < Date.parse(from))
      complain('the inspection ends before it starts', 'InspectionEndTime');
    if (repeated(found.DefectsFound.map((each) => each.UniqueIdentifier)))
      complain('two defects share an identifier', 'DefectsFound');
  });

const inspectedUnit = z
  .strictObject({
    UnitIdentifier: identifier,
    UnitPositionNumber: z.int().min(0),
    OverallResult: testResult,
    Verification: verification.nullish(),
    Inspections: z.array(inspection).min(1).max(1000),
  })
  .superRefine((unit, context) => {
    const results = unit.Inspections.map((each) => each.Result);
    const worst = (['Error', 'Aborted', 'Failed'] as const).find((result) => results.includes(result)) ?? 'Passed';
    const agrees = unit.OverallResult === worst || (unit.OverallResult !== 'Passed' && worst !== 'Passed');
    if (!agrees) {
      context.addIssue({
        code: 'custom',
        message: `${unit.OverallResult} contradicts its inspections (${worst})`,
        path: ['OverallResult'],
      });
    }
  });

export const unitsInspectedType = 'CFX.Production.TestAndInspection.UnitsInspected, CFX';

const unitsInspected = z
  .strictObject({
    $type: z.literal(unitsInspectedType),
    TransactionId: uuid,
    InspectionMethod: z.enum(['Human', 'AOI', 'SPI', 'AXI']),
    SamplingInformation: z
      .strictObject({
        SamplingMethod: z.enum(['NoSampling', 'ANSI_Z14', 'MIL_STD_105', 'MIL_STD_1916', 'Squeglia', 'FixedSample']),
        LotSize: z.number().nonnegative().nullish(),
        SampleSize: z.number().nonnegative().nullish(),
      })
      .nullish(),
    Inspector: z
      .strictObject({
        OperatorIdentifier: optionalText,
        ActorType: z.enum(['Human', 'Robot', 'RemoteSystem']),
        FullName: optionalText,
        LastName: optionalText,
        FirstName: optionalText,
        LoginName: optionalText,
      })
      .nullish(),
    RecipeName: optionalText,
    RecipeRevision: optionalText,
    InspectedUnits: z.array(inspectedUnit).min(1).max(1000),
  })
  .superRefine((body, context) => {
    // Circuits of a panel share the panel's identifier and differ in their position.
    if (repeated(body.InspectedUnits.map((unit) => `${unit.UnitIdentifier}#${unit.UnitPositionNumber}`))) {
      context.addIssue({ code: 'custom', message: 'a unit is listed twice', path: ['InspectedUnits'] });
    }
  });

/** The envelope in which CFX messages travel. */
export const cfxEnvelopeSchema = z.strictObject({
  MessageName: z.literal('CFX.Production.TestAndInspection.UnitsInspected'),
  Version: z.string().regex(/^\d+\.\d+$/, 'a CFX version such as 1.7'),
  TimeStamp: timeStamp,
  UniqueID: uuid,
  Source: identifier,
  Target: optionalText,
  RequestID: optionalText,
  MessageBody: unitsInspected,
});

export type CfxEnvelope = z.infer<typeof cfxEnvelopeSchema>;

function repeated(items: readonly string[]): boolean {
  return new Set(items).size !== items.length;
}
