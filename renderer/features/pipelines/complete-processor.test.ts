import { describe, expect, it } from 'vitest'
import { completeProcessor } from './complete-processor.ts'

const NAMES = {
  columns: [{ name: 'nct_id', type: 'VARCHAR' }, { name: 'enrollment', type: 'DECIMAL(18,2)' }, { name: 'first name', type: 'VARCHAR' }],
  made: [{ name: 'nct_id', type: 'VARCHAR' }, { name: 'trials', type: 'INTEGER' }],
  parameters: ['since'],
}

function labels(marked: string): string[] {
  return completeProcessor(NAMES, marked.replace('|', ''), marked.indexOf('|')).options.map(({ label }) => label)
}

describe('what can be written in a processor', () => {
  it('members of the context, whatever it is called, and the parameters of the run', () => {
    expect(labels('process(id, rows, context) { context.|')).toEqual(['runNumber', 'dataType', 'parameters', 'signal', 'log'])
    expect(labels('process(id, rows, c) { c.lo| }')).toEqual(['log'])
    expect(labels('process(id, rows, c) { context.| }')).toEqual([])
    expect(labels("process(id, rows, context) { if (context.parameters.|")).toEqual(['since'])
  })

  it('columns of a row, however it is taken from the rows', () => {
    expect(labels('process(id, rows, context) { rows.map((row) => row.|')).toEqual(['nct_id', 'enrollment'])
    expect(labels('process(id, all, context) { for (const one of all) one?.en|')).toEqual(['enrollment'])
    expect(labels("process(id, rows) { const first = rows[0]\n first['|")).toEqual(['nct_id', 'enrollment', 'first name'])
    expect(labels('process(id, rows) { const [first] = rows\n first.n|')).toEqual(['nct_id'])
    expect(labels('process(id, rows) { rows[0].|')).toEqual(['nct_id', 'enrollment'])
    expect(labels('process(id, rows) { const text = id\n text.|')).toEqual([])
  })

  it('keys of a schema: columns that are read, and those that are made', () => {
    expect(labels('const s = z.object({ nct_id: z.string(), |')).toEqual(['nct_id', 'enrollment', 'first name', 'trials'])
    expect(labels('const s = z.object({ a: z.object({ b: z.int() }), tr|')).toEqual(['trials'])
    expect(labels('return { |')).toEqual([])
    expect(completeProcessor(NAMES, 'z.object({ ', 11).options).toMatchObject([{ apply: 'nct_id: ' }, { apply: 'enrollment: ', detail: 'decimal(18,2), as text' }, { apply: '"first name": ' }, { apply: 'trials: ' }])
  })

  it('what strata gives', () => {
    expect(labels("import { | } from 'strata'")).toEqual(['defineProcessor', 'RetryableError'])
    expect(labels("import { | } from 'zod'")).toEqual([])
  })
})
