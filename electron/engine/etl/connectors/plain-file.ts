import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { SourceFile } from './connector.ts'
import { isGzip, openSource } from './open-source.ts'

/** Where a delivered file can be read at any place: the file itself, or an unpacked copy. */
export async function asPlainFile({ scratchDir, signal }: { scratchDir: string; signal: AbortSignal }, file: SourceFile): Promise<string> {
  if (!isGzip(file.path)) return file.path
  const path = join(scratchDir, `unpacked-${file.index}`)
  await pipeline(openSource(file, signal), createWriteStream(path), { signal })
  return path
}
