import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Three for two cores: many tests wait for leases, heartbeats and clocks.
    maxWorkers: 3,
    typecheck: { enabled: false },
  },
});
