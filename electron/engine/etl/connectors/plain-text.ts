import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ExtractJob, SourceFile } from './connector.ts'
import { openSource } from './open-source.ts'

/** A delivered text as UTF-8 on disk: the file itself, or an unpacked and converted copy. */
export interface PlainText {
  index: number
  name: string
  path: string
  sizeBytes: number
  /** The encoding it was delivered in. */
  writtenIn: string
  hasZeroByte: boolean
}

/** Unpacks and converts what DuckDB does not read in parallel or not at all. */
export async function asPlainText({ scratchDir, signal }: Pick<ExtractJob, 'scratchDir' | 'signal'>, file: SourceFile): Promise<PlainText> {
  const { index, name, encoding } = file
  if (encoding === 'utf-8' && file.packing === 'plain') return { index, name, writtenIn: encoding, hasZeroByte: file.hasZeroByte, path: file.path, sizeBytes: file.sizeBytes }
  const path = join(scratchDir, `text-${index}.txt`)
  let hasZeroByte = false
  async function* watched(): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of openSource(file, signal)) {
      hasZeroByte ||= chunk.includes(0)
      yield chunk
    }
  }
  await pipeline(watched(), createWriteStream(path), { signal })
  return { index, name, writtenIn: encoding, hasZeroByte, path, sizeBytes: (await stat(path)).size }
}
