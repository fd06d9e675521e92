import { TextDecoder } from 'node:util'
import type { SaxesParser } from 'saxes'
import { ProblemError } from '../../../../../shared/domain/problem.ts'
import { unreadable } from '../../source-problem.ts'
import type { ZipParts } from './zip-parts.ts'

interface Feeding {
  parts: ZipParts
  part: string
  parser: SaxesParser
  /** Name of the delivered file. */
  file: string
  signal: AbortSignal
  /** After every chunk; false: enough was read. */
  onChunk?(bytes: number): Promise<boolean>
}

/** A part of a workbook through an XML parser, in chunks. No document type is taken: it could declare entities without end. */
export async function feedXml({ parts, part, parser, file, signal, onChunk }: Feeding): Promise<void> {
  let decoder: TextDecoder | null = null
  parser.on('error', (error) => {
    throw error
  })
  parser.on('doctype', () => {
    throw unreadable(`the part ${part} declares a document type, which no workbook does`, { file })
  })
  let bytes = 0
  try {
    for await (const chunk of parts.chunks(part, signal)) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true })
      parser.write(decoder.decode(chunk, { stream: true }))
      bytes += chunk.length
      if (onChunk !== undefined && !(await onChunk(bytes))) return
    }
    parser.write(decoder?.decode() ?? '')
    parser.close()
  } catch (error) {
    if (error instanceof ProblemError || signal.aborted) throw error
    throw unreadable(`the part ${part} is malformed: ${error instanceof Error ? error.message : String(error)}`, { file, cause: error, hint: 'Open the workbook in the program that made it, and save it again' })
  }
}

function encodingOf(chunk: Buffer): string {
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le'
  return chunk[0] === 0xfe && chunk[1] === 0xff ? 'utf-16be' : 'utf-8'
}
