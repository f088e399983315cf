import { z } from 'zod';

/** A fact with the place where it can be looked up and the day when it was. */
const sourceSchema = z.strictObject({
  claim: z.string().min(1),
  url: z.url({ protocol: /^https$/ }),
  date: z.iso.date(),
});

const operatorName = z.string().regex(/^[A-Z][A-Za-z0-9]*$/, 'is not the name of an ONNX operator');

const operatorsSchema = z.strictObject({
  /** `*`: every operator of the standard domain within the opset range. */
  accelerator: z.union([z.literal('*'), z.array(operatorName).min(1)]),
  /** Run by the host when they come first, or last. */
  hostHead: z.array(operatorName),
  hostTail: z.array(operatorName),
  /** What to do about an operator that is refused. */
  remedies: z.record(operatorName, z.string().min(1)).optional(),
});

const compilerSchema = z.strictObject({
  name: z.string().min(1),
  version: z.string().regex(/^\d+(\.\d+)+(\.post\d+)?$/, 'must be one exact version'),
  distribution: z.enum(['pypi', 'npm', 'container', 'vendor']),
  /** models/compilers/LOCK.lock and the script beside it; only compilers that run here have them. */
  lock: z.string().optional(),
  script: z.string().optional(),
  options: z.record(z.string(), z.unknown()).optional(),
});

const containerSchema = z
  .strictObject({
    image: z.string().min(1),
    tag: z.string().min(1),
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/)
      .nullable(),
    digestReason: z.string().min(1).nullable(),
  })
  .refine((c) => c.tag !== 'latest', { path: ['tag'], message: 'must be an exact tag' })
  .refine((c) => (c.digest === null) === (c.digestReason !== null), {
    path: ['digestReason'],
    message: 'must say why the digest is missing, and only then',
  });

/** How far the outputs of what a route compiled may be from those of the bundle's own model. */
export const parityGateSchema = z.strictObject({
  factor: z.number().min(0.001).max(10).meta({ description: 'Times the golden tolerance of the bundle.' }),
  outlierShare: z.number().min(0).max(0.01).meta({
    description:
      "Share of the values that may lie beyond: 0 where the integers are the bundle's own, some where the compiler chose its own.",
  }),
});

export type ParityGate = z.infer<typeof parityGateSchema>;

/** One way of bringing a model to a target: compiler, operators, calibration and the gate behind it. */
const routeSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/),
    title: z.string().min(1),
    runtime: z.string().min(1),
    engine: z.enum(['in-process', 'sidecar']),
    /** How models/sidecar serves this route: its backend, the variant it stands for, the files that were compiled. */
    sidecar: z
      .strictObject({
        backend: z.string().min(1),
        variant: z.string().min(1),
        artefact: z.string().min(1),
        /** What was left to the host. */
        tail: z.string().min(1).optional(),
        more: z.array(z.string().min(1)).optional(),
      })
      .optional(),
    /** Which file of a bundle it starts from; `int8-symmetric` is made from FP32 with zero points of 0. */
    source: z.enum(['fp32', 'int8', 'int8-symmetric']),
    precision: z.enum(['fp32', 'fp16', 'int8']),
    compiler: compilerSchema,
    container: containerSchema.nullable(),
    /** Beside target.json; what runs in the container or on the target. */
    script: z.string().nullable(),
    /** True: compiled, run and compared on a CPU by `models:compile`. False: a recipe whose inputs are checked. */
    runHere: z.boolean(),
    runHereNote: z.string().min(1),
    artefact: z.string().min(1),
    input: z.strictObject({
      layout: z.enum(['NCHW', 'NHWC']),
      dtype: z.enum(['as the bundle', 'uint8', 'int8', 'float32']),
      conversion: z.string().min(1),
    }),
    opset: z.strictObject({ min: z.int().min(7), max: z.int().max(25) }),
    staticShapes: z.boolean(),
    maxRank: z.int().min(1),
    /** Other channel counts are padded by the hardware: a note, no refusal. */
    channelMultiple: z.int().min(1),
    /** Which quantised ONNX files it takes. */
    quantisation: z.enum(['any', 'symmetric-int8', 'none']),
    operators: operatorsSchema,
    limits: z.array(
      z.strictObject({
        operator: operatorName,
        attribute: z.string().min(1),
        allowed: z.array(z.union([z.string(), z.number()])).min(1),
        remedy: z.string().min(1),
      }),
    ),
    calibration: z.strictObject({ needed: z.boolean(), minimumSamples: z.int().min(0), reason: z.string().min(1) }),
    /** The bundle's golden tolerance of that precision, as the gate takes it. Verdicts must agree besides. */
    parity: parityGateSchema.extend({ tolerance: z.enum(['fp32', 'int8']) }),
    sources: z.array(sourceSchema).min(1),
  })
  .refine((r) => !r.calibration.needed || r.calibration.minimumSamples >= 1024, {
    path: ['calibration', 'minimumSamples'],
    message: 'must be 1,024 or more where a set is needed',
  })
  .refine((r) => !r.runHere || (r.compiler.lock !== undefined && r.compiler.script !== undefined), {
    path: ['compiler'],
    message: 'needs lock and script when runHere is true',
  })
  .refine((r) => r.sidecar === undefined || r.engine === 'sidecar', {
    path: ['sidecar'],
    message: 'is for a route whose engine is the sidecar',
  })
  .refine((r) => r.source !== 'int8-symmetric' || r.calibration.needed, {
    path: ['calibration', 'needed'],
    message: 'must be true for int8-symmetric',
  })
  .refine((r) => r.opset.min <= r.opset.max, { path: ['opset'], message: 'min must not be above max' });

/** `blueprints/targets/ID/target.json`: what a target runs and how a bundle gets there. */
export const targetSchema = z
  .strictObject({
    format: z.literal('edge-target/1'),
    id: z.string().regex(/^[a-z0-9-]+$/),
    title: z.string().min(1),
    readiness: z.enum(['measured-here', 'published', 'configuration-only']),
    note: z.string(),
    routes: z.array(routeSchema).min(1),
  })
  .refine((t) => new Set(t.routes.map((r) => r.id)).size === t.routes.length, {
    path: ['routes'],
    message: 'must have different ids',
  });

export type Target = z.infer<typeof targetSchema>;
export type TargetRoute = Target['routes'][number];
