import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { EngineStatus } from '../../../shared/contract/workspace.contract.ts'
import type { ResumeMode } from '../../../shared/domain/resume-mode.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { PageHead, PanelHead } from '../../ui/bars.tsx'
import { auditAddress, storageAddress } from '../../ui/addresses.ts'
import { Button, LinkButton, Segmented } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { formatAbsolute, formatBytes, formatCount, formatShare } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { usePreferences } from '../../ui/theme/preferences.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { CursorsPanel } from './cursors-panel.tsx'
import { KeysPanel } from './keys-panel.tsx'
import { LineageSinkPanel } from './lineage-sink-panel.tsx'
import { SchedulesPanel } from './schedules-panel.tsx'
import { SecretsPanel } from './secrets-panel.tsx'
import './settings.css'
import '../../ui/table.css'

const STATUS_EVERY_MS = 2_000

/** How the window looks, how the engine is, and which keys there are. */
export function SettingsScreen() {
  const { queries } = useApi()
  const status = useQuery({ ...queries.workspace.status.queryOptions(), refetchInterval: STATUS_EVERY_MS })
  return (
    <div className='view'>
      <section className='main' aria-label='Settings' data-region='' tabIndex={-1}>
        <PageHead title='Settings' facts='kept on this machine; Strata sends nothing to anybody whom the workspace does not name' actions={<><LinkButton icon='db' href={storageAddress}>Storage</LinkButton><LinkButton icon='quality' href={auditAddress()}>Audit trail</LinkButton></>} />
        <div className='settings scroll' tabIndex={0} role='group' aria-label='Settings'>
          <div className='settings-column'>
            <Look />
            <Workspace />
            <SchedulesPanel />
            <SecretsPanel />
            <CursorsPanel />
            <LineageSinkPanel />
            <PanelHead title='Engine' />
            {status.data !== undefined ? <Engine status={status.data} /> : status.error === null ? <LoadingState>Asking the engine</LoadingState> : <ErrorState inline problem={problemOf(status.error)} onRetry={() => void status.refetch()} />}
          </div>
          <div className='settings-column'>
            <KeysPanel />
          </div>
        </div>
      </section>
    </div>
  )
}

function Look() {
  const { theme, density, setTheme, setDensity } = usePreferences((state) => state)
  return (
    <>
      <PanelHead title='Look' />
      <div className='block settings-look'>
        <Row label='Theme' hint='System follows light and dark of the desktop.'>
          <Segmented
            label='Theme'
            value={theme}
            options={[{ value: 'system', label: 'System' }, { value: 'light', label: 'Light' }, { value: 'dark', label: 'Dark' }]}
            onChange={setTheme}
          />
        </Row>
        <Row label='Density' hint='Rows of 28 or 36 px, in every table and grid.'>
          <Segmented label='Density' value={density} options={[{ value: 'compact', label: 'Compact' }, { value: 'comfortable', label: 'Comfortable' }]} onChange={setDensity} />
        </Row>
      </div>
    </>
  )
}

function Row({ label, hint, children }: { label: string; hint: string; children: ReactNode }) {
  return (
    <div className='settings-row'>
      <div className='grow'>
        <div>{label}</div>
        <div className='t3 s12'>{hint}</div>
      </div>
      {children}
    </div>
  )
}

const RESUME_WORDS: Readonly<Record<ResumeMode, string>> = {
  automatic: 'runs go on by themselves when the workspace is opened',
  ask: 'runs wait until somebody resumes them',
}

function Workspace() {
  const { queries, host } = useApi()
  const workspace = useQuery(queries.workspace.get.queryOptions())
  if (workspace.data === undefined) return null
  const { name, label, description, path, resume, checkedAt } = workspace.data
  return (
    <>
      <PanelHead title='Workspace'>{host !== null && <Button small icon='folder' onClick={() => void host.openWorkspace()}>Open another</Button>}</PanelHead>
      <dl className='kv block'>
        <dt>Name</dt>
        <dd>{label === name ? name : `${label} (${name})`}</dd>
        {description !== null && <><dt>About</dt><dd>{description}</dd></>}
        <dt>Folder</dt>
        <dd className='mono'>{path}</dd>
        <dt>Interrupted</dt>
        <dd>
          {RESUME_WORDS[resume]}
          <div className='t3 s12'><code>resume: {resume}</code> in strata.yaml; <code>automatic</code> or <code>ask</code>, from the next opening on</div>
        </dd>
        <dt>Files read</dt>
        <dd><TimeAgo at={checkedAt} /></dd>
      </dl>
    </>
  )
}

function Engine({ status }: { status: EngineStatus }) {
  return (
    <>
      <dl className='kv block'>
        <dt>Strata</dt>
        <dd>{status.appVersion}, engine {status.engineVersion}</dd>
        <dt>Runs on</dt>
        <dd>Node {status.nodeVersion.replace(/^v/, '')}, {status.host}</dd>
        <dt>Since</dt>
        <dd>{formatAbsolute(status.startedAt)}</dd>
        <dt>Memory</dt>
        <dd>{formatBytes(status.memoryBytes)} in the engine</dd>
      </dl>
      <table className='t' aria-label='Caches'>
        <thead><tr><th scope='col'>Cache</th><th scope='col' className='num'>Hits</th><th scope='col' className='num'>Held</th><th scope='col' className='num'>Size</th><th scope='col'>Oldest</th></tr></thead>
        <tbody>{status.caches.map((cache) => <CacheRow key={cache.name} cache={cache} />)}</tbody>
      </table>
      <table className='t'>
        <thead><tr><th scope='col'>Worker</th><th scope='col'>State</th><th scope='col' className='num'>Process</th><th scope='col' className='num'>Memory</th></tr></thead>
        <tbody>
          {status.workers.map((worker) => (
            <tr key={`${worker.kind} ${worker.pid}`}>
              <td>{worker.kind}</td>
              <td>{worker.isBusy ? 'working' : 'idle'}</td>
              <td className='num'>{worker.pid ?? 'not started'}</td>
              <td className='num'>{worker.memoryBytes === null ? '' : formatBytes(worker.memoryBytes)}</td>
            </tr>
          ))}
          {status.workers.length === 0 && <tr><td colSpan={4} className='t3'>none started yet: each begins with the first work for it</td></tr>}
        </tbody>
      </table>
    </>
  )
}

const CACHE_WORDS: Readonly<Record<EngineStatus['caches'][number]['name'], string>> = { pages: 'Pages, counts, differences', entities: 'Entities', copies: 'Copies on disk' }

/** Versions never change, so nothing in a cache is ever wrong; the least used goes when it is full. */
function CacheRow({ cache: { name, hits, misses, entries, maxEntries, sizeBytes, maxBytes, oldestAt } }: { cache: EngineStatus['caches'][number] }) {
  const asked = hits + misses
  return (
    <tr>
      <td>{CACHE_WORDS[name]}</td>
      <td className='num' title={`${formatCount(hits)} of ${formatCount(asked)} answers`}>{asked === 0 ? 'not asked' : formatShare(hits / asked)}</td>
      <td className='num'>{maxEntries === null ? formatCount(entries) : `${formatCount(entries)} of ${formatCount(maxEntries)}`}</td>
      <td className='num'>{`${formatBytes(sizeBytes)} of ${formatBytes(maxBytes)}`}</td>
      <td>{oldestAt === null ? '' : <TimeAgo at={oldestAt} />}</td>
    </tr>
  )
}
