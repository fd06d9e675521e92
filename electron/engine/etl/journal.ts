import { type FileHandle, open } from 'node:fs/promises'

/** Rows of an entity step before they are a version: NDJSON, appended in batches, each on disk before the ledger hears of it. */
export interface Journal extends AsyncDisposable {
  /** Appends rows and waits for the disk. Returns the length of the file in bytes. */
  append(rows: readonly Record<string, unknown>[]): Promise<number>
}

/** Opens a journal at its end; it holds exactly what the ledger knows, and nobody else writes to it. */
export async function openJournal(file: string): Promise<Journal> {
  const handle: FileHandle = await open(file, 'a')
  let sizeBytes = (await handle.stat()).size
  return {
    async append(rows) {
      if (rows.length === 0) return sizeBytes
      const bytes = Buffer.from(journalText(rows))
      await handle.appendFile(bytes)
      await handle.datasync()
      sizeBytes += bytes.length
      return sizeBytes
    },
    [Symbol.asyncDispose]: () => handle.close(),
  }
}

/** Rows as the journal has them, a line each. */
export function journalText(rows: readonly Record<string, unknown>[]): string {
  return rows.map((row) => `${JSON.stringify(row, wideNumbers)}\n`).join('')
}

/** JSON has no form for BigInt in JavaScript; as text no digit is lost. */
function wideNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
