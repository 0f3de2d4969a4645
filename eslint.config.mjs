import js from '@eslint/js';
import jsdoc from 'eslint-plugin-jsdoc';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// Imports point down only: bin -> pipeline and stage -> stacks -> constructs -> shared. CONTRIBUTING.md draws it.

const CDK = {
  regex: '^(aws-cdk-lib|constructs|cdk-nag|@aws-cdk/)',
  message: 'This folder never imports the CDK: it runs where there is none.',
};
const LOCAL = {
  regex: '^\\./local/|^(\\.\\./)+(lib/)?local/',
  message: 'Only bin/ and test/ import lib/local: no deployed template knows of the emulator.',
};
const ABOVE = {
  regex: '^(\\./|(\\.\\./)+)(lib/)?(platform-app|platform-stage|pipeline/|bin/|test/)',
  message: 'Imports point down only: stacks and constructs do not know who uses them.',
};
/** The same for files of lib/local, whose `../pipeline/` is the player of pipelines. */
const ABOVE_LOCAL = { ...ABOVE, regex: ABOVE.regex.replace('(\\./|(\\.\\./)+)', '(\\.\\./){2,}') };
const STACKS = {
  regex: '^(\\.\\./)+(lib/)?(network|data|auth|app|video)/',
  message: 'lib/shared and lib/gate lie below the stacks and do not import them.',
};
/** Another area's folder: its types may be imported, its code may not; values travel as props. */
const sibling = (names) => ({
  regex: `^(\\.\\./)+(lib/)?(${names.join('|')})/`,
  allowTypeImports: true,
  message: 'Values cross stacks as typed props: import the type only.',
});
/** An area that is deployed beside or after this one: a reference to it would close a circle. */
const later = (names) => ({
  // app/src is the API, which knows nothing of the stacks; lib/app is a stack.
  regex: `^(\\.\\./)+(lib/)?(${names.join('|')})/(?!src/)`,
  message:
    'Stacks deploy Network, then Auth beside Data, then App beside Video; this import points the other way.',
});

const imports = (files, patterns, ignores = []) => ({
  files,
  ignores,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
});

const ACKNOWLEDGE = {
  selector: 'CallExpression[callee.property.name="acknowledge"]',
  message: 'Use accept() of lib/gate: an exception names its owner, approver, ticket and expiry.',
};
const CLOCK = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Nothing in lib/ reads the clock: let the caller in bin/ pass the time.',
  },
  {
    selector:
      'MemberExpression[object.name=/^(Date|performance)$/][property.name="now"], CallExpression[callee.name="Date"]',
    message: 'Nothing in lib/ reads the clock: let the caller in bin/ pass the time.',
  },
  {
    selector: 'MemberExpression[object.name="Math"][property.name="random"]',
    message: 'Synth is byte for byte repeatable: derive names from ids, not from chance.',
  },
];
const ENVIRONMENT = {
  selector: 'MemberExpression[object.name="process"][property.name="env"]',
  message: 'Nothing in lib/ reads environment variables: configuration is lib/config, passed as props.',
};
const MUTABLE_PROPS = {
  selector:
    'TSInterfaceDeclaration[id.name=/Props$/] > TSInterfaceBody > TSPropertySignature[readonly!=true]',
  message: 'Props are readonly.',
};

