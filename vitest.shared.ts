// Without `module`: Node loads the packages, and some of their `module` builds are for bundlers only.
const conditions = ['@edge-blueprints/source', 'node', 'development|production'];

/** Tests that start whole hubs and kill them take minutes: `npm run test:long` runs these, and these alone. */
const long = process.env['EDGE_LONG_TESTS'] === 'true';

/** Every project spreads this, so that tests run against the sources of its neighbours with nothing built. */
export const fromSource = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node' as const,
    include: long ? ['src/**/*.long.spec.ts'] : ['src/**/*.spec.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...(long ? [] : ['src/**/*.long.spec.ts'])],
    passWithNoTests: true,
    // No spec replaces modules or leaves something behind; loading them anew for each file took a third of the time.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
};
