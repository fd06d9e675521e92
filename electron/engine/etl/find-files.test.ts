import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findSourceFiles } from './find-files.ts'

let root: string
const { signal } = new AbortController()

const FILES = [
  'inbox/studies(2).json',
  'inbox/data[1].csv',
  'inbox/two words.csv',
  'inbox/plain.csv',
  'inbox/.hidden.csv',
  'inbox/half.csv.tmp',
  'inbox/~$lock.csv',
  'inbox/2024/plain.csv',
  'inbox/2024/deep/Plain.CSV',
  'inbox/.git/x.csv',
]

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'strata-find-'))
  for (const file of FILES) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), 'a\n')
  }
  await symlink(join(root, 'inbox/plain.csv'), join(root, 'linked.csv'))
})
afterAll(() => rm(root, { recursive: true }))

async function names(...patterns: string[]): Promise<string[]> {
  return (await findSourceFiles({ root, patterns, signal })).map(({ name }) => name)
}

describe('findSourceFiles', () => {
  it('takes a file that exists literally, whatever characters its name has', async () => {
    expect(await names('inbox/studies(2).json')).toEqual(['studies(2).json'])
    expect(await names('inbox/data[1].csv')).toEqual(['data[1].csv'])
    expect(await names(join(root, 'inbox/two words.csv'))).toEqual(['two words.csv'])
    expect(await names('linked.csv')).toEqual(['linked.csv'])
  })

  it('finds a glob on one level, without hidden, temporary and lock files', async () => {
    expect(await names('inbox/*.csv')).toEqual(['data[1].csv', 'plain.csv', 'two words.csv'])
    expect(await names('inbox/*.{json,xml}')).toEqual(['studies(2).json'])
  })

  it('takes all files of a folder and names clashing ones by their path', async () => {
    expect(await names('inbox')).toEqual([
      'inbox__2024__deep__Plain.CSV',
      'inbox__2024__plain.csv',
      'data[1].csv',
      'inbox__plain.csv',
      'studies(2).json',
      'two words.csv',
    ])
    expect(await names('inbox/**/plain.csv')).toEqual(['inbox__2024__plain.csv', 'inbox__plain.csv'])
  })

  it('lists a file once when several patterns name it, sorted by path', async () => {
    const files = await findSourceFiles({ root, patterns: ['inbox/two words.csv', 'inbox/*.csv', join(root, 'inbox/plain.csv')], signal })
    expect(files.map(({ path }) => path)).toEqual(['data[1].csv', 'plain.csv', 'two words.csv'].map((name) => join(root, 'inbox', name)))
    expect(files[0]).toMatchObject({ sizeBytes: 2, modifiedAt: expect.stringMatching(/^\d{4}-.*Z$/) })
  })

  it.each(['inbox/nothing.csv', 'nowhere/*.csv', 'inbox/*.parquet'])('says which pattern names nothing: %s', async (pattern) => {
    await expect(names('inbox/plain.csv', pattern)).rejects.toMatchObject({
      problem: { code: 'SOURCE_MISSING', message: `No file matches ${pattern}`, hint: expect.stringContaining(join(root, pattern)) },
    })
  })
})
