import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { initWorkspace } from './init-workspace.ts'
import { findingText } from './test-workspace.ts'
import { loadWorkspace } from './load-workspace.ts'
import type { WorkspaceModel } from './model.ts'

let base: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'strata-init-test-'))
})
afterEach(() => rm(base, { recursive: true, force: true }))

/** Without SQL there is nothing to analyse. */
const load = (root: string): Promise<WorkspaceModel> => {
  const none = (): Promise<never> => Promise.reject(new Error('not needed'))
  return loadWorkspace({ root, analyst: { analyse: none, describe: none, grain: none, syntax: none }, knownColumns: () => null, cache: { get: () => null, setAll: () => {} } })
}

async function makeSample(): Promise<string> {
  const dir = join(base, 'sample')
  await mkdir(join(dir, 'pipelines', 'a'), { recursive: true })
  await mkdir(join(dir, 'zones', 'raw'), { recursive: true })
  await writeFile(join(dir, 'strata.yaml'), 'name: sample\n')
  await writeFile(join(dir, 'pipelines', 'a', 'pipeline.yaml'), 'sources: { s: { files: a.csv } }\n')
  await chmod(join(dir, 'strata.yaml'), 0o444)
  return dir
}

describe('an empty workspace', () => {
  it.each(['My Data', '2024', '…', 'plain'])('in a new folder called %s can be opened without a finding', async (name) => {
    const dir = join(base, 'deep', name)
    await initWorkspace(dir, { kind: 'empty' })
    expect((await readdir(dir)).toSorted()).toEqual(['.gitignore', 'exports', 'inbox', 'pipelines', 'strata.yaml'])
    const model = await load(dir)
    expect(model.findings.map(findingText)).toEqual([])
    expect(model.label).toBe(name)
  })

  it('leaves nothing beside it', async () => {
    await initWorkspace(join(base, 'new'), { kind: 'empty' })
    expect(await readdir(base)).toEqual(['new'])
  })

  it('may be made in an empty folder, and around a repository', async () => {
    await mkdir(join(base, 'repo', '.git'), { recursive: true })
    await initWorkspace(join(base, 'repo'), { kind: 'empty' })
    expect(await readdir(join(base, 'repo'))).toContain('strata.yaml')
  })

  it('on a workspace only adds the folders that are missing', async () => {
    await writeFile(join(base, 'strata.yaml'), 'name: mine\n')
    await writeFile(join(base, 'notes.txt'), '')
    await initWorkspace(base, { kind: 'empty' })
    expect(await readFile(join(base, 'strata.yaml'), 'utf8')).toBe('name: mine\n')
    expect((await readdir(base)).toSorted()).toEqual(['exports', 'inbox', 'notes.txt', 'pipelines', 'strata.yaml'])
  })

  it('is refused in a folder that holds something else, which stays as it was', async () => {
    await writeFile(join(base, 'thesis.doc'), 'words')
    await expect(initWorkspace(base, { kind: 'empty' })).rejects.toMatchObject({ problem: { code: 'CONFLICT', message: expect.stringContaining('thesis.doc') } })
    expect(await readdir(base)).toEqual(['thesis.doc'])
    await expect(initWorkspace(join(base, 'thesis.doc'), { kind: 'empty' })).rejects.toMatchObject({ problem: { code: 'CONFLICT' } })
  })
})

describe('a sample', () => {
  it('is copied without what an engine left in it, and can be edited', async () => {
    const dir = join(base, 'copy')
    await initWorkspace(dir, { kind: 'sample', sampleDir: await makeSample() })
    expect((await readdir(dir)).toSorted()).toEqual(['exports', 'inbox', 'pipelines', 'strata.yaml'])
    expect((await load(dir)).dataTypes.map(({ name }) => name)).toEqual(['a'])
    expect((await stat(join(dir, 'strata.yaml'))).mode & 0o200).not.toBe(0)
  })

  it('does not go over a workspace', async () => {
    await writeFile(join(base, 'strata.yaml'), 'name: mine\n')
    await expect(initWorkspace(base, { kind: 'sample', sampleDir: base })).rejects.toMatchObject({ problem: { code: 'CONFLICT' } })
  })

  it('that is missing is named, and nothing is left behind', async () => {
    await expect(initWorkspace(join(base, 'x'), { kind: 'sample', sampleDir: join(base, 'nowhere') })).rejects.toMatchObject({ problem: { code: 'NOT_FOUND' } })
    expect(await readdir(base)).toEqual([])
  })
})
