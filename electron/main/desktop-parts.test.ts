import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDesktopState, withRecent } from './desktop-state.ts'
import { firstWorkspace, namedWorkspace } from './first-workspace.ts'
import { isInside } from './inside-folder.ts'
import { menuTemplate } from './menu.ts'
import { fitBounds } from './window-bounds.ts'

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'strata-main-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('the window', () => {
  const area = { x: 0, y: 25, width: 1_920, height: 1_055 }

  it('comes back where it was', () => {
    expect(fitBounds({ x: 100, y: 100, width: 1_000, height: 700 }, area)).toEqual({ x: 100, y: 100, width: 1_000, height: 700 })
  })

  it('is brought back from a screen that is gone', () => {
    expect(fitBounds({ x: 4_000, y: -900, width: 1_000, height: 700 }, area)).toEqual({ x: 920, y: 25, width: 1_000, height: 700 })
  })

  it('never exceeds a small screen', () => {
    expect(fitBounds(null, { x: 0, y: 0, width: 800, height: 500 })).toEqual({ x: 0, y: 0, width: 800, height: 500 })
  })

  it('starts in the middle', () => {
    expect(fitBounds(null, area)).toEqual({ x: 240, y: 103, width: 1_440, height: 900 })
  })
})

describe('what the desktop remembers', () => {
  it('is there at the next start', () => {
    const file = join(dir, 'deep', 'desktop.json')
    openDesktopState(file).set({ theme: 'dark', recent: ['/a'] })
    expect(openDesktopState(file).get()).toMatchObject({ theme: 'dark', recent: ['/a'], windows: [] })
  })

  it('is nothing when the file is broken, and part of it when a part is', () => {
    const file = join(dir, 'desktop.json')
    writeFileSync(file, '{')
    expect(openDesktopState(file).get().theme).toBe('system')
    writeFileSync(file, JSON.stringify({ theme: 'purple', recent: ['/a'], windows: [{ x: 1 }], lastSaveDir: null }))
    expect(openDesktopState(file).get()).toEqual({ theme: 'system', recent: ['/a'], windows: [], lastSaveDir: null })
  })

  it('holds each workspace once, the last one first', () => {
    expect(withRecent(['/a', '/b', '/c'], '/b')).toEqual(['/b', '/a', '/c'])
  })
})

describe('the first workspace', () => {
  it('is the one that is named', () => {
    expect(namedWorkspace(['electron', '.', '--flag', 'ws'], { cwd: '/home', isPackaged: false })).toBe('/home/ws')
    expect(namedWorkspace(['strata', '/ws'], { cwd: '/home', isPackaged: true })).toBe('/ws')
    expect(namedWorkspace(['electron', '--switch=1', '.', '/ws'], { cwd: '/home', isPackaged: false })).toBe('/ws')
    expect(namedWorkspace(['electron', '.'], { cwd: '/home', isPackaged: false })).toBeNull()
  })

  it('is else the last one that is still there, else the sample, made once', () => {
    const env = { STRATA_HOME: dir }
    const sample = join(dir, 'rare-disease')
    expect(firstWorkspace({ named: null, recent: [], env })).toEqual({ workspaceDir: sample, create: 'sample' })
    writeFileSync(join(dir, 'strata.yaml'), '')
    expect(firstWorkspace({ named: null, recent: ['/gone', dir], env })).toEqual({ workspaceDir: dir, create: 'nothing' })
  })
})

it('only what lies below a folder is inside it', () => {
  expect(['/ws/exports/a.csv', '/ws/..a/b'].map((path) => isInside('/ws', path))).toEqual([true, true])
  expect(['/ws', '/ws2/a', '/etc/passwd', '/ws/../etc'].map((path) => isInside('/ws', path))).toEqual([false, false, false, false])
  expect(isInside('', '/etc/passwd')).toBe(false)
})

describe('the menu', () => {
  const commands: string[] = []
  const options = {
    isDev: false, theme: 'dark' as const, keys: { palette: 'CmdOrCtrl+J' }, recent: ['/a'], openWorkspace: () => commands.push('open'), openRecent: (path: string) => commands.push(path),
    command: (command: string) => commands.push(command), showAbout: () => undefined,
  }
  const flat = (platform: NodeJS.Platform, isDev = false) => {
    const items = menuTemplate({ ...options, platform, isDev })
    const all: (typeof items)[number][] = []
    const walk = (list: typeof items): void => list.forEach((item) => {
      all.push(item)
      if (Array.isArray(item.submenu)) walk(item.submenu)
    })
    walk(items)
    return all
  }

  it('can open a workspace, export and quit on every platform', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) expect(flat(platform).map(({ id }) => id)).toEqual(expect.arrayContaining(['open-workspace', 'open-recent-0', 'export', 'quit', 'about']))
  })

  it('has no id twice', () => {
    const ids = flat('linux', true).flatMap(({ id }) => id ?? [])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('shows the tools of developers only to developers', () => {
    const roles = (isDev: boolean) => flat('linux', isDev).map(({ role }) => role)
    expect(roles(false)).not.toContain('toggleDevTools')
    expect(roles(true)).toContain('toggleDevTools')
  })

  it('marks the theme that holds', () => {
    expect(flat('linux').filter(({ type }) => type === 'radio').map(({ id, checked }) => [id, checked])).toEqual([['theme:system', false], ['theme:light', false], ['theme:dark', true]])
  })
})
