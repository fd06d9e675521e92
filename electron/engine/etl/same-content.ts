import type { DeliveredFile } from '../workers/delivered-file.ts'
import type { Delivered } from './find-texts.ts'
import { hashFile } from './hash-file.ts'
import { Breather } from './small-file.ts'

export interface SplitFiles {
  /** Each content once; of equals the first by path. */
  unique: Delivered[]
  /** The others, with the name of the file that has the same content. */
  again: { file: Delivered; sameAs: string }[]
}

/** Content that was delivered twice is read once. Only files of equal size are compared, so that nothing else is read for it. */
export async function splitSameContent(files: readonly Delivered[], signal: AbortSignal): Promise<SplitFiles> {
  const sizes = new Map<number, number>()
  for (const { sizeBytes } of files) sizes.set(sizeBytes, (sizes.get(sizeBytes) ?? 0) + 1)
  const first = new Map<string, string>()
  const split: SplitFiles = { unique: [], again: [] }
  const breather = new Breather()
  for (const file of files) {
    await breather.pause()
    // Empty files say nothing twice.
    const isAlone = sizes.get(file.sizeBytes) === 1 || file.sizeBytes === 0
    const sha256 = isAlone ? null : await hashFile(file.path, { signal, sizeBytes: file.sizeBytes })
    const sameAs = sha256 === null ? undefined : first.get(sha256)
    if (sameAs !== undefined) split.again.push({ file, sameAs })
    else {
      if (sha256 !== null) first.set(sha256, file.name)
      split.unique.push(file)
    }
  }
  return split
}

interface Account {
  files: DeliveredFile[]
  records: number
  skipped: number
}

/** The account with the files that were not read a second time: all of their records are skipped. In the order in which files were delivered. */
export function withAgain<T extends Account>(account: T, { again }: SplitFiles): T {
  if (again.length === 0) return account
  const byName = new Map(account.files.map((file) => [file.fileName, file]))
  const added = again.flatMap(({ file, sameAs }): DeliveredFile[] => {
    const first = byName.get(sameAs)
    if (first === undefined) return []
    const { path, name, sizeBytes, modifiedAt } = file
    return [{ fileName: name, origin: path, sha256: first.sha256, sizeBytes, modifiedAt, records: first.records, loaded: 0, quarantined: 0, skipped: first.records, members: [], sameAs }]
  })
  const skipped = added.reduce((sum, file) => sum + file.skipped, 0)
  const files = [...account.files, ...added].toSorted((a, b) => (a.origin < b.origin ? -1 : 1))
  return { ...account, files, records: account.records + skipped, skipped: account.skipped + skipped }
}
