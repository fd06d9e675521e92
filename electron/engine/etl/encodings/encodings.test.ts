import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { printableBytes, textWithStandIns, unfinishedBytes, utf8Evidence } from './bad-bytes.ts'
import { detectEncoding } from './detect-encoding.ts'
import { encodingName } from './encoding-names.ts'
import { transcode } from './transcode.ts'

const JAPANESE = '氏名,住所\n山田太郎,東京都千代田区\n佐藤花子,大阪府大阪市北区ソ表\n'
const CHINESE = '姓名,城市\n张三,北京市\n李四,上海\n'
const RUSSIAN = 'имя;город\nИван Петров;Москва, улица Ленина\nАнна Смирнова;Санкт-Петербург\n'
const FRENCH = 'nom;ville\nFrançois;Orléans\nZoë;Besançon\nAgnès;Nîmes\n'
const MARKS = 'name,price\nCafé “Zoë” – 5,€ 20\nNaïve,£3\n'

async function decoded(bytes: Buffer, encoding: string, chunkBytes = bytes.length || 1): Promise<Buffer> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
  }
  const out: Buffer[] = []
  for await (const piece of transcode(chunks(), encoding)) out.push(Buffer.from(piece))
  return Buffer.concat(out)
}

describe('encodings', () => {
  it.each([
    ['utf-16le', 'aé€😀\n', {}],
    ['utf-16be', 'aé€😀\n', {}],
    ['utf-32le', 'aé€😀\n', {}],
    ['utf-32be', 'aé€😀\n', {}],
    ['windows-1252', MARKS, {}],
    ['latin-1', FRENCH, {}],
    ['iso-8859-15', FRENCH, {}],
    ['windows-1251', RUSSIAN, {}],
    ['koi8-r', RUSSIAN, {}],
    ['shift_jis', JAPANESE, {}],
    ['euc-jp', JAPANESE, {}],
    ['gb18030', `${CHINESE}😀`, {}],
    ['big5', '姓名,城市\n張三,台北\n', {}],
    ['euc-kr', '이름,도시\n홍길동,서울\n', {}],
  ])('%s becomes the same text, however the bytes are cut', async (encoding, text) => {
    const bytes = iconv.encode(text, encoding === 'latin-1' ? 'iso-8859-1' : encoding)
    for (const chunkBytes of [1, 2, 3, 5, 1000]) expect((await decoded(bytes, encoding, chunkBytes)).toString()).toBe(text)
  })

  it('keeps every byte that is no text, and never makes a character of replacement of it (property)', async () => {
    const encodings = ['utf-16le', 'utf-16be', 'utf-32le', 'windows-1252', 'windows-1253', 'shift_jis', 'euc-jp', 'gb18030', 'big5', 'euc-kr']
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...encodings), fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 7 }), async (encoding, array, chunkBytes) => {
        const bytes = Buffer.from(array)
        const whole = await decoded(bytes, encoding)
        expect(textWithStandIns(whole)).not.toContain('\uFFFD\uFFFD')
        const isAsciiAsItIs = encoding.startsWith('utf') || bytes.some((byte) => byte >= 0x80) || whole.equals(bytes)
        expect(isAsciiAsItIs).toBe(true)
        // Cut elsewhere, the same bytes are bad.
        expect(printableBytes(await decoded(bytes, encoding, chunkBytes))).toBe(printableBytes(whole))
      }),
      { numRuns: 400, seed: 11 },
    )
  })

  it('marks what an encoding does not have', async () => {
    const show = async (encoding: string, ...bytes: number[]): Promise<string> => printableBytes(await decoded(Buffer.from(bytes), encoding))
    expect(await show('windows-1252', 0x41, 0x81, 0x42)).toBe('A\\x81B')
    expect(await show('latin-1', 0xe9)).toBe('é')
    expect(await show('shift_jis', 0x82, 0xa0, 0x82, 0x20)).toBe('あ\\x82 ')
    expect(await show('utf-16le', 0x41, 0, 0, 0xd8, 0x42, 0)).toBe('A\\x00\\xD8B')
    expect(await show('utf-16le', 0x41, 0, 0x42)).toBe('A\\x42')
    expect(await show('utf-32le', 0x41, 0, 0, 0, 0, 0, 0x11, 0)).toBe('A\\x00\\x00\\x11\\x00')
    expect(isUtf8(await decoded(Buffer.from([0x81]), 'windows-1252'))).toBe(false)
  })

  it('finds what was written, and how sure that is', () => {
    const found = (text: string, encoding: string): string => detectEncoding(iconv.encode(text, encoding)).encoding
    expect(detectEncoding(Buffer.from('plain'))).toMatchObject({ encoding: 'utf-8', by: 'ascii' })
    expect(detectEncoding(Buffer.from(FRENCH))).toMatchObject({ encoding: 'utf-8', by: 'utf-8' })
    expect(detectEncoding(Buffer.from(`\uFEFF${FRENCH}`))).toMatchObject({ encoding: 'utf-8', by: 'mark' })
    expect(detectEncoding(Buffer.from(`\uFEFF${FRENCH}`, 'utf16le'))).toMatchObject({ encoding: 'utf-16le', by: 'mark' })
    expect(detectEncoding(iconv.encode(`\uFEFF${FRENCH}`, 'utf-32be'))).toMatchObject({ encoding: 'utf-32be', by: 'mark' })
    expect(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'].map((encoding) => found(FRENCH, encoding))).toEqual(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'])
    expect([found(FRENCH, 'windows-1252'), found(MARKS, 'windows-1252')]).toEqual(['windows-1252', 'windows-1252'])
    expect([found(JAPANESE, 'shift_jis'), found(CHINESE, 'gb18030'), found(RUSSIAN.repeat(3), 'windows-1251'), found(RUSSIAN.repeat(3), 'koi8-r')]).toEqual(['shift_jis', 'gb18030', 'windows-1251', 'koi8-r'])
    expect(detectEncoding(iconv.encode('<?xml version="1.0" encoding="Shift_JIS"?><a/>', 'shift_jis'), { isXml: true })).toMatchObject({ encoding: 'shift_jis', by: 'xml declaration' })
  })

  it('takes UTF-8 with a few bad bytes for damaged UTF-8, not for another encoding', () => {
    const bytes = Buffer.concat([Buffer.from(FRENCH.repeat(5)), Buffer.from([0xe9, 0x0a]), Buffer.from(FRENCH)])
    expect(detectEncoding(bytes)).toMatchObject({ encoding: 'utf-8', by: 'damaged' })
    expect(utf8Evidence(bytes)).toMatchObject({ bad: 1 })
  })

  it('says how unsure a guess is', () => {
    const guess = detectEncoding(Buffer.from('a,b\n1,caf\xe9\n', 'latin1'))
    expect(guess).toMatchObject({ encoding: 'windows-1252', by: 'statistics' })
    expect(guess.confidence).toBeLessThan(0.8)
  })

  it('knows encodings by any of their names, and what is none', () => {
    expect(['UTF8', 'Latin1', 'cp1252', 'Windows-1252', 'SJIS', 'Shift-JIS', 'GBK', 'UTF-16', 'ISO-8859-15', 'macroman'].map(encodingName)).toEqual([
      'utf-8', 'latin-1', 'windows-1252', 'windows-1252', 'shift_jis', 'shift_jis', 'gb18030', 'utf-16', 'iso-8859-15', 'macroman',
    ])
    expect(['base64', 'hex', 'utf-7', 'klingon', ''].map(encodingName)).toEqual([null, null, null, null, null])
  })

  it('knows where a character is unfinished', () => {
    const euro = Buffer.from('€')
    expect([unfinishedBytes(euro), unfinishedBytes(euro.subarray(0, 2)), unfinishedBytes(euro.subarray(0, 1)), unfinishedBytes(Buffer.from('ab')), unfinishedBytes(Buffer.alloc(0))]).toEqual([0, 2, 1, 0, 0])
  })
})
