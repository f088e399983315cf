import { z } from 'zod';

const u32 = z.int().min(0).max(0xffff_ffff);

/** What the line tells the PLC: its eyes, the encoder and what an engineer would read off the drawing. */
export type WiringSignal =
  | {
      readonly t: 'config';
      readonly countsPerMm: number;
      readonly cameraToGateMm: number;
      readonly beltMmPerS: number;
      readonly valveDelayMs: number;
    }
  | {
      readonly t: 'eye';
      readonly n: number;
      readonly encoder: number;
      readonly atMs: number;
      readonly partId: string;
      readonly productId: string;
      readonly recipe: number;
    }
  | { readonly t: 'encoder'; readonly encoder: number; readonly atMs: number }
  | { readonly t: 'gate-eye'; readonly n: number; readonly encoder: number }
  | { readonly t: 'accept-eye' | 'reject-eye'; readonly n: number };

/**
 * What the PLC drives. `accept-coil` is energise-to-accept: without current the gate leads into the reject bin. `atMs` is
 * when the output switched; `holdMs` is the length of the pulse, kept by the output card itself, so that a PLC that stands
 * still cannot leave the gate open.
 */
export const plcOutputSchema = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('accept-coil'),
    on: z.boolean(),
    atMs: z.number().optional(),
    holdMs: z.number().nonnegative().optional(),
  }),
  z.object({ t: z.literal('belt'), run: z.boolean() }),
]);
export type PlcOutput = z.infer<typeof plcOutputSchema>;

/** The line's side of the wires, for a PLC that reads them. */
export const wiringSignalSchema = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('config'),
    countsPerMm: z.number().positive(),
    cameraToGateMm: z.number().positive(),
    beltMmPerS: z.number().positive(),
    valveDelayMs: z.number().nonnegative(),
  }),
  z.object({
    t: z.literal('eye'),
    n: z.int().nonnegative(),
    encoder: u32,
    atMs: z.number(),
    partId: z.string(),
    productId: z.string(),
    recipe: z.int(),
  }),
  z.object({ t: z.literal('encoder'), encoder: u32, atMs: z.number() }),
  z.object({ t: z.literal('gate-eye'), n: z.int().nonnegative(), encoder: u32 }),
  z.object({ t: z.literal('accept-eye'), n: z.int().nonnegative() }),
  z.object({ t: z.literal('reject-eye'), n: z.int().nonnegative() }),
]);
