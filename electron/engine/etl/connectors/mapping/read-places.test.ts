import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quoteLiteral } from '../../../../../shared/domain/naming.ts'
import { type Duck, openDuck } from '../../../query/duckdb.ts'
import { fieldSql, parseFieldPath, walkSql } from './field-path.ts'
import { PlacesRead } from './read-places.ts'

let duck: Duck
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'strata-places-'))
  duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: dir })
})
afterAll(async () => {
  duck[Symbol.dispose]()
  await rm(dir, { recursive: true, force: true })
})

const key = fc.constantFrom('a', 'b', 'c d')
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, fc.constantFrom(null, 1, 'x', true, []), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(key, tie('value'), { maxKeys: 3 })),
}))
const step = fc.tuple(key, fc.constantFrom('', '', '', '?')).map(([name, mark]) => `."${name}"${mark}`)
const place = fc.tuple(fc.array(fc.oneof({ weight: 5, arbitrary: step }, { weight: 1, arbitrary: fc.constant('[*]') }), { minLength: 1, maxLength: 4 }), fc.constantFrom('', '', '[*]')).map(([steps, end]) => `$${steps.join('')}${end}`)

describe('places read by one parse', () => {
  it('are what a walk to each of them finds, for any documents and any paths (property)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.dictionary(key, value), { minLength: 1, maxLength: 5 }), fc.array(place, { minLength: 1, maxLength: 6 }), async (documents, paths) => {
        const read = new PlacesRead('doc')
        const compared = paths.map((text, index) => {
          const steps = parseFieldPath(text, false)
          const isList = text.endsWith('[*]')
          const found = walkSql('doc', steps)
          return `${read.field({ name: 'f', path: text, isList }, false)}::VARCHAR AS f${index}, ${fieldSql('doc', { steps, isList })}::VARCHAR AS g${index},
            ${read.shapes(steps)} AS s${index}, CASE WHEN len(${found}) = 0 THEN ['absent'] ELSE list_transform(${found}, lambda e: json_type(e)) END AS t${index}`
        })
        const rows = await duck.rows(`SELECT ${compared.join(', ')} FROM (SELECT *${read.columns()} FROM (VALUES ${documents.map((one) => `(${quoteLiteral(JSON.stringify(one))}::JSON)`).join(', ')}) AS d(doc))`)
        for (const row of rows) for (const [index] of paths.entries()) expect([row[`f${index}`], row[`s${index}`]]).toEqual([row[`g${index}`], row[`t${index}`]])
      }),
      { numRuns: 60 },
    )
  })
})
