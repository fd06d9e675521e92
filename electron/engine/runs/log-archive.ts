import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'

/** Logs of finished runs are compressed. While both forms exist, after a kill, the plain one has everything. */

const ENDING = '.gz'

export function archivedLog(file: string): string {
  return `${file}${ENDING}`
}

/** Replaces the log by its compressed form, whole or not at all. */
export async function archiveLog(file: string): Promise<void> {
  if (!existsSync(file)) return
  const half = `${archivedLog(file)}.tmp`
  await pipeline(createReadStream(file), createGzip(), createWriteStream(half))
  await rename(half, archivedLog(file))
  await rm(file, { force: true })
}

/** Before a run goes on: its log grows again. */
export async function expandLog(file: string): Promise<void> {
  const archived = archivedLog(file)
  if (existsSync(archived) && !existsSync(file)) {
    const half = `${file}.tmp`
    await pipeline(createReadStream(archived), createGunzip(), createWriteStream(half))
    await rename(half, file)
  }
  await rm(archived, { force: true })
}

const LOG_NAME = /^([a-z][a-z0-9_]*)-(\d+)\.ndjson(?:\.gz)?$/

/** Removes logs that nobody has written to since `before`, of runs that are over. Returns how many. */
export async function removeOldLogs(dir: string, { before, isOver }: { before: number; isOver(run: RunRef): boolean }): Promise<number> {
  let removed = 0
  for (const name of await readdir(dir)) {
    const [, dataType, number] = LOG_NAME.exec(name) ?? []
    if (dataType === undefined) continue
    const file = path.join(dir, name)
    const { mtimeMs } = await stat(file)
    if (mtimeMs >= before || !isOver({ dataType, runNumber: Number(number) })) continue
    await rm(file, { force: true })
    removed += 1
  }
  return removed
}
