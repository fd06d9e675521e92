import { configDefaults, defineConfig } from 'vitest/config'

/** Whole programs over whole workspaces: seconds each, so `npm run check` leaves them to `npm test`. */
const INTEGRATION = ['electron/headless/acceptance/**/*.test.ts', 'electron/headless/{cli,attach,kill-resume}.test.ts']

export default defineConfig({
  test: {
    // Tests fork the real workers, which run from dist/.
    globalSetup: ['scripts/build-before-tests.mjs'],
    // All cores: most of the time goes to other processes and to the disk.
    maxWorkers: '100%',
    teardownTimeout: 5_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{shared,electron,renderer,scripts,resources,bench}/**/*.test.{ts,tsx}'],
          exclude: [...configDefaults.exclude, 'dist/**', 'resources/sample/**', ...INTEGRATION],
          // Files share a process, which is fair where no module keeps state; it saves a quarter of the time.
          isolate: false,
          // Real databases and processes on a busy machine.
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      { extends: true, test: { name: 'integration', include: INTEGRATION, testTimeout: 60_000, hookTimeout: 60_000 } },
    ],
  },
})
