import type { DatasetDetail } from '../../../shared/contract/datasets.contract.ts'
import type { CheckResult } from '../../../shared/contract/runs.contract.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import { checksAddress } from '../../ui/addresses.ts'
import { countOf, formatBytes, formatCount, shortHash } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { MaskMark } from '../../ui/mask-mark.tsx'
import { Status } from '../../ui/status.tsx'
import { checksStatus, checkStatus } from '../../ui/check-status.ts'
import { DeliveredFiles } from './delivered-files.tsx'

/** What the table promises and whether it holds: facts, checks, columns, and the files it was read from. */
export function SchemaPanel({ detail }: { detail: DatasetDetail }) {
  const tableChecks = detail.checks.filter((check) => check.column === null)
  const checks = checksStatus(detail.checks)
  return (
    <div className='scroll panel-scroll' tabIndex={0} aria-label='Schema and checks'>
      <div className='block'>
        {detail.description !== null && <p className='panel-text'>{detail.description}</p>}
        <dl className='kv'>
          <dt>Version</dt><dd>{`v${detail.version}, run #${detail.runNumber}`}</dd>
          <dt>Rows</dt><dd>{formatCount(detail.rowCount)}</dd>
          <dt>Size</dt><dd>{formatBytes(detail.sizeBytes)}</dd>
          {detail.key.length > 0 && <><dt>Row key</dt><dd className='mono'>{detail.key.join(', ')}</dd></>}
          {detail.contentHash !== null && <><dt>Content hash</dt><dd className='mono' title={detail.contentHash}>{shortHash(detail.contentHash)}</dd></>}
          <dt>Checks</dt><dd><Status status={checks.status} text={checks.words} />{detail.checks.length > 0 && <> · <a href={checksAddress({ dataset: detail.dataset })}>Trends</a></>}</dd>
        </dl>
      </div>
      {tableChecks.length > 0 && (
        <section className='block'>
          <h3>Checks of the table</h3>
          <ul>{tableChecks.map((check) => <CheckLine key={check.rule} check={check} />)}</ul>
        </section>
      )}
      <section className='block'>
        <h3>{countOf(detail.columns.length, 'column')}</h3>
        <ul className='schema-columns'>
          {detail.columns.map((column) => (
            <SchemaColumn key={column.name} column={column} isKey={detail.key.includes(column.name)} checks={detail.checks.filter((check) => check.column === column.name)} />
          ))}
        </ul>
      </section>
      {detail.deliveries.length > 0 && <DeliveredFiles dataset={detail.dataset} />}
    </div>
  )
}

function SchemaColumn({ column, isKey, checks }: { column: Column; isKey: boolean; checks: readonly CheckResult[] }) {
  return (
    <li>
      <div className='row row-4'>
        {isKey && <Icon name='key' size={12} />}
        <span className='mono cut strong' title={column.name}>{column.name}</span>
        <MaskMark column={column} />
        <span className='end t3 s11 cut' title={column.type}>{column.type.toLowerCase()}</span>
      </div>
      {column.isProvenance && <div className='t3'>{column.name === '_file' ? 'the delivered file of the row' : 'the record in that file, from 1'}</div>}
      {checks.length > 0 && <ul>{checks.map((check) => <CheckLine key={check.rule} check={check} />)}</ul>}
    </li>
  )
}

function CheckLine({ check }: { check: CheckResult }) {
  const failing = check.failingRows === null ? '' : `: ${countOf(check.failingRows, 'row')}`
  return (
    <li className='check-line' title={check.message}>
      <Status small status={checkStatus(check)} text={check.passed ? check.rule : `${check.rule}${failing}`} />
    </li>
  )
}
