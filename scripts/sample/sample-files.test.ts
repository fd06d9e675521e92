import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { sampleFiles } from './sample-files.ts'

const WORKSPACE = fileURLToPath(new URL('../../resources/sample/rare-disease/', import.meta.url))

describe('sampleFiles', () => {
  const files = sampleFiles()

  it('makes exactly the files that are in the repository, byte for byte', () => {
    const committed = readdirSync(join(WORKSPACE, 'inbox'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(WORKSPACE.length).replaceAll('\\', '/'))
    expect(committed.sort()).toEqual([...files.keys()].sort())
    const changed = committed.filter((path) => readFileSync(join(WORKSPACE, path), 'utf8') !== files.get(path))
    expect(changed).toEqual([])
  })

  it('stays small', () => {
    const sizeBytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    expect(sizeBytes).toBeLessThan(3_000_000)
  })

  it('holds both shapes of lists and both of references', () => {
    const packets = [...files].filter(([path]) => path.includes('ORPHApacket')).map(([, text]) => text)
    const prevalences = packets.map((text) => JSON.parse(text).Orphapacket.Prevalences).filter((list) => list !== undefined)
    expect(new Set(prevalences.map(Array.isArray))).toEqual(new Set([true, false]))
    const references = packets.map((text) => JSON.parse(text).Orphapacket.ExternalReferences).filter((list) => list !== undefined)
    expect(references.some((list) => Array.isArray(list) && 'Source' in list[0])).toBe(true)
    expect(references.some((list) => Array.isArray(list) && 'ExternalReference' in list[0])).toBe(true)
    expect(references.some((list) => !Array.isArray(list))).toBe(true)
  })

  it('makes the same again in the same process', () => {
    expect(sampleFiles()).toEqual(files)
  })
})
