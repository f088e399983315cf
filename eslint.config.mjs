import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import jsonc from 'jsonc-eslint-parser';
import prettier from 'eslint-config-prettier';
import ts from 'typescript-eslint';

/** Which layer may import which. CONTRIBUTING.md explains the table. */
const layers = [
  { sourceTag: 'type:contract', onlyDependOnLibsWithTags: ['type:contract'], allowedExternalImports: ['zod'] },
  { sourceTag: 'type:core', onlyDependOnLibsWithTags: ['type:core', 'type:contract'], allowedExternalImports: ['zod'] },
  { sourceTag: 'type:adapter', onlyDependOnLibsWithTags: ['type:core', 'type:contract'] },
  { sourceTag: 'type:rig', onlyDependOnLibsWithTags: ['type:adapter', 'type:core', 'type:contract'] },
  { sourceTag: 'type:web-kit', onlyDependOnLibsWithTags: ['type:contract'] },
  { sourceTag: 'type:web', onlyDependOnLibsWithTags: ['type:web-kit', 'type:contract'] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:contract'] },
  /** Generators: what they generate from is data and its reader. */
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:adapter', 'type:core', 'type:contract'] },
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
  { sourceTag: 'scope:manufacturing', onlyDependOnLibsWithTags: ['scope:manufacturing', 'scope:shared'] },
  { sourceTag: 'scope:retail', onlyDependOnLibsWithTags: ['scope:retail', 'scope:shared'] },
  { sourceTag: 'scope:hub', onlyDependOnLibsWithTags: ['scope:hub', 'scope:shared'] },
  { sourceTag: 'scope:ward', onlyDependOnLibsWithTags: ['scope:ward', 'scope:shared'] },
];
const top = [
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:adapter', 'type:core', 'type:contract'] },
  /** The demo composes: it starts the app and the rigs. Nothing else may. */
  {
    sourceTag: 'type:demo',
    onlyDependOnLibsWithTags: ['type:app', 'type:rig', 'type:adapter', 'type:core', 'type:contract'],
  },
];

const boundaries = (depConstraints) => ({
  '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: false, allow: [], depConstraints }],
});
const withTesting = (rules) =>
  rules.map((rule) =>
    'onlyDependOnLibsWithTags' in rule && rule.sourceTag.startsWith('type:')
      ? {
          ...rule,
          onlyDependOnLibsWithTags: [...rule.onlyDependOnLibsWithTags, 'type:testing', 'type:rig'],
          allowedExternalImports: undefined,
        }
      : rule,
  );
const strip = (rules) =>
  rules.map((rule) => Object.fromEntries(Object.entries(rule).filter(([, v]) => v !== undefined)));

export default ts.config(
  {
    ignores: [
      '**/dist',
      '**/out-tsc',
      '**/.nx',
      '**/node_modules',
      'models/**',
      'e2e/out',
      '**/vitest.config.*.timestamp*',
    ],
  },
  js.configs.recommended,
  ...ts.configs.recommended,
  prettier,
  {
    files: ['**/*.{ts,tsx,mjs}'],
    plugins: { '@nx': nx },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name each export.' },
        {
          selector: "NewExpression[callee.name='Error']",
          message: 'Throw an EdgeError with a code and a retry class.',
        },
        {
          selector: "MemberExpression[object.name='Math'][property.name='random']",
          message: 'Use createRandom(seed) or node:crypto.',
        },
        {
          selector:
            "CallExpression[callee.object.name='AbortSignal'][callee.property.name='any'] CallExpression[callee.property.name='timeout']",
          message: 'Node may collect the timer before it fires: use withDeadline of contracts.',
        },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  // Patterns are relative to each package, whose own eslint.config.mjs passes this one on.
  {
    files: ['**/src/**/*.{ts,tsx}'],
    ignores: ['**/*.spec.{ts,tsx}'],
    rules: boundaries([...layers, ...top]),
  },
  {
    files: ['**/*.spec.{ts,tsx}', '**/*.reference.ts', '**/testing/**'],
    rules: {
      ...boundaries(strip(withTesting([...layers, ...top]))),
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', { selector: 'ExportAllDeclaration', message: 'Name each export.' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['**/*-cli.ts', '**/main.ts', '**/*-main.ts', '**/dev/**'], rules: { 'no-console': 'off' } },
  { files: ['tools/**', 'e2e/**'], rules: { 'no-console': 'off', 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
      },
    },
  },
  {
    files: ['**/page/*.js'],
    languageOptions: {
      globals: { document: 'readonly', fetch: 'readonly', AbortSignal: 'readonly', setInterval: 'readonly' },
    },
  },
  {
    files: ['**/package.json'],
    languageOptions: { parser: jsonc },
    plugins: { '@nx': nx },
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: [
            '{projectRoot}/**/*.spec.ts',
            '{projectRoot}/**/testing/**',
            '{projectRoot}/vitest.config.ts',
            '{projectRoot}/vite.config.ts',
            '{projectRoot}/eslint.config.mjs',
            '{projectRoot}/dev/**',
          ],
          checkObsoleteDependencies: false,
          // libs/testing runs inside the test runner of the root.
          ignoredDependencies: ['vitest'],
          checkVersionMismatches: false,
        },
      ],
    },
  },
);