export default defineConfig(
  {
    ignores: [
      'node_modules/',
      'dist/',
      'cdk.out*/',
      '.local/',
      '.cache/',
      'coverage/',
      'test/integ/**/*.snapshot/',
    ],
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'no-restricted-syntax': ['error', ACKNOWLEDGE, MUTABLE_PROPS],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // A construct registers itself with its scope: `new Thing(this, ...)` is the statement.
      'no-new': 'off',
      // `{ ...construct.props }` and void arrows are how CDK code is written.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['bin/**/*.ts', 'lib/**/*.ts', 'lambda/**/*.ts', 'app/**/*.ts'],
    plugins: { jsdoc },
    settings: { jsdoc: { mode: 'typescript' } },
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          require: { ClassDeclaration: true, FunctionDeclaration: true, MethodDefinition: false },
          contexts: [
            'TSInterfaceDeclaration',
            'TSTypeAliasDeclaration',
            'TSEnumDeclaration',
            'VariableDeclaration',
            'TSInterfaceBody > TSPropertySignature',
            'TSInterfaceBody > TSMethodSignature',
            'PropertyDefinition:not([accessibility="private"]):not([accessibility="protected"])',
            'MethodDefinition:not([accessibility]):not([override=true])[kind="method"]',
          ],
          checkConstructors: false,
        },
      ],
      'jsdoc/require-description': [
        'error',
        { contexts: ['any'], descriptionStyle: 'body', exemptedBy: ['param', 'returns', 'throws'] },
      ],
      'jsdoc/no-restricted-syntax': [
        'error',
        {
          contexts: [
            {
              comment: 'JsdocBlock:not(:has(JsdocTag[tag=/^default(Value)?$/]))',
              context:
                'TSInterfaceDeclaration[id.name=/Props$/] > TSInterfaceBody > TSPropertySignature[optional=true]',
              message: 'Say what an optional property means when it is absent: `@default - ...`.',
            },
          ],
        },
      ],
      'jsdoc/check-param-names': ['error', { disableMissingParamChecks: true }],
      'jsdoc/check-tag-names': ['error', { definedTags: ['default'] }],
      'jsdoc/no-types': 'error',
    },
  },

  {
    files: ['lib/**/*.ts'],
    ignores: ['lib/local/**', 'lib/config/load.ts'],
    rules: {
      'no-restricted-syntax': ['error', ACKNOWLEDGE, MUTABLE_PROPS, ...CLOCK, ENVIRONMENT],
    },
  },
  {
    files: ['lib/gate/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', MUTABLE_PROPS, ...CLOCK, ENVIRONMENT] },
  },
  { files: ['test/gate/**/*.ts'], rules: { 'no-restricted-syntax': 'off' } },

  imports(
    [
      'lambda/**/*.ts',
      'app/**/*.ts',
      'lib/identity/**/*.ts',
      'lib/load/**/*.ts',
      'lib/migrations/**/*.ts',
      'lib/release/**/*.ts',
    ],
    [CDK, LOCAL, ABOVE],
  ),
  imports(['lib/local/**/*.ts'], [CDK, ABOVE], ['lib/local/scenarios/*.ts']),
  imports(['lib/local/scenarios/*.ts'], [CDK, ABOVE_LOCAL]),
  imports(['lib/config/**/*.ts'], [CDK, LOCAL, ABOVE, STACKS]),
  imports(['lib/shared/**/*.ts', 'lib/gate/**/*.ts'], [LOCAL, ABOVE, STACKS]),
  imports(['lib/network/**/*.ts'], [LOCAL, ABOVE, later(['data', 'auth', 'app', 'video'])]),
  imports(['lib/auth/**/*.ts'], [LOCAL, ABOVE, sibling(['network']), later(['data', 'app', 'video'])]),
  imports(['lib/data/**/*.ts'], [LOCAL, ABOVE, sibling(['network']), later(['auth', 'app', 'video'])]),
  imports(['lib/app/**/*.ts'], [LOCAL, ABOVE, sibling(['network', 'data', 'auth']), later(['video'])]),
  imports(['lib/video/**/*.ts'], [LOCAL, ABOVE, sibling(['network', 'data', 'auth']), later(['app'])]),
  imports(['lib/pipeline/**/*.ts', 'lib/platform-app.ts'], [LOCAL]),
  imports(
    ['lib/platform-stage.ts'],
    [
      LOCAL,
      {
        regex: '^\\./(pipeline/|platform-app)',
        message: 'The pipeline deploys the stage, not the other way round.',
      },
    ],
  ),

  {
    files: ['test/**/*.ts'],
    rules: {
      // Assertions of jest take unbound matchers and mocks.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      // A handler's tests pass promises to its older, callback-shaped type.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      // One suite a stack shares one synth, which is what takes the time.
      'max-lines': ['error', 400],
    },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: { console: 'readonly', process: 'readonly', require: 'readonly', module: 'writable' },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  { files: ['**/*.{js,cjs}'], languageOptions: { sourceType: 'commonjs' } },
  {
    // Runs in a browser, inlined into the report.
    files: ['lib/gate/formats/html/page.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'document',
          'location',
          'history',
          'addEventListener',
          'FormData',
          'URLSearchParams',
          'HTMLDetailsElement',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
