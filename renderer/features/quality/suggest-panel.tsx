import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Suggestion, Suggestions } from '../../../shared/contract/contracts.contract.ts'
import { CHECK_SEVERITIES, type CheckSeverity } from '../../../shared/domain/check-severity.ts'
import { type ContractAddition, withSeverity } from '../../../shared/domain/contract-addition.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { IF_BROKEN } from '../../ui/check-status.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SelectField } from '../../ui/field.tsx'
import { countOf } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { ContractPreview } from './contract-preview.tsx'
import '../../ui/table.css'

/** Rules that the data keep and the contract does not have: what is ticked is written into its file, which is shown as it would be. */
export function SuggestPanel({ dataset, onClose }: { dataset: string; onClose: () => void }) {
  const { queries } = useApi()
  const found = useQuery({ ...queries.contracts.suggest.queryOptions({ input: { dataset } }), staleTime: 0 })
  return (
    <section className='check-panel tall' aria-label={`Suggestions for ${dataset}`} data-region='' tabIndex={-1}>
      {found.error !== null && <ErrorState inline problem={problemOf(found.error)} onRetry={() => void found.refetch()} />}
      {found.isPending && <LoadingState rows={6}>Looking at the values of {dataset}</LoadingState>}
      {found.data !== undefined && <Review key={found.dataUpdatedAt} found={found.data} onClose={onClose} />}
    </section>
  )
}

/** What is left out, and what a broken rule does where that is not what all do. */
interface Choices {
  left: ReadonlySet<number>
  severities: ReadonlyMap<number, CheckSeverity>
}

const SEVERITY_OPTIONS = CHECK_SEVERITIES.map((value) => ({ value, label: IF_BROKEN[value] }))

function Review({ found, onClose }: { found: Suggestions; onClose: () => void }) {
  const { dataset, version, file, suggestions } = found
  const [{ left, severities }, setChoices] = useState<Choices>({ left: new Set(), severities: new Map() })
  const severityOf = (index: number): CheckSeverity => severities.get(index) ?? 'block'
  const additions = useMemo(
    () => suggestions.flatMap(({ addition }, i): ContractAddition[] => (left.has(i) ? [] : [withSeverity(addition, severities.get(i) ?? 'block')])),
    [suggestions, left, severities],
  )
  const { save, isPending, error } = useSave(dataset, onClose)
  const toggle = (index: number): void => setChoices((now) => ({ ...now, left: toggled(now.left, index) }))
  const reason = isPending ? 'It is being written' : additions.length === 0 ? 'Tick a rule first' : null
  useShortcut('contract.save', () => reason === null && save(additions))
  return (
    <>
      <PanelHead title={<>Suggested for <span className='mono'>{dataset}</span></>} remark={`from the values of v${version}`}>
        {suggestions.length > 0 && (
          <SelectField
            small label='What a broken rule does, for all' width={150} value={commonOf(suggestions.map((_, i) => severityOf(i)))} options={[{ value: 'mixed', label: 'If broken: mixed' }, ...SEVERITY_OPTIONS.map(({ value, label }) => ({ value, label: `If broken: ${label}` }))]}
            onChange={(severity) => severity !== 'mixed' && setChoices((now) => ({ ...now, severities: new Map(suggestions.map((_, i) => [i, severity])) }))}
          />
        )}
        <Button small variant='quiet' onClick={onClose}>Close</Button>
        <Button small variant='primary' icon='save' onClick={() => save(additions)} disabledReason={reason} command='contract.save'>{`Promise ${countOf(additions.length, 'rule')}`}</Button>
      </PanelHead>
      {error !== null && <ErrorState inline problem={problemOf(error)} onRetry={() => save(additions)} />}
      {suggestions.length === 0 ? (
        <EmptyState inline title='Nothing is left to suggest'>The contract has all that the values speak for, or there are fewer than 20 rows.</EmptyState>
      ) : (
        <div className='suggest-body'>
          <div className='scroll grow' tabIndex={0} role='group' aria-label='Suggested rules'>
            <table className='t suggestions'>
              <thead>
                <tr>
                  <th scope='col'><input type='checkbox' aria-label='All rules' checked={left.size === 0} onChange={() => setChoices((now) => ({ ...now, left: now.left.size === 0 ? new Set(suggestions.keys()) : new Set() }))} /></th>
                  <th scope='col'>Column</th><th scope='col'>Rule</th><th scope='col'>If broken</th><th scope='col'>What speaks for it</th>
                </tr>
              </thead>
              <tbody>
                {suggestions.map((suggestion, i) => (
                  <Row
                    key={i} suggestion={suggestion} isChosen={!left.has(i)} severity={severityOf(i)} onToggle={() => toggle(i)}
                    onSeverity={(severity) => setChoices((now) => ({ ...now, severities: new Map(now.severities).set(i, severity) }))}
                  />
                ))}
              </tbody>
            </table>
          </div>
          <Preview dataset={dataset} file={file} additions={additions} />
        </div>
      )}
    </>
  )
}

