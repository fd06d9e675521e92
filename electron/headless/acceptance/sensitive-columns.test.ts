import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

/** Which columns are sensitive: by their own contract, or by what their values come from. */

const PROCESSOR = `import { z } from 'zod'
import { defineProcessor } from 'strata'
export default defineProcessor({ result: z.object({ id: z.string(), initials: z.string() }), process: (id, rows) => ({ id, initials: String(rows[0]?.email ?? '').slice(0, 1) }) })
`
const PEOPLE = 'columns:\n  email: { sensitive: true }\n'
const FILES = {
  'strata.yaml': 'name: club\nlimits: { memory: 1GB, threads: 2 }\n',
  'inbox/people.csv': 'id,name,email\n1,Ada,ada@example.org\n2,Grace,grace@example.org\n',
  'pipelines/club/pipeline.yaml': 'entity: { key: id }\nsources:\n  people: { files: inbox/people.csv }\n',
  'pipelines/club/raw/people.yaml': PEOPLE,
  'pipelines/club/preprocessed/people.sql': 'SELECT id, name, upper(Email) AS contact, length(email) AS letters FROM raw.people\n',
  'pipelines/club/preprocessed/people.yaml': 'columns: { letters: { sensitive: false } }\n',
  'pipelines/club/curated/people.sql': 'SELECT id, name, contact AS mail, letters FROM preprocessed.people\n',
  'pipelines/club/processed/initials.ts': PROCESSOR,
  'pipelines/club/processed/initials.yaml': 'entity: { input: raw.people }\n',
  'pipelines/club/results/total.sql': 'SELECT count(*) AS people, count(mail) AS with_mail FROM curated.people\n',
}

let club: TestWorkspace
beforeAll(async () => {
  club = await openTestWorkspace({ files: FILES })
  await club.run('club')
}, 60_000)
afterAll(() => club[Symbol.asyncDispose]())

const masked = async (dataset: string): Promise<string[]> => (await club.client.datasets.get({ dataset })).columns.flatMap(({ name, isMasked }) => (isMasked === true ? [name] : []))

async function rewrite(file: string, text: string): Promise<void> {
  await writeFile(join(club.dir, file), text)
  await club.client.workspace.check({})
}

describe('a column', () => {
  it('is sensitive by its contract, or by the values that it takes, until a contract says that it is not', async () => {
    expect(await masked('club.raw.people')).toEqual(['email'])
    expect(await masked('club.preprocessed.people')).toEqual(['contact'])
    expect(await masked('club.curated.people')).toEqual(['mail'])
  })

  it('is not guessed at where lineage does not know, and the contracts say so', async () => {
    expect(await masked('club.processed.initials')).toEqual([])
    const contracts = new Map((await club.client.contracts.list({})).map((contract) => [contract.dataset, contract]))
    expect(contracts.get('club.processed.initials')).toMatchObject({ sensitive: [], undeclared: ['id', 'initials'] })
    expect(contracts.get('club.raw.people')).toMatchObject({ sensitive: [{ column: 'email', isDeclared: true }], undeclared: [] })
    expect(contracts.get('club.curated.people')).toMatchObject({ sensitive: [{ column: 'mail', isDeclared: false }], undeclared: [] })
  })

  it('that can be seen where it comes from is named with what to write', async () => {
    await rewrite('pipelines/club/preprocessed/people.yaml', 'columns: { letters: { sensitive: false }, name: { sensitive: true } }\n')
    expect((await club.client.workspace.get()).findings).toMatchObject([
      { severity: 'warning', code: 'sensitive-in-clear', file: 'pipelines/club/preprocessed/people.yaml', message: '"name" of club.preprocessed.people is sensitive, and its values can be seen in "name" of club.raw.people', suggestion: expect.stringContaining('pipelines/club/raw/people.yaml') },
    ])
    const contracts = await club.client.contracts.list({})
    expect(contracts.find(({ dataset }) => dataset === 'club.preprocessed.people')?.inClear).toEqual([{ column: 'name', dataset: 'club.raw.people', from: 'name' }])
    await rewrite('pipelines/club/raw/people.yaml', `${PEOPLE}  name: { sensitive: false }\n`)
    expect((await club.client.workspace.get()).findings).toEqual([])
    await rewrite('pipelines/club/raw/people.yaml', PEOPLE)
    await rewrite('pipelines/club/preprocessed/people.yaml', 'columns: { letters: { sensitive: false } }\n')
  })

  it('is what its contract says now, at every version', async () => {
    await rewrite('pipelines/club/raw/people.yaml', `${PEOPLE}  name: { sensitive: true }\n`)
    expect(await masked('club.raw.people')).toEqual(['name', 'email'])
    expect(await masked('club.curated.people')).toEqual(['name', 'mail'])
    await rewrite('pipelines/club/raw/people.yaml', PEOPLE)
    expect(await masked('club.curated.people')).toEqual(['mail'])
  })

  it('stays masked, and all others with it, while its contract has a mistake in it', async () => {
    const file = 'pipelines/club/raw/people.yaml'
    const before = await readFile(join(club.dir, file), 'utf8')
    await rewrite(file, before.replace('true', 'yes'))
    expect(await masked('club.raw.people')).toEqual(['id', 'name', 'email'])
    expect(await masked('club.curated.people')).toContain('mail')
    await rewrite(file, before)
    expect(await masked('club.raw.people')).toEqual(['email'])
  })
})
