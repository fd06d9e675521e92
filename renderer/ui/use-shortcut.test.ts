import { describe, expect, it } from 'vitest'
import { keysOf } from './use-shortcut.ts'

const plain = { key: 'b', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

describe('keysOf', () => {
  it('writes keys as shortcuts are written, with Cmd as Ctrl', () => {
    expect(keysOf(plain)).toBe('b')
    expect(keysOf({ ...plain, metaKey: true })).toBe('ctrl+b')
    expect(keysOf({ ...plain, key: 'B', ctrlKey: true, shiftKey: true })).toBe('ctrl+shift+b')
  })
})
