import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['shared/**/*.test.ts', 'electron/**/*.test.ts', 'renderer/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'resources/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', 'resources/sample/**'],
    // Tests fork the real workers, which run from dist/.
    globalSetup: ['scripts/build-before-tests.mjs'],
    // Real databases and processes on a busy machine.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    teardownTimeout: 5_000,
  },
})
