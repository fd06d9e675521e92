import type { ElectronApplication, Page } from '@playwright/test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { findElectron } from '../scripts/electron-binary.mjs'
import { expect, test } from './fixtures.ts'
import { strata } from './programs.ts'

// What only the desktop has: processes and their end, the page's limits, menu and dialogs, one instance.

test.skip(({ host }) => host !== 'electron', 'Needs the desktop program')

const root = join(import.meta.dirname, '..')

function desktop(app: ElectronApplication | null): ElectronApplication {
  if (app === null) throw new Error('No desktop program')
  return app
}

async function enginePid(app: ElectronApplication): Promise<number> {
  const pid = await app.evaluate(({ app: electron }) => electron.getAppMetrics().find(({ type, name }) => type === 'Utility' && name === 'Strata engine')?.pid)
  if (pid === undefined) throw new Error('There is no engine process')
  return pid
}

async function clickMenu(app: ElectronApplication, id: string): Promise<void> {
  await app.evaluate(({ Menu }, itemId) => Menu.getApplicationMenu()?.getMenuItemById(itemId)?.click(), id)
}

/** The folder dialog answers with this folder, as if a person had picked it. */
async function answerFolderDialog(app: ElectronApplication, folder: string): Promise<void> {
  await app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
  }, folder)
}

const ready = (page: Page) => page.getByText('Engine ready')
/** The top bar names the open workspace. */
const named = (page: Page, name: string) => page.getByRole('banner').getByText(name, { exact: true })

test('the page has the verbs of the desktop and nothing of Node', async ({ page }) => {
  await expect(ready(page)).toBeVisible()
  const found = await page.evaluate(() => {
    const names = ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer']
    return { leaked: names.filter((name) => name in window), host: Object.keys(Reflect.get(window, 'strataHost') as object).toSorted() }
  })
  expect(found.leaked).toEqual([])
  expect(found.host).toEqual(['kind', 'onEngineState', 'onMenu', 'openWindow', 'openWorkspace', 'pathOf', 'platform', 'requestEngine', 'restartEngine', 'revealFile', 'saveFile', 'setMenuKeys', 'setTheme'])
})

test('an engine that is killed comes back, and the window says so and goes on', async ({ electronApp, page }) => {
  const app = desktop(electronApp)
  await expect(ready(page)).toBeVisible()
  const first = await enginePid(app)
  process.kill(first, 'SIGKILL')
  await expect(page.getByRole('alert').filter({ hasText: 'Engine lost' })).toBeVisible()
  await expect(ready(page)).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
  expect(await enginePid(app)).not.toBe(first)
})

test('a reloaded page finds the engine again', async ({ page }) => {
  await expect(ready(page)).toBeVisible()
  await page.reload()
  await expect(ready(page)).toBeVisible()
})

test.describe('the page cannot leave', () => {
  // The policy says what it refuses in the console.
  // A list alone would be taken for a fixture and its options.
  test.use({ expectedErrors: [[/Content.Security.Policy/i, /Not allowed to load/i, /ERR_/], { scope: 'test' }] })

  test('by navigation, pop-up or frame', async ({ electronApp, page }) => {
    const app = desktop(electronApp)
    await expect(ready(page)).toBeVisible()
    await app.evaluate(({ shell }) => {
      shell.openExternal = (url: string) => {
        Reflect.set(globalThis, 'openedOutside', url)
        return Promise.resolve()
      }
    })
    const before = page.url()
    await page.evaluate(() => (window.location.href = 'https://example.invalid/'))
    await page.evaluate(() => window.open('file:///etc/passwd'))
    await page.evaluate(() => window.open('https://example.invalid/help'))
    await page.waitForTimeout(300)
    expect(page.url()).toBe(before)
    expect(app.windows()).toHaveLength(1)
    await expect(ready(page)).toBeVisible()
    expect(await app.evaluate(() => Reflect.get(globalThis, 'openedOutside') as unknown)).toBe('https://example.invalid/help')
  })

  test('by inline script or a foreign connection', async ({ page }) => {
    await expect(ready(page)).toBeVisible()
    const outcome = await page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'window.injected = true'
      document.body.append(script)
      const fetched = await fetch('https://example.invalid/').then(() => 'answered', () => 'refused')
      return { injected: 'injected' in window, fetched }
    })
    expect(outcome).toEqual({ injected: false, fetched: 'refused' })
  })
})

