export { clientStarterGenerator } from './generators/client-starter/generator.js';
export type { StarterOptionsInput } from './lib/options.js';
