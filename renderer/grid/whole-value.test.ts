import { expect, it } from 'vitest'
import { hexLines, nestedValue } from './whole-value.ts'

it('takes lists, objects and JSON text as nested, and nothing else', () => {
  expect(nestedValue({ value: [1] })).toEqual([1])
  expect(nestedValue({ value: ' {"a": 1}' })).toEqual({ a: 1 })
  for (const value of ['[not json', 'text', 12, null, true]) expect(nestedValue({ value })).toBeNull()
})

it('shows bytes in lines with their places and letters', () => {
  expect(hexLines('48656C6C6F00FF0102030405060708090A0B')).toBe('00000000  48 65 6c 6c 6f 00 ff 01 02 03 04 05 06 07 08 09  Hello...........\n00000010  0a 0b                                            ..')
  expect(hexLines('')).toBe('')
  expect(hexLines('0101 as text')).toBe('0101 as text')
})
