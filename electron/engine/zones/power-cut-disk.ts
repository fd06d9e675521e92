import { cp, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Durable, durable } from './durable.ts'

/**
 * A disk that forgets: it does what is asked, and `cutPower` then leaves only what was synced. A file keeps the content of its
 * last sync; a name exists only if its folder was synced after it appeared. For tests of the commit protocol.
 */
export interface PowerCutDisk extends Durable {
  cutPower(): Promise<void>
}

export function powerCutDisk(root: string): PowerCutDisk {
  /** What the platter holds: path to content, for files; folders by their presence. */
  const platter = new Map<string, Buffer>()
  /** Synced content of files whose name is not safe yet, by present path. */
  const synced = new Map<string, Buffer>()

  const syncDir = async (dir: string): Promise<void> => {
    const names = new Set(await readdir(dir).catch(() => []))
    for (const file of platter.keys()) if (path.dirname(file) === dir && !names.has(path.basename(file))) platter.delete(file)
    for (const name of names) {
      const file = path.join(dir, name)
      if ((await stat(file)).isDirectory()) continue
      const content = synced.get(file)
      if (content !== undefined) platter.set(file, content)
    }
  }
  const disk: PowerCutDisk = {
    async writeFile(file, content) {
      await durable.writeFile(file, content)
      synced.set(file, Buffer.from(content))
      await syncDir(path.dirname(file))
    },
    async writeNew(file, content) {
      await durable.writeNew(file, content)
      synced.set(file, Buffer.from(content))
    },
    async syncFile(file) {
      synced.set(file, await readFile(file))
    },
    syncDir,
    async rename(from, to) {
      await durable.rename(from, to)
      for (const map of [platter, synced]) {
        for (const [file, content] of [...map]) {
          if (file !== from && !file.startsWith(from + path.sep)) continue
          map.delete(file)
          map.set(to + file.slice(from.length), content)
        }
      }
      await syncDir(path.dirname(to))
    },
    async truncate(file, sizeBytes) {
      await truncate(file, sizeBytes)
      synced.set(file, await readFile(file))
    },
    remove: (target) => durable.remove(target),
    async cutPower() {
      const kept = `${root}-platter`
      await rm(kept, { recursive: true, force: true })
      for (const [file, content] of platter) {
        const copy = path.join(kept, path.relative(root, file))
        await mkdir(path.dirname(copy), { recursive: true })
        await writeFile(copy, content)
      }
      await rm(root, { recursive: true, force: true })
      await mkdir(kept, { recursive: true })
      await cp(kept, root, { recursive: true })
      await rm(kept, { recursive: true })
    },
  }
  return disk
}
