import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Suggestion, Suggestions } from '../../../shared/contract/contracts.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { useToast } from '../../ui/toast.tsx'
import '../../ui/table.css'

/** Rules that the data keep and the contract does not have: what is ticked is written into its file. */
export function SuggestPanel({ dataset, onClose }: { dataset: string; onClose: () => void }) {
  const { queries } = useApi()
  const found = useQuery({ ...queries.contracts.suggest.queryOptions({ input: { dataset } }), staleTime: 0 })
  return (
    <section className='check-panel' aria-label={`Suggestions for ${dataset}`}>
      {found.error !== null && <ErrorState inline problem={problemOf(found.error)} onRetry={() => void found.refetch()} />}
      {found.isPending && <LoadingState rows={6}>Looking at the values of {dataset}</LoadingState>}
      {found.data !== undefined && <Review key={found.dataUpdatedAt} found={found.data} onClose={onClose} />}
    </section>
  )
}

function Review({ found, onClose }: { found: Suggestions; onClose: () => void }) {
  const { dataset, version, file, suggestions } = found
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set())
  const chosen = suggestions.filter((_, i) => !left.has(i))
  const save = useSave(found, onClose)
  const toggle = (index: number): void => setLeft((before) => (before.has(index) ? new Set([...before].filter((other) => other !== index)) : new Set([...before, index])))
  return (
    <>
      <PanelHead title={<>Suggested for <span className='mono'>{dataset}</span></>} remark={`from the values of v${version}; they go into ${file}`}>
        <Button small variant='quiet' onClick={onClose}>Close</Button>
        <Button small variant='primary' icon='save' onClick={() => save.mutate(chosen)} disabledReason={save.isPending ? 'It is being written' : chosen.length === 0 ? 'Tick a rule first' : null}>
          {`Promise ${countOf(chosen.length, 'rule')}`}
        </Button>
      </PanelHead>
      {save.error !== null && <ErrorState inline problem={problemOf(save.error)} onRetry={() => save.mutate(chosen)} />}
      {suggestions.length === 0 ? (
        <EmptyState inline title='Nothing is left to suggest'>The contract has all that the values speak for, or there are fewer than 20 rows.</EmptyState>
      ) : (
        <div className='scroll grow' tabIndex={0} role='group' aria-label='Suggested rules'>
          <table className='t suggestions'>
            <thead>
              <tr>
                <th scope='col'><input type='checkbox' aria-label='All rules' checked={left.size === 0} onChange={() => setLeft(left.size === 0 ? new Set(suggestions.keys()) : new Set())} /></th>
                <th scope='col'>Column</th><th scope='col'>Rule</th><th scope='col'>What speaks for it</th>
              </tr>
            </thead>
            <tbody>{suggestions.map((suggestion, i) => <Row key={i} suggestion={suggestion} isChosen={!left.has(i)} onToggle={() => toggle(i)} />)}</tbody>
          </table>
        </div>
      )}
    </>
  )
}

function Row({ suggestion: { addition, text, evidence }, isChosen, onToggle }: { suggestion: Suggestion; isChosen: boolean; onToggle: () => void }) {
  const column = addition.kind === 'key' ? '' : addition.column
  return (
    <tr className={isChosen ? undefined : 'left-out'} onClick={onToggle}>
      <td><input type='checkbox' aria-label={`${column} ${text}`} checked={isChosen} onChange={onToggle} onClick={(event) => event.stopPropagation()} /></td>
      <td className='mono' title={column}>{column === '' ? <span className='t3'>the table</span> : column}</td>
      <td className='mono' title={text}>{text}</td>
      <td className='t2' title={evidence}>{evidence}</td>
    </tr>
  )
}

function useSave({ dataset }: Suggestions, onSaved: () => void) {
  const { client, queries } = useApi()
  const queryClient = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (chosen: readonly Suggestion[]) => client.contracts.save({ commandId: crypto.randomUUID(), dataset, additions: chosen.map(({ addition }) => addition) }),
    onSuccess: ({ file }, chosen) => {
      toast({ status: 'succeeded', title: `${countOf(chosen.length, 'rule')} written into ${file}` })
      void queryClient.invalidateQueries({ queryKey: queries.contracts.key() })
      onSaved()
    },
  })
}
