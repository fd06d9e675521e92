import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createAuditStore } from '../../engine/ledger/audit.store.ts'
import { openLedger } from '../../engine/ledger/ledger.ts'
import { findAppFiles } from '../app-root.ts'
import { createInProcessClient, type StrataClient } from '../client.ts'
import { openEngine } from '../open-engine.ts'

/** The real command line, killed at one of the moments of crash-points.ts, and what both crash suites ask of a workspace afterwards. */

const CLI = path.resolve(import.meta.dirname, '../../../dist/headless/cli.js')
const POINTS = path.join(import.meta.dirname, 'crash-points.ts')
const LANES = 2

/** `STRATA_CRASH=all` tries every moment; without it a part of them is tried each time, another part every time. */
export const TRIES_ALL = process.env['STRATA_CRASH'] === 'all'

const folders: string[] = []

export async function removeCrashFolders(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
}

async function newFolder(): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'strata-crash-'))
  folders.push(root)
  return root
}

export async function writeWorkspace(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await newFolder()
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true })
    await writeFile(path.join(root, file), text)
  }
  return root
}

export async function copyOf(from: string): Promise<string> {
  const root = await newFolder()
  await cp(from, root, { recursive: true, preserveTimestamps: true })
  return root
}

interface Kill {
  /** `engine:17` or `worker:4`; null: nobody dies. */
  at: string | null
  log?: string
}

/** Runs a command on a workspace. */
export async function strata(root: string, args: readonly string[], { at, log }: Kill): Promise<void> {
  const fuse = path.join(root, '.fuse')
  if (at !== null) await writeFile(fuse, '')
  const env = { ...process.env, NODE_OPTIONS: `--import=${POINTS}`, ...(at === null ? {} : { STRATA_CRASH_AT: at, STRATA_CRASH_ONCE: fuse }), ...(log === undefined ? {} : { STRATA_CRASH_LOG: log }) }
  const child = spawn(process.execPath, [CLI, ...args, '--workspace', root], { stdio: 'ignore', env })
  await once(child, 'exit')
  await rm(fuse, { force: true })
}

/** Runs a command undisturbed, and names the moments at which it could be killed: `engine:17 before commit`. */
export async function momentsOf(root: string, args: readonly string[]): Promise<string[]> {
  const log = path.join(root, 'moments.txt')
  await strata(root, args, { at: null, log })
  const moments = (await readFile(log, 'utf8')).trim().split('\n')
  await rm(log)
  return moments
}

/** About `count` of them, evenly spread, from a random one on; or all. */
export function someOf(moments: readonly string[], count: number): string[] {
  const every = Math.max(1, Math.ceil(moments.length / count))
  const offset = Math.floor(Math.random() * every)
  return TRIES_ALL ? [...moments] : moments.filter((_, index) => index % every === offset)
}

/** The name of a moment as `at` has it. */
export function placeOf(moment: string): string {
  return moment.slice(0, moment.indexOf(' '))
}

export async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}

export async function withEngine<T>(root: string, use: (client: StrataClient) => Promise<T>): Promise<T> {
  const engine = await openEngine({ workspaceDir: root, host: 'cli', files: findAppFiles(import.meta.url), env: process.env, log: () => {}, resumeInterrupted: false })
  try {
    return await use(createInProcessClient(engine))
  } finally {
    await engine.close()
  }
}

/** What SQLite's integrity check and the audit trail's chain of hashes have to say against the ledger. */
export async function brokenIn(root: string): Promise<string[]> {
  const ledger = await openLedger(path.join(root, '.strata/ledger.sqlite'), { readonly: true })
  try {
    const brokenLink = createAuditStore(ledger).firstBroken()
    return [...ledger.integrity(), ...(brokenLink === null ? [] : [`audit ${brokenLink}`])]
  } finally {
    ledger.close()
  }
}
