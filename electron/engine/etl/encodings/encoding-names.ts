import iconv from 'iconv-lite'

/** No text encodings, ones in which a byte means nothing by itself, and one that drops what it does not know. */
const NOT_TEXT = new Set(['base64', 'hex', 'binary', 'utf7', 'utf7imap', 'cesu8', 'internal'])

const ALIASES: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  unicode11utf8: 'utf-8',
  // ASCII is UTF-8 that needs no more; what is neither is found by the reader.
  ascii: 'utf-8',
  usascii: 'utf-8',
  utf16: 'utf-16',
  ucs2: 'utf-16',
  utf16le: 'utf-16le',
  ucs2le: 'utf-16le',
  utf16be: 'utf-16be',
  ucs2be: 'utf-16be',
  utf32: 'utf-32',
  ucs4: 'utf-32',
  utf32le: 'utf-32le',
  ucs4le: 'utf-32le',
  utf32be: 'utf-32be',
  ucs4be: 'utf-32be',
  latin1: 'latin-1',
  iso88591: 'latin-1',
  l1: 'latin-1',
  cp1252: 'windows-1252',
  win1252: 'windows-1252',
  windows1252: 'windows-1252',
  ansi: 'windows-1252',
  shiftjis: 'shift_jis',
  sjis: 'shift_jis',
  cp932: 'shift_jis',
  windows31j: 'shift_jis',
  gb2312: 'gb18030',
  gbk: 'gb18030',
  cp936: 'gb18030',
}

/** One name for every way to write it (`Shift-JIS`, `sjis`, `CP932`); null for what is no encoding that can be read. */
export function encodingName(written: string): string | null {
  const plain = written.trim().toLowerCase()
  const key = plain.replaceAll(/[^a-z0-9]/g, '')
  if (key === '' || NOT_TEXT.has(key)) return null
  if (Object.hasOwn(ALIASES, key)) return ALIASES[key] ?? null
  return iconv.encodingExists(plain) ? plain : null
}

/** Names to offer where one is misspelt. */
export const COMMON_ENCODINGS = ['utf-8', 'utf-16', 'utf-32', 'latin-1', 'windows-1252', 'windows-1250', 'windows-1251', 'iso-8859-15', 'shift_jis', 'euc-jp', 'gb18030', 'big5', 'euc-kr', 'koi8-r'] as const
