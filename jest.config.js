// Projects, run apart by scripts/test.ts: `unit` does no I/O; the others use real stores, sockets, browsers, Helm.
const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['flotilla-source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024', keepClassNames: true },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['/dist/'],
};

// Where each file's share of start-up counts, Node loads the modules itself: once a worker, not once a file.
const native = {
  ...shared,
  runtime: '<rootDir>/test/support/native/native-runtime.ts',
  testEnvironment: '<rootDir>/test/support/native/native-environment.ts',
  transform: {},
  transformIgnorePatterns: ['.'],
};

const project = (displayName, testMatch, settings = shared) => ({ ...settings, displayName, testMatch });

export default {
  testSequencer: '<rootDir>/test/support/long-first.ts',
  // Modules of test files that are done stay in memory, and a worker full of them takes seconds to end: jest then says that
  // it was not graceful. So a worker whose heap is above this makes room for a new one.
  workerIdleMemoryLimit: '500MB',
  projects: [
    project(
      'unit',
      [
        '<rootDir>/sdk/**/*.test.ts',
        '<rootDir>/services/**/*.test.ts',
        '<rootDir>/operator/**/*.test.ts',
        '<rootDir>/environment/**/*.test.ts',
        '<rootDir>/scripts/**/*.test.ts',
        '<rootDir>/test/cluster/{load,measure}/**/*.test.ts',
        '<rootDir>/test/cluster/*.test.ts',
        '<rootDir>/test/chaos/**/*.test.ts',
      ],
      native,
    ),
    project('packages', ['<rootDir>/test/packages/**/*.test.ts']),
    project(
      'integration',
      [
        '<rootDir>/test/integration/**/*.test.ts',
        '<rootDir>/test/conformance/**/*.test.ts',
        '<rootDir>/test/examples/**/*.test.ts',
        '<rootDir>/test/simulation/**/*.test.ts',
      ],
      native,
    ),
    project('browser', ['<rootDir>/test/browser/**/*.test.ts'], native),
    project('chart', ['<rootDir>/test/chart/**/*.test.ts']),
    project('cluster', ['<rootDir>/test/cluster/chart/**/*.test.ts']),
  ],
};
