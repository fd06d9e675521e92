import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

// A history made with the built command line alone. What it tells afterwards, by itself and beside a server, is what the window is told.

const CLI = fileURLToPath(new URL('../../../dist/headless/cli.js', import.meta.url))
const PEOPLE = 'id,name,age\n1,Ada,36\n2,Grace,85\n3,Edsger,72\n'
const FILES = {
  'strata.yaml': 'name: club\nretention:\n  curated: { keep_versions: 3 }\n',
  'inbox/people.csv': PEOPLE,
  'pipelines/club/pipeline.yaml': [
    'entity: { key: id }',
    'sources:',
    '  people: { files: inbox/people.csv }',
    'parameters:',
    '  least: { type: number, default: 18 }',
    'gates:',
    '  release: { shows: curated.people }',
    'schedule: { cron: "0 6 * * 1", time_zone: Europe/Berlin }',
    '',
  ].join('\n'),
  'pipelines/club/preprocessed/people.sql': 'SELECT id, name, CAST(age AS INTEGER) AS age FROM raw.people\n',
  'pipelines/club/preprocessed/people.yaml': 'grain: entity\nentity: { max_failed: 1 }\n',
  'pipelines/club/curated/people.sql': "SELECT id, name, age FROM preprocessed.people WHERE age >= getvariable('least')\n",
  'pipelines/club/curated/people.yaml': 'key: [id]\nrows: { min: 2 }\n',
}
const BROKEN = 'SELECT id, name, age, no_such_column FROM preprocessed.people\n'

let club: string
const put = (file: string, text: string): Promise<void> => writeFile(join(club, file), text)

beforeAll(async () => {
  club = await mkdtemp(join(tmpdir(), 'strata-club-'))
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(club, name)), { recursive: true })
    await put(name, text)
  }
})
afterAll(() => rm(club, { recursive: true, force: true }))

function strata(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { cwd: club, env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 1 << 26 }, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }))
  })
}

/** Exit codes, in order: one that is not as expected shows with what the command said. */
async function expectCodes(steps: readonly (readonly [code: number, ...args: string[]])[]): Promise<void> {
  for (const [code, ...args] of steps) {
    const done = await strata(...args)
    expect({ args: args.join(' '), code: done.code, ...(done.code === code ? {} : { out: done.out, err: done.err }) }).toEqual({ args: args.join(' '), code })
  }
}

const run = (runNumber: number) => ({ dataType: 'club', runNumber })
const PEOPLE_ROWS = { dataset: 'club.curated.people', from: 1, to: 2 }

/** What a command tells as JSON, and the call with which the window asks for the same. */
const LOOKS: { args: string[]; path: string; input?: unknown }[] = [
  { args: ['runs', '--limit', '100'], path: '/runs/list', input: { limit: 100 } },
  { args: ['runs', '--state', 'failed', '--limit', '100'], path: '/runs/list', input: { states: ['failed'], limit: 100 } },
  ...[1, 2, 3, 4, 5].map((number) => ({ args: ['show', `club#${number}`], path: '/runs/get', input: { run: run(number) } })),
  ...[1, 3].map((number) => ({ args: ['entities', `club#${number}`, '--limit', '50'], path: '/runs/entities', input: { run: run(number), limit: 50 } })),
  { args: ['compare', 'club#1', 'club#2'], path: '/compare/runs', input: { from: run(1), to: run(2) } },
  { args: ['diff', 'club.curated.people', '--from', '1', '--to', '2'], path: '/compare/versions', input: PEOPLE_ROWS },
  { args: ['errors', '--limit', '50'], path: '/history/errors', input: { limit: 50, offset: 0 } },
  { args: ['audit', '--limit', '100'], path: '/audit/list', input: { limit: 100 } },
  { args: ['audit', '--verify'], path: '/audit/verify', input: {} },
  { args: ['publications', '--limit', '50'], path: '/publish/history', input: { limit: 50 } },
  { args: ['retention'], path: '/storage/retention' },
  { args: ['queue'], path: '/queue/get' },
  { args: ['datasets'], path: '/datasets/list' },
  { args: ['datasets', '--as-of', 'club#1'], path: '/datasets/list', input: { asOf: run(1) } },
  { args: ['lineage', 'club.curated.people'], path: '/lineage/graph', input: { focus: 'club.curated.people', direction: 'both' } },
  { args: ['entity', '2'], path: '/entities/getDataForEntity', input: { entityId: '2', limit: 10 } },
  { args: ['entities', 'search', '2'], path: '/entities/search', input: { text: '2', limit: 20, wait: true } },
  { args: ['plan', 'club'], path: '/runs/plan', input: { dataType: 'club' } },
]

