import { statfs } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { acquireWorkspaceLock } from '../../engine/ledger/workspace-lock.ts'
import { openLedger } from '../../engine/ledger/ledger.ts'
import { createLayout, type Layout } from '../../engine/zones/layout.ts'
import type { Cli } from '../cli-session.ts'
import type { StrataClient } from '../client.ts'
import { readProblem } from '../read-problem.ts'
import { formatAge, formatBytes, formatCount } from '../terminal/figures.ts'

export interface Examined {
  name: string
  state: 'ok' | 'warning' | 'failed'
  text: string
  hint: string | null
}

type Verdict = Omit<Examined, 'name'>

/** Below this, runs are likely to fail for want of space. */
const LOW_DISK_BYTES = 2_000_000_000

/** Every examination on its own, so that one failure does not hide the next. */
export async function examine(cli: Cli): Promise<Examined[]> {
  const found: Examined[] = [{ name: 'node', ...ok(`Node ${process.versions.node} on ${process.platform} ${process.arch}`) }]
  let layout: Layout | null = null
  const look = async (name: string, work: () => Promise<Verdict> | Verdict): Promise<void> => {
    found.push({ name, ...(await Promise.resolve().then(work).catch(broken)) })
  }
  await look('workspace', () => {
    layout = createLayout(cli.workspaceDir())
    return ok(layout.root)
  })
  if (layout === null) return found
  const { root, lockFile, ledgerFile }: Layout = layout
  await look('disk', () => examineDisk(root))
  await look('lock', () => examineLock(lockFile))
  await look('ledger', () => examineLedger(ledgerFile))
  try {
    await cli.withClient(async (client) => {
      await look('duckdb', () => examineDuck(client))
      await look('files', () => examineFiles(client))
      await look('runs', () => examineRuns(client))
      await look('storage', () => examineStorage(client))
      await look('verify', () => examineVerify(client))
    })
  } catch (error) {
    found.push({ name: 'engine', ...broken(error) })
  }
  return found
}

async function examineDisk(root: string): Promise<Verdict> {
  const { bavail, bsize } = await statfs(root)
  const free = bavail * bsize
  if (free >= LOW_DISK_BYTES) return ok(`${formatBytes(free)} free`)
  return { state: 'warning', text: `only ${formatBytes(free)} free`, hint: 'Free some space before the next run' }
}

function examineLock(lockFile: string): Verdict {
  if (!existsSync(lockFile)) return ok('free; the workspace was never opened')
  const lock = acquireWorkspaceLock(lockFile, { pid: process.pid, host: 'doctor', since: new Date().toISOString() })
  if ('release' in lock) {
    lock.release()
    return ok('free')
  }
  const holder = lock.heldBy === null ? 'another Strata' : `the ${lock.heldBy.host} host, process ${lock.heldBy.pid}, since ${lock.heldBy.since}`
  return { state: 'warning', text: `held by ${holder}`, hint: 'To run or export from here, close the other Strata' }
}

/** Also shows that the SQLite module loads. */
async function examineLedger(ledgerFile: string): Promise<Verdict> {
  if (!existsSync(ledgerFile)) return ok('none yet; the first opening makes it')
  const ledger = await openLedger(ledgerFile, { readonly: true })
  try {
    const mistakes = ledger.integrity()
    if (mistakes.length === 0) return ok('sound')
    return { state: 'failed', text: mistakes.slice(0, 3).join('; '), hint: 'Keep a copy of .strata; the published data in zones/ does not depend on the ledger' }
  } finally {
    ledger.close()
  }
}

async function examineDuck(client: StrataClient): Promise<Verdict> {
  const { rowsJson } = await client.query.run({ sql: 'SELECT 6 * 7 AS answer' })
  return rowsJson.includes('42') ? ok('answers') : { state: 'failed', text: `answers ${rowsJson} to 6 * 7`, hint: 'Install Strata again' }
}

async function examineFiles(client: StrataClient): Promise<Verdict> {
  const { findings } = await client.workspace.check()
  const errors = findings.filter(({ severity }) => severity === 'error').length
  if (errors > 0) return { state: 'failed', text: `${errors} of ${findings.length} findings are errors`, hint: 'See them with: strata check' }
  return findings.length === 0 ? ok('no mistakes') : { state: 'warning', text: `${findings.length} warnings`, hint: 'See them with: strata check' }
}

async function examineRuns(client: StrataClient): Promise<Verdict> {
  const { total, runs } = await client.runs.list({ states: ['interrupted'], limit: 1 })
  const [run] = runs
  if (run === undefined) return ok('none is interrupted')
  return { state: 'warning', text: `${formatCount(total)} interrupted`, hint: `Go on with: strata resume ${run.dataType}#${run.runNumber}` }
}

async function examineStorage(client: StrataClient): Promise<Verdict> {
  const [{ totalBytes, versions }, { versionCount, sizeBytes, leftovers }] = [await client.storage.disk(), await client.storage.retention()]
  const text = `${formatBytes(totalBytes)} in the workspace, ${formatCount(versions.length)} versions`
  const parts = [versionCount === 0 ? null : `gc would free ${formatBytes(sizeBytes)}`, leftovers.length === 0 ? null : `${formatCount(leftovers.length)} ${leftovers.length === 1 ? 'leftover belongs' : 'leftovers belong'} to no version`]
  const remarks = parts.filter((part) => part !== null)
  return { state: 'ok', text: [text, ...remarks].join('; '), hint: remarks.length === 0 ? null : 'Look with: strata retention' }
}

async function examineVerify(client: StrataClient): Promise<Verdict> {
  const [{ upkeep }, { total, damages }] = [await client.storage.list({ kind: 'verify', limit: 1 }), await client.storage.damages({ limit: 1 })]
  const [last] = upkeep
  const when = last === undefined ? 'the files were never verified' : `last ${last.state} ${formatAge(last.finishedAt ?? last.startedAt, Date.now())}, ${formatCount(last.files)} files`
  const [first] = damages
  if (first !== undefined) return { state: 'failed', text: `${total === 1 ? '1 file is' : `${formatCount(total)} files are`} not as Strata wrote: ${first.path} ${first.text}; ${when}`, hint: 'List them with: strata verify' }
  return { state: 'ok', text: when, hint: last === undefined ? 'Read them all with: strata verify' : null }
}

function ok(text: string): Verdict {
  return { state: 'ok', text, hint: null }
}

function broken(error: unknown): Verdict {
  const { message, hint } = readProblem(error)
  return { state: 'failed', text: message, hint }
}
