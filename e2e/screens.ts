import type { Locator, Page } from '@playwright/test'

/** A screen of the window: where it is, and what is visible once it shows data. */
export interface Screen {
  name: string
  address: string
  shows: (page: Page) => Locator
}

export const SAMPLE_TABLE = 'drugs.curated.products'

const grid = (page: Page): Locator => page.getByRole('gridcell').first()
const head = (name: string) => (page: Page) => page.getByRole('heading', { name, level: 1 })

/** Every screen, on the sample after its first runs. */
export const SCREENS = {
  overview: { name: 'overview', address: '#/overview', shows: (page) => page.locator(`a.ds[title="${SAMPLE_TABLE}"]`) },
  runs: { name: 'runs', address: '#/runs', shows: grid },
  run: { name: 'run', address: '#/runs/drugs/1', shows: head('drugs #1') },
  runEntities: { name: 'run-entities', address: '#/runs/clinical_trials/1?tab=entities', shows: grid },
  runQuarantine: { name: 'run-quarantine', address: '#/runs/drugs/1?tab=quarantine', shows: head('drugs #1') },
  runChecks: { name: 'run-checks', address: '#/runs/drugs/1?tab=checks', shows: head('drugs #1') },
  runTrend: { name: 'run-trend', address: '#/runs/drugs/1?tab=trend', shows: (page) => page.getByRole('group', { name: 'Trends of the steps' }) },
  runErrors: { name: 'run-errors', address: '#/runs?view=errors', shows: grid },
  runLogs: { name: 'run-logs', address: '#/runs?view=logs&text=published', shows: grid },
  compare: { name: 'compare', address: '#/runs/compare?dataType=drugs&from=1&to=1&dataset=drugs.curated.products', shows: (page) => page.getByText('Both versions hold the same rows') },
  group: { name: 'group', address: '#/runs/run-group/1', shows: head('Run of all data types, group 1') },
  runLog: { name: 'run-log', address: '#/runs/drugs/1?tab=log', shows: head('drugs #1') },
  lineage: { name: 'lineage', address: `#/lineage/${SAMPLE_TABLE}`, shows: (page) => page.locator('.react-flow__node').first() },
  data: { name: 'data', address: `#/data/${SAMPLE_TABLE}`, shows: grid },
  sql: { name: 'sql', address: '#/sql?sql=FROM%20drugs.curated.products', shows: (page) => page.getByRole('textbox', { name: /^SQL\./ }) },
  contracts: { name: 'contracts', address: '#/quality/contracts', shows: grid },
  exports: { name: 'exports', address: '#/exports', shows: head('Exports') },
  pipelines: { name: 'pipelines', address: '#/pipelines?file=pipelines/drugs/curated/products.sql', shows: (page) => page.getByText('Nothing is wrong') },
  trace: { name: 'trace', address: `#/lineage/${SAMPLE_TABLE}/trace?filter=product_id:eq:N001003-001`, shows: (page) => page.getByText('patent.txt').first() },
  entity: { name: 'entity', address: '#/data/entity/900120', shows: (page) => page.getByRole('region', { name: 'Rows of prevalence.curated.diseases' }) },
  entityTimeline: { name: 'entity-timeline', address: '#/data/entity/900120?tab=timeline', shows: (page) => page.getByRole('region', { name: 'prevalence.curated.diseases appeared' }) },
  welcome: { name: 'welcome', address: '#/welcome', shows: head('Welcome to Strata') },
  settings: { name: 'settings', address: '#/settings', shows: head('Settings') },
} satisfies Record<string, Screen>

/** Goes to a screen as a click on its link would, and waits until it shows data and nothing moves. */
export async function openScreen(page: Page, screen: Screen): Promise<void> {
  await page.evaluate((address) => {
    window.location.hash = address
  }, screen.address)
  await screen.shows(page).waitFor()
  await page.waitForFunction(() => document.getAnimations().every(({ playState, effect }) => playState !== 'running' || effect?.getTiming().iterations === Infinity))
}
