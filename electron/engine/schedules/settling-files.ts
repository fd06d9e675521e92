/** A file as it was found. */
export interface SeenFile {
  path: string
  sizeBytes: number
  modifiedAt: number
}

export interface Settling {
  /**
   * Takes in which files are new now, and answers with those that can be read: nothing was written to any of them for a while. As long as
   * one is still being written the others wait too, since they are likely to be one delivery; but not for ever.
   */
  look(files: readonly SeenFile[], now: number): SeenFile[]
  /** New files that are not settled yet. */
  pending(): number
}

export interface SettlingOptions {
  /** How long size and time must stay as they are. */
  settleMs: number
  /** After that, a file that never comes to rest holds nobody up any more. */
  patienceMs: number
}

interface Watched extends SeenFile {
  /** When it was first seen so, and when it was first seen at all. */
  unchangedSince: number
  newSince: number
}

/** Tells files that are complete from those that are being written, by nothing but what a folder shows. */
export function createSettling({ settleMs, patienceMs }: SettlingOptions): Settling {
  const watched = new Map<string, Watched>()
  return {
    look(files, now) {
      const present = new Set(files.map(({ path }) => path))
      for (const path of watched.keys()) if (!present.has(path)) watched.delete(path)
      for (const file of files) {
        const before = watched.get(file.path)
        const isSame = before?.sizeBytes === file.sizeBytes && before.modifiedAt === file.modifiedAt
        watched.set(file.path, { ...file, newSince: before?.newSince ?? now, unchangedSince: isSame ? before.unchangedSince : now })
      }
      const settled = [...watched.values()].filter(({ unchangedSince }) => now - unchangedSince >= settleMs)
      const waitedLong = settled.some(({ newSince }) => now - newSince >= patienceMs)
      if (settled.length < watched.size && !waitedLong) return []
      return settled.map(({ path, sizeBytes, modifiedAt }) => ({ path, sizeBytes, modifiedAt }))
    },
    pending: () => watched.size,
  }
}
