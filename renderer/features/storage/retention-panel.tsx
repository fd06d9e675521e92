import type { KeepReason, RetentionPreview } from '../../../shared/contract/storage.contract.ts'
import { dataAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { countOf, formatBytes, formatCount } from '../../ui/format.ts'
import { Note } from '../../ui/note.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'

const KEPT_BECAUSE: Readonly<Record<KeepReason, string>> = {
  current: 'current', newest: 'the newest of its dataset', pinned: 'pinned', run: 'needed by a run that is alive or can go on', read: 'being read now',
  versions: 'among the last that the policy keeps', days: 'replaced too recently', no_policy: 'in a zone without a policy',
}
const SHOWN = 100

/** What the policy lets go, and why everything else stays. */
export function RetentionPanel({ preview }: { preview: RetentionPreview }) {
  const { policies, versions, versionCount, sizeBytes, kept, leftovers, unfinished } = preview
  return (
    <section aria-label='Retention'>
      <PanelHead title='Retention' remark={policies.length === 0 ? 'strata.yaml names no zone: every version is kept' : `${countOf(versionCount, 'version')} may go, ${formatBytes(sizeBytes)}`} />
      {policies.length > 0 && (
        <ul className='policies'>
          {policies.map(({ zone, keepVersions, keepDays }) => (
            <li key={zone}><ZoneMark zone={zone} size={13} /><span><b>{zone}</b> keeps {[keepVersions === null ? null : keepVersions === 1 ? 'the last version' : `the last ${countOf(keepVersions, 'version')}`, keepDays === null ? null : `${formatCount(keepDays)} days after they were replaced`].filter((rule) => rule !== null).join(', and ')}</span></li>
          ))}
        </ul>
      )}
      {unfinished.length > 0 && <div className='storage-note'><Note status='interrupted'>{countOf(unfinished.length, 'version')} removed already; the files go when space is freed next.</Note></div>}
      {versions.length > 0 && <Removable versions={versions} total={versionCount} />}
      <ul className='kept'>
        {kept.map(({ reason, versions: count, sizeBytes: bytes }) => <li key={reason} className='t2'><b>{countOf(count, 'version')}</b>, {formatBytes(bytes)}: {KEPT_BECAUSE[reason]}</li>)}
      </ul>
      {leftovers.length > 0 && (
        <>
          <PanelHead title='Leftovers' remark='in the zones, but no version answers for them' />
          <table className='t'>
            <thead><tr><th scope='col'>Path</th><th scope='col' className='num'>Size</th></tr></thead>
            <tbody>{leftovers.map(({ path, sizeBytes: bytes }) => <tr key={path}><td className='mono' title={path}>{path}</td><td className='num'>{formatBytes(bytes)}</td></tr>)}</tbody>
          </table>
        </>
      )}
    </section>
  )
}

function Removable({ versions, total }: { versions: RetentionPreview['versions']; total: number }) {
  return (
    <table className='t removable'>
      <thead><tr><th scope='col'>May go</th><th scope='col' className='num'>Run</th><th scope='col' className='num'>Rows</th><th scope='col' className='num'>Size</th><th scope='col' className='num'>Replaced</th></tr></thead>
      <tbody>
        {versions.slice(0, SHOWN).map(({ dataset, version, runNumber, rowCount, sizeBytes, replacedAt }) => (
          <tr key={`${dataset} ${version}`}>
            <td className='mono'><a href={dataAddress(dataset, { v: version })}>{dataset} v{version}</a></td>
            <td className='num'>#{runNumber}</td>
            <td className='num'>{formatCount(rowCount)}</td>
            <td className='num'>{formatBytes(sizeBytes)}</td>
            <td className='num'>{replacedAt === null ? 'never current' : <TimeAgo bare at={replacedAt} />}</td>
          </tr>
        ))}
        {total > SHOWN && <tr><td colSpan={5} className='t3'>and {formatCount(total - SHOWN)} more</td></tr>}
      </tbody>
    </table>
  )
}
