import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ContractListItem, ContractVersion } from '../../../shared/contract/contracts.contract.ts'
import { checkCountsText } from '../../../shared/domain/check-counts.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { checksAddress, dataAddress, runAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { checkRank, checkStatus, checkWord, IF_BROKEN } from '../../ui/check-status.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { formatAbsolute } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Note } from '../../ui/note.tsx'
import { Status, StatusMark } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { CONTRACT_STATUS } from './contract-columns.tsx'
import { OdcsActions } from './odcs-actions.tsx'
import type { OdcsFile } from './odcs-import.tsx'
import '../../ui/table.css'

/** The versions of a dataset at the left, what came of each rule in the chosen one at the right. */
export function ContractDetail({ contract, onSuggest, onFile }: { contract: ContractListItem; onSuggest: () => void; onFile: (file: OdcsFile) => void }) {
  const { dataset, dataType, versions, file, description } = contract
  const [number, setNumber] = useState<number | null>(null)
  const chosen = versions.find(({ version }) => version === number) ?? versions[0]
  const published = versions.some(({ isCurrent }) => isCurrent)
  return (
    <section className='check-panel' aria-label={dataset} data-region='' tabIndex={-1}>
      <PanelHead title={<span className='mono'>{dataset}</span>} remark={description ?? (file === null ? 'promises nothing yet' : <span className='mono'>{file}</span>)}>
        {chosen !== undefined && <LinkButton small variant='quiet' href={runAddress({ dataType, runNumber: chosen.runNumber }, 'checks')}>{dataType} #{chosen.runNumber}</LinkButton>}
        {chosen !== undefined && <LinkButton small variant='quiet' icon='table' href={dataAddress(dataset, { v: chosen.version })}>Data of v{chosen.version}</LinkButton>}
        <OdcsActions dataset={dataset} onFile={onFile} />
        <Button small icon='plus' iconSize={12} onClick={onSuggest} disabledReason={published ? null : 'There are no published rows to learn from yet'}>Suggest rules</Button>
      </PanelHead>
      {chosen === undefined ? <EmptyState inline title='No version yet'>A run makes one, and checks it against the contract before anything is published.</EmptyState> : (
        <div className='check-body'>
          <div className='check-history'><ol className='check-points scroll' aria-label={`Versions of ${dataset}`}>
            {versions.map((version) => <Version key={version.version} version={version} isChosen={version === chosen} onChoose={() => setNumber(version.version)} />)}
          </ol></div>
          <div className='check-rows'>
            {chosen.drift !== null && <div className='contract-drift'><Note status='warning'><b>Columns changed</b> against the version before: {chosen.drift}.</Note></div>}
            <Sensitive contract={contract} />
            <Rules contract={contract} version={chosen} onSuggest={published ? onSuggest : null} />
          </div>
        </div>
      )}
    </section>
  )
}

/** What is masked of it, and what its author has yet to say. */
function Sensitive({ contract: { sensitive, undeclared, inClear } }: { contract: ContractListItem }) {
  if (sensitive.length + undeclared.length === 0) return null
  const names = (columns: readonly { column: string }[]): string => columns.map(({ column }) => column).join(', ')
  const declared = sensitive.filter(({ isDeclared }) => isDeclared)
  const inherited = sensitive.filter(({ isDeclared }) => !isDeclared)
  return (
    <div className='contract-sensitive'>
      {sensitive.length > 0 && (
        <Note status='queued'>
          <b>Masked:</b>
          {declared.length > 0 && <> <span className='mono'>{names(declared)}</span> by this contract{inherited.length > 0 ? ';' : '.'}</>}
          {inherited.length > 0 && <> <span className='mono'>{names(inherited)}</span> because of what {inherited.length === 1 ? 'it comes' : 'they come'} from.</>}
        </Note>
      )}
      {inClear.map(({ column, dataset, from }) => (
        <Note key={`${column} ${dataset} ${from}`} status='warning'>
          <b>In clear elsewhere:</b> the values of <span className='mono'>{column}</span> can be seen in <span className='mono'>{from}</span> of <a className='mono' href={dataAddress(dataset)}>{dataset}</a>. Say of that column whether it is <span className='mono'>sensitive</span>: what comes from it is masked by itself.
        </Note>
      ))}
      {undeclared.length > 0 && (
        <Note status='warning'>
          <b>Not masked:</b> <span className='mono'>{undeclared.join(', ')}</span>. They are made from sensitive data in a way that lineage does not know: say in the contract whether they are <span className='mono'>sensitive</span>.
        </Note>
      )}
    </div>
  )
}

function Version({ version, isChosen, onChoose }: { version: ContractVersion; isChosen: boolean; onChoose: () => void }) {
  return (
    <li>
      <button type='button' className='of-version' aria-pressed={isChosen} onClick={onChoose} title={`v${version.version}, #${version.runNumber}, ${formatAbsolute(version.at)}: ${checkCountsText(version)}`}>
        <StatusMark status={CONTRACT_STATUS[version.state]} size={12} />
        <span className='cut'>{checkCountsText(version)}{version.drift === null ? '' : ', columns changed'}</span>
        <span className='t3'>v{version.version}, #{version.runNumber}</span>
        <span className='t3'>{version.isCurrent ? 'current' : version.publishedAt === null ? 'unpublished' : ''}</span>
        <span className='t3 num'><TimeAgo bare at={version.at} /></span>
      </button>
    </li>
  )
}

function Rules({ contract: { dataset, dataType, ruleCount }, version, onSuggest }: { contract: ContractListItem; version: ContractVersion; onSuggest: (() => void) | null }) {
  const { queries } = useApi()
  const checks = useQuery(queries.checks.ofRun.queryOptions({ input: { run: { dataType, runNumber: version.runNumber } } }))
  if (checks.error !== null) return <ErrorState inline problem={problemOf(checks.error)} onRetry={() => void checks.refetch()} />
  if (checks.data === undefined) return <LoadingState rows={4}>Reading the rules of v{version.version}</LoadingState>
  const mine = checks.data.filter((check) => check.dataset === dataset).toSorted((a, b) => checkRank(a) - checkRank(b))
  if (mine.length === 0) {
    const text = ruleCount === 0 ? 'It promises nothing, so nothing was looked at.' : 'Its rules came later; the next run looks at them.'
    return <EmptyState inline title={`No rule was checked on v${version.version}`} actions={ruleCount === 0 && onSuggest !== null ? <Button small onClick={onSuggest}>Suggest rules</Button> : undefined}>{text}</EmptyState>
  }
  return (
    <div className='scroll grow' tabIndex={0} role='group' aria-label={`Rules on v${version.version}`}>
      <table className='t contract-rules'>
        <thead><tr><th scope='col'>State</th><th scope='col'>Rule</th><th scope='col'>If broken</th><th scope='col'>What was found</th></tr></thead>
        <tbody>
          {mine.map((check) => (
            <tr key={check.rule}>
              <td><Status small status={checkStatus(check)} text={checkWord(check)} /></td>
              <td className='mono' title={check.rule}><a href={checksAddress({ dataset, rule: check.rule })}>{check.rule}</a></td>
              <td>{IF_BROKEN[check.severity]}</td>
              <td className='t2' title={check.message}>{check.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
