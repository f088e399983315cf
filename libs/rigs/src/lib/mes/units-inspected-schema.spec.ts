import { describe, expect, it } from 'vitest';
import { cfxMessage } from './cfx-message.fixture.js';
import { cfxEnvelopeSchema } from './units-inspected-schema.js';

type Message = ReturnType<typeof cfxMessage>;

/** A message that is changed anywhere, as JSON text is. */
function spoilt(find: string, replace: string): unknown {
  const text = JSON.stringify(cfxMessage());
  if (!text.includes(find)) throw new Error(`the message has no ${find}`);
  return JSON.parse(text.replace(find, replace));
}

describe('cfxEnvelopeSchema', () => {
  it('takes a message of the standard', () => {
    expect(cfxEnvelopeSchema.safeParse(cfxMessage()).error).toBeUndefined();
  });

  it.each([
    ['the spelling of other messages', '"TransactionId"', '"TransactionID"'],
    ['a spelling of the identifier in the envelope', '"UniqueID"', '"UniqueId"'],
    ['a missing $type', '"$type":"CFX.Production.TestAndInspection.UnitsInspected, CFX",', ''],
    ['a foreign $type of the body', 'UnitsInspected, CFX"', 'UnitsTested, CFX"'],
    [
      'an unknown $type of a measurement',
      'CFX.Structures.NumericMeasurement, CFX',
      'System.Diagnostics.Process, System',
    ],
    ['another message', '"CFX.Production.TestAndInspection.UnitsInspected"', '"CFX.Production.WorkCompleted"'],
    ['a field that the standard does not have', '"InspectionMethod"', '"Verdict":"reject","InspectionMethod"'],
    ['a time without zone', '12:05:45.636+00:00', '12:05:45.636'],
    ['a passed unit with a failed inspection', '"OverallResult":"Failed"', '"OverallResult":"Passed"'],
    [
      'a failed inspection that names no defect',
      '"Result":"Passed","Error":null,"DefectsFound":[]',
      '"Result":"Failed","Error":null,"DefectsFound":[]',
    ],
    ['a result of its own', '"OverallResult":"Failed"', '"OverallResult":"Review"'],
    ['an unknown $type of a segment', '{"X":5.6', '{"$type":"CFX.Structures.Polygon, CFX","X":5.6'],
    ['a confidence above 100', '"ConfidenceLevel":97.5', '"ConfidenceLevel":975'],
    ['two defects with one identifier', '"d-open"', '"d-pin-hole"'],
    ['an inspection that ends before it starts', '12:05:45.600Z', '12:06:45.600Z'],
    ['the same unit twice', 'B00000017-b', 'B00000017'],
    ['an image that is no image', 'image/png', 'text/html'],
    ['a transaction that is no UUID', '14d48338-09b7', 'part-17'],
  ])('refuses %s', (_what, find, replace) => {
    expect(cfxEnvelopeSchema.safeParse(spoilt(find, replace)).success).toBe(false);
  });

  it('asks an inspection in error for its reason', () => {
    const message: Message = cfxMessage();
    const [, unit] = message.MessageBody.InspectedUnits;
    const inError = (reason: string | null) => ({
      ...message,
      MessageBody: {
        ...message.MessageBody,
        InspectedUnits: [
          {
            ...unit,
            OverallResult: 'Error',
            Inspections: [{ ...unit?.Inspections[0], Result: 'Error', Error: reason }],
          },
        ],
      },
    });
    expect(cfxEnvelopeSchema.safeParse(inError('camera.frozen')).success).toBe(true);
    expect(cfxEnvelopeSchema.safeParse(inError(null)).success).toBe(false);
  });
});
