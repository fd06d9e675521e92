import { test as base, type Browser, type BrowserContext, type ElectronApplication, expect, type Page, _electron } from '@playwright/test'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { serve, strata } from './programs.ts'

/**
 * The same specs drive both hosts: a project says which one. `page` is the window on a workspace of the test's own, a copy of the sample
 * workspace; nothing outside temporary folders is touched.
 */
export interface E2eOptions {
  host: 'browser' | 'electron'
  /** `fresh`: as copied on first start. `finished`: every pipeline has run once. */
  sample: 'fresh' | 'finished'
  /** In place of the sample: a workspace of these files, by path. */
  files: Readonly<Record<string, string>> | null
  /** Nobody has ever opened Strata here. */
  isNew: boolean
  /** Console errors that a spec provokes on purpose. */
  expectedErrors: RegExp[]
}

interface E2eFixtures {
  /** Absolute path of the test's workspace. */
  workspace: string
  /** The desktop app; null in a browser. */
  electronApp: ElectronApplication | null
  page: Page
  /** Leaves a picture of the window in screenshots/, for people to look at. */
  shot: (name: string) => Promise<void>
}

interface E2eWorkerFixtures {
  /** The sample after one run of every pipeline; made when the first test asks for it. */
  finishedSample: () => Promise<string>
  /** Started when the first test asks for it. */
  chromium: () => Promise<Browser>
}

const root = join(import.meta.dirname, '..')
const CHROMIUM_ARGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
// Far above what a loaded machine needs; a click that waits this long waits for something that never comes.
const ACTION_LIMIT_MS = 15_000
const VIEWPORT = { width: 1440, height: 900 }

export const test = base.extend<E2eOptions & E2eFixtures, E2eWorkerFixtures>({
  host: ['browser', { option: true }],
  sample: ['fresh', { option: true }],
  files: [null, { option: true }],
  isNew: [false, { option: true }],
  expectedErrors: [[], { option: true }],

  finishedSample: [
    async ({}, use) => {
      await inTemporaryFolder(async (folder) => {
        let made: Promise<string> | null = null
        await use(() => (made ??= finishSample(join(folder, 'rare-disease'))))
      })
    },
    { scope: 'worker' },
  ],

  chromium: [
    async ({ playwright }, use) => {
      const executablePath = process.env['STRATA_CHROMIUM']
      const launch = (): Promise<Browser> =>
        playwright.chromium.launch({ args: CHROMIUM_ARGS, chromiumSandbox: false, ...(executablePath === undefined ? {} : { executablePath }) })
      const started: Promise<Browser>[] = []
      await use(() => (started[0] ??= launch()))
      for (const browser of started) await (await browser).close()
    },
    { scope: 'worker' },
  ],

  workspace: [
    async ({ files, sample, finishedSample }, use) => {
      await inTemporaryFolder(async (folder) => {
        const workspace = join(folder, files === null ? 'rare-disease' : 'shop')
        if (files !== null) await writeFiles(workspace, files)
        else if (sample === 'finished') await cp(await finishedSample(), workspace, { recursive: true })
        else await strata('init', workspace, '--sample', 'rare-disease')
        await use(workspace)
      })
    },
    { timeout: 180_000 },
  ],

  electronApp: async ({ host, workspace }, use) => {
    if (host === 'browser') return use(null)
    await inTemporaryFolder(async (userData) => {
      const app = await _electron.launch({ args: [`--user-data-dir=${userData}`, '.', workspace], cwd: root, colorScheme: null })
      try {
        await use(app)
      } finally {
        // Runs may still go on; the question whether to interrupt them is answered with yes.
        await app.evaluate(({ dialog }) => {
          dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false })
        }).catch(() => undefined)
        await app.close()
      }
    })
  },

  page: async ({ chromium, electronApp, expectedErrors, isNew, workspace }, use, testInfo) => {
    const complaints: string[] = []
    const show: Show = async (context, page, url) => {
      page.on('pageerror', (error) => complaints.push(`Uncaught: ${error.stack ?? error.message}`))
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      // Without a screencast, which would take a core of its own; snapshots show the page at every action.
      await context.tracing.start({ snapshots: true })
      if (url !== undefined) await page.goto(url)
      // A desktop window may still be on its way from the empty page to its own.
      await page.getByRole('navigation', { name: 'Screens' }).waitFor()
      await use(page)
      const failed = testInfo.status !== testInfo.expectedStatus
      await context.tracing.stop(failed ? { path: testInfo.outputPath('trace.zip') } : {})
    }
    if (electronApp === null) await inBrowser(await chromium(), { workspace, isKnown: !isNew }, show)
    else await show(electronApp.context(), await electronApp.firstWindow())
    expect(complaints.filter((text) => !expectedErrors.some((pattern) => pattern.test(text)))).toEqual([])
  },

  shot: async ({ host, page }, use) => {
    await use(async (name) => {
      await page.screenshot({ path: join(root, 'screenshots', host, `${name}.png`) })
    })
  },
})

export { expect }

/** Lets the test have the page; listens before it loads. */
type Show = (context: BrowserContext, page: Page, url?: string) => Promise<void>

async function inBrowser(browser: Browser, { workspace, isKnown }: { workspace: string; isKnown: boolean }, show: Show): Promise<void> {
  const serving = await serve(workspace)
  try {
    const context = await browser.newContext({ viewport: VIEWPORT, locale: 'en-GB', timezoneId: 'UTC', acceptDownloads: true })
    context.setDefaultTimeout(ACTION_LIMIT_MS)
    // Somebody who has been here before: welcome.spec.ts is about those who have not.
    if (isKnown) await context.addInitScript(() => window.localStorage.getItem('strata.first-steps') ?? window.localStorage.setItem('strata.first-steps', JSON.stringify({ welcomed: true, dismissed: true, seen: [] })))
    const page = await context.newPage()
    await show(context, page, serving.url)
    await context.close()
  } finally {
    await serving.stop()
  }
}

async function finishSample(workspace: string): Promise<string> {
  await strata('init', workspace, '--sample', 'rare-disease')
  await strata('run', '--all', '--workspace', workspace)
  return workspace
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

async function inTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'strata-e2e-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
