import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hashProcessor } from './processor-code.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'strata-code-'))
  await mkdir(path.join(root, 'lib'))
  await put('step.ts', `import { z } from 'zod'\nimport { a } from './lib/a.ts'\n`)
  await put('lib/a.ts', `export * from './b.ts'\n`)
  await put('lib/b.ts', `export const a = 1\nexport { default } from '../step.ts'\n`)
})

afterEach(() => rm(root, { recursive: true, force: true }))

const put = (file: string, text: string): Promise<void> => writeFile(path.join(root, file), text)
const hash = (): Promise<string> => hashProcessor(path.join(root, 'step.ts'), root)

it('changes with what is imported, however far away, also in a circle', async () => {
  const before = await hash()
  expect(await hash()).toBe(before)
  await put('lib/b.ts', 'export const a = 2\n')
  expect(await hash()).not.toBe(before)
})

it('does not depend on where the workspace lies, nor on files that nobody imports', async () => {
  const before = await hash()
  await put('lib/unused.ts', 'export const c = 1\n')
  expect(await hash()).toBe(before)
})

it('is another when an imported file appears that was missing', async () => {
  await rm(path.join(root, 'lib', 'b.ts'))
  const missing = await hash()
  await put('lib/b.ts', 'export const a = 1\n')
  expect(await hash()).not.toBe(missing)
})
