import { SaxesParser } from 'saxes'
import type { Scanned } from './xml-scanner.ts'
import { BANG, LT, QUESTION } from './xml-bytes.ts'

/** A prolog is short; a longer one is not looked at. */
const MAX_PROLOG_BYTES = 64 << 10
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Where the root element begins, behind the declaration, comments and a document type without a subset of its own: the parser that knows all
 * of XML has nothing against what comes before.
 */
export function prologEnd(bytes: Buffer, end: number): number | Exclude<Scanned, 'done'> {
  const limit = Math.min(end, MAX_PROLOG_BYTES)
  let at = bytes.subarray(0, 3).equals(BOM) ? BOM.length : 0
  for (;;) {
    at = bytes.indexOf(LT, at)
    if (at === -1 || at + 4 > limit) return limit < end ? 'unsure' : 'more'
    const next = bytes[at + 1]
    if (next !== BANG && next !== QUESTION) break
    const closing = next === QUESTION ? '?>' : bytes[at + 2] === 0x2d ? '-->' : '>'
    const close = bytes.indexOf(closing, at + 2, 'latin1')
    if (close === -1 || close + closing.length > limit) return limit < end ? 'unsure' : 'more'
    at = close + closing.length
  }
  return isSound(bytes.toString('utf8', 0, at)) ? at : 'unsure'
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
