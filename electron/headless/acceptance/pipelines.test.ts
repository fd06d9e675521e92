import { randomUUID } from 'node:crypto'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

/** The files of the pipelines, as the window edits them. */

const SQL = 'pipelines/club/curated/people.sql'
const FILES = {
  'strata.yaml': 'name: club\n',
  'inbox/people.csv': 'id,name\n1,Ada\n',
  'pipelines/club/pipeline.yaml': 'sources:\n  people: { files: inbox/people.csv }\n',
  [SQL]: 'SELECT id, name FROM raw.people\n',
  'pipelines/club/curated/people.yaml': 'key: [id]\n',
  'pipelines/club/lib/words.ts': 'export const hello = 1\n',
  'pipelines/club/notes.txt': 'not read\n',
}

let club: TestWorkspace
beforeAll(async () => {
  club = await openTestWorkspace({ files: FILES })
})
afterAll(() => club[Symbol.asyncDispose]())

const onDisk = (file: string): Promise<string> => readFile(join(club.dir, file), 'utf8')

describe('files of the pipelines', () => {
  it('are listed with what they are about', async () => {
    expect((await club.client.pipelines.files()).map(({ path, kind, dataset }) => [path, kind, dataset])).toEqual([
      ['strata.yaml', 'workspace', null],
      [SQL, 'sql', 'club.curated.people'],
      ['pipelines/club/curated/people.yaml', 'contract', 'club.curated.people'],
      ['pipelines/club/lib/words.ts', 'other', null],
      ['pipelines/club/pipeline.yaml', 'pipeline', null],
    ])
  })

  it('are checked as they would be, with nothing written', async () => {
    const { findings } = await club.client.pipelines.check({ path: SQL, text: 'SELECT id,\n  nme FROM raw.people\n' })
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    const broken = await club.client.pipelines.check({ path: SQL, text: 'SELECT id\nFROM raw.peple\n' })
    expect(broken.findings).toMatchObject([{ severity: 'error', file: SQL, line: 2, code: 'unknown-dataset', suggestion: expect.stringContaining('people') }])
    expect(await onDisk(SQL)).toBe(FILES[SQL])
    expect((await club.client.workspace.get()).findings).toEqual([])
  })

  it('are saved, on the audit trail, and not over somebody else’s change', async () => {
    const opened = await club.client.pipelines.read({ path: SQL })
    const saved = await club.client.pipelines.save({ commandId: randomUUID(), path: SQL, text: 'SELECT id, upper(name) AS name FROM raw.people\n', expected: opened.sha256 })
    expect(saved.findings).toEqual([])
    expect(await onDisk(SQL)).toContain('upper')
    await writeFile(join(club.dir, SQL), 'SELECT id, lower(name) AS name FROM raw.people\n')
    await expect(club.client.pipelines.save({ commandId: randomUUID(), path: SQL, text: 'SELECT 1\n', expected: saved.sha256 })).rejects.toMatchObject({ code: 'CONFLICT', message: `${SQL} was changed outside` })
    expect(await onDisk(SQL)).toContain('lower')
    const { entries } = await club.client.audit.list({ target: SQL })
    expect(entries.map(({ action }) => action)).toEqual(['edit-file'])
  })

  it('are answered the same when the command comes again', async () => {
    const commandId = randomUUID()
    const fresh = 'pipelines/club/results/names.sql'
    const first = await club.client.pipelines.save({ commandId, path: fresh, text: 'SELECT name FROM curated.people\n', expected: null })
    expect((await club.client.pipelines.save({ commandId, path: fresh, text: 'SELECT name FROM curated.people\n', expected: null })).sha256).toBe(first.sha256)
    await expect(club.client.pipelines.save({ commandId: randomUUID(), path: fresh, text: 'x', expected: null })).rejects.toMatchObject({ code: 'CONFLICT', message: `${fresh} is there already` })
    expect((await club.client.workspace.get()).dataTypes[0]?.steps.map(({ dataset }) => dataset)).toContain('club.results.names')
    await club.client.pipelines.remove({ commandId: randomUUID(), path: fresh, expected: first.sha256 })
    await expect(onDisk(fresh)).rejects.toMatchObject({ code: 'ENOENT' })
    expect((await club.client.workspace.get()).dataTypes[0]?.steps.map(({ dataset }) => dataset)).not.toContain('club.results.names')
  })

  it.each([
    '../outside.sql', '/etc/passwd', 'pipelines/club/curated/../../../x.sql', 'pipelines\\club\\curated\\x.sql', 'pipelines/club/curated/.hidden.sql', 'pipelines/club/notes.txt', '.strata/ledger.db', 'inbox/people.csv', 'pipelines/club/nowhere/x.sql',
  ])('are nothing else: %s', async (path) => {
    await expect(club.client.pipelines.read({ path })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(club.client.pipelines.save({ commandId: randomUUID(), path, text: '', expected: null })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it('are not reached through a link that leads out', async () => {
    const outside = join(tmpdir(), `strata-outside-${randomUUID()}`)
    await mkdir(outside)
    await symlink(outside, join(club.dir, 'pipelines/club/processed'))
    await expect(club.client.pipelines.save({ commandId: randomUUID(), path: 'pipelines/club/processed/x.sql', text: 'SELECT 1', expected: null })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('leads out of the workspace') })
  })
})
