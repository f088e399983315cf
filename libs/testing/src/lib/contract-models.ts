import type { Tensors, VerifiedModel } from '@edge-blueprints/contracts';

const common = { bundle: 'contract', version: '1.0.0', precision: 'fp32' } as const;

/**
 * y = 2x + 1 over uint8 [1, 2, 4, 4]: a real ONNX model of 167 bytes, made by `encodeOnnxGraph` (a spec of the inference
 * library makes it again and compares).
 */
export const quickModel: VerifiedModel = {
  ...common,
  variant: 'quick',
  modelDigest: 'f27c205a44c8692d7e1b2053a334b9677390c9d8007c0eb055219048653bec79',
  inputs: [{ name: 'x', dtype: 'uint8', dims: [1, 2, 4, 4] }],
  outputs: [{ name: 'y', dtype: 'float32', dims: [1, 2, 4, 4] }],
  bytes: fromBase64(
    'CAg6nAEKFwoBeBIBZiIEQ2FzdCoJCgJ0bxgBoAECChAKAWYKA3R3bxIBbSIDTXVsChAKAW0KA29uZRIBeSIDQWRkEgVncmFwaCoNEAFCA3R3b0' +
      'oEAAAAQCoNEAFCA29uZUoEAACAP1obCgF4EhYKFAgCEhAKAggBCgIIAgoCCAQKAggEYhsKAXkSFgoUCAESEAoCCAEKAggCCgIIBAoCCARCBAoA' +
      'EA0=',
  ),
};

/** The right answer of the quick model. */
export function quickReference(inputs: Tensors): Tensors {
  const data = Float32Array.from(Array.from<number | bigint>(inputs.x?.data ?? []), (value) => 2 * Number(value) + 1);
  return { y: { dtype: 'float32', dims: [1, 2, 4, 4], data } };
}

/** 24 matrix products of 384 x 384: 2.7 GFLOP, so that a run takes 20 ms and more on one core. */
export const slowModel: VerifiedModel = {
  ...common,
  variant: 'slow',
  modelDigest: '6c32eb8c0ccd6fcafd5996819159443564fbf523b96f685196d906bf1173ef4a',
  inputs: [{ name: 'x', dtype: 'float32', dims: [384, 384] }],
  outputs: [{ name: 'y', dtype: 'float32', dims: [384, 384] }],
  bytes: fromBase64(
    'CAg6xwQKEgoBeAoBeBICdDEiBk1hdE11bAoTCgJ0MQoBeBICdDIiBk1hdE11bAoTCgJ0MgoBeBICdDMiBk1hdE11bAoTCgJ0MwoBeBICdDQiBk' +
      '1hdE11bAoTCgJ0NAoBeBICdDUiBk1hdE11bAoTCgJ0NQoBeBICdDYiBk1hdE11bAoTCgJ0NgoBeBICdDciBk1hdE11bAoTCgJ0NwoBeBICdDgi' +
      'Bk1hdE11bAoTCgJ0OAoBeBICdDkiBk1hdE11bAoUCgJ0OQoBeBIDdDEwIgZNYXRNdWwKFQoDdDEwCgF4EgN0MTEiBk1hdE11bAoVCgN0MTEKAX' +
      'gSA3QxMiIGTWF0TXVsChUKA3QxMgoBeBIDdDEzIgZNYXRNdWwKFQoDdDEzCgF4EgN0MTQiBk1hdE11bAoVCgN0MTQKAXgSA3QxNSIGTWF0TXVs' +
      'ChUKA3QxNQoBeBIDdDE2IgZNYXRNdWwKFQoDdDE2CgF4EgN0MTciBk1hdE11bAoVCgN0MTcKAXgSA3QxOCIGTWF0TXVsChUKA3QxOAoBeBIDdD' +
      'E5IgZNYXRNdWwKFQoDdDE5CgF4EgN0MjAiBk1hdE11bAoVCgN0MjAKAXgSA3QyMSIGTWF0TXVsChUKA3QyMQoBeBIDdDIyIgZNYXRNdWwKFQoD' +
      'dDIyCgF4EgN0MjMiBk1hdE11bAoTCgN0MjMKAXgSAXkiBk1hdE11bBIFZ3JhcGhaFQoBeBIQCg4IARIKCgMIgAMKAwiAA2IVCgF5EhAKDggBEg' +
      'oKAwiAAwoDCIADQgQKABAN',
  ),
};

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
