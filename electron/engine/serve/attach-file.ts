import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

/**
 * Where a living engine can be reached by others of the same person. Lies in `.strata/`, readable by its owner alone, as long as the
 * engine that wrote it holds the workspace.
 */
const attachInfoSchema = z.strictObject({
  pid: z.int().positive(),
  host: z.string(),
  since: z.string(),
  version: z.string(),
  port: z.int().min(1).max(65_535),
  token: z.string().min(1),
  /** Where the engine's host shows its window to browsers; null when it does not. */
  windowUrl: z.string().nullable(),
})
export type AttachInfo = z.infer<typeof attachInfoSchema>

/** In place at once and whole, and never readable by others, not even for a moment. */
export function writeAttachInfo(path: string, info: AttachInfo): void {
  const temporary = `${path}.${info.pid}.tmp`
  rmSync(temporary, { force: true })
  writeFileSync(temporary, JSON.stringify(info), { mode: 0o600, flag: 'wx' })
  renameSync(temporary, path)
}

/** Takes the file away if it is still this engine's. */
export function removeAttachInfo(path: string, token: string): void {
  if (readFileInfo(path)?.token === token) rmSync(path, { force: true })
}

/** Null when there is none, it cannot be read, or the process that wrote it is dead. */
export function readAttachInfo(path: string): AttachInfo | null {
  const info = readFileInfo(path)
  return info !== null && isAlive(info.pid) ? info : null
}

function readFileInfo(path: string): AttachInfo | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES')) return null
    throw error
  }
  try {
    return attachInfoSchema.parse(JSON.parse(text))
  } catch {
    // Half a file of a killed Strata, or one of another version: nobody can be reached through it.
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
