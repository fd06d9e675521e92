import { useQuery } from '@tanstack/react-query'
import type { DatasetAccount } from '../../../shared/contract/quarantine.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { accountText, rowsText, sumAccounts, unaccounted } from '../../../shared/domain/record-account.ts'
import { useApi } from '../../api/api.tsx'
import { runAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { countOf, formatAbsolute, formatCount } from '../../ui/format.ts'
import { Status } from '../../ui/status.tsx'
import { TrendBars } from '../../ui/trend-bars.tsx'

const SHOWN_VERSIONS = 12

/** What became of everything that was delivered, over the last version of each source: the sum, and whether it adds up. */
export function DeliveredAccount({ dataType }: { dataType: string | undefined }) {
  const { queries } = useApi()
  const { data } = useQuery(queries.quarantine.accounts.queryOptions({ input: dataType === undefined ? {} : { dataType } }))
  const last = (data?.accounts ?? []).filter(({ isDelivered }) => isDelivered).flatMap(({ versions }) => versions.slice(0, 1))
  if (last.length === 0) return null
  const sum = sumAccounts(last)
  const lost = unaccounted(sum)
  return (
    <span className='q-account'>
      <span>{accountText(sum)}</span>
      {lost === 0 ? <Status status='succeeded' text='adds up' /> : <Status status='failed' text={`${formatCount(Math.abs(lost))} ${lost > 0 ? 'unaccounted for' : 'too many'}`} />}
    </span>
  )
}

/** How many of a dataset's records went to quarantine, version by version. */
export function QuarantineTrend({ dataset }: { dataset: string }) {
  const { queries } = useApi()
  const { data } = useQuery(queries.quarantine.accounts.queryOptions({ input: { dataset, versions: SHOWN_VERSIONS } }))
  const [account] = data?.accounts ?? []
  const [last] = account?.versions ?? []
  if (account === undefined || last === undefined) return null
  const versions = account.versions.toReversed()
  const sumOf = account.isDelivered ? accountText : rowsText
  return (
    <section className='q-trend' aria-label={`Quarantined of ${dataset}`}>
      <PanelHead plain title='Quarantined' remark={versions.length === 1 ? 'in its only version' : `in the last ${countOf(versions.length, 'version')}`} />
      <TrendBars
        values={versions.map(({ quarantined }) => quarantined)}
        titles={versions.map((one) => `v${one.version}, #${one.runNumber}, ${formatAbsolute(one.at)}: ${sumOf(one)}`)}
        summary={`Quarantined over ${countOf(versions.length, 'version')}: ${versions.map(({ quarantined }) => formatCount(quarantined)).join(', ')}`}
        width={258}
        height={44}
      />
      <p className='t2 s12'>{sumOf(last)} in <RunLink account={account} runNumber={last.runNumber} /></p>
    </section>
  )
}

function RunLink({ account: { dataset }, runNumber }: { account: DatasetAccount; runNumber: number }) {
  const dataType = parseDatasetId(dataset)?.dataType ?? ''
  return <a className='nw' href={runAddress({ dataType, runNumber })}>{dataType} #{runNumber}</a>
}
