import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testWorkspace } from './test-workspace.ts'

const words = ['sources', 'files', 'columns', 'rules', 'checks', 'sql', 'entity', 'input', 'key', 'null', 'retry', 'busy', 'unique', 'rows', 'min', 'not_null', 'range', 'pattern', 'relationship', 'to', 'a.csv', 'raw.s', '__proto__', 'constructor', '~', '1%', '[a', '(', 'INTEGER', 'SELECT 1']
const scalar = fc.oneof(fc.constantFrom(...words), fc.integer(), fc.boolean(), fc.constant(null), fc.string({ maxLength: 6 }))
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 5, depthSize: 'medium' }, scalar, fc.array(tie('tree'), { maxLength: 4 }), fc.dictionary(fc.constantFrom(...words), tie('tree'), { maxKeys: 5 })),
}))
/** JSON is YAML, so this is well formed and means nothing; the other is neither. */
const meaningless = tree.map((value) => JSON.stringify(value))
const broken = fc.array(fc.oneof(fc.constantFrom(...words), fc.constantFrom(':', ' ', '\n', '  ', '- ', '{', '}', '[', ']', '|', '&a', '*a', '"', "'", '#', '\t', '---\n')), { maxLength: 25 }).map((parts) => parts.join(''))

describe('whatever the files hold', () => {
  it('is answered with findings that have a place in their file, never thrown', async () => {
    await using workspace = await testWorkspace({ 'pipelines/a/curated/x.sql': 'SELECT 1 AS a', 'pipelines/a/processed/e.ts': 'export default {}' })
    const text = fc.oneof(meaningless, broken)
    await fc.assert(
      fc.asyncProperty(text, text, text, async (strata, pipeline, contract) => {
        const files: Record<string, string> = { 'strata.yaml': strata, 'pipelines/a/pipeline.yaml': pipeline, 'pipelines/a/curated/x.yaml': contract, 'pipelines/a/processed/e.yaml': contract }
        await workspace.write(files)
        const { findings } = await workspace.load()
        for (const { file, line, column } of findings) {
          const lines = files[file]?.split('\n')
          if (lines === undefined || line === null || column === null) continue
          expect(line).toBeLessThanOrEqual(lines.length)
          expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1)
        }
      }),
      { numRuns: 40 },
    )
  })
})