test('the menu opens another workspace, and remembers both', async ({ electronApp, page, workspace }) => {
  const app = desktop(electronApp)
  await expect(ready(page)).toBeVisible()
  const other = join(dirname(workspace), 'another')
  await strata('init', other)
  await answerFolderDialog(app, other)
  await clickMenu(app, 'open-workspace')
  await expect(named(page, 'another')).toBeVisible()
  await expect(ready(page)).toBeVisible()
  const recent = await app.evaluate(({ Menu }) => [0, 1].map((i) => Menu.getApplicationMenu()?.getMenuItemById(`open-recent-${i}`)?.label))
  expect(recent).toEqual([other, workspace])
  await clickMenu(app, 'open-recent-1')
  await expect(named(page, 'rare_disease')).toBeVisible()
})

test('a folder that is no workspace is left alone unless a person says so', async ({ electronApp, page, workspace }) => {
  const app = desktop(electronApp)
  await expect(ready(page)).toBeVisible()
  const folder = join(dirname(workspace), 'plain')
  await mkdir(folder)
  await answerFolderDialog(app, folder)
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false })
  })
  await clickMenu(app, 'open-workspace')
  await page.waitForTimeout(300)
  expect(existsSync(join(folder, 'strata.yaml'))).toBe(false)
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false })
  })
  await clickMenu(app, 'open-workspace')
  await expect(named(page, 'plain')).toBeVisible()
  expect(existsSync(join(folder, 'strata.yaml'))).toBe(true)
})

test('the theme of the menu is the theme of the page', async ({ electronApp, page }) => {
  const app = desktop(electronApp)
  await expect(ready(page)).toBeVisible()
  await clickMenu(app, 'theme:dark')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect.poll(() => app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark')
})

test('files are saved where the dialog says, and shown only when they are ours', async ({ electronApp, page, workspace }) => {
  const app = desktop(electronApp)
  await expect(ready(page)).toBeVisible()
  const target = join(dirname(workspace), 'out.csv')
  await app.evaluate(({ dialog, shell }, path) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path })
    shell.showItemInFolder = (shown: string) => void Reflect.set(globalThis, 'shown', shown)
  }, target)
  await writeFile(target, 'a\n')
  const call = (name: string, input: unknown) =>
    page.evaluate(([verb, argument]) => (Reflect.get(window, 'strataHost') as Record<string, (input: unknown) => unknown>)[verb as string]?.(argument), [name, input])
  expect(await call('revealFile', target)).toBe(false)
  expect(await call('saveFile', { suggestedName: '../../x.csv', format: 'csv' })).toBe(target)
  expect(await call('revealFile', target)).toBe(true)
  expect(await call('revealFile', join(workspace, 'strata.yaml'))).toBe(true)
  expect(await call('revealFile', '/etc/passwd')).toBe(false)
  expect(await call('revealFile', join(workspace, '..', '..', 'passwd'))).toBe(false)
  expect(await app.evaluate(() => Reflect.get(globalThis, 'shown') as unknown)).toBe(join(workspace, 'strata.yaml'))
})

test('a second start hands its workspace to the first and ends', async ({ electronApp, page, workspace }) => {
  const app = desktop(electronApp)
  await expect(ready(page)).toBeVisible()
  const other = join(dirname(workspace), 'second')
  await strata('init', other)
  const userData = await app.evaluate(({ app: electron }) => electron.getPath('userData'))
  const second = spawn(findElectron() ?? 'electron', [`--user-data-dir=${userData}`, '--no-sandbox', '.', other], { cwd: root, stdio: 'ignore' })
  const [code] = await once(second, 'exit')
  expect(code).toBe(0)
  await expect(named(page, 'second')).toBeVisible()
  expect(app.windows()).toHaveLength(1)
})

