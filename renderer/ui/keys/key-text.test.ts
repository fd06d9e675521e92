import { describe, expect, it } from 'vitest'
import { capsOf, keysOf, keysProblem } from './key-text.ts'

const plain = { key: 'b', code: 'KeyB', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

describe('keys as text', () => {
  it('have Cmd as Ctrl, and are nothing while only a modifier is held', () => {
    expect(keysOf(plain)).toBe('b')
    expect(keysOf({ ...plain, metaKey: true })).toBe('ctrl+b')
    expect(keysOf({ ...plain, key: 'B', ctrlKey: true, shiftKey: true })).toBe('ctrl+shift+b')
    expect(keysOf({ ...plain, key: 'Shift', code: 'ShiftLeft', shiftKey: true })).toBeNull()
  })

  it('go by the place of the key where Alt or a layout makes another sign', () => {
    expect(keysOf({ ...plain, key: '¡', code: 'Digit1', altKey: true })).toBe('alt+1')
    expect(keysOf({ ...plain, key: 'л', code: 'KeyK', ctrlKey: true })).toBe('ctrl+k')
  })

  it('name a sign by itself, wherever Shift makes it', () => {
    expect(keysOf({ ...plain, key: '?', code: 'Slash', shiftKey: true })).toBe('?')
    expect(keysOf({ ...plain, key: '+', code: 'Equal', ctrlKey: true })).toBe('ctrl++')
    expect(capsOf('ctrl++')).toBe('Ctrl +')
  })

  it('are written as on caps', () => {
    expect(capsOf('ctrl+shift+enter')).toBe('Ctrl Shift Enter')
    expect(capsOf('alt+arrowleft', true)).toBe('Alt ←')
    expect(capsOf('ctrl+k', true)).toBe('Cmd K')
  })

  it('are refused where they work everything else', () => {
    for (const keys of ['tab', 'escape', 'enter', 'arrowdown', 'ctrl+c', 'ctrl+w']) expect(keysProblem(keys)).not.toBeNull()
    for (const keys of ['g', 'ctrl+arrowdown', 'f9', 'alt+enter']) expect(keysProblem(keys)).toBeNull()
  })
})
