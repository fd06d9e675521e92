import { useMemo } from 'react'
import type { Problem } from '../../../shared/domain/problem.ts'
import { textDiff } from '../../../shared/domain/text-diff.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { CodeLines } from '../../ui/code-lines.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'

interface ContractPreviewProps {
  /** Path in the workspace. */
  file: string
  /** As it is; null: there is none yet. */
  before: string | null
  /** As it would be; null while it is on its way. */
  after: string | null
  problem: Problem | null
}

/** A contract's file as it would be, with what comes in marked. */
export function ContractPreview({ file, before, after, problem }: ContractPreviewProps) {
  const lines = useMemo(() => (after === null ? [] : textDiff(before ?? '', after)), [before, after])
  return (
    <section className='contract-preview' aria-label='The file as it would be'>
      <PanelHead title={<span className='mono'>{file.split('/').slice(1).join('/')}</span>} remark={before === null ? 'a new file' : 'as it would be'} />
      {problem !== null && <ErrorState inline problem={problem} />}
      {after === null && problem === null && <LoadingState rows={3}>Writing it on trial</LoadingState>}
      {after !== null && <CodeLines label={`${file} as it would be`} lines={lines} />}
    </section>
  )
}
