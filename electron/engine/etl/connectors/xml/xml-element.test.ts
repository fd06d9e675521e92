import { describe, expect, it } from 'vitest'
import { XmlElement } from './xml-element.ts'

function element(name: string, text = ''): XmlElement {
  const made = new XmlElement()
  made.begin(name)
  made.text = text
  return made
}

describe('elements as JSON', () => {
  it.each(['plain', 'a "quote" and \\', 'two\nlines\tand\u0001', 'ž 漢 \u{1F600}', '\uD800 half', ' [x] !#'])('keep the text %j', (text) => {
    const record = element('r')
    record.setAttribute('id', text)
    record.add(element('a', text), false)
    expect(JSON.parse(record.recordJson())).toEqual({ '@id': text, a: text })
  })

  it('keep members in the order of their first appearance, however many there are, and lists of what comes again', () => {
    const record = element('r')
    const names = Array.from({ length: 40 }, (_, index) => `n${index % 25}`)
    for (const [index, name] of names.entries()) record.add(element(name, String(index)), false)
    const parsed = JSON.parse(record.recordJson()) as Record<string, unknown>
    expect(Object.keys(parsed)).toEqual(names.slice(0, 25))
    expect([parsed['n14'], parsed['n20']]).toEqual([['14', '39'], '20'])
  })

  it('are empty again when they begin anew', () => {
    const reused = element('a', 'x')
    reused.setAttribute('k', 'v')
    reused.begin('b')
    expect(reused.recordJson()).toBe('{}')
  })

  it('have a list of one where that is wanted, and objects in lists', () => {
    const [record, child] = [element('r'), element('c', ' 5 ')]
    child.setAttribute('unit', 'kg')
    record.add(child, true)
    record.add(element('c'), true)
    expect(record.recordJson()).toBe('{"c":[{"@unit":"kg","#text":"5"},null]}')
  })
})
