import { useState } from 'react'
import type { CheckResult, Run, RunStep } from '../../../shared/contract/runs.contract.ts'
import { FailingRows } from '../../grid/failing-rows.tsx'
import { checksAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { checkRank, checkStatus, checkWord, IF_BROKEN } from '../../ui/check-status.ts'
import { countOf, formatCount, formatDuration } from '../../ui/format.ts'
import { Status } from '../../ui/status.tsx'
import { type TableColumn, VirtualTable } from '../../ui/virtual-table.tsx'
import { OverrideCheck, OverrideNote } from './override-check.tsx'
import '../../ui/table.css'

/** Every rule that was evaluated; rows that break the chosen one below. Broken rules first. */
export function RunChecks({ run, checks, steps }: { run: Run; checks: readonly CheckResult[]; steps: readonly RunStep[] }) {
  const [chosenKey, setChosenKey] = useState<string | null>(null)
  if (checks.length === 0) {
    return <EmptyState title='No check was evaluated' icon='quality'>A contract beside a step, <span className='mono'>&lt;zone&gt;/&lt;name&gt;.yaml</span>, promises types, keys and rules. They are checked before anything is published.</EmptyState>
  }
  const sorted = [...checks].sort((a, b) => checkRank(a) - checkRank(b))
  const chosen = sorted.find((check) => keyOf(check) === chosenKey) ?? sorted.find((check) => !check.passed) ?? null
  return (
    <section className='run-panel' aria-label='Checks'>
      <VirtualTable label='Checks' columns={COLUMNS} total={sorted.length} rowAt={(index) => sorted[index]} rowKey={keyOf} selectedKey={chosen === null ? null : keyOf(chosen)} onSelect={(check) => setChosenKey(keyOf(check))} />
      {chosen !== null && <Detail run={run} check={chosen} version={steps.find(({ dataset }) => dataset === chosen.dataset)?.version ?? null} others={checks.filter((check) => check !== chosen && !check.passed && check.severity === 'block' && check.override === null).length} />}
    </section>
  )
}

/** "16 of 18". */
export function checksText(checks: readonly CheckResult[]): string {
  return `${checks.filter((check) => check.passed).length} of ${checks.length}`
}

const COLUMNS: readonly TableColumn<CheckResult>[] = [
  { id: 'state', header: 'State', width: '136px', cell: (check) => <Status status={checkStatus(check)} text={checkWord(check)} /> },
  { id: 'rule', header: 'Rule', width: 'minmax(0, 1fr)', cell: (check) => <span className='mono'>{check.rule}</span>, title: (check) => check.rule },
  { id: 'dataset', header: 'Dataset', width: 'minmax(0, 0.8fr)', cell: (check) => <span className='mono'>{check.dataset}</span>, title: (check) => check.dataset },
  { id: 'severity', header: 'If broken', width: '104px', cell: ({ severity }) => IF_BROKEN[severity] },
  { id: 'rows', header: 'Rows', width: '84px', numeric: true, cell: (check) => (check.failingRows === null ? '' : formatCount(check.failingRows)) },
  { id: 'message', header: 'What was found', width: 'minmax(0, 1.2fr)', cell: (check) => <span className='t2'>{check.message}</span>, title: (check) => check.message },
  { id: 'took', header: 'Took', width: '80px', numeric: true, cell: (check) => formatDuration(check.durationMs) },
]

function Detail({ run, check, version, others }: { run: Run; check: CheckResult; version: number | null; others: number }) {
  const { dataset, rule, passed, failingRows, message, keptRows } = check
  return (
    <div className='check-detail' role='group' aria-label={`About ${rule}`}>
      <PanelHead title={<span className='mono'>{rule}</span>} remark={passed ? 'holds' : failingRows === null ? message : brokenWords(failingRows, keptRows)}>
        <LinkButton small variant='quiet' href={checksAddress({ dataset, rule })}>All its results</LinkButton>
        <OverrideCheck run={run} check={check} others={others} />
      </PanelHead>
      <OverrideNote check={check} />
      {keptRows === 0 || version === null ? <p className='block s12 t2'>{passed ? 'No row breaks this rule.' : message}</p> : <FailingRows dataset={dataset} version={version} rule={rule} keptRows={keptRows} />}
    </div>
  )
}

function brokenWords(failing: number, kept: number): string {
  return `${countOf(failing, 'row')} ${failing === 1 ? 'breaks' : 'break'} it${kept > 0 && kept < failing ? `, the first ${formatCount(kept)} are shown` : ''}`
}

function keyOf(check: CheckResult): string {
  return `${check.dataset} ${check.rule}`
}
