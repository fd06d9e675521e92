import { SaxesParser } from 'saxes'
import type { Scanned } from './xml-scanner.ts'
import { BANG, HYPHEN, LT, QUESTION } from './xml-bytes.ts'

/** A prolog is short; a longer one is not looked at. */
const MAX_PROLOG_BYTES = 64 << 10
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Where the root element begins, behind the declaration, comments and a document type without a subset of its own: the parser that knows all
 * of XML has nothing against what comes before.
 */
export function prologEnd(bytes: Buffer, end: number): number | Exclude<Scanned, 'done'> {
  const limit = Math.min(end, MAX_PROLOG_BYTES)
  const isCut = limit < end ? 'unsure' : 'more'
  let at = bytes.subarray(0, 3).equals(BOM) ? BOM.length : 0
  for (;;) {
    at = bytes.indexOf(LT, at)
    if (at === -1 || at + 4 > limit) return isCut
    const closing = closingOf(bytes, at)
    if (closing === null) return isSound(bytes.toString('utf8', 0, at)) ? at : 'unsure'
    const close = bytes.indexOf(closing, at + 2, 'latin1')
    if (close === -1 || close + closing.length > limit) return isCut
    at = close + closing.length
  }
}

/** What ends the markup that begins here; null for an element. */
function closingOf(bytes: Buffer, at: number): string | null {
  if (bytes[at + 1] === QUESTION) return '?>'
  if (bytes[at + 1] !== BANG) return null
  return bytes[at + 2] === HYPHEN ? '-->' : '>'
}

function isSound(prolog: string): boolean {
  if (/<!ENTITY|<!DOCTYPE[^>]*[[]|<\?xml[^>]*version\s*=\s*["'](?!1\.0)/i.test(prolog)) return false
  const parser = new SaxesParser()
  let isSound = true
  parser.on('error', () => {
    isSound = false
  })
  parser.write(`${prolog}<root/>`).close()
  return isSound
}
