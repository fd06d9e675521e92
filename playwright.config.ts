import { defineConfig } from '@playwright/test'
import type { E2eOptions } from './e2e/fixtures.ts'

/** Every spec in both hosts, where there is time. */
const isEverything = process.env['STRATA_E2E'] === 'all'
const report = process.env['STRATA_E2E_REPORT']

export default defineConfig<E2eOptions>({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // A test that passes at the second try hides a fault.
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  // Each test starts programs of its own; a third at a time gains nothing on two cores.
  workers: 2,
  reporter: [['list'], ...(report === undefined ? [] : [['json', { outputFile: report }] satisfies ['json', { outputFile: string }]])],
  projects: [
    // What only the desktop has is not even loaded where there is no Electron.
    { name: 'browser', use: { host: 'browser' }, testIgnore: '**/electron-*.spec.ts' },
    // The same bundle is in both windows: how it looks, and what is between page and engine alone, need not be tried twice; what is handed over as a download only a browser tells a test of.
    // ingest: a file that a test makes inside the page has no path, which is what the desktop reads.
    { name: 'electron', use: { host: 'electron' }, ...(isEverything ? {} : { grepInvert: /WCAG|fit a window|in dark/, testIgnore: '**/{charts,compare,connections,contracts,decisions,drift,entities,ingest,ingest-existing,lineage,pipeline-graph,pipelines,plan,profile,quarantine,sql,storage}.spec.ts' }) },
  ],
})
