import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface RealData {
  dir: string
  /** The folder is not on this machine: suites over it are skipped, and their titles say what they need. */
  absent: boolean
}

/** A folder of third-party files that lie beside the project on some machines and are never part of it. */
export function realData(folder: string): RealData {
  const dir = fileURLToPath(new URL(`../../../../shared/data/${folder}`, import.meta.url))
  return { dir, absent: !existsSync(dir) }
}
