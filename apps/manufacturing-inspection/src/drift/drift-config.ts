import { z } from 'zod';

/** How drift is watched. */
export const driftConfigSchema = z.strictObject({
  falseAlarmsPerMonth: z
    .number()
    .positive()
    .max(1_000)
    .default(1)
    .meta({ description: 'The one knob: expected false alarms a month of all features together.' }),
  windowParts: z
    .int()
    .min(20)
    .max(5_000)
    .default(60)
    .meta({ description: 'Parts that are tested together; more see smaller changes, later.' }),
  partsPerHour: z
    .number()
    .positive()
    .max(1_000_000)
    .default(3_600)
    .meta({ description: 'Parts in an hour of work, from which the level of a test follows.' }),
});

export type DriftConfig = Readonly<z.infer<typeof driftConfigSchema>>;

/** How many verdicts a person is asked to check. */
export const labelConfigSchema = z.strictObject({
  perDay: z
    .number()
    .positive()
    .max(100_000)
    .default(200)
    .meta({ description: 'Labels that people can give in a day.' }),
  partsPerDay: z
    .number()
    .positive()
    .max(100_000_000)
    .default(50_000)
    .meta({ description: 'Parts expected in a day; learned from the stream afterwards.' }),
  minimumPerStratum: z
    .number()
    .min(0)
    .max(10_000)
    .default(10)
    .meta({ description: 'Labels a day that every verdict and class gets at least.' }),
});

export type LabelConfig = Readonly<z.infer<typeof labelConfigSchema>>;
