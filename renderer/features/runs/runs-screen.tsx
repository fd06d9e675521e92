import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useApi } from '../../api/api.tsx'
import { useRunPlanning } from '../../api/use-run-planning.ts'
import { goTo, runListAddress, type RunListSearch } from '../../ui/addresses.ts'
import { PageHead } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { RunDialog } from '../../ui/run-dialog.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'
import { TabPanel, Tabs } from '../../ui/tabs.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { LogSearch } from './log-search.tsx'
import { RunCalendar } from './run-calendar.tsx'
import { RunErrors } from './run-errors.tsx'
import { RunFilters } from './run-filters.tsx'
import { RunList, useRunList } from './run-list.tsx'
import './runs.css'

const route = getRouteApi('/runs')
const TABS = [{ id: 'list', label: 'Runs' }, { id: 'errors', label: 'Errors' }, { id: 'logs', label: 'Logs' }] as const

/** Every run of the workspace, newest first, with a year at a glance; what failed, by cause; and lines of all logs. */
export function RunsScreen() {
  const search: RunListSearch = route.useSearch()
  const { queries } = useApi()
  const [dialog, setDialog] = useState(false)
  const workspace = useQuery(queries.workspace.get.queryOptions())
  useShortcut('run.start', () => setDialog(true))
  const dataTypes = workspace.data?.dataTypes ?? []
  const planning = useRunPlanning(useRunToasts())
  const view = search.view ?? 'list'
  return (
    <div className='view'>
      <section className='main' aria-label='Runs' data-region='' tabIndex={-1}>
        <RunsHead search={search} actions={<Button variant='primary' icon='play' iconSize={13} onClick={() => setDialog(true)}>Run</Button>} />
        <Tabs label='What to look at' tabs={TABS} value={view} onChange={(next) => goTo(runListAddress({ dataType: search.dataType, view: next === 'list' ? undefined : next }))} />
        <TabPanel id={view}>
          <RunFilters key={view} search={search} dataTypes={dataTypes.map((type) => type.name)} />
          {view === 'list' && <RunCalendar dataType={search.dataType} from={search.from} to={search.to} onChoose={(day) => goTo(runListAddress({ ...search, from: day ?? undefined, to: day ?? undefined }))} />}
          <div className='runs-list'>
            {view === 'list' && <RunList search={search} onRun={() => setDialog(true)} />}
            {view === 'errors' && <RunErrors dataType={search.dataType} text={search.text} />}
            {view === 'logs' && <LogSearch dataType={search.dataType} text={search.text} />}
          </div>
        </TabPanel>
      </section>
      <RunDialog open={dialog} onClose={() => setDialog(false)} dataTypes={dataTypes} initial={search.dataType} {...planning} />
    </div>
  )
}

function RunsHead({ search, actions }: { search: RunListSearch; actions: ReactNode }) {
  const { facts } = useRunList(search)
  return <PageHead title='Runs' facts={search.view === undefined ? facts : ''} actions={actions} />
}