function toggled(left: ReadonlySet<number>, index: number): ReadonlySet<number> {
  return left.has(index) ? new Set([...left].filter((other) => other !== index)) : new Set([...left, index])
}

function commonOf(severities: readonly CheckSeverity[]): CheckSeverity | 'mixed' {
  const [first = 'block'] = severities
  return severities.every((severity) => severity === first) ? first : 'mixed'
}

interface RowProps {
  suggestion: Suggestion
  isChosen: boolean
  severity: CheckSeverity
  onToggle: () => void
  onSeverity: (severity: CheckSeverity) => void
}

function Row({ suggestion: { addition, text, evidence }, isChosen, severity, onToggle, onSeverity }: RowProps) {
  const column = addition.kind === 'key' ? '' : addition.column
  return (
    <tr className={isChosen ? undefined : 'left-out'} onClick={onToggle}>
      <td><input type='checkbox' aria-label={`${column} ${text}`} checked={isChosen} onChange={onToggle} onClick={(event) => event.stopPropagation()} /></td>
      <td className='mono' title={column}>{column === '' ? <span className='t3'>the table</span> : column}</td>
      <td className='mono' title={text}>{text}</td>
      <td onClick={(event) => event.stopPropagation()}>
        {addition.kind === 'key' ? <span className='t3'>blocks</span> : <SelectField small label={`If ${column} ${text} is broken`} width='100%' value={severity} options={SEVERITY_OPTIONS} onChange={onSeverity} />}
      </td>
      <td className='t2' title={evidence}>{evidence}</td>
    </tr>
  )
}

/** The file as it would be with what is ticked. */
function Preview({ dataset, file, additions }: { dataset: string; file: string; additions: readonly ContractAddition[] }) {
  const { queries } = useApi()
  const { data, error } = useQuery({
    ...queries.contracts.save.queryOptions({ input: { commandId: PREVIEW_ID, dataset, additions: [...additions], dryRun: true } }),
    enabled: additions.length > 0, placeholderData: keepPreviousData, staleTime: 0, gcTime: 0, retry: false,
  })
  return <ContractPreview file={file} before={data?.before ?? null} after={additions.length === 0 ? (data?.before ?? '') : (data?.yaml ?? null)} problem={error === null ? null : problemOf(error)} />
}

/** What is only tried is no command that could be repeated. */
const PREVIEW_ID = '00000000-0000-4000-8000-000000000000'

function useSave(dataset: string, onSaved: () => void) {
  const { client, queries } = useApi()
  const queryClient = useQueryClient()
  const toast = useToast()
  const { mutate, isPending, error } = useMutation({
    mutationFn: (additions: readonly ContractAddition[]) => client.contracts.save({ commandId: crypto.randomUUID(), dataset, additions: [...additions] }),
    onSuccess: ({ file }, additions) => {
      toast({ status: 'succeeded', title: `${countOf(additions.length, 'rule')} written into ${file}`, text: 'The next run checks them' })
      void queryClient.invalidateQueries({ queryKey: queries.contracts.key() })
      onSaved()
    },
  })
  return { save: mutate, isPending, error }
}
