import type { DatasetDetail } from '../../../shared/contract/datasets.contract.ts'
import type { Column, Filter } from '../../../shared/domain/table-query.ts'
import type { GridCell } from '../../grid/grid-query.ts'
import { SidePanel } from '../../ui/bars.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'
import { TabPanel, Tabs } from '../../ui/tabs.tsx'
import { useDataView } from './data-view.store.ts'
import { HistoryPanel } from './history-panel.tsx'
import { ProfilePanel } from './profile-panel.tsx'
import { RowPanel } from './row-panel.tsx'
import { SchemaPanel } from './schema-panel.tsx'

interface DatasetPanelProps {
  cell: GridCell | null
  columns: readonly Column[]
  detail: DatasetDetail | undefined
  dataType: string
  entityKeys: ReadonlySet<string>
  filters: readonly Filter[]
  onFilters: (filters: Filter[]) => void
}

/** Beside the rows: one of them in full, what the table promises, and its versions. */
export function DatasetPanel({ cell, columns, detail, dataType, entityKeys, filters, onFilters }: DatasetPanelProps) {
  const tab = useDataView((state) => state.panelTab)
  const showTab = useDataView((state) => state.showTab)
  return (
    <SidePanel label='About the rows'>
      <Tabs
        label='About the rows'
        value={tab}
        onChange={showTab}
        tabs={[
          { id: 'profile', label: 'Profile' },
          { id: 'row', label: 'Row' },
          { id: 'schema', label: 'Schema', count: detail?.columns.length },
          { id: 'history', label: 'History', count: detail?.versions.length },
        ]}
      />
      <TabPanel id={tab}>
        {tab === 'profile' && detail !== undefined && <ProfilePanel key={detail.version} dataset={detail.dataset} version={detail.version} rowCount={detail.rowCount} filters={filters} onFilters={onFilters} />}
        {tab === 'row' && <RowPanel cell={cell} columns={columns} detail={detail} entityKeys={entityKeys} />}
        {tab !== 'row' && detail === undefined && <LoadingState rows={8}>Reading what is known of it</LoadingState>}
        {tab === 'schema' && detail !== undefined && <SchemaPanel detail={detail} />}
        {tab === 'history' && detail !== undefined && <HistoryPanel detail={detail} dataType={dataType} />}
      </TabPanel>
    </SidePanel>
  )
}
