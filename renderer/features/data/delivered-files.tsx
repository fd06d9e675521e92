import { useQuery } from '@tanstack/react-query'
import type { DeliveryEntry } from '../../../shared/contract/deliveries.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { countOf, formatBytes, formatCount, shortHash } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Status } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'

const SHOWN = 50

/** Every file that came for a raw dataset, also those whose content was there already. */
export function DeliveredFiles({ dataset }: { dataset: string }) {
  const { queries } = useApi()
  const { data, error } = useQuery({ ...queries.deliveries.list.queryOptions({ input: { dataset, limit: SHOWN } }), staleTime: 0 })
  if (error !== null) return <section className='block'><h3>Deliveries</h3><p className='t2'>{problemOf(error).message}</p></section>
  if (data === undefined || data.deliveries.length === 0) return null
  return (
    <section className='block'>
      <h3>{countOf(data.total, 'delivery', 'deliveries')}</h3>
      <ul className='schema-columns'>
        {data.deliveries.map((entry) => <Entry key={`${entry.receivedAt} ${entry.fileName} ${entry.sha256}`} entry={entry} />)}
      </ul>
      {data.total > data.deliveries.length && <p className='t3'>{formatCount(data.total - data.deliveries.length)} older: strata deliveries {dataset}</p>}
    </section>
  )
}

function Entry({ entry }: { entry: DeliveryEntry }) {
  const { fileName, origin, receivedAt, sameAs, sizeBytes, sha256, runNumber } = entry
  return (
    <li>
      <div className='row row-4'>
        <Icon name='file' size={12} />
        <span className='mono cut strong' title={origin}>{fileName}</span>
        <span className='end t3'><TimeAgo at={receivedAt} /></span>
      </div>
      {sameAs !== null && <Status small status='reused' text={`Delivered again: same content as ${sameAs}`} />}
      {entry.records !== null && <div className='t2'>{sumText(entry)}</div>}
      <div className='t3 cut' title={origin}>from <span className='mono'>{origin}</span></div>
      <div className='t3'>{formatBytes(sizeBytes)}, SHA-256 <span className='mono' title={sha256}>{shortHash(sha256)}</span>{runNumber === null ? '' : `, run #${runNumber}`}</div>
    </li>
  )
}

function sumText({ records, loaded, quarantined, skipped }: DeliveryEntry): string {
  return `${formatCount(records ?? 0)} seen = ${formatCount(loaded ?? 0)} loaded + ${formatCount(quarantined ?? 0)} quarantined${skipped === null || skipped === 0 ? '' : ` + ${formatCount(skipped)} skipped`}`
}
