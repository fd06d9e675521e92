import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const checkout = join(import.meta.dirname, '..')
let project: string

/** A checkout of almost nothing: the scripts, the packages, and the files that a test writes. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'strata-build-'))
  cpSync(join(checkout, 'scripts'), join(project, 'scripts'), { recursive: true })
  symlinkSync(join(checkout, 'node_modules'), join(project, 'node_modules'))
  for (const name of ['package.json', 'tsconfig.base.json']) cpSync(join(checkout, name), join(project, name))
  write('electron/headless/cli.ts', "import { answer } from './answer.ts'\nconsole.log(answer)\n")
  write('electron/headless/answer.ts', 'export const answer: number = 41\n')
})
afterEach(() => rmSync(project, { recursive: true, force: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true })
  writeFileSync(join(project, path), text)
  // As if written a while ago: what is edited while a build reads it counts as stale.
  const before = new Date(Date.now() - 10_000)
  utimesSync(join(project, path), before, before)
}

const node = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const build = (...args: string[]): string => node('scripts/build.mjs', ...args)
const builtGroups = (output: string): string[] => [...output.matchAll(/(\S+): built/g)].map(([, name = '']) => name)

describe('the build', () => {
  it('skips what has no source yet and bundles the rest', () => {
    const output = build()
    expect(output).toContain('electron/headless/server.ts does not exist, skipped')
    expect(builtGroups(output)).toEqual(['headless'])
    expect(node('dist/headless/cli.js')).toBe('41\n')
  })

  it('builds again when the content of a module changes, not when it is only touched', () => {
    build()
    expect(builtGroups(build())).toEqual([])
    write('electron/headless/answer.ts', 'export const answer: number = 41\n')
    expect(builtGroups(build())).toEqual([])
    write('electron/headless/answer.ts', 'export const answer: number = 42\n')
    expect(builtGroups(build())).toEqual(['headless'])
    expect(node('dist/headless/cli.js')).toBe('42\n')
  })

  it('builds again when an output is gone, and when a source that was missing appears', () => {
    build()
    rmSync(join(project, 'dist/headless/cli.js'))
    expect(builtGroups(build())).toEqual(['headless'])
    write('electron/main/main.ts', 'export {}\n')
    expect(builtGroups(build())).toEqual(['main'])
  })

  it('fails on an import that leads nowhere, names it, and leaves the last good output alone', () => {
    build()
    write('electron/headless/cli.ts', "import './gone.ts'\n")
    expect(() => build()).toThrow(expect.objectContaining({ stdout: expect.stringContaining('./gone.ts') }))
    expect(node('dist/headless/cli.js')).toBe('41\n')
    expect(existsSync(join(project, 'dist/.build.lock'))).toBe(false)
  })

  it('makes the preload one CommonJS file', () => {
    write('electron/preload/other.ts', 'export const name = "strata"\n')
    write('electron/preload/preload.ts', "import { contextBridge } from 'electron'\nvoid import('./other.ts').then((other) => contextBridge.exposeInMainWorld(other.name, 1))\n")
    build('preload')
    expect(readdirSync(join(project, 'dist/preload')).toSorted()).toEqual(['preload.cjs', 'preload.cjs.map'])
    expect(readFileSync(join(project, 'dist/preload/preload.cjs'), 'utf8')).toContain('require("electron")')
  })

  it('goes on where a build was killed while it held the lock', () => {
    mkdirSync(join(project, 'dist'))
    const { pid } = JSON.parse(node('-p', 'JSON.stringify({ pid: process.pid })')) as { pid: number }
    writeFileSync(join(project, 'dist/.build.lock'), String(pid))
    expect(builtGroups(build())).toEqual(['headless'])
  })
})
