import { createHash } from 'node:crypto'
import { chmod, open, rm } from 'node:fs/promises'

const FLUSH_BYTES = 1 << 20
const READ_ONLY = 0o444

export interface WrittenLines {
  sha256: string
  sizeBytes: number
  rows: number
}

/** Writes lines as they come, synced and read-only in the end, with the hash of all bytes. When it fails, nothing is left. */
export async function writeLines(path: string, batches: AsyncIterable<readonly string[]>, onRows: (rows: number) => void): Promise<WrittenLines> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  let rows = 0
  let pending: string[] = []
  let pendingChars = 0
  const file = await open(path, 'wx')
  const flush = async (): Promise<void> => {
    const bytes = Buffer.from(pending.join(''))
    pending = []
    pendingChars = 0
    sizeBytes += bytes.length
    hash.update(bytes)
    await file.writeFile(bytes)
  }
  try {
    for await (const batch of batches) {
      for (const line of batch) {
        pending.push(line, '\n')
        pendingChars += line.length + 1
      }
      rows += batch.length
      if (pendingChars >= FLUSH_BYTES) await flush()
      onRows(rows)
    }
    await flush()
    await file.sync()
  } catch (error) {
    await file.close()
    await rm(path, { force: true })
    throw error
  }
  await file.close()
  await chmod(path, READ_ONLY)
  return { sha256: hash.digest('hex'), sizeBytes, rows }
}
