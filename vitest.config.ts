import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: [],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/summary.ts'],
    pool: 'forks',
    maxWorkers: 3,
  },
});
