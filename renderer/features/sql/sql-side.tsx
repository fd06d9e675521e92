import type { AskedQuery, NamedQuery, SqlNames } from '../../../shared/contract/sql-pad.contract.ts'
import { problemOf } from '../../api/problem-of.ts'
import { SidePanel } from '../../ui/bars.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'
import { TabPanel, Tabs } from '../../ui/tabs.tsx'
import { HistoryList } from './history-list.tsx'
import { NamesTree } from './names-tree.tsx'
import { usePad } from './pad.store.ts'
import { QueriesList } from './queries-list.tsx'

interface SqlSideProps {
  /** Undefined until they are here. */
  datasets: SqlNames['datasets'] | undefined
  error: Error | null
  onInsert: (text: string) => void
  onOpenNamed: (query: NamedQuery) => void
  onOpenAsked: (query: AskedQuery) => void
}

/** Beside the editor: what can be named, what has a name, and what was run. */
export function SqlSide({ datasets, error, onInsert, onOpenNamed, onOpenAsked }: SqlSideProps) {
  const tab = usePad((state) => state.panelTab)
  const named = usePad((state) => state.named)
  const set = usePad((state) => state.set)
  return (
    <SidePanel label='Names and queries' side='left'>
      <Tabs
        label='Names and queries'
        value={tab}
        onChange={(panelTab) => set({ panelTab })}
        tabs={[{ id: 'names', label: 'Names' }, { id: 'queries', label: 'Queries' }, { id: 'history', label: 'History' }]}
      />
      <TabPanel id={tab}>
        {tab === 'names' && datasets === undefined && (error === null ? <LoadingState rows={8}>Reading the names</LoadingState> : <ErrorState inline problem={problemOf(error)} />)}
        {tab === 'names' && datasets !== undefined && <NamesTree datasets={datasets} onInsert={onInsert} />}
        {tab === 'queries' && <QueriesList current={named?.name ?? null} onOpen={onOpenNamed} />}
        {tab === 'history' && <HistoryList onOpen={onOpenAsked} />}
      </TabPanel>
    </SidePanel>
  )
}
