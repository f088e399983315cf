import type { AgreementEntry } from './agreement-schema.js';
import { packInputError } from './pack-inputs.js';
import type { PackSpec } from './pack-spec.js';
import { pathAgreement, requireAgreement, type PathOutputs, type PathPair } from './path-agreement.js';

/**
 * Compares, for each variant, the reference (PyTorch), the FP32 file, the variant's file in the workshop's runtime and the
 * variant in the station, in this order, so that the first pair that is apart names the step that went wrong.
 * @throws ConfigError `bundle.agreement`
 */
export function packedAgreement(
  spec: PackSpec,
  references: ReadonlyMap<string, PathOutputs>,
  stations: ReadonlyMap<string, PathOutputs>,
): AgreementEntry[] {
  const { reference, tolerance } = spec.golden.agreement;
  const path = (name: string): PathOutputs => {
    const found = references.get(name) ?? stations.get(name);
    if (found === undefined) throw packInputError(`no golden outputs of "${name}"`);
    return found;
  };
  const fullPrecision = spec.variants.find((variant) => variant.precision === 'fp32');
  const pairs = spec.variants.flatMap((variant): readonly PathPair[] => {
    const allowed = tolerance[variant.precision];
    if (allowed === undefined) return [];
    const own = path(stemOf(variant.file));
    const station = path(variant.id);
    const pair = (a: PathOutputs, b: PathOutputs, limits: typeof allowed.toReference): PathPair => ({
      reference: a,
      other: b,
      tolerance: limits,
    });
    const fromFull =
      fullPrecision === undefined || fullPrecision === variant
        ? []
        : [pair(path(stemOf(fullPrecision.file)), own, allowed.toReference)];
    return [
      pair(path(reference), own, allowed.toReference),
      ...fromFull,
      pair(own, station, allowed.toStation),
      pair(path(reference), station, allowed.toReference),
    ];
  });
  const entries = pairs.flatMap(pathAgreement);
  requireAgreement(entries);
  return entries.map((entry) => ({ ...entry, largest: short(entry.largest), mean: short(entry.mean) }));
}

const stemOf = (file: string): string => file.replace(/\.onnx$/, '');
const short = (value: number): number => Number(value.toPrecision(4));
