// Plain versions of the fast paths, for specs and the bench only.
export { letterboxReference } from './lib/letterbox.reference.js';
export { decodeCentreLtrbReference, decodeYoloV8Reference } from './lib/decoder.reference.js';
