import type { Page } from '@playwright/test'

/** Every screen of the window on the finished sample: where it is, and what shows that it is there. */
export interface Screen {
  name: string
  address: string
  /** Visible once the screen shows data. */
  shows: (page: Page) => ReturnType<Page['locator']>
}

export const SAMPLE_TABLE = 'drugs.curated.products'

export const SCREENS: readonly Screen[] = [
  { name: 'overview', address: '#/overview', shows: (page) => page.getByRole('link', { name: /products/ }).first() },
  { name: 'runs', address: '#/runs', shows: (page) => page.getByText('#1').first() },
  { name: 'run', address: '#/runs/drugs/1', shows: (page) => page.getByRole('heading', { name: 'drugs #1' }) },
  { name: 'run-entities', address: '#/runs/clinical_trials/1?tab=entities', shows: (page) => page.getByRole('heading', { name: 'clinical_trials #1' }) },
  { name: 'run-log', address: '#/runs/drugs/1?tab=log', shows: (page) => page.getByRole('heading', { name: 'drugs #1' }) },
  { name: 'lineage', address: `#/lineage/${SAMPLE_TABLE}`, shows: (page) => page.locator('.react-flow__node').first() },
  { name: 'data', address: `#/data/${SAMPLE_TABLE}`, shows: (page) => page.getByRole('gridcell').first() },
  { name: 'exports', address: '#/exports', shows: (page) => page.getByRole('heading', { name: 'Exports' }) },
  { name: 'settings', address: '#/settings', shows: (page) => page.getByRole('heading', { name: 'Settings' }) },
]

/** Goes to a screen as a click on its link would, and waits until it shows data and nothing moves. */
export async function openScreen(page: Page, screen: Screen): Promise<void> {
  await page.evaluate((address) => {
    window.location.hash = address
  }, screen.address)
  await screen.shows(page).waitFor()
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== 'running' || animation.effect?.getTiming().iterations === Infinity))
}
