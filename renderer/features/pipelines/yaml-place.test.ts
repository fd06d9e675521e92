import { describe, expect, it } from 'vitest'
import { yamlPlace } from './yaml-place.ts'

/** At the bar. */
function placeIn(marked: string): ReturnType<typeof yamlPlace> {
  const at = marked.indexOf('|')
  return yamlPlace(marked.replace('|', ''), at)
}

describe('the place in a YAML file', () => {
  it.each([
    ['|', { path: [], kind: 'key', siblings: [] }],
    ['label: A\nso|', { path: [], kind: 'key', siblings: ['label'] }],
    ['sources:\n  a:\n    fil|\n    format: csv\n  b:\n    files: x\n', { path: ['sources', 'a'], kind: 'key', siblings: ['format'] }],
    ['sources:\n  a:\n    files: x\n    # words\n\n    format: c|', { path: ['sources', 'a'], kind: 'value', key: 'format' }],
    ['columns:\n  id:\n    rules:\n      range:\n        |', { path: ['columns', 'id', 'rules', 'range'], kind: 'key' }],
    ['checks:\n  - name: a\n    s|', { path: ['checks', '*'], kind: 'key', siblings: ['name'] }],
    ['checks:\n  - name: a\n    severity: block\n  - |', { path: ['checks', '*'], kind: 'key', siblings: [] }],
    ['checks:\n- name: a\n  sql: b\n- na|', { path: ['checks', '*'], kind: 'key' }],
    ['key:\n  - |', { path: ['key', '*'], kind: 'key' }],
    ['columns:\n  "a b":\n    type: |', { path: ['columns', 'a b'], kind: 'value', key: 'type' }],
    ['given:\n  raw.x:\n    - { a: 1 }\nexpect: |', { path: [], kind: 'value', key: 'expect' }],
  ])('%s', (text, place) => {
    expect(placeIn(text)).toMatchObject(place)
  })

  it('is none in a comment or in braces', () => {
    expect(placeIn('a: b # c|')).toBeNull()
    expect(placeIn('a: { b|')).toBeNull()
    expect(placeIn('a:\n  - [x, |')).toBeNull()
  })

  it('begins where what is typed begins', () => {
    expect(placeIn('sources:\n  a:\n    form|')?.from).toBe('sources:\n  a:\n    '.length)
    expect(placeIn('format: cs|')?.from).toBe('format: '.length)
  })
})
