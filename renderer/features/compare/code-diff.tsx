import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ComparedStep, RunDiff } from '../../../shared/contract/compare.contract.ts'
import { textDiff, withContext } from '../../../shared/domain/text-diff.ts'
import { IMMUTABLE, useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { CodeLines } from '../../ui/code-lines.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SelectField } from '../../ui/field.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'

/** The texts of a step in both runs, one file at a time, what changed first. */
export function CodeDiff({ diff, step }: { diff: RunDiff; step: ComparedStep }) {
  const changed = step.files.filter((file) => file.state !== 'same')
  const [chosen, setChosen] = useState<string | null>(null)
  const [whole, setWhole] = useState(false)
  const file = chosen ?? [...changed, ...step.files][0]?.file ?? null
  return (
    <section className='code-diff' aria-label='Code'>
      <PanelHead title={changed.length === 0 ? 'Code' : 'What changed in the code'} remark={step.files.length === 1 && file !== null ? <span className='mono'>{shortFile(file)}</span> : undefined}>
        {step.files.length > 1 && file !== null && <FileChoice files={step.files} value={file} onChange={setChosen} />}
        {changed.length > 0 && <Button small pressed={whole} onClick={() => setWhole(!whole)} title='Also the lines that did not change'>Whole file</Button>}
      </PanelHead>
      {file === null ? <NotRecorded step={step} /> : <Texts diff={diff} dataset={step.dataset} file={file} whole={whole} />}
    </section>
  )
}

function NotRecorded({ step }: { step: ComparedStep }) {
  return <EmptyState inline title='Not recorded'>{step.code === 'unknown' ? 'One of these runs is from before code was kept with its run.' : 'The step has no file of its own.'}</EmptyState>
}

function FileChoice({ files, value, onChange }: { files: ComparedStep['files']; value: string; onChange: (file: string) => void }) {
  const options = files.map(({ file, state }) => ({ value: file, label: `${state === 'same' ? '' : '→ '}${shortFile(file)}` }))
  return <SelectField small label='File' width={190} value={value} options={options} onChange={onChange} />
}

/** "processed/estimates.sql": the pipeline's folder is named by the page already. */
function shortFile(file: string): string {
  return file.replace(/^pipelines\/[^/]+\//, '')
}

function Texts({ diff, dataset, file, whole }: { diff: RunDiff; dataset: string; file: string; whole: boolean }) {
  const { queries } = useApi()
  const refOf = ({ dataType, runNumber }: RunDiff['from']) => ({ dataType, runNumber })
  const code = useQuery({ ...queries.compare.code.queryOptions({ input: { from: refOf(diff.from), to: refOf(diff.to), dataset } }), ...IMMUTABLE })
  if (code.error !== null) return <ErrorState inline problem={problemOf(code.error)} onRetry={() => void code.refetch()} />
  if (code.data === undefined) return <LoadingState>Reading the code</LoadingState>
  const texts = code.data.files.find((one) => one.file === file)
  const lines = textDiff(texts?.from ?? '', texts?.to ?? '')
  const isSame = lines.every((line) => line.kind === 'same')
  return <CodeLines label={isSame ? `${file}, the same in both runs` : `Differences in ${file}`} lines={whole || isSame ? lines : withContext(lines)} />
}
