import { type ReactNode, useState } from 'react'
import type { TestReport } from '../../../shared/contract/step-tests.contract.ts'
import { testNameOf } from '../../../shared/domain/naming.ts'
import { problemOf } from '../../api/problem-of.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { StatusMark } from '../../ui/status.tsx'
import { useRested } from '../../ui/use-rested.ts'
import { NewTestDialog } from './new-test-dialog.tsx'
import { OpenTest } from './open-test.tsx'
import { type TestsOf, useStepTests } from './use-step-tests.ts'

interface StepTestsPanelProps {
  of: TestsOf
  /** The step that new tests are of; null where one file is looked at. */
  dataset: string | null
  /** Of the step, as it is in the editor; undefined where that is not what is edited. */
  sql: string | undefined
}

/** After the last key. */
const REST_MS = 600
const MARKS = { passed: 'succeeded', failed: 'failed', error: 'failed' } as const
const WORDS: Readonly<Record<TestReport['status'], string>> = { passed: 'passed', failed: 'failed', error: 'could not run' }

/** Tests of a step: at the left which there are and how they end, at the right the rows of one of them. */
export function StepTestsPanel({ of, dataset, sql }: StepTestsPanelProps) {
  const rested = useRested(sql, REST_MS)
  const tests = useStepTests(of, rested)
  const [chosen, setChosen] = useState<string | null>(null)
  const [isNew, setIsNew] = useState(false)
  const listed = [...new Set([...tests.tests.map(({ file }) => file), ...tests.reports.keys()])].toSorted()
  const file = chosen !== null && listed.includes(chosen) ? chosen : (listed[0] ?? null)
  const dialog = isNew && dataset !== null && <NewTestDialog dataset={dataset} taken={listed} tests={tests} onClose={() => setIsNew(false)} onMade={setChosen} />
  if (tests.problem !== null) return <ErrorState inline problem={tests.problem} onRetry={tests.run} />
  if (file === null) return <NoTests isLooking={tests.isRunning} onNew={dataset === null ? null : () => setIsNew(true)}>{dialog}</NoTests>
  const test = tests.tests.find((one) => one.file === file)
  return (
    <div className='step-tests'>
      <div className='test-list'>
        <div className='test-list-head'>
          <span className='s12 t2' role='status'>{tests.isRunning ? 'Running' : countWords([...tests.reports.values()])}</span>
          <span className='grow' />
          <Button small variant='quiet' icon='retry' onClick={tests.run}>Run</Button>
          {dataset !== null && <Button small variant='quiet' icon='plus' onClick={() => setIsNew(true)}>New</Button>}
        </div>
        <ul className='scroll' aria-label='Tests'>
          {listed.map((path) => <TestLine key={path} file={path} report={tests.reports.get(path)} isChosen={path === file} onChoose={() => setChosen(path)} />)}
        </ul>
      </div>
      {test === undefined ? <BrokenTest report={tests.reports.get(file)} /> : <OpenTest key={test.file} test={test} report={tests.reports.get(file)} tests={tests} />}
      {dialog}
    </div>
  )
}

function NoTests({ isLooking, onNew, children }: { isLooking: boolean; onNew: (() => void) | null; children: ReactNode }) {
  return (
    <>
      <EmptyState inline title={isLooking ? 'Looking for tests' : 'There is no test yet'} actions={onNew === null ? undefined : <Button small variant='primary' icon='plus' onClick={onNew}>New test</Button>}>
        A test gives the step rows and says which rows have to come of them. It begins with rows of your data, and runs while you type.
      </EmptyState>
      {children}
    </>
  )
}

function TestLine({ file, report, isChosen, onChoose }: { file: string; report: TestReport | undefined; isChosen: boolean; onChoose: () => void }) {
  const { mark, word } = report === undefined ? ({ mark: 'pending', word: 'waits' } as const) : { mark: MARKS[report.status], word: WORDS[report.status] }
  return (
    <li>
      <button type='button' aria-current={isChosen ? 'true' : undefined} className={isChosen ? 'sel' : undefined} title={file} onClick={onChoose}>
        <StatusMark status={mark} />
        <span className='cut'>{testNameOf(file)}</span>
        <span className='t3 s11'>{word}</span>
      </button>
    </li>
  )
}

function countWords(reports: readonly TestReport[]): string {
  const passed = reports.filter(({ status }) => status === 'passed').length
  return `${passed} of ${reports.length} passed`
}

/** Its file has a mistake, so that there are no rows to show. */
function BrokenTest({ report }: { report: TestReport | undefined }) {
  return report?.problem == null ? <span className='grow' /> : <div className='test-open scroll'><ErrorState inline problem={problemOf(report.problem)} /></div>
}
