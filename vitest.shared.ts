// Without `module`: Node loads the packages, and some of their `module` builds are for bundlers only.
const conditions = ['@edge-blueprints/source', 'node', 'development|production'];

/** Every project spreads this, so that tests run against the sources of its neighbours with nothing built. */
export const fromSource = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node' as const,
    include: ['src/**/*.spec.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
};
