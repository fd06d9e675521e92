import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { StepTest, TestReport, TestTable as TableOfRows } from '../../../shared/contract/step-tests.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { pipelinesAddress } from '../../ui/addresses.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf } from '../../ui/format.ts'
import { useToast } from '../../ui/toast.tsx'
import { TestTable } from './test-table.tsx'
import type { StepTests } from './use-step-tests.ts'

interface OpenTestProps {
  test: StepTest
  report: TestReport | undefined
  tests: StepTests
}

/** The rows of one test, to be changed, and what is other than expected. */
export function OpenTest({ test, report, tests }: OpenTestProps) {
  const { queries } = useApi()
  const toast = useToast()
  const onDisk = useQuery(queries.pipelines.read.queryOptions({ input: { path: test.file } }))
  const [edited, setEdited] = useState<{ test: StepTest; base: string } | null>(null)
  const shown = edited?.test ?? test
  const edit = (change: Partial<StepTest>): void => setEdited({ test: { ...shown, ...change }, base: edited?.base ?? onDisk.data?.sha256 ?? '' })
  const save = (): void => {
    if (edited === null) return
    const { dataset, description, expected } = edited.test
    const given = edited.test.given.map(({ known: _known, ...table }) => table)
    tests.save(test.file, { dataset, description, given, expected }, edited.base).then(
      () => setEdited(null),
      (error: unknown) => {
        const { message, hint } = problemOf(error)
        toast({ status: 'failed', title: `${test.name} was not saved`, text: hint === null ? message : `${message}. ${hint}` })
      },
    )
  }
  const remove = (): void => void tests.remove(test.file).catch((error: unknown) => toast({ status: 'failed', title: `${test.name} was not removed`, text: problemOf(error).message }))
  const actual = report?.actual ?? null
  const taken = actual === null ? null : takenRows(actual, shown.expected)
  return (
    <section className='test-open scroll' aria-label={`Test ${test.name}`} tabIndex={0}>
      <div className='test-open-head'>
        <span className='field grow'>
          <input type='text' aria-label='What the test says' placeholder='What the test says' value={shown.description ?? ''} onChange={(event) => edit({ description: event.target.value === '' ? null : event.target.value })} />
        </span>
        <LinkButton small variant='quiet' icon='file' href={pipelinesAddress({ file: test.file })}>Text</LinkButton>
        <Button small variant='quiet' icon='close' onClick={remove}>Remove</Button>
        <Button small variant='quiet' onClick={() => taken !== null && edit({ expected: taken })} disabledReason={takeReason(report, edited !== null)}>Take the result</Button>
        {edited !== null && <Button small variant='quiet' icon='undo' onClick={() => setEdited(null)}>Discard</Button>}
        <Button small variant='primary' onClick={save} disabledReason={edited === null ? 'It is as it is on disk' : null}>Save test</Button>
      </div>
      <Outcome report={report} isEdited={edited !== null} />
      <div className='test-tables'>
        {shown.given.map((table, i) => (
          <TestTable
            key={table.dataset}
            label={`given ${table.dataset}`}
            table={table}
            known={(table.known ?? []).map(({ name }) => name)}
            empty='No rows: the step sees it empty.'
            onChange={(next) => edit({ given: shown.given.map((other, j) => (j === i ? { ...other, ...next } : other)) })}
          />
        ))}
        <TestTable label='expected' table={shown.expected} known={actual?.columns ?? []} empty='No rows: the step has to give none.' onChange={(expected) => edit({ expected })} />
      </div>
    </section>
  )
}

/** Of the columns that are looked at; all, where none is named. */
function takenRows(actual: TableOfRows, { columns }: TableOfRows): TableOfRows {
  const wanted = columns.length === 0 ? actual.columns : columns
  const places = wanted.map((name) => actual.columns.findIndex((other) => other.toLowerCase() === name.toLowerCase()))
  return { columns: [...wanted], rows: actual.rows.map((row) => places.map((place) => row[place] ?? null)) }
}

function takeReason(report: TestReport | undefined, isEdited: boolean): string | null {
  if (report?.actual == null) return 'There is no result'
  if (isEdited) return 'Save first: the result is of the rows on disk'
  if (report.actual.rowCount > report.actual.rows.length) return `The result has ${countOf(report.actual.rowCount, 'row')}`
  return report.status === 'passed' ? 'It is what is expected' : null
}

function Outcome({ report, isEdited }: { report: TestReport | undefined; isEdited: boolean }) {
  if (report === undefined) return null
  if (report.problem !== null) return <ErrorState inline problem={problemOf(report.problem)} />
  const differ = [
    { what: 'expected, not given', sign: '−', table: report.missing, className: 'missing' },
    { what: 'given, not expected', sign: '+', table: report.unexpected, className: 'unexpected' },
  ]
  if (report.status === 'passed') return <p className='test-words s12 t2'>{`Passed: ${countOf(report.actual?.rowCount ?? 0, 'row')}, all as expected.`}{isEdited && ' Not yet with what you changed.'}</p>
  const columns = report.missing?.columns ?? []
  return (
    <div className='test-cells test-differ scroll' tabIndex={0}>
      <table aria-label='What differs'>
        <thead><tr><th scope='col'><span className='sr-only'>What</span></th>{columns.map((name) => <th key={name} scope='col'>{name}</th>)}</tr></thead>
        <tbody>
          {differ.flatMap(({ what, sign, table, className }) =>
            (table?.rows ?? []).slice(0, 50).map((row, i) => (
              <tr key={`${className} ${i}`} className={className}>
                <td><span aria-hidden='true'>{sign}</span> {what}</td>
                {row.map((cell, c) => <td key={c}>{cell === null ? <span className='t3'>null</span> : cell}</td>)}
              </tr>
            )),
          )}
        </tbody>
      </table>
      {differ.map(({ what, table }) => (table !== null && table.rowCount > 50 ? <p key={what} className='test-words s12 t2'>{`${what}: ${countOf(table.rowCount, 'row')} in all`}</p> : null))}
    </div>
  )
}
