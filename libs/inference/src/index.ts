export { loadBundle } from './lib/bundle/load-bundle.js';
export type { GoldenVector, LoadBundleOptions, LoadedBundle } from './lib/bundle/load-bundle.js';
export { readTrustedKeys } from './lib/bundle/bundle-signature.js';
export type { TrustedKey } from './lib/bundle/bundle-signature.js';
export { verifyGolden } from './lib/bundle/verify-golden.js';
export type { GoldenComparison } from './lib/bundle/verify-golden.js';
export type { BundleManifest, BundleVariant } from './lib/bundle/manifest.js';
