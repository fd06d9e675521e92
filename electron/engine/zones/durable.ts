import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'

/**
 * Every file operation on which a promise to the user rests: what it returned from survives a power cut. A test double that
 * drops whatever was not synced stands in for the power cut.
 */
export interface Durable {
  /** Writes a whole file: beside its place, synced, then renamed over it. */
  writeFile(file: string, content: string): Promise<void>
  /** Writes a whole file into a folder that nobody looks into yet, synced; its name is safe when the folder is. */
  writeNew(file: string, content: string): Promise<void>
  syncFile(file: string): Promise<void>
  syncDir(dir: string): Promise<void>
  /** Renames and syncs the folders on both ends. */
  rename(from: string, to: string): Promise<void>
  /** Cuts a file to `sizeBytes`. */
  truncate(file: string, sizeBytes: number): Promise<void>
  remove(target: string): Promise<void>
}

export const durable: Durable = {
  async writeFile(file, content) {
    const temporary = `${file}.tmp`
    await durable.writeNew(temporary, content)
    await durable.rename(temporary, file)
  },
  async writeNew(file, content) {
    const handle = await open(file, 'w')
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
  async syncFile(file) {
    const handle = await open(file, 'r+').catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EACCES' || error.code === 'EPERM') return open(file, 'r')
      throw error
    })
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
  async syncDir(dir) {
    // Windows cannot open a folder for syncing; its file system journals renames itself.
    if (process.platform === 'win32') return
    const handle = await open(dir, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
  async rename(from, to) {
    await rename(from, to)
    await durable.syncDir(path.dirname(to))
    if (path.dirname(from) !== path.dirname(to)) await durable.syncDir(path.dirname(from))
  },
  async truncate(file, sizeBytes) {
    const handle = await open(file, 'r+')
    try {
      await handle.truncate(sizeBytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
  remove: (target) => rm(target, { recursive: true, force: true }),
}
