import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

// Every kind of rule with every severity that it can have, through the real engine.

interface Kind {
  name: string
  /** Of the contract, with SEVERITY in it. */
  contract: string
  /** Rows that break the rule. */
  bad: number[]
  /** Its name, where one is enough to know it by. */
  rule: string
  /** Rows that break another rule of the same promise. */
  others?: number[]
}

/** Ten rows. */
const SELECT = `SELECT i AS id, CASE WHEN i <> 3 THEN 'n' || i END AS name, i % 5 AS five, i % 4 AS four, [i, i % 2] AS list, CASE WHEN i > 1 THEN {'a': i % 3, 'b': [i]} END AS nested, CASE WHEN i = 9 THEN [1] ELSE [i] END AS short, CASE WHEN i IN (2, 7) THEN 0 WHEN i <> 5 THEN i END AS part FROM range(10) t(i)`

const KINDS: Kind[] = [
  { name: 'not_null', contract: 'columns: { name: { rules: [{ not_null: { severity: SEVERITY } }] } }', bad: [3], rule: 'not_null(name)' },
  { name: 'not_null of a struct', contract: 'columns: { nested: { rules: [{ not_null: { severity: SEVERITY } }] } }', bad: [0, 1], rule: 'not_null(nested)' },
  { name: 'unique', contract: 'columns: { four: { rules: [{ unique: { severity: SEVERITY } }] } }', bad: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], rule: 'unique(four)' },
  { name: 'unique of a list', contract: 'columns: { short: { rules: [{ unique: { severity: SEVERITY } }] } }', bad: [1, 9], rule: 'unique(short)' },
  { name: 'accepted_values', contract: 'columns: { five: { rules: [{ accepted_values: { values: [0, 1, 2, 3], severity: SEVERITY } }] } }', bad: [4, 9], rule: 'accepted_values(five)' },
  { name: 'range', contract: 'columns: { id: { rules: [{ range: { max: 7, severity: SEVERITY } }] } }', bad: [8, 9], rule: 'range(id)' },
  { name: 'length of a text', contract: 'columns: { name: { rules: [{ length: { max: 1, severity: SEVERITY } }] } }', bad: [0, 1, 2, 4, 5, 6, 7, 8, 9], rule: 'length(name)' },
  { name: 'length of a list', contract: 'columns: { list: { rules: [{ length: { min: 3, severity: SEVERITY } }] } }', bad: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], rule: 'length(list)' },
  { name: 'pattern', contract: "columns: { name: { rules: [{ pattern: { pattern: 'n[0-7]', severity: SEVERITY } }] } }", bad: [8, 9], rule: 'pattern(name)' },
  { name: 'relationship', contract: 'columns: { id: { rules: [{ relationship: { to: preprocessed.known, severity: SEVERITY } }] } }', bad: [6, 7, 8, 9], rule: 'relationship(id, TYPE.preprocessed.known)' },
  { name: 'key of one', contract: 'key: { columns: name, severity: SEVERITY }', bad: [3], rule: 'not_null(name)' },
  { name: 'key of several, of which one is null', contract: 'key: { columns: [five, part], severity: SEVERITY }', bad: [5], rule: 'not_null(part)', others: [2, 7] },
  { name: 'unique of several', contract: 'unique: [{ columns: [five, part], severity: SEVERITY }]', bad: [2, 7], rule: 'unique(five, part)' },
  { name: 'unique of several, all of them so', contract: 'unique: [{ columns: [four, list], severity: SEVERITY }]', bad: [], rule: 'unique(four, list)' },
  { name: 'a check in SQL', contract: 'key: id\nchecks: [{ name: odd, sql: SELECT id FROM curated.things WHERE id % 2 = 1, severity: SEVERITY }]', bad: [1, 3, 5, 7, 9], rule: 'odd' },
  { name: 'a check in SQL of several rows', contract: 'key: id\nchecks: [{ name: crowded, sql: SELECT id FROM curated.things QUALIFY count(*) OVER (PARTITION BY five) > 1 AND id < 2, severity: SEVERITY }]', bad: [0, 1], rule: 'crowded' },
]
const SEVERITIES = ['warn', 'quarantine', 'block'] as const

const typeOf = (index: number, severity: string): string => `k${index}_${severity}`

let workspace: TestWorkspace
beforeAll(async () => {
  const files: Record<string, string> = { 'strata.yaml': 'name: rules\nlimits: { memory: 256MB, threads: 1 }\n' }
  for (const [index, { contract }] of KINDS.entries()) {
    for (const severity of SEVERITIES) {
      const folder = `pipelines/${typeOf(index, severity)}`
      files[`${folder}/preprocessed/known.sql`] = 'SELECT i AS id FROM range(6) t(i)\n'
      files[`${folder}/curated/things.sql`] = `${SELECT}\n`
      files[`${folder}/curated/things.yaml`] = `${contract.replaceAll('SEVERITY', severity)}\n`
      files[`${folder}/results/seen.sql`] = 'SELECT count(*) AS n FROM curated.things\n'
    }
  }
  workspace = await openTestWorkspace({ files })
})
afterAll(() => workspace[Symbol.asyncDispose]())

const ALL = Array.from({ length: 10 }, (_, id) => id)

interface Outcome {
  state: string
  problem: string | null
  check: { passed: boolean; failingRows: number | null; severity: string } | null
  /** Rows that readers see; null: nothing was published. */
  rows: number[] | null
  /** Rows that the step after it saw. */
  seen: number | null
  /** In quarantine: in all, and for this rule. */
  quarantined: [number, number]
}

async function outcomeOf(dataType: string, rule: string): Promise<Outcome> {
  const { run, checks } = await workspace.run(dataType)
  const check = checks.find((result) => result.rule === rule)
  const isPublished = run.state === 'succeeded'
  const { records } = await workspace.client.quarantine.list({ dataset: `${dataType}.curated.things`, limit: 100 })
  return {
    state: run.state,
    problem: run.problem?.code ?? null,
    check: check === undefined ? null : { passed: check.passed, failingRows: check.failingRows, severity: check.severity },
    rows: isPublished ? (await workspace.rows(`${dataType}.curated.things`)).map(({ id }) => Number(id)).toSorted((a, b) => a - b) : null,
    seen: isPublished ? Number((await workspace.rows(`${dataType}.results.seen`))[0]?.['n']) : null,
    quarantined: [records.length, records.filter((record) => record.rule === rule).length],
  }
}

function expected({ bad, others = [] }: Kind, severity: (typeof SEVERITIES)[number]): Outcome {
  const broken = [...bad, ...others]
  const check = { passed: bad.length === 0, failingRows: bad.length, severity }
  if (severity === 'block' && broken.length > 0) return { state: 'failed', problem: 'CHECK_BLOCKED', check, rows: null, seen: null, quarantined: [0, 0] }
  const rows = severity === 'quarantine' ? ALL.filter((id) => !broken.includes(id)) : ALL
  return { state: 'succeeded', problem: null, check, rows, seen: rows.length, quarantined: severity === 'quarantine' ? [broken.length, bad.length] : [0, 0] }
}

it('the contracts of these tests are without mistakes', async () => {
  expect((await workspace.client.workspace.check()).findings).toEqual([])
})

describe.each(KINDS.map((kind, index) => ({ ...kind, index })))('$name', ({ index, ...kind }) => {
  it.each(SEVERITIES)('as %s', async (severity) => {
    const dataType = typeOf(index, severity)
    expect(await outcomeOf(dataType, kind.rule.replace('TYPE', dataType))).toEqual(expected(kind, severity))
  })
})