test('what a person arranged is there at the next start', async ({ electronApp, page, workspace }) => {
  const app = desktop(electronApp)
  await expect(ready(page)).toBeVisible()
  const userData = await app.evaluate(({ app: electron }) => electron.getPath('userData'))
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 60, width: 1_200, height: 800 }))
  const saved = async (): Promise<unknown> => JSON.parse(await readFile(join(userData, 'desktop.json'), 'utf8'))
  await expect.poll(saved).toMatchObject({ recent: [workspace], windows: [{ x: 40, y: 60, width: 1_200, height: 800, isMaximized: false }] })
})

test('runs hold the program: a person is asked before they are interrupted', async ({ electronApp, page }) => {
  const app = desktop(electronApp)
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = (...args: unknown[]) => {
      Reflect.set(globalThis, 'asked', (args.at(-1) as { message: string }).message)
      return Promise.resolve({ response: 1, checkboxChecked: false })
    }
  })
  await page.getByRole('button', { name: 'Run all' }).click()
  await expect(page.getByRole('contentinfo').getByText('prevalence #1')).toBeVisible()
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect.poll(() => app.evaluate(() => Reflect.get(globalThis, 'asked') as unknown)).toMatch(/runs? (is|are) going on/)
  await expect(ready(page)).toBeVisible()
})

test('text that is not saved holds a window until a person lets it go', async ({ electronApp, page }) => {
  const app = desktop(electronApp)
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBoxSync = (...args: unknown[]) => {
      const { message } = args.at(-1) as { message: string }
      Reflect.set(globalThis, 'asked', [...((Reflect.get(globalThis, 'asked') as string[] | undefined) ?? []), message])
      return Reflect.get(globalThis, 'answer') === 'go' ? 0 : 1
    }
  })
  await page.evaluate(() => {
    window.location.hash = '#/pipelines'
  })
  await page.locator('.cm-content').click()
  await page.keyboard.type('-- mine ')
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeEnabled()
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect.poll(() => app.evaluate(() => Reflect.get(globalThis, 'asked') as unknown)).toEqual(['There is text that is not saved'])
  await expect(page.locator('.cm-content')).toContainText('-- mine')
  await app.evaluate(() => void Reflect.set(globalThis, 'answer', 'go'))
})

test('a run that loses its engine goes on by itself when the engine is back', async ({ electronApp, page }) => {
  test.setTimeout(150_000)
  const app = desktop(electronApp)
  await page.getByRole('button', { name: 'Run all' }).click()
  await expect(page.getByRole('contentinfo').getByText('prevalence #1')).toBeVisible()
  process.kill(await enginePid(app), 'SIGKILL')
  await expect(page.getByRole('alert').filter({ hasText: 'Engine lost' })).toBeVisible()
  await expect(page.locator('a.ds[title="prevalence.curated.diseases"]')).toHaveAttribute('href', /#\/data\//, { timeout: 90_000 })
})

test('another window opens on the same view, has its own history on the same engine, and looks the same', async ({ electronApp, page }) => {
  const app = desktop(electronApp)
  await expect(ready(page)).toBeVisible()
  const pid = await enginePid(app)
  await page.keyboard.press('Alt+2')
  await expect(page).toHaveURL(/#\/runs$/)
  const opened = app.waitForEvent('window')
  await page.keyboard.press('Control+Shift+N')
  const second = await opened
  await expect(second).toHaveURL(/#\/runs$/)
  await expect(ready(second)).toBeVisible()
  await second.keyboard.press('Alt+4')
  await expect(second).toHaveURL(/#\/data$/)
  await expect(page).toHaveURL(/#\/runs$/)
  expect(await enginePid(app)).toBe(pid)

  // What one window chooses, all show.
  await second.keyboard.press('Control+k')
  await second.keyboard.type('>theme dark')
  await second.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')

  // A link with Ctrl opens a third; the menu opens one too, and closing one leaves the others.
  const third = app.waitForEvent('window')
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Quality' }).click({ modifiers: ['ControlOrMeta'] })
  await expect(await third).toHaveURL(/#\/quality/)
  await expect(page).toHaveURL(/#\/runs$/)
  expect(await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('window')?.accelerator)).toBe('CmdOrCtrl+Shift+N')
  await second.close()
  await expect(ready(page)).toBeVisible()
})