/** What is of the answer itself, and another each time it is given; and pages of rows, which commands unpack into objects. */
const OF_THE_ANSWER = new Set(['checkedAt', 'fromCache', 'tookMs', 'seq', 'rowsJson'])

function withoutNow(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNow)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => !OF_THE_ANSWER.has(key)).map(([key, inner]) => [key, withoutNow(inner)]))
}

describe('a history made on the command line alone', () => {
  it('goes through everything a run can meet, each with its exit code', async () => {
    await expectCodes([
      [0, 'plan', 'club'],
      [5, 'run', 'club'],
      [0, 'approve', 'club#1', '--reason', 'Looked at'],
    ])
    await put('inbox/people.csv', `${PEOPLE}4,Barbara,no age\n5,Tony,91\n`)
    await expectCodes([
      [5, 'run', 'club'],
      [0, 'reject', 'club#2', '--reason', 'Barbara is missing'],
      [0, 'mark', 'club#2', 'club.preprocessed.people', '4', '--as', 'accepted', '--reason', 'She keeps her age to herself'],
      [5, 'retry', 'club#2'],
      [0, 'approve', 'club#2', '--gate', 'release'],
    ])
    await put('pipelines/club/curated/people.sql', BROKEN)
    await expectCodes([[1, 'run', 'club']])
    await put('pipelines/club/curated/people.sql', `${FILES['pipelines/club/curated/people.sql'].trimEnd()} AND id <> '1'\n`)
    await expectCodes([
      [5, 'resume', 'club#3'],
      [0, 'cancel', 'club#3'],
      [4, 'run', 'club', '--param', 'least=90'],
      [5, 'override', 'club#4', 'club.curated.people', 'row_count', '--reason', 'The old ones only'],
      [0, 'approve', 'club#4'],
      [0, 'rollback', 'club.curated.people', '--reason', 'All of them again'],
      [0, 'promote', 'club#1', '--reason', 'As it was'],
      [5, 'run', 'club', '--from', 'curated.people', '--force'],
      [0, 'approve', 'club#5'],
      [0, 'pin', 'club.curated.people', '1', '--reason', 'For the report'],
      [0, 'gc'],
      [0, 'verify'],
      [0, 'schedule', 'pause', 'club'],
      [0, 'audit', '--verify'],
    ])
  }, 180_000)

  it('is told by the command line, with and without a server beside it, as the window is told', async () => {
    const alone = await tellAll()
    const server = spawn(process.execPath, [CLI, 'serve', '--no-open'], { cwd: club, stdio: 'ignore' })
    const ended = new Promise((resolve) => server.on('close', resolve))
    try {
      const ask = await windowOf(server.pid ?? 0)
      const attached = await tellAll()
      for (const [index, { args, path, input }] of LOOKS.entries()) {
        expect({ args, told: attached[index] }).toEqual({ args, told: alone[index] })
        // A command may tell more in one document than the window asks for at once.
        expect({ args, told: alone[index] }).toMatchObject({ args, told: withoutNow(await ask(path, input)) })
      }
    } finally {
      server.kill('SIGTERM')
      await ended
    }
  }, 180_000)

  async function tellAll(): Promise<unknown[]> {
    const told: unknown[] = []
    for (const { args } of LOOKS) {
      const { out, err } = await strata(...args, '--json')
      expect(err).toBe('')
      told.push(withoutNow(JSON.parse(out)))
    }
    return told
  }
})

/** How the window asks the server: over HTTP, with the token that is its owner's alone. */
async function windowOf(pid: number): Promise<(path: string, input: unknown) => Promise<unknown>> {
  const infoSchema = z.looseObject({ pid: z.int(), port: z.int(), token: z.string() })
  for (;;) {
    const text = await readFile(join(club, '.strata', 'attach.json'), 'utf8').catch(() => null)
    const info = text === null ? null : infoSchema.parse(JSON.parse(text))
    if (info?.pid === pid) {
      return async (path, input) => {
        const answer = await fetch(`http://127.0.0.1:${info.port}/api${path}`, {
          method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${info.token}` }, ...(input === undefined ? {} : { body: JSON.stringify(input) }),
        })
        if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
        return answer.json()
      }
    }
    await delay(50)
  }
}
