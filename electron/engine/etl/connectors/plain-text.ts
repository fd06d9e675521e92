import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { TextDecoder } from 'node:util'
import type { CsvOptions } from '../../workspace/model.ts'
import { unreadable } from '../source-problem.ts'
import type { ExtractJob, SourceFile } from './connector.ts'
import { isGzip, openSource } from './open-source.ts'

/** A delivered file as UTF-8 text on disk: the file itself, or an unpacked and converted copy. */
export interface PlainText {
  index: number
  name: string
  path: string
  sizeBytes: number
}

const ENCODINGS = { 'utf-16': 'utf-16le', 'latin-1': 'windows-1252' } as const

/** Unpacks and converts what DuckDB does not read in parallel or not at all. latin-1 is read as Windows-1252, which contains it. */
export async function asPlainText({ source, scratchDir, signal }: ExtractJob, file: SourceFile): Promise<PlainText> {
  const { encoding } = source.csv
  if (encoding === 'utf-8' && !isGzip(file.path)) return { index: file.index, name: file.name, path: file.path, sizeBytes: file.sizeBytes }
  const path = join(scratchDir, `text-${file.index}.txt`)
  const chunks = encoding === 'utf-8' ? openSource(file, signal) : decoded(file, encoding, signal)
  await pipeline(chunks, createWriteStream(path), { signal })
  return { index: file.index, name: file.name, path, sizeBytes: (await stat(path)).size }
}

async function* decoded(file: SourceFile, encoding: Exclude<CsvOptions['encoding'], 'utf-8'>, signal: AbortSignal): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null
  try {
    for await (const chunk of openSource(file, signal)) {
      const isBigEndian = encoding === 'utf-16' && chunk[0] === 0xfe && chunk[1] === 0xff
      decoder ??= new TextDecoder(isBigEndian ? 'utf-16be' : ENCODINGS[encoding], { fatal: true })
      yield decoder.decode(chunk, { stream: true })
    }
    if (decoder !== null) yield decoder.decode()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw unreadable(`not ${encoding} text`, { file: file.name, cause: error, hint: 'Correct the encoding of the source' })
  }
}
