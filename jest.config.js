/** @type {import('ts-jest').JestConfigWithTsJest} */
const project = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json', diagnostics: false }],
    // What otplib needs is ESM only, which Jest cannot require before Node 24.9.
    'node_modules/@(scure|noble)/.+\\.js$': [
      'ts-jest',
      {
        tsconfig: { allowJs: true, module: 'commonjs', target: 'es2022', isolatedModules: true },
        diagnostics: false,
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!@(scure|noble)/)'],
  globalSetup: '<rootDir>/test/support/set-up.ts',
  globalTeardown: '<rootDir>/test/support/tear-down.ts',
  setupFiles: ['<rootDir>/test/support/no-endpoints.ts'],
  setupFilesAfterEnv: ['aws-cdk-lib/testhelpers/jest-autoclean'],
  modulePathIgnorePatterns: [
    '<rootDir>/dist/',
    '<rootDir>/cdk.out',
    '<rootDir>/.local/',
    '<rootDir>/.cache/',
  ],
};

module.exports = {
  // A busy machine is slow and not wrong.
  testTimeout: 60_000,
  projects: [
    {
      ...project,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: [
        '<rootDir>/test/e2e/',
        '<rootDir>/test/database/',
        '<rootDir>/test/integ/',
        '\\.(cli|browser|slow)\\.test\\.ts$',
      ],
    },
    // What runs the application or the CDK's command line as a process of its own.
    { ...project, displayName: 'cli', testMatch: ['<rootDir>/test/**/*.cli.test.ts'] },
    // What looks at a page in a real Chromium, which an npm package brings along.
    { ...project, displayName: 'browser', testMatch: ['<rootDir>/test/**/*.browser.test.ts'] },
    // What plays hundreds of deployments against the stand-in.
    { ...project, displayName: 'slow', testMatch: ['<rootDir>/test/**/*.slow.test.ts'] },
    { ...project, displayName: 'database', testMatch: ['<rootDir>/test/database/**/*.test.ts'] },
    { ...project, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
};
